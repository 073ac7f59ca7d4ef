"""Slack's side of Socket Mode: a WebSocket server of its own that sends envelopes and takes acknowledgements."""

from __future__ import annotations

import base64
import hashlib
import json
import queue
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

_MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT: Final = 1
_CLOSE: Final = 8
_PING: Final = 9
_PONG: Final = 10


class FakeSocket:
    """Takes one connection; `send` an event and wait for its acknowledgement."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._acknowledged: queue.Queue[str] = queue.Queue()
        self._connected = threading.Event()
        self._connection: socket.socket | None = None
        self.url = f"ws://127.0.0.1:{listener.getsockname()[1]}/link/?ticket=1"

    def run(self) -> None:
        """Serve until the other side goes."""
        try:
            self._connection, _ = self._listener.accept()
            stream = self._connection.makefile("rb")
            headers = dict(line.split(b": ", 1) for line in iter(stream.readline, b"\r\n") if b": " in line)
            key = headers[b"Sec-WebSocket-Key"].strip()
            accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())  # noqa: S324 - the protocol's
            self._connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n",
            )
            self._connected.set()
            while (frame := _frame(stream)) is not None:
                self._take(*frame)
        except OSError:
            return

    def send(self, payload: Json, envelope_id: str = "envelope-1", *, patience: float = 10) -> str:
        """Send an event and return the id of the envelope that was acknowledged; raises queue.Empty for none."""
        assert self._connected.wait(timeout=10)
        self._write(_TEXT, json.dumps({"type": "events_api", "envelope_id": envelope_id, "payload": payload}).encode())
        return self._acknowledged.get(timeout=patience)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _take(self, opcode: int, content: bytes) -> None:
        if opcode == _PING:
            self._write(_PONG, content)
        elif opcode == _TEXT:
            self._acknowledged.put(json.loads(content)["envelope_id"])

    def _write(self, opcode: int, content: bytes) -> None:
        assert self._connection is not None
        size = len(content)
        length = bytes([size]) if size < 126 else bytes([126]) + size.to_bytes(2, "big")
        self._connection.sendall(bytes([0x80 | opcode]) + length + content)


def _frame(stream: Any) -> tuple[int, bytes] | None:
    """Read one masked frame as a client sends it: its opcode and content, or None at the end."""
    head = stream.read(2)
    if len(head) < 2 or head[0] & 0x0F == _CLOSE:
        return None
    length = head[1] & 0x7F
    if length == 126:
        length = int.from_bytes(stream.read(2), "big")
    mask = stream.read(4)
    masked = stream.read(length)
    return head[0] & 0x0F, bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))


@contextmanager
def listening() -> Iterator[FakeSocket]:
    """A socket that Slack hands out for one connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    fake = FakeSocket(listener)
    thread = threading.Thread(target=fake.run, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        listener.close()
        fake.close()
        thread.join(timeout=5)
