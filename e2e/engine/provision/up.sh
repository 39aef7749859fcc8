#!/bin/bash
# Sets the private engine up, or starts it again. Called by ../up.mjs, which has said what will happen and has asked.
#   ROOT=folder ID=name IMAGE_GROUPS="default …" up.sh [--plan]
# Whatever is there already is kept: after a kill at any point, running it again continues.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/common.sh"
. "$HERE/versions.sh"
. "$HERE/host-packages.sh"

if [ "${1:-}" = --plan ]; then
  missing_host_packages
  exit 0
fi

mkdir -p "$ROOT"/{log,bin,docker-config/cli-plugins,downloads,layers}
exec 9>"$ROOT/lock"
if ! flock -n 9; then
  say "another set-up of this engine is running: waiting for it"
  flock -w 900 9 || die "it did not end within 15 minutes (lock: $ROOT/lock)"
fi
# The engine must not depend on the clone that set it up.
RECIPE=$ROOT/recipe
rm -rf "$RECIPE.part"
mkdir "$RECIPE.part"
cp -r "$HERE" "$HERE/../standins" "$RECIPE.part/"
rm -rf "$RECIPE"
mv "$RECIPE.part" "$RECIPE"
for step in debian downloads network daemon images; do . "$RECIPE/provision/$step.sh"; done

install_host_packages
if [ "$(cat "$ROOT/images.ok" 2>/dev/null)" = "$IMAGE_GROUPS" ]; then
  set_up_network
  start_daemon
  exit 0
fi

# After a failure or a Ctrl-C nothing works on in the background; what is finished stays for the next time.
stop_jobs() {
  local job
  for job in $(jobs -p); do kill_tree "$job"; done
}
trap 'trap - INT TERM EXIT; stop_jobs; exit 130' INT TERM
trap 'status=$?; [ $status = 0 ] || stop_jobs; exit $status' EXIT
# The way to the first build is the long one: what only the layers need gives way to it.
bookworm=
later() { renice -n 5 -p "$BASHPID" >/dev/null 2>&1 || true; }
{ later && npm_packages; } &
npm=$!
{ later; maven_jars & python_wheels & python311_modules & wait; } &
others=$!
{ wait_for() { while kill -0 "$1" 2>/dev/null; do sleep 0.2; done; }; wait_for $npm; wait_for $others; } &
downloads=$!
debian_root trixie &
trixie=$!
if wanted more; then
  debian_root bookworm &
  bookworm=$!
fi
unpack_engine
set_up_network
start_daemon
use_engine
make_images "$downloads" "$trixie" "$bookworm"
echo "$IMAGE_GROUPS" >"$ROOT/images.ok"
say "the private engine is ready: $(du -sh "$ROOT" | cut -f1) in $ROOT"
