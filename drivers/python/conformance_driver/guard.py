"""Blocks connections to other hosts, and reports each attempt.

The guard covers Python's own `socket` module, in every thread and in forked children. It does not cover sockets that C code
opens (uvloop, ctypes), or other programs that the process starts. Only the operating system can block these.
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
"""Socket families that cannot leave this machine."""

ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
"""Audit events with a socket and a destination address: connections and datagrams."""

RESOLVED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
"""Audit events of a look-up of a host name or address."""


def guard(tell: Callable[[str], None]) -> Callable[[str, tuple], None]:
    """Returns an audit hook that allows only loopback. `tell` receives the destination of each blocked attempt."""

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
    """Returns the destination of a socket. Returns None if the destination is this machine."""
    if by.family == getattr(socket, "AF_UNIX", None):
        path = text_of(address)
        return None if is_own_socket(path) else f"unix {path}"
    if by.family in LOCAL_FAMILIES or not isinstance(address, tuple) or not address:
        return None
    if by.family in (socket.AF_INET, socket.AF_INET6) and is_local(address[0]):
        return None
    return ":".join(text_of(part) for part in address[:2])


def is_own_socket(path: str) -> bool:
    """Returns whether a unix socket may belong to the runtime: it is in the temporary folder or in the home folder.

    Any other socket belongs to a service of the machine, which may forward data to other hosts.
    """
    if path.startswith("\0"):
        return False
    folders = (tempfile.gettempdir(), os.path.expanduser("~"))
    return any(os.path.abspath(path).startswith(os.path.abspath(folder) + os.sep) for folder in folders)


def name_asked_of_others(host: object, own_name: str, reverse: bool) -> str | None:
    """Returns the name for which a name server would be asked, or None. An address needs a name server only if `reverse`."""
    name = text_of(host).rstrip(".").lower()
    if is_local(host) or name in (own_name.lower(), "localhost.localdomain") or name.endswith(".localhost"):
        return None
    return text_of(host) if reverse or address_of(name) is None else None


def is_local(host: object) -> bool:
    """Returns whether a host is this machine. The system treats an unspecified address as this machine."""
    if host is None:
        return True
    name = text_of(host).rstrip(".").lower()
    if name in ("", "localhost"):
        return True
    address = address_of(name)
    return address is not None and (address.is_loopback or address.is_unspecified)


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Returns the IP address in a text, or None. Returns an IPv4-mapped IPv6 address as IPv4."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def text_of(part: object) -> str:
    return part.decode(errors="replace") if isinstance(part, (bytes, bytearray)) else str(part)
