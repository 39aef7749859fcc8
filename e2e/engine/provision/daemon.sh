# The registry and the Docker daemon. They outlive this script: setsid, no terminal, no inherited lock.
# shellcheck shell=bash

write_registry() {
  local name listener
  mkdir -p "$ROOT/registry/data"
  if [ ! -s "$ROOT/registry/cert.pem" ]; then
    local subject
    subject=$(echo "$PUBLIC_REGISTRIES" | sed 's/\(^\| \)/,DNS:/g; s/^,//')
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$ROOT/registry/key.pem" -out "$ROOT/registry/cert.part" \
      -days 3650 -subj /CN=plimsoll-stand-ins -addext "subjectAltName=$subject" 2>"$ROOT/log/certificate" || die "no certificate" "$ROOT/log/certificate"
    mv "$ROOT/registry/cert.part" "$ROOT/registry/cert.pem"
  fi
  cat /etc/ssl/certs/ca-certificates.crt "$ROOT/registry/cert.pem" >"$ROOT/registry/bundle.pem"
  {
    cat /etc/hosts
    for name in $PUBLIC_REGISTRIES; do echo "127.0.0.1 $name"; done
  } >"$ROOT/registry/hosts"
  for listener in plain tls; do
    {
      printf 'version: 0.1\nlog: {level: warn}\nstorage:\n  filesystem: {rootdirectory: %s}\n  delete: {enabled: true}\nhttp:\n' "$ROOT/registry/data"
      if [ $listener = plain ]; then
        echo "  addr: 127.0.0.1:$REGISTRY_PORT"
      else
        printf '  addr: 127.0.0.1:443\n  tls: {certificate: %s, key: %s}\n' "$ROOT/registry/cert.pem" "$ROOT/registry/key.pem"
      fi
    } >"$ROOT/registry/$listener.yml"
  done
}

# launch PIDFILE LOG COMMAND...: 9 is the lock of up.sh, which must be free when up.sh ends
launch() {
  local pidfile=$1 log=$2
  shift 2
  setsid "$@" >"$log" 2>&1 </dev/null 9>&- &
  echo $! >"$pidfile"
}

write_daemon() {
  mkdir -p "$ROOT/data" "$ROOT/exec"
  cat >"$ROOT/bin/docker-proxy" <<PROXY
#!/bin/sh
exec /usr/bin/python3 -I -S $ROOT/recipe/provision/docker_proxy.py /run/netns/$NETNS-host $ROOT/root/usr/sbin/docker-proxy "\$@"
PROXY
  # ROOT/ns COMMAND: runs it where the daemon lives, so that the public registries' names mean the stand-ins.
  cat >"$ROOT/ns" <<NS
#!/bin/sh
export SSL_CERT_FILE=$ROOT/registry/bundle.pem PATH=$ROOT/bin:$ROOT/root/usr/bin:$ROOT/root/usr/sbin:\$PATH
exec nsenter --net=/run/netns/$NETNS unshare -m --propagation private sh -c 'mount --bind $ROOT/registry/hosts /etc/hosts && exec "\$@"' sh "\$@"
NS
  chmod +x "$ROOT/bin/docker-proxy" "$ROOT/ns"
  cat >"$ROOT/daemon.json" <<JSON
{"data-root": "$ROOT/data", "exec-root": "$ROOT/exec", "pidfile": "$ROOT/dockerd.pid", "hosts": ["unix://$ROOT/docker.sock"],
 "bip": "$BRIDGE", "mtu": $MTU, "default-network-opts": {"bridge": {"com.docker.network.driver.mtu": "$MTU"}},
 "default-address-pools": [{"base": "$POOL", "size": 24}], "userland-proxy-path": "$ROOT/bin/docker-proxy",
 "log-opts": {"max-size": "10m"}}
JSON
}

engine_answers() { timeout 5 "$ROOT/root/usr/bin/docker" -H "unix://$ROOT/docker.sock" info >/dev/null 2>&1; }

start_daemon() {
  local listener attempt
  write_registry
  write_daemon
  for listener in plain tls; do
    alive "$ROOT/registry/$listener.pid" docker-registry ||
      launch "$ROOT/registry/$listener.pid" "$ROOT/log/registry-$listener" \
        nsenter --net="/run/netns/$NETNS" "$ROOT/root/usr/bin/docker-registry" serve "$ROOT/registry/$listener.yml"
  done
  if ! alive "$ROOT/dockerd.pid" dockerd; then
    rm -f "$ROOT/dockerd.pid" "$ROOT/docker.sock"
    stop_leftovers
    launch "$ROOT/launcher.pid" "$ROOT/log/dockerd" "$ROOT/ns" dockerd --config-file "$ROOT/daemon.json"
  fi
  for attempt in $(seq 150); do
    ! engine_answers || break
    [ "$attempt" -lt 150 ] || die "the daemon does not answer" "$ROOT/log/dockerd"
    sleep 0.2
  done
  say "daemon: $("$ROOT/root/usr/bin/docker" -H "unix://$ROOT/docker.sock" info -f '{{.ServerVersion}}, {{.Driver}}, cgroup v{{.CgroupVersion}}')"
}

# Processes of a killed engine. Of programs, only what runs our own binaries; of containers, only those in our data folder
# (their cgroup carries their id): a killed daemon leaves their shims running, and killed shims leave the containers.
stop_leftovers() {
  local process pid ids=
  if [ -d "$ROOT/data/containers" ]; then ids=$(find "$ROOT/data/containers" -mindepth 1 -maxdepth 1 -printf '%f\n'); fi
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    case "$(readlink "$process/exe" 2>/dev/null)" in
    "$ROOT"/root/*containerd* | "$ROOT"/root/*docker-proxy | "$ROOT"/root/*dockerd)
      kill -9 "$pid" 2>/dev/null || true
      continue
      ;;
    esac
    if [ -n "$ids" ] && grep -qF "$ids" "$process/cgroup" 2>/dev/null; then kill -9 "$pid" 2>/dev/null || true; fi
  done
}

stop_pid() { # PIDFILE NAME SECONDS
  local pid attempt
  alive "$1" "$2" || { rm -f "$1" && return 0; }
  pid=$(cat "$1")
  kill "$pid" 2>/dev/null || true
  for attempt in $(seq $(($3 * 10))); do
    [ -d "/proc/$pid" ] || break
    [ "$attempt" -lt $(($3 * 10)) ] || kill -9 "$pid" 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$1"
}
