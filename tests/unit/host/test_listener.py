"""Tests of the listening socket at a stop: no connection begins that would then be reset."""

import socket
import sys

import pytest

from infra.local.http.listener import listen, refuse_handshakes, waiting_connections

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")


def test_connections_that_have_begun_stay_and_no_other_begins() -> None:
    """A connection that waits is accepted and read; a new one gets no answer until the close."""
    listener = listen("127.0.0.1", 0)
    address = listener.getsockname()
    with socket.create_connection(address, timeout=5) as begun, listener:
        refuse_handshakes(listener)
        with pytest.raises(TimeoutError):
            socket.create_connection(address, timeout=0.2)
        assert waiting_connections(listener) == 1
        begun.sendall(b"sent after the filter")
        accepted, _ = listener.accept()
        with accepted:
            accepted.settimeout(5)
            assert accepted.recv(100) == b"sent after the filter"
        assert waiting_connections(listener) == 0


def test_a_closed_listener_has_no_waiting_connection() -> None:
    """The stop asks until there is none, also where a worker has ended the socket."""
    listener = listen("127.0.0.1", 0)
    listener.close()
    assert waiting_connections(listener) == 0
