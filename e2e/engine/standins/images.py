"""Images: layers and a configuration put together straight in the registry, without a build and without a push."""

import json

from registry import MANIFEST, digest_of

CREATED = "2023-11-14T22:13:20Z"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
EMPTY = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}, "history": []}

# What a build `FROM` a stand-in inherits, so that a report can say "measured on stand-ins".
LABEL_IS = "plimsoll.standin"
LABEL_OF = "plimsoll.standin.of"
LABEL_HOW = "plimsoll.standin.how"


class ImageStore:
    def __init__(self, registry, layers):
        self.registry = registry
        self.layers = layers
        self.made = []

    def has(self, name):
        return self.registry.manifest(name) is not None

    def compose(self, name, base=None, layers=(), really=None, of=None, how=None, env=None, labels=None, **config_fields):
        """really: what it is; of: the public name it stands in for; how: what it was made from."""
        manifest = self.registry.manifest(base) if base else None
        config = self.registry.config(base) if base else json.loads(json.dumps(EMPTY))
        layer_list = list(manifest["layers"]) if manifest else []
        settings = config.setdefault("config", {})
        for key in layers:
            layer = self.layers.descriptor(key)
            layer_list.append({"mediaType": LAYER, "size": layer["size"], "digest": layer["digest"]})
            config["rootfs"]["diff_ids"].append(layer["diff"])
            config.setdefault("history", []).append({"created": CREATED, "created_by": f"stand-in layer {key}"})
        config["created"] = CREATED
        for key in ("id", "container", "container_config"):
            config.pop(key, None)
        merged_env = dict(entry.split("=", 1) for entry in settings.get("Env") or [])
        merged_env.update(env or {})
        settings["Env"] = [f"{key}={value}" for key, value in merged_env.items()]
        settings["Labels"] = {**(settings.get("Labels") or {}), **(labels or {})}
        for label, value in ((LABEL_IS, really), (LABEL_OF, of), (LABEL_HOW, how)):
            if value:
                settings["Labels"][label] = value
        settings.update(config_fields)
        self._store(name, config, layer_list)
        self.made.append(name)

    def _store(self, name, config, layer_list):
        body = json.dumps(config, sort_keys=True).encode()
        self.registry.put_blob(digest_of(body), body, len(body))
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(body), "digest": digest_of(body)},
            "layers": [{**layer, "mediaType": LAYER} for layer in layer_list],
        }
        self.registry.put_manifest(self.registry.repository, name, json.dumps(manifest).encode())
