import socket
from dataclasses import astuple

import pytest

from local.errors import DevError
from local.ports import free_ports, from_base, refuse_taken


def test_a_taken_port_is_named_with_what_it_was_meant_for() -> None:
    ports = free_ports()
    with (
        socket.create_server(("127.0.0.1", ports.entra)),
        pytest.raises(DevError, match=rf"port {ports.entra}, meant for the Entra ID emulator, is taken"),
    ):
        refuse_taken(ports)


def test_free_ports_lie_in_a_row_and_can_be_used() -> None:
    found = free_ports()
    assert found == from_base(found.host)
    for port in astuple(found):
        socket.create_server(("127.0.0.1", port)).close()
