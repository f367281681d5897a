"""One direction of a TCP relay."""

import socket
from collections.abc import Callable


def relay(source: socket.socket, target: socket.socket, heard: Callable[[bytes], None]) -> None:
    """Until one end closes; then both are. `heard` gets the octets before they go on."""
    try:
        while octets := source.recv(65536):
            heard(octets)
            target.sendall(octets)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
