"""CPython of the Maven artifact org.bytedeco:cpython, laid out under /usr/local as in the official image."""

import glob
import os
import re
import shutil
import subprocess
import zipfile

from files import HOST_BUNDLE, output_of, put, read

# Where the build's OpenSSL looks, and where Debian keeps it. The new path is shorter: it is patched in place.
OPENSSL_PATHS = {
    b"/ssl/cert.pem": HOST_BUNDLE.encode(),
    b"/ssl/certs": b"/etc/ssl/certs",
    b"/ssl": b"/usr/lib/ssl",
    b"/ssl/private": b"/etc/ssl/private",
}
LEFT_OUT_TOP = ("libs/", "share/", "lib/cmake", "lib/engines", "lib/ossl")
LEFT_OUT = re.compile(
    r"/(test|tests|idle_test|idlelib|turtledemo|__pycache__)/|\.a$|/config-[^/]*/python\.o|/_test[a-z]*\.|/xxlimited"
)
# That 3.11 build lacks a few modules; Debian's 3.11 has them with the same ABI.
MODULES_311 = ("_sqlite3", "_lzma", "readline", "_curses", "_curses_panel")
LIBRARIES_311 = ("libsqlite3.so.0", "liblzma.so.5", "libreadline.so.8", "libncursesw.so.6", "libpanelw.so.6", "libtinfo.so.6")


def minor(version):
    return ".".join(version.split(".")[:2])


def versions(root):
    """{full version: jar}"""
    return {os.path.basename(jar).split("-")[1]: jar for jar in glob.glob(f"{root}/downloads/maven/cpython-*-linux-x86_64.jar")}


def pip_config(folder):
    """The host's package index where it has a special one, and the certificates."""
    kept = [
        line.replace("global.", "", 1).replace("'", "").replace("=", " = ", 1)
        for line in output_of("pip", "config", "list").splitlines()
        if re.match(r"global\.(index-url|extra-index-url|trusted-host)=", line)
    ]
    for key, variable in (("index-url", "PIP_INDEX_URL"), ("extra-index-url", "PIP_EXTRA_INDEX_URL"), ("trusted-host", "PIP_TRUSTED_HOST")):
        if os.environ.get(variable):
            kept.append(f"{key} = {os.environ[variable]}")
    put(folder, "/etc/pip.conf", "\n".join(["[global]", f"cert = {HOST_BUNDLE}", *kept]) + "\n")


class Python:
    def __init__(self, root, version, jar):
        self.root = root
        self.version = version
        self.jar = jar
        self.mm = minor(version)

    def fill(self, folder):
        local = folder + "/usr/local"
        self._unpack(local)
        self._repair_paths(local)
        self._links(local)
        self._site_packages(local)
        if self.mm == "3.11":
            self._modules_of_debian(folder, local)

    def _unpack(self, local):
        prefix = "org/bytedeco/cpython/linux-x86_64/"
        with zipfile.ZipFile(self.jar) as jar:
            for name in jar.namelist():
                if not name.startswith(prefix) or name.endswith("/"):
                    continue
                path = name[len(prefix) :]
                if path.startswith(LEFT_OUT_TOP) or LEFT_OUT.search(path) or not re.match(r"(bin|lib|include)/|libpython|libffi", path):
                    continue
                if "/" not in path:  # _ctypes looks for libffi beside itself
                    path = (f"lib/python{self.mm}/lib-dynload/" if path.startswith("libffi") else "lib/") + path
                put(local, "/" + path, jar.read(name), 0o755 if path.startswith("bin/") or ".so" in path else 0o644)

    def _repair_paths(self, local):
        """The build directory's path is in scripts, in sysconfig and in the binaries themselves."""
        old = re.search(rb'/[^\0\s"\']*/cppbuild/linux-x86_64', read(f"{local}/bin/pip3", "rb")).group(0)

        def shortened(match):
            whole = match.group(0)
            new = OPENSSL_PATHS.get(whole[len(old) :], b"/usr/local" + whole[len(old) :])
            return new + b"\0" * (len(whole) - len(new))

        for directory, _, names in os.walk(local):
            for name in names:
                path = f"{directory}/{name}"
                content = read(path, "rb")
                if old not in content:
                    continue
                if content[:4] == b"\x7fELF":
                    content = re.sub(re.escape(old) + rb"[^\0]*(?=\0)", shortened, content)
                else:
                    content = content.replace(old, b"/usr/local")
                put(directory, "/" + name, content, os.stat(path).st_mode & 0o7777)

    def _links(self, local):
        binaries, mm = local + "/bin/", self.mm
        links = {
            "python3": f"python{mm}",
            "python": "python3",
            "pydoc3": f"pydoc{mm}",
            "pydoc": "pydoc3",
            "python3-config": f"python{mm}-config",
            "python-config": "python3-config",
        }
        for name, target in links.items():
            if os.path.lexists(binaries + name):
                os.remove(binaries + name)
            os.symlink(target, binaries + name)
        if not os.path.lexists(f"{local}/lib/libpython{mm}.so"):
            os.symlink(f"libpython{mm}.so.1.0", f"{local}/lib/libpython{mm}.so")
        for name in ("c_rehash", "idle3", f"idle{mm}", "2to3", f"2to3-{mm}", "openssl"):
            if os.path.lexists(binaries + name):
                os.remove(binaries + name)

    def _site_packages(self, local):
        packages = f"{local}/lib/python{self.mm}/site-packages"
        for path in glob.glob(packages + "/*"):
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        # as the official images: setuptools and wheel only up to 3.11
        for name in ["pip", *(["setuptools", "wheel"] if self.mm == "3.11" else [])]:
            [wheel] = glob.glob(f"{self.root}/downloads/pip/{name}-*.whl")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(packages)
        for name in ("pip", "pip3", f"pip{self.mm}"):
            if os.path.lexists(f"{local}/bin/{name}"):
                os.remove(f"{local}/bin/{name}")
            start = "import sys\nfrom pip._internal.cli.main import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
            put(local, f"/bin/{name}", f"#!/usr/local/bin/python{self.mm}\n{start}", 0o755)

    def _modules_of_debian(self, folder, local):
        unpacked = folder + "/.debian"
        for package in glob.glob(f"{self.root}/downloads/python3.11/*.deb"):
            subprocess.check_call(["dpkg", "-x", package, unpacked])
        for module in MODULES_311:
            for path in glob.glob(f"{unpacked}/usr/lib/python3.11/lib-dynload/{module}.*.so"):
                shutil.copy(path, f"{local}/lib/python3.11/lib-dynload/")
        for library in LIBRARIES_311:
            for path in glob.glob(f"{unpacked}/usr/lib/*/{library}") + glob.glob(f"{unpacked}/lib/*/{library}"):
                shutil.copy(path, f"{local}/lib/{library}")
        shutil.rmtree(unpacked, ignore_errors=True)
        for path in glob.glob(f"{local}/lib/python3.11/lib-dynload/nis.*"):
            os.remove(path)
