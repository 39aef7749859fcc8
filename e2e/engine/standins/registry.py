"""The private registry's HTTP interface: as much of the distribution API as putting an image together needs."""

import hashlib
import http.client
import json
import re

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
ANY_MANIFEST = MANIFEST + ", application/vnd.oci.image.manifest.v1+json"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Registry:
    """Every stand-in lives in one repository, `standin:<name>`; the public names are links to it (names.py)."""

    repository = "standin"

    def __init__(self, port, data):
        self.port = port
        self.data = data  # the registry's storage folder

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            content = response.read()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, content
        finally:
            connection.close()

    def put_blob(self, digest, body, size):
        """body: bytes, or an open file."""
        if self.request("HEAD", f"/v2/{self.repository}/blobs/{digest}")[0] == 200:
            return
        _, headers, _ = self.request("POST", f"/v2/{self.repository}/blobs/uploads/", b"", {"Content-Length": "0"})
        location = re.sub(r"^https?://[^/]+", "", headers["location"])
        status, _, answer = self.request(
            "PUT",
            location + ("&" if "?" in location else "?") + "digest=" + digest,
            body,
            {"Content-Length": str(size), "Content-Type": "application/octet-stream"},
        )
        if status != 201:
            raise RuntimeError(f"the registry refused blob {digest}: {status} {answer!r}")

    def manifest_bytes(self, name):
        """The manifest as stored, or None where no image has that name."""
        status, _, body = self.request(
            "GET", f"/v2/{self.repository}/manifests/{name}", None, {"Accept": ANY_MANIFEST}
        )
        return body if status == 200 else None

    def manifest(self, name):
        body = self.manifest_bytes(name)
        return None if body is None else json.loads(body)

    def config(self, name):
        digest = self.manifest(name)["config"]["digest"]
        return json.loads(self.request("GET", f"/v2/{self.repository}/blobs/{digest}")[2])

    def put_manifest(self, repository, reference, body):
        status, _, answer = self.request(
            "PUT", f"/v2/{repository}/manifests/{reference}", body, {"Content-Type": MANIFEST}
        )
        if status != 201:
            raise RuntimeError(f"the registry refused {repository}:{reference}: {status} {answer!r}")

    def mount_blob(self, repository, digest):
        """Makes a blob of the one repository visible in another, without a copy."""
        self.request(
            "POST",
            f"/v2/{repository}/blobs/uploads/?mount={digest}&from={self.repository}",
            b"",
            {"Content-Length": "0"},
        )
