"""A mail server that follows a script: at one step it says something else, hangs up, or says nothing any more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

HANG_UP: Final = "hang up"
STALL: Final = "stall"


@dataclass
class ScriptedSmtp:
    """Answers as `says` has it for a step, and kindly otherwise; `taken` are the mails that it has.

    The steps are greeting, ehlo, auth, mail, rcpt, data, content (what comes after the mail) and quit. A step may have
    several answers, one for each time; the last one stays.
    """

    says: dict[str, list[str]] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, step: str, kindly: str) -> str:
        script = self.says.get(step)
        if not script:
            return kindly
        return script.pop(0) if len(script) > 1 else script[0]

    def serve(self, listener: socket.socket) -> None:
        while not self._ended.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError), client, client.makefile("rb") as lines:
            if not self._say(client, "greeting", "220 here"):
                return
            for line in lines:
                if not self._hear(client, lines, line.decode().strip()):
                    return

    def _hear(self, client: socket.socket, lines: Iterator[bytes], line: str) -> bool:
        verb = line.split(maxsplit=1)[0].lower()
        kindly = {"ehlo": "250-here\r\n250 AUTH PLAIN", "auth": "235 known", "data": "354 go on", "quit": "221 bye"}
        if not self._say(client, verb, kindly.get(verb, "250 OK")):
            return False
        if verb == "data" and self.says.get("data", ["354"])[0].startswith("354"):
            content = _mail(lines)
            if content is None:
                return False
            said = self.answer("content", "250 taken")
            # A server that takes the mail and is gone before it says so is the worst of them.
            if said.startswith("250") or said in {HANG_UP, STALL}:
                self.taken.append(content)
            return self._send(client, said)
        return verb != "quit"

    def _say(self, client: socket.socket, step: str, kindly: str) -> bool:
        return self._send(client, self.answer(step, kindly))

    def _send(self, client: socket.socket, said: str) -> bool:
        if said == HANG_UP:
            client.shutdown(socket.SHUT_RDWR)
            return False
        if said == STALL:
            self._ended.wait(30)
            return False
        client.sendall(f"{said}\r\n".encode())
        return True

    def stop(self) -> None:
        self._ended.set()


def _mail(lines: Iterator[bytes]) -> bytes | None:
    """Return what comes up to the line with the single dot; None where the caller hangs up before it."""
    content = b""
    for line in lines:
        if line == b".\r\n":
            return content
        content += line
    return None


@contextmanager
def scripted(**says: str | list[str]) -> Iterator[ScriptedSmtp]:
    """Run a server on a port of this machine for the length of the block."""
    server = ScriptedSmtp({step: [said] if isinstance(said, str) else list(said) for step, said in says.items()})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        thread = threading.Thread(target=server.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            # Closing a socket does not wake who waits on it; a last caller does.
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
                pass
            thread.join(timeout=5)
