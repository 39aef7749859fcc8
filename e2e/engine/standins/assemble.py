"""Puts the stand-in images together in the private registry.
   assemble.py ROOT PORT STAGE GROUP...     STAGE: debian SUITE... | layers GROUP... | final
Runs with Debian's own python3 and nothing else."""

import concurrent.futures
import os
import subprocess
import sys

import cpython
from catalogue import Catalogue
from files import host_certificates, put, read
from images import ImageStore
from layers import LayerStore
from names import PublicNames
from node import Node
from registry import Registry
from small import Small

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Assembly:
    def __init__(self, root, port):
        self.root = root
        self.here = os.path.dirname(os.path.abspath(__file__))
        self.registry = Registry(port, root + "/registry/data")
        self.layers = LayerStore(root, self.registry)
        self.images = ImageStore(self.registry, self.layers)
        self.names = PublicNames(self.registry, self.images, self.here + "/names.txt")
        self.node = Node(root, self.here, self.layers)
        self.small = Small(root, self.here, self.layers)

    def suites(self):
        return [suite for suite in ("trixie", "bookworm") if os.path.exists(f"{self.root}/{suite}.tar")]

    def debian(self, suites):
        """Before anything is built: Debian itself, under its public names."""
        self.layers.make("ca", host_certificates)
        for suite in suites:
            tar = f"{self.root}/{suite}.tar"

            def member(path, tar=tar):
                return subprocess.check_output(["tar", "xOf", tar, path])

            os.makedirs(f"{self.root}/accounts/{suite}", exist_ok=True)
            for file in ("passwd", "group", "shadow"):
                put(f"{self.root}/accounts/{suite}", "/" + file, member(f"./etc/{file}"))
            self.layers.make_from_tar(suite, tar)
            version = member("./etc/debian_version").decode().strip()
            self.images.compose(
                f"debian-{suite}", None, [suite, "ca"], f"debian {version} ({suite})", "docker.io/library/debian",
                "mmdebstrap minbase", {"PATH": PATH}, Cmd=["bash"],
            )  # fmt: skip
        self.names.publish([f"debian-{suite}" for suite in suites])

    def make_layers(self, groups):
        """What needs no package manager. A layer that fails costs only the images it is part of."""
        jobs = {"frontend": lambda folder: put(folder, "/frontend.js", read(self.here + "/context/frontend/frontend.js"))}
        for major in self.node.majors():
            jobs[f"node-{major}"] = self.node.binary(major)
            jobs[f"npm-{major}"] = self.node.package_managers(major)
            if major == "22" or (major == "24" and "more" in groups):
                jobs[f"distroless-node-{major}"] = self.node.distroless_binary(major)
        for version, jar in cpython.versions(self.root).items():
            jobs[f"python-{version}"] = cpython.Python(self.root, version, jar).fill
        jobs["pip-config"] = cpython.pip_config
        if self.small.has_alpine():
            self.layers.make("alpine", self.small.alpine)
            jobs["user-alpine"] = self.node.user("alpine", "/bin/sh")
            for major in self.node.majors():
                if self.node.musl_wheel(major):
                    jobs[f"musl-node-{major}"] = self.node.musl_binary(major)
        if self.small.has_busybox():
            jobs["busybox"] = self.small.busybox("/bin", True)
            if "more" in groups:
                jobs["distroless-busybox"] = self.small.busybox("/busybox", False)
        if self.small.uv_wheel():
            jobs["uv"] = self.small.uv
        if self.small.postgres16_jar():
            jobs["postgres16"] = self.small.postgres16
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            pending = {pool.submit(self.layers.make, key, fill): key for key, fill in jobs.items()}
            for done in concurrent.futures.as_completed(pending):
                if done.exception():
                    print(f"layer {pending[done]} not made: {done.exception()!r}", file=sys.stderr)

    def final(self):
        for suite in self.suites():
            self.layers.make(f"user-{suite}", self.node.user(suite, "/bin/bash"))
        catalogue = Catalogue(self)
        catalogue.compose_all()
        names = self.names.publish()
        print(f"{len(self.images.made)} images under {names} public names")


def main():
    root, port, stage, *arguments = sys.argv[1:]
    assembly = Assembly(root, int(port))
    if stage == "debian":
        assembly.debian(arguments)
    elif stage == "layers":
        assembly.make_layers(set(arguments))
    else:
        assembly.final()


main()
