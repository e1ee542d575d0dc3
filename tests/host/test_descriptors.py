"""The host's file descriptors: their limit, and connections beyond it."""

import resource
import socket
from pathlib import Path

from tests.host.host_process import HostProcess


def test_more_connections_than_descriptors_leave_room_for_answers(tmp_path: Path) -> None:
    """The host closes idle connections, and never answers 500 for want of descriptors."""
    with HostProcess(tmp_path, "--workers", "1", prefix=("prlimit", "--nofile=160")) as host:
        idle = []
        try:
            for _ in range(300):
                one = socket.create_connection(("127.0.0.1", host.port), timeout=60)
                idle.append(one)
                one.sendall(b"GET /noop HTTP/1.1\r\nHost: x\r\n\r\n")
            assert {host.call("GET", "/noop").status for _ in range(10)} == {200}
            assert {host.call("GET", "/admin/functions").status for _ in range(3)} == {200}
        finally:
            for one in idle:
                one.close()


def test_the_soft_limit_is_raised(tmp_path: Path) -> None:
    """A shell's usual limit of 1,024 must not make the host refuse a connection."""
    with HostProcess(tmp_path, "--workers", "1", prefix=("prlimit", "--nofile=256:3000")) as host:
        for pid in (host.process.pid, *host.workers):
            assert resource.prlimit(pid, resource.RLIMIT_NOFILE) == (3000, 3000)
