# The stand-ins: what needs a package manager is built by the engine itself, the rest is assembled in its registry.
# shellcheck shell=bash

assemble() { inside env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$RECIPE/standins/assemble.py" "$ROOT" "$REGISTRY_PORT" "$@"; }

bake() { # GROUP...
  (cd "$ROOT/context" && R=127.0.0.1:$REGISTRY_PORT docker buildx bake --progress=plain "$@") >"$ROOT/log/build.$1" 2>&1 ||
    die "the images of group $1 do not build" "$ROOT/log/build.$1"
}

build_context() {
  rm -rf "$ROOT/context"
  cp -r "$RECIPE/standins/context" "$ROOT/context"
  mkdir -p "$ROOT/context/mon/bin" "$ROOT/context/mon/share" "$ROOT/context/mon/empty"
  { cat /usr/local/share/ca-certificates/*.crt 2>/dev/null || true; } >"$ROOT/context/local-ca.pem"
  wanted mon || return 0
  # Links into packages that are not unpacked (the old web pages' libraries) cannot be followed, and are not needed.
  cp -rL "$ROOT/root/usr/share/prometheus/." "$ROOT/context/mon/share/" 2>/dev/null || true
  local binary
  for binary in prometheus promtool prometheus-alertmanager amtool prometheus-node-exporter prometheus-postgres-exporter prometheus-redis-exporter; do
    cp "$ROOT/root/usr/bin/$binary" "$ROOT/context/mon/bin/"
  done
}

built_images() { docker images --format '{{.Repository}}:{{.Tag}}' | grep "^127.0.0.1:$REGISTRY_PORT/standin:" || true; }

# The exact version of a server goes into its image's label.
version_in() { # IMAGE PACKAGE
  local image=127.0.0.1:$REGISTRY_PORT/standin:b-$1 version
  docker image inspect "$image" >/dev/null 2>&1 || return 0
  version=$(timeout 30 docker run --rm --network none --entrypoint dpkg-query "$image" -W -f '${Version}' "$2" 2>/dev/null | sed 's/^[0-9]*://; s/[-+~].*//') || return 0
  [ -z "$version" ] || echo "$1=$version"
}

make_images() { # what runs meanwhile: PIDs of the downloads and of the Debian roots
  local downloads=$1 trixie=$2 bookworm=$3 layers status
  wait "$trixie" || exit 1
  assemble debian trixie >>"$ROOT/log/assemble" 2>&1 || die "Debian did not get into the registry" "$ROOT/log/assemble"
  {
    later
    while kill -0 "$downloads" 2>/dev/null; do sleep 0.2; done
    # shellcheck disable=SC2086 # a list of groups
    assemble layers $IMAGE_GROUPS >>"$ROOT/log/assemble" 2>&1
    say "layers of node, python, alpine and uv"
  } &
  layers=$!
  build_context
  # shellcheck disable=SC2086 # a list of groups
  bake $IMAGE_GROUPS
  if [ -n "$bookworm" ]; then
    wait "$bookworm" || exit 1
    assemble debian bookworm >>"$ROOT/log/assemble" 2>&1 || die "Debian bookworm did not get into the registry" "$ROOT/log/assemble"
    bake more-bookworm
  fi
  say "built what needs a package manager"
  {
    version_in nginx nginx
    version_in postgres17 postgresql-17
    version_in postgres15 postgresql-15
    version_in valkey valkey-server
    version_in redis8 redis-server
    version_in redis7 redis-server
  } >"$ROOT/versions"
  built_images | xargs -r -P2 -n1 docker push -q >"$ROOT/log/push" 2>&1 || die "the built images did not get into the registry" "$ROOT/log/push"
  status=0
  wait "$layers" || status=$?
  [ $status = 0 ] || die "the layers could not be made" "$ROOT/log/assemble"
  say "$(assemble final 2>>"$ROOT/log/assemble")" || die "the images could not be put together" "$ROOT/log/assemble"
  # Everything is in the registry now; what the building left in the engine would only take space.
  built_images | xargs -r docker rmi -f >/dev/null 2>&1 || true
  docker builder prune -af >/dev/null 2>&1 || true
  rm -rf "$ROOT/context" "$ROOT/scratch" "$ROOT/downloads" "$ROOT/apt" "$ROOT"/layers/*.gz "$ROOT"/*.tar
}
