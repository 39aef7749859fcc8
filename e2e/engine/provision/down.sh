#!/bin/bash
# Stops the private engine and takes its network away; with --purge its folder too. Touches nothing else of this machine.
#   ROOT=folder ID=name down.sh [--purge]
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/common.sh"
. "$HERE/versions.sh"
. "$HERE/network.sh"
. "$HERE/daemon.sh"

if [ -e "$ROOT/lock" ]; then
  exec 9>"$ROOT/lock"
  flock -n 9 || die "it is being set up right now; stop that first (lock: $ROOT/lock)"
fi
if alive "$ROOT/dockerd.pid" dockerd; then
  use_engine
  # A stopped daemon would leave the containers' processes, and their mounts, behind.
  timeout 20 docker ps -aq 2>/dev/null | xargs -r timeout 60 docker rm -f >/dev/null 2>&1 || true
fi
stop_pid "$ROOT/dockerd.pid" dockerd 20
for listener in plain tls; do stop_pid "$ROOT/registry/$listener.pid" docker-registry 5; done
stop_leftovers
rm -f "$ROOT/docker.sock" "$ROOT/launcher.pid"
take_network_down
# Mounts of containers that died with a killed daemon keep the folder busy.
awk -v root="$ROOT/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount" || true; done
if [ "${1:-}" = --purge ]; then
  rm -rf "$ROOT"
  rmdir "$(dirname "$ROOT")" 2>/dev/null || true
  say "removed: $ROOT, its network namespace, its firewall rules"
else
  say "stopped; $ROOT stays for the next time (npm run engine:down -- --purge removes it)"
fi
