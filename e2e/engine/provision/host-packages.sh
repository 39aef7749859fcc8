# What this machine itself must have. Listed before anything is installed (up.sh --plan).
# shellcheck shell=bash

# command:package. runc must be the host's own: the one of sid needs a newer libc than the other binaries do.
HOST_COMMANDS="runc:runc iptables:iptables tini-static:tini mmdebstrap:mmdebstrap openssl:openssl ip:iproute2 nsenter:util-linux xz:xz-utils mvn:maven"

missing_host_packages() {
  local entry missing=()
  for entry in $HOST_COMMANDS; do
    has "${entry%%:*}" || missing+=("${entry##*:}")
  done
  [ -x /usr/bin/python3 ] || missing+=(python3)
  has pip || has pip3 || missing+=(python3-pip)
  [ -s /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  [ -s /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
  echo "${missing[*]}"
}

install_host_packages() {
  local missing
  missing=$(missing_host_packages)
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086 # a list of names
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } >"$ROOT/log/host-packages" 2>&1 ||
    die "apt could not install: $missing" "$ROOT/log/host-packages"
  say "installed on this machine: $missing"
}
