"""Stands between the private dockerd and its docker-proxy. The engine lives in a network namespace of its own, but a
port that a container publishes must answer on the host, as with any other Docker: so the listening socket is opened on
the host and handed to docker-proxy, which connects to the container from inside. (A socket stays in the namespace in
which it was made.) Docker 28 hands docker-proxy a socket as file 4; older ones bind inside, which the host cannot see."""

import ctypes
import os
import socket
import sys

HOST, ENGINE, *ARGUMENTS = sys.argv[1:]  # the host's namespace, the real docker-proxy, what dockerd asked for
CLONE_NEWNET = 0x40000000
STATUS = 3  # where dockerd waits for "0\n", or "1\n" and a message
LISTENER = 4


def enter(path):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(path) as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {path}")


def listen(address, port, protocol):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM)
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if protocol == "tcp":
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((address, port))
    if protocol == "tcp":
        opened.listen(4096)
    return opened


def main():
    value = dict(zip(ARGUMENTS, ARGUMENTS[1:]))
    protocol = value.get("-proto", "tcp")
    if "-use-listen-fd" in ARGUMENTS and protocol in ("tcp", "udp"):
        with open("/proc/self/ns/net") as inside:
            here = f"/proc/self/fd/{inside.fileno()}"
            try:
                enter(HOST)
                listener = listen(value["-host-ip"], int(value["-host-port"]), protocol)
            except OSError as error:
                place = f"{value.get('-host-ip')}:{value.get('-host-port')}"
                os.write(STATUS, f"1\nlisten {protocol} {place} on the host: {error.strerror}".encode())
                sys.exit(1)
            enter(here)
        os.dup2(listener.fileno(), LISTENER, inheritable=True)
    os.execv(ENGINE, ["docker-proxy", *ARGUMENTS])


main()
