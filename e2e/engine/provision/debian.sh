# What comes from Debian: the engine's packages (unpacked, never installed) and the roots of the base images.
# shellcheck shell=bash

# The mirror this machine uses. Where apt knows none of Debian's (Ubuntu), PLIMSOLL_DEBIAN_MIRROR names one.
debian_mirror() {
  local found
  found=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    sed -n 's/^URIs: *//p; s/^deb [^h]*\(http[^ ]*\) .*/\1/p' | grep '/debian/\{0,1\}$' | head -n 1) || true
  found=${PLIMSOLL_DEBIAN_MIRROR:-$found}
  if [ -z "$found" ]; then
    echo "apt knows no mirror of Debian on this machine: set PLIMSOLL_DEBIAN_MIRROR to one (http://…/debian)" >&2
    return 1
  fi
  echo "$found"
}

# private_apt SUITE: apt with lists and caches of its own, so that the host's package state is not touched
private_apt() {
  mkdir -p "$ROOT/apt/lists/partial" "$ROOT/apt/archives/partial"
  cat >"$ROOT/apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$ROOT/apt/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::preferencesparts "/dev/null"; Dir::Etc::preferences "/dev/null";
Dir::State::lists "$ROOT/apt/lists"; Dir::State::status "/dev/null"; Dir::Cache "$ROOT/apt"; APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "3";
CONF
  local mirror
  mirror=$(debian_mirror) || return 1
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" >"$ROOT/apt/sources.list"
}

engine_from() (
  suite=$1
  private_apt "$suite"
  export APT_CONFIG="$ROOT/apt/apt.conf"
  apt-get update -q >"$ROOT/log/engine-packages" 2>&1 || exit 1
  say "index of Debian $suite"
  rm -rf "$ROOT/debs" "$ROOT/root"
  mkdir -p "$ROOT/debs" "$ROOT/root" "$ROOT/downloads/deb"
  packages=$ENGINE_PACKAGES
  ! wanted mon || packages="$packages $MONITORING_PACKAGES"
  # shellcheck disable=SC2086 # a list of names
  (cd "$ROOT/debs" && apt-get download -q $packages) >>"$ROOT/log/engine-packages" 2>&1 || exit 1
  # Not of the engine, but the look-alike of Alpine and busybox are made of them; without them only these are missing.
  (cd "$ROOT/downloads/deb" && apt-get download -q musl busybox-static) >>"$ROOT/log/engine-packages" 2>&1 || true
  touch "$ROOT/downloads/deb/.done"
  printf '%s\0' "$ROOT"/debs/*.deb | xargs -0 -P2 -I{} dpkg -x {} "$ROOT/root" || exit 1
  rm -rf "$ROOT/debs"
  ln -sfn "$(command -v runc)" "$ROOT/bin/runc"
  ln -sfn "$(command -v tini-static)" "$ROOT/bin/docker-init"
  ln -sfn "$ROOT"/root/usr/libexec/docker/cli-plugins/* "$ROOT/docker-config/cli-plugins/"
  for binary in sbin/dockerd bin/containerd bin/docker bin/docker-registry libexec/docker/cli-plugins/docker-buildx libexec/docker/cli-plugins/docker-compose; do
    ! ldd "$ROOT/root/usr/$binary" 2>&1 | grep 'not found' >>"$ROOT/log/engine-packages" || exit 1
  done
  version=$("$ROOT/root/usr/bin/docker" --version) || exit 1
  echo "$version" >"$ROOT/engine.ok"
  say "engine unpacked: $version"
)

unpack_engine() {
  local suite
  [ ! -s "$ROOT/engine.ok" ] || return 0
  for suite in $ENGINE_SUITES; do
    if engine_from "$suite"; then return 0; fi
    say "no usable engine from Debian $suite (log: $ROOT/log/engine-packages)"
  done
  die "no suite had an engine that runs here" "$ROOT/log/engine-packages"
}

# debian_root SUITE: what `debian:SUITE-slim` is, as a tar. mmdebstrap knows the trick with docker-clean as a hook only.
debian_root() {
  local suite=$1 mirror
  if [ ! -s "$ROOT/$suite.tar" ]; then
    mirror=$(debian_mirror)
    printf '%s\n' path-exclude='/usr/share/man/*' path-exclude='/usr/share/info/*' path-exclude='/usr/share/locale/*' \
      path-exclude='/usr/share/lintian/*' path-exclude='/usr/share/groff/*' path-exclude='/usr/share/linda/*' \
      path-include=/usr/share/locale/locale.alias 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' \
      force-unsafe-io >"$ROOT/dpkg.$suite.cfg"
    mmdebstrap --variant=minbase --mode=root --format=tar --dpkgopt="$ROOT/dpkg.$suite.cfg" --aptopt='Acquire::Languages "none"' \
      --customize-hook='printf "%s\n" "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true\"; };" > "$1/etc/apt/apt.conf.d/docker-clean"' \
      "$suite" "$ROOT/$suite.part" "$mirror" >"$ROOT/log/root.$suite" 2>&1 || die "no root of Debian $suite" "$ROOT/log/root.$suite"
    mv "$ROOT/$suite.part" "$ROOT/$suite.tar"
  fi
  say "Debian $suite"
}
