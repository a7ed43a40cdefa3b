"""Keeps the process from reaching other hosts, and tells each attempt.

It sees what goes through Python's own `socket` module, in every thread and in forked children. It cannot see sockets that C
code opens by itself (uvloop, ctypes), nor what another program does that the process starts: the system has to watch these.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable

LOCAL_FAMILIES = {
    getattr(socket, name)
    for name in ("AF_NETLINK", "AF_ALG", "AF_CAN", "AF_SYSTEM", "AF_QIPCRTR")
    if hasattr(socket, name)
}
"""Families of sockets that reach nothing outside this machine."""

ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
"""Audit events of a socket and the address that it is to reach: connections, and datagrams without one."""

RESOLVED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
"""Audit events of a host whose name, or address, is looked up."""


def guard(tell: Callable[[str], None]) -> Callable[[str, tuple], None]:
    """Returns an audit hook that lets a socket reach loopback only. `tell` gets the destination of each other attempt."""

    own_name = socket.gethostname()

    def audit(event: str, args: tuple) -> None:
        if event in ADDRESSED:
            there = destination(args[0], args[1])
        elif event in RESOLVED:
            there = name_asked_of_others(args[0], own_name, reverse=event == "socket.gethostbyaddr")
        else:
            return
        if there is not None:
            tell(there)
            raise ConnectionRefusedError(f"conformance: no way to {there}")

    return audit


def destination(by: socket.socket, address: object) -> str | None:
    """Where a socket is to reach, where that is not this machine."""
    if by.family == getattr(socket, "AF_UNIX", None):
        path = text_of(address)
        return None if is_own_socket(path) else f"unix {path}"
    if by.family in LOCAL_FAMILIES or not isinstance(address, tuple) or not address:
        return None
    if by.family in (socket.AF_INET, socket.AF_INET6) and is_local(address[0]):
        return None
    return ":".join(text_of(part) for part in address[:2])


def is_own_socket(path: str) -> bool:
    """Whether a unix socket may be the runtime's own: one below the folder for temporary files, or below its home.

    Any other belongs to a service of the machine, which may send on what it is told.
    """
    if path.startswith("\0"):
        return False
    folders = (tempfile.gettempdir(), os.path.expanduser("~"))
    return any(os.path.abspath(path).startswith(os.path.abspath(folder) + os.sep) for folder in folders)


def name_asked_of_others(host: object, own_name: str, reverse: bool) -> str | None:
    """The name that a name server is to be asked for. An address is asked for only where its name is looked up."""
    name = text_of(host).rstrip(".").lower()
    if is_local(host) or name in (own_name.lower(), "localhost.localdomain") or name.endswith(".localhost"):
        return None
    return text_of(host) if reverse or address_of(name) is None else None


def is_local(host: object) -> bool:
    """Whether a host is this machine. The system takes an unspecified address for it."""
    if host is None:
        return True
    name = text_of(host).rstrip(".").lower()
    if name in ("", "localhost"):
        return True
    address = address_of(name)
    return address is not None and (address.is_loopback or address.is_unspecified)


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text is; one of version 4 that is written in version 6 is the one of version 4."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def text_of(part: object) -> str:
    return part.decode(errors="replace") if isinstance(part, (bytes, bytearray)) else str(part)
