"""A port that nobody answers at first, and that passes on to another one later."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread


@contextmanager
def forwarding(server: socket.socket, target: int) -> Iterator[None]:
    """Lets a socket listen, and passes its connections on to the port `target`."""
    server.listen()
    accepting = Thread(target=accept, args=(server, target))
    accepting.start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)  # which closing does not do while another thread accepts
        accepting.join()


def accept(server: socket.socket, target: int) -> None:
    with suppress(OSError):
        while True:
            near, _ = server.accept()
            Thread(target=pass_on, args=(near, target), daemon=True).start()


def pass_on(near: socket.socket, target: int) -> None:
    with near, closing(socket.create_connection(("127.0.0.1", target))) as far:
        back = Thread(target=copy, args=(far, near))
        back.start()
        copy(near, far)
        back.join()


def copy(source: socket.socket, sink: socket.socket) -> None:
    """Until one of them has ended; then both have."""
    with suppress(OSError):
        while received := source.recv(65536):
            sink.sendall(received)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
