# A network namespace for the engine. A daemon with its own bridge deletes `docker0` and rewrites the iptables chains of
# any other daemon in the same namespace; in one of its own it can harm nobody, and all of it goes away with it.
# shellcheck shell=bash

rule() { # TABLE CHAIN RULE...: inserts it once
  local table=$1 chain=$2
  shift 2
  iptables -w -t "$table" -C "$chain" "$@" -m comment --comment "$RULE" 2>/dev/null ||
    iptables -w -t "$table" -I "$chain" "$@" -m comment --comment "$RULE"
}

host_mtu() {
  local device
  device=$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  cat "/sys/class/net/${device:-lo}/mtu" 2>/dev/null || echo 1500
}

set_up_network() {
  local networks
  if ! ip netns list | grep -q "^$NETNS-host\b" || ! ip link show "$VETH" >/dev/null 2>&1 || [ ! -s "$ROOT/network" ]; then
    take_network_down
    networks=$(/usr/bin/python3 "$RECIPE/provision/choose_networks.py") || die "no free addresses"
    ip netns add "$NETNS" || die "this machine does not let root make network namespaces"
    # docker_proxy.py opens published ports here. A name for it: even root may not look at /proc/1 everywhere.
    ip netns attach "$NETNS-host" $$
    ip link add "$VETH" type veth peer name eth0 netns "$NETNS"
    echo "$networks" | tr ' ' '\n' >"$ROOT/network"
  fi
  # shellcheck disable=SC1091 # written above
  . "$ROOT/network"
  MTU=$(host_mtu)
  ip addr replace "$UPLINK_HOST/30" dev "$VETH"
  ip link set "$VETH" mtu "$MTU" up
  inside ip link set lo up
  inside ip addr replace "$UPLINK_ENGINE/30" dev eth0
  inside ip link set eth0 mtu "$MTU" up
  inside ip route replace default via "$UPLINK_HOST"
  # Where dockerd looks for a free port to publish on. Another Docker, and the host's own connections, use 32768 and up:
  # dockerd does not try again when docker_proxy.py finds a port taken on the host.
  local first=$((20000 + 16#$ID % 6 * 2000))
  inside sh -c "echo $first $((first + 1999)) >/proc/sys/net/ipv4/ip_local_port_range"
  # The way out. FORWARD may be closed by another Docker's policy, so our two rules come first; they fit our link only.
  if [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ]; then
    echo 1 >/proc/sys/net/ipv4/ip_forward
    touch "$ROOT/forwarding-was-off"
  fi
  rule nat POSTROUTING -s "$UPLINK" ! -o "$VETH" -j MASQUERADE
  rule filter FORWARD -i "$VETH" -j ACCEPT
  rule filter FORWARD -o "$VETH" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
}

take_network_down() {
  local table line
  for table in filter nat; do
    iptables -w -t "$table" -S 2>/dev/null | grep -F -- "--comment \"$RULE\"" | sed 's/^-A/-D/' | while read -r line; do
      # The rule as iptables itself printed it, with its quotes.
      eval "iptables -w -t $table $line"
    done || true
  done
  ip link del "$VETH" 2>/dev/null || true
  local name
  for name in "$NETNS" "$NETNS-host"; do
    [ ! -e "/run/netns/$name" ] || ip netns del "$name" || true
  done
  # Somebody else may rely on forwarding by now: it is switched off again only where nothing else can need it.
  if [ -e "$ROOT/forwarding-was-off" ]; then
    ip -o link show type bridge | grep -q . || iptables -w -S | grep -q DOCKER || echo 0 >/proc/sys/net/ipv4/ip_forward
    rm -f "$ROOT/forwarding-was-off"
  fi
}
