"""names.txt: under which public names each stand-in answers. The registry's own storage takes a tag as two small link
files, so that thousands of names cost seconds instead of a request each."""

import json
import os
import re

from images import LABEL_IS
from registry import digest_of


def expand(text):
    """`{a,b}` and `{0..9}`, as the shell does it."""
    braces = re.search(r"\{([^{}]*)\}", text)
    if not braces:
        return [text]
    numbers = re.fullmatch(r"(\d+)\.\.(\d+)", braces.group(1))
    if numbers:
        choices = [str(n) for n in range(int(numbers.group(1)), int(numbers.group(2)) + 1)]
    else:
        choices = braces.group(1).split(",")
    return [name for choice in choices for name in expand(text[: braces.start()] + choice + text[braces.end() :])]


class PublicNames:
    def __init__(self, registry, images, file):
        self.registry = registry
        self.images = images
        self.file = file
        self.linked = {}

    def publish(self, only=None):
        """Links every name whose stand-in exists (`only`: just these stand-ins); returns how many names answer now."""
        taken = set()
        with open(self.file) as file:
            lines = [line.split("#")[0].split() for line in file]
        for fields in filter(None, lines):
            source = next((name for name in fields[0].split("|") if self.images.has(name)), None)
            if source is None or (only and source not in only):
                continue
            for spec in fields[1:]:
                self._publish_spec(source, spec, taken)
        return len(taken)

    def _publish_spec(self, source, spec, taken):
        if spec.startswith("!"):  # an -alpine name in front of a Debian image: its label must say so
            spec, source = spec[1:], self._not_alpine(source)
        repositories, tags = spec.split(":", 1)
        for repository in expand(repositories):
            # public.ecr.aws serves Docker's library below /docker
            mirrors = ["docker/" + repository] if repository.startswith("library/") else []
            for name in [repository, *mirrors]:
                digest = self._link(source, name)
                for tag in expand(tags):
                    if (name, tag) not in taken:  # the first line that names it wins
                        taken.add((name, tag))
                        self._write_tag(name, tag, digest)

    def _not_alpine(self, source):
        name = source + "-not-alpine"
        if name not in self.images.made:
            really = self.registry.config(source)["config"]["Labels"][LABEL_IS]
            self.images.compose(name, source, labels={LABEL_IS: really + " (debian, not alpine)"})
        return name

    def _link(self, source, repository):
        if (source, repository) not in self.linked:
            body = self.registry.manifest_bytes(source)
            manifest = json.loads(body)
            for digest in {part["digest"] for part in [manifest["config"], *manifest["layers"]]}:
                self.registry.mount_blob(repository, digest)
            self.registry.put_manifest(repository, digest_of(body), body)
            self.linked[source, repository] = digest_of(body)
        return self.linked[source, repository]

    def _write_tag(self, repository, tag, digest):
        folder = f"{self.registry.data}/docker/registry/v2/repositories/{repository}/_manifests/tags/{tag}"
        for path in (f"{folder}/current/link", f"{folder}/index/sha256/{digest.split(':')[1]}/link"):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(digest)
