"""Writing single files into a layer's folder, and the files of this machine that stand-ins need (certificates, indices)."""

import glob
import os
import subprocess

# Where TLS to package registries is intercepted, the host trusts extra certificates: the stand-ins must as well.
HOST_CERTIFICATES = sorted(glob.glob("/usr/local/share/ca-certificates/**/*.crt", recursive=True))
HOST_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def read(path, mode="r"):
    with open(path, mode) as file:
        return file.read()


def put(folder, path, content, mode=0o644, owner=0):
    target = folder + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb" if isinstance(content, bytes) else "w") as file:
        file.write(content)
    os.chmod(target, mode)
    os.chown(target, owner, owner)
    return target


def directory(folder, path, mode=0o755):
    os.makedirs(folder + path, exist_ok=True)
    os.chmod(folder + path, mode)


def output_of(*command):
    """What a client on this machine says, or nothing where it is missing or fails."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode().strip()


def host_certificates(folder):
    for path in HOST_CERTIFICATES:
        put(folder, "/usr/local/share/ca-certificates/" + os.path.basename(path), read(path))
    bundle = "".join(read(path).rstrip() + "\n" for path in HOST_CERTIFICATES)
    put(folder, "/usr/local/share/ca-certificates/local-ca.pem", bundle)
