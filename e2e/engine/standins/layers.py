"""Layers: a folder or a tar file becomes a gzip layer once, with a fixed time, so that the same recipe gives the same digest."""

import hashlib
import json
import os
import shutil
import subprocess
import zlib

FIXED_TIME = "1700000000"  # every file's time; the images' `created` says the same


class LayerStore:
    def __init__(self, root, registry):
        self.registry = registry
        self.folder = root + "/layers"
        self.scratch = root + "/scratch"
        os.makedirs(self.folder, exist_ok=True)

    def has(self, key):
        return os.path.exists(f"{self.folder}/{key}.json")

    def descriptor(self, key):
        with open(f"{self.folder}/{key}.json") as file:
            return json.load(file)

    def tree(self, key):
        """A fresh, empty folder to fill."""
        path = f"{self.scratch}/{key}"
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def make(self, key, fill):
        """fill(folder) is called only when that layer was not packed before."""
        if not self.has(key):
            folder = self.tree(key)
            fill(folder)
            self._pack_folder(key, folder)
            shutil.rmtree(folder)
        self._upload(key)

    def make_from_tar(self, key, path):
        if not self.has(key):
            with open(path, "rb") as source:
                self._pack(key, source)
        self._upload(key)

    def _pack_folder(self, key, folder):
        tar = subprocess.Popen(
            ["tar", "--sort=name", "--numeric-owner", "--clamp-mtime", f"--mtime=@{FIXED_TIME}", "-C", folder, "-cf", "-", "."],
            stdout=subprocess.PIPE,
        )
        self._pack(key, tar.stdout, lambda: tar.wait() == 0)

    def _pack(self, key, source, finished_well=lambda: True):
        unpacked, packed = hashlib.sha256(), hashlib.sha256()
        compressor = zlib.compressobj(1, zlib.DEFLATED, 31)
        with open(f"{self.folder}/{key}.gz", "wb") as target:
            while True:
                block = source.read(1 << 20)
                unpacked.update(block)
                compressed = compressor.compress(block) if block else compressor.flush()
                packed.update(compressed)
                target.write(compressed)
                if not block:
                    break
        if not finished_well():
            raise RuntimeError(f"tar failed on layer {key}")
        description = {
            "diff": "sha256:" + unpacked.hexdigest(),
            "digest": "sha256:" + packed.hexdigest(),
            "size": os.path.getsize(f"{self.folder}/{key}.gz"),
        }
        # The description is what says that the layer is whole: it comes last and at once.
        with open(f"{self.folder}/{key}.json.part", "w") as file:
            json.dump(description, file)
        os.rename(f"{self.folder}/{key}.json.part", f"{self.folder}/{key}.json")

    def _upload(self, key):
        description = self.descriptor(key)
        path = f"{self.folder}/{key}.gz"
        if os.path.exists(path):
            with open(path, "rb") as body:
                self.registry.put_blob(description["digest"], body, description["size"])
