"""The web server around the web application, in the foreground or in a thread."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from bot.cli.failures import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

    from bot.application import Application

# What Slack and Stripe wait for is short; whoever takes longer than this at the end is cut off.
_GRACE_SECONDS: Final = 5
_START_SECONDS: Final = 20
_HEADER_LIMIT: Final = 64 * 1024
_BACKLOG: Final = 2048
_IDLE_SECONDS: Final = 5
# Beyond it, who comes is told 503 at once: those who hold a connection and say nothing must not take all memory.
_MOST_CONNECTIONS: Final = 1000


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, which the caller closes; raises CommandFailed where the port is taken."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return _server(host, port, family)
    except OSError as error:
        # The system's own words; create_server adds the address to them once more, a failed look-up has no number.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise CommandFailed(f"Cannot listen on {host}:{port}: {reason}. Name another with --port.") from None


def listen_from(host: str, first: int, *, tries: int = 50) -> socket.socket:
    """Return a socket that listens on the first free port from `first` on; raises CommandFailed."""
    for port in range(first, first + tries):
        try:
            return _server(host, port, socket.AF_INET)
        except OSError:
            continue
    raise CommandFailed(f"No port from {first} to {first + tries - 1} is free. Name one with --port.")


def _server(host: str, port: int, family: int) -> socket.socket:
    address = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # asyncio does so only for sockets it made itself; without, each answer waits some 40 ms for the client's word
    # that the head of it arrived. What is accepted inherits it.
    address.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return address


def web_server(app: Starlette) -> uvicorn.Server:
    """Return a server for the application; it is run with the sockets that it shall answer on."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        http="h11",
        ws="none",
        h11_max_incomplete_event_size=_HEADER_LIMIT,
        timeout_keep_alive=_IDLE_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
    )
    return uvicorn.Server(config)


@contextmanager
def serving_in_background(app: Starlette, address: socket.socket) -> Iterator[None]:
    """Answer on the socket from a thread for the length of the block."""
    server = web_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [address]}, name="evie-web")
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def monitored(app: Application, host: str, port: int | None) -> Iterator[None]:
    """Answer a monitor for the length of the block, where a port is given; raises CommandFailed where it is taken."""
    if port is None:
        yield
        return
    with listen(host, port) as address, serving_in_background(app.monitor(), address):
        yield


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    patience = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > patience:
            message = "The web server did not start. The log says why."
            raise CommandFailed(message)
        time.sleep(0.01)
