"""The terminal as something to show replies and news on."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.terminal.drawing import TONES, WIDEST, plain, reply_parts
from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from bot.assistant.reply import Reply
    from bot.terminal.news import Post

# Most answers need no model and are there sooner; a spinner would only flicker.
_SPINNER_AFTER_SECONDS = 0.25


class Screen:
    """Prints for a person; several threads may do so."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @property
    def interactive(self) -> bool:
        """Whether a terminal is on the other side."""
        return self.console.is_terminal

    def reply(self, reply: Reply) -> None:
        """Show an answer."""
        self._show(*reply_parts(reply.reply, reply.cards, width=self.console.width))

    def post(self, post: Post) -> None:
        """Show a piece of news, under the channel that it was posted to."""
        tone = post.cards[0].tone if post.cards else Tone.NEUTRAL
        width = min(self.console.width, WIDEST)
        heading = Rule(Text(plain(post.channel) or "Evie", "bold"), align="left", style=TONES[tone])
        self.console.print(heading, width=width)
        self._show(*reply_parts(post.text, post.cards, width=width))

    def note(self, text: str) -> None:
        """Show a quiet remark."""
        self._show(Text(text, "dim"))

    def problem(self, text: str) -> None:
        """Show that something went wrong."""
        self._show(Text(plain(text), "red"))

    def finding(self, mark: str, tone: Tone, name: str, text: str) -> None:
        """Show one line of an examination: how it stands, what was looked at, what was found."""
        line = Text.assemble((f"{mark:<5}", f"bold {TONES[tone]}"), (f"{name:<10}", "bold"), plain(text))
        self.console.print(line, soft_wrap=True)

    def echo(self, text: str) -> None:
        """Show what was said where the terminal has not done so: the input is no keyboard."""
        self._show(Text.assemble(("› ", "bold cyan"), plain(text)), spaced=False)

    def show(self, *parts: RenderableType) -> None:
        """Print the parts as they are."""
        self._show(*parts)

    def _show(self, *parts: RenderableType, spaced: bool = True) -> None:
        with self.console:
            for part in parts:
                # Not cropped: an address longer than the line has to stay whole.
                self.console.print(part, crop=False)
            if spaced:
                self.console.print()

    @contextmanager
    def thinking(self) -> Iterator[None]:
        """Turn a spinner while the block takes long, where there is a terminal to turn it on."""
        if not self.interactive:
            yield
            return
        status = self.console.status(Text("thinking", "dim"), spinner="dots")
        timer = threading.Timer(_SPINNER_AFTER_SECONDS, status.start)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            status.stop()
