"""Prints address ranges that nothing on this machine uses: one for the engine's uplink, one for its bridge, one for the
networks of its containers. Routes and name servers of the host count as used: they must stay reachable from containers."""

import ipaddress
import re
import subprocess
import sys


def used():
    routes = subprocess.run(["ip", "-4", "route", "show", "table", "all"], stdout=subprocess.PIPE, check=True).stdout.decode()
    found = [ipaddress.ip_network(text, strict=False) for text in re.findall(r"(?m)\b(\d+\.\d+\.\d+\.\d+(?:/\d+)?)\b", routes)]
    with open("/etc/resolv.conf") as file:
        found += [ipaddress.ip_network(text) for text in re.findall(r"(?m)^nameserver\s+(\d+\.\d+\.\d+\.\d+)", file.read())]
    return [network for network in found if network.prefixlen > 0]


def first_free(candidates, taken):
    for candidate in candidates:
        if not any(candidate.overlaps(network) for network in taken):
            return candidate
    sys.exit("every private address range that could serve is in use on this machine")


def main():
    taken = used()
    thirties = (ipaddress.ip_network(f"10.{213 + n // 64}.{n % 64}.0/30") for n in range(40 * 64))
    uplink = first_free(thirties, taken)
    blocks = [ipaddress.ip_network(f"172.{n}.0.0/16") for n in range(27, 15, -1)]
    blocks += [ipaddress.ip_network(f"10.{n}.0.0/16") for n in range(190, 210)]
    pool = first_free(blocks, [*taken, uplink])
    bridge = first_free((ipaddress.ip_network(f"192.168.{n}.0/24") for n in range(213, 255)), [*taken, uplink, pool])
    print(f"UPLINK_HOST={uplink[1]} UPLINK_ENGINE={uplink[2]} UPLINK={uplink} POOL={pool} BRIDGE={bridge[1]}/24")


main()
