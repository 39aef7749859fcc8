# What every step uses: where things are, how progress is said, whether a process of ours still runs.
# shellcheck shell=bash
set -Eeuo pipefail
# A command that nobody expected to fail must not end the script without a word.
# (In a subshell it may be a question, such as "does this file exist": whoever asked decides.)
trap '[ "$BASH_SUBSHELL" != 0 ] || printf "The private engine: %s failed (%s, line %s)\n" "${BASH_COMMAND%% *}" "${BASH_SOURCE[0]##*/}" "$LINENO" >&2' ERR

: "${ROOT:?the folder of the engine}" "${ID:?a short name for its interfaces}"
NETNS=plimsoll-$ID
VETH=plimsoll$ID
RULE="plimsoll engine $ID" # the comment on our firewall rules, by which they are found again
REGISTRY_PORT=5000         # on the loopback of the engine's own network: it cannot collide with anything of this machine
STARTED_AT=$(date +%s)

say() { printf '  %4ds  %s\n' $(($(date +%s) - STARTED_AT)) "$*"; }

# die MESSAGE [LOG]: the last lines of the log, and where the whole of it is
die() {
  printf 'The private engine could not be set up: %s\n' "$1" >&2
  if [ -n "${2:-}" ] && [ -s "$2" ]; then
    tail -n 15 "$2" | sed 's/^/    /' >&2
    printf 'The whole log: %s\n' "$2" >&2
  fi
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
wanted() { [[ " $IMAGE_GROUPS " == *" $1 "* ]]; }

# alive PIDFILE NAME: the number in an old file may belong to somebody else by now, so name and arguments must fit too
alive() {
  local pid
  [ -s "$1" ] || return 1
  pid=$(cat "$1")
  [[ "$pid" =~ ^[0-9]+$ ]] && [ -r "/proc/$pid/comm" ] && [ "$(cat "/proc/$pid/comm")" = "${2:0:15}" ] &&
    tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$ROOT/"
}

# inside COMMAND...: where the public registries' names and the engine's network are (not `ip netns exec`: it hides the cgroups)
inside() { nsenter --net="/run/netns/$NETNS" "$@"; }

# kill_tree PID: a job and all it started (npm, mvn, mmdebstrap), which would otherwise work on after us
kill_tree() {
  local child
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do kill_tree "$child"; done
  kill "$1" 2>/dev/null || true
}

use_engine() {
  export DOCKER_HOST=unix://$ROOT/docker.sock DOCKER_CONFIG=$ROOT/docker-config PATH=$ROOT/bin:$ROOT/root/usr/bin:$ROOT/root/usr/sbin:$PATH
  unset DOCKER_CONTEXT BUILDX_BUILDER
}
