"""Open the listening socket, and derive the address for links in e-mails from it."""

import ctypes
import errno
import socket
import struct
import sys
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from infra.local.errors import HostError

_BACKLOG: Final = 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_KEEPALIVE: Final = (
    ("SO_KEEPALIVE", 1),
    ("TCP_KEEPIDLE", 60),
    ("TCP_KEEPINTVL", 15),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 30_000),
)
"""The options of accepted connections, which inherit them from the listener.

They end the connection of a peer that is gone, or that does not read its answer for 30 s. Options
that the system does not have are left out.
"""

_SO_ATTACH_FILTER: Final = 26
_DROP_SYN: Final = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in (
        (0x30, 0, 0, 13),  # load the flags of the TCP header
        (0x45, 0, 1, 0x02),  # skip one instruction unless SYN is set
        (0x06, 0, 0, 0),  # keep no byte: the packet is dropped
        (0x06, 0, 0, 0xFFFFFFFF),  # keep the packet
    )
)
"""A packet filter for Linux that drops the first packet of each new connection, and no other."""
_QUEUED_OFFSET: Final = 24
"""The offset of `tcpi_unacked` in TCP_INFO: for a listening socket, the waiting connections."""


def listen(host: str, port: int) -> socket.socket:
    """Open the socket from which all workers accept.

    Raises: HostError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for name, value in _KEEPALIVE:
            level = socket.SOL_SOCKET if name.startswith("SO_") else socket.IPPROTO_TCP
            if (option := getattr(socket, name, None)) is not None:
                listener.setsockopt(level, option, value)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise HostError(
                f"port {port} on {host} is in use: stop the program that uses it, or choose "
                "another port (make run PORT=…, or --port)"
            ) from None
        raise HostError(f"cannot listen on {host}:{port}: {error.strerror}") from None
    listener.settimeout(0)
    return listener


def refuse_handshakes(listener: socket.socket) -> None:
    """Prevent new connections; connections that have begun are still established.

    A connection that began between the last accept and the close of the socket would be reset.
    With the filter, a Linux client asks again after a second and is refused, because the socket is
    closed by then. Other systems have no such filter.
    """
    if sys.platform == "linux":
        program = ctypes.create_string_buffer(_DROP_SYN)
        option = struct.pack("HP", len(_DROP_SYN) // 8, ctypes.addressof(program))
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, option)


def waiting_connections(listener: socket.socket) -> int:
    """Return the number of connections that wait to be accepted; 0 if it is not known."""
    if sys.platform != "linux":
        return 0
    try:
        info = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _QUEUED_OFFSET + 4)
    except OSError:
        return 0
    (count,) = struct.unpack_from("I", info, _QUEUED_OFFSET)
    return int(count)


def following(url: str, listener: socket.socket) -> str:
    """Return a URL of this machine with the listener's port; return other URLs unchanged."""
    parts = urlsplit(url)
    if parts.hostname not in _LOOPBACK:
        return url
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts._replace(netloc=f"{host}:{listener.getsockname()[1]}").geturl()
