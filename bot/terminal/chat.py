"""The chat: a prompt with history and completion at a keyboard, and plain lines where the input comes from a script."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.styles import Style

from bot.terminal.news import Feed, watching
from bot.terminal.suggesting import Vocabulary, openings, suggest, words
from bot.terminal.talking import Talk
from skills.catalogs import Catalogs
from skills.registry import SKILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History

    from billing.ports import Store
    from bot.speaking import Speaker
    from bot.terminal.screen import Screen
    from bot.worker.worker import Worker

_STYLE: Final = Style.from_dict(
    {
        "prompt": "bold ansicyan",
        "placeholder": "ansibrightblack",
        "bottom-toolbar": "noreverse ansibrightblack",
        "completion-menu.completion": "noreverse bg:default",
        "completion-menu.completion.current": "reverse bg:default",
        "completion-menu.meta.completion": "noreverse bg:default ansibrightblack",
        "completion-menu.meta.completion.current": "reverse bg:default",
    },
)
_WORDS_AGE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Chat:
    """What a chat needs: who speaks, the records, something to show things on, who sends, where history is kept."""

    speaker: Speaker
    store: Store
    screen: Screen
    worker: Worker
    conversation: str
    history: Path | None = None
    names: Catalogs = field(default_factory=Catalogs)

    def run(self) -> None:
        """Talk until the end of the input, a farewell, or Ctrl-C."""
        talk = Talk(self.speaker, self.screen, self.conversation)
        feed = Feed(self.store, self.speaker.actor.workspace_id, self.conversation)
        with watching(feed, self.screen.post):
            try:
                if sys.stdin.isatty() and self.screen.interactive:
                    self._at_a_keyboard(talk)
                else:
                    self._from_a_script(talk)
            except KeyboardInterrupt:
                return

    def _at_a_keyboard(self, talk: Talk) -> None:
        session = self._session(talk)
        going = True
        while going:
            try:
                # Only while the prompt is there: elsewhere, what is printed may go straight to the terminal.
                with patch_stdout(raw=True):
                    line = session.prompt()
            except EOFError:
                return
            going = talk.handle(line)
            self.worker.nudge()

    def _from_a_script(self, talk: Talk) -> None:
        for line in sys.stdin:
            if line.strip():
                self.screen.echo(line.strip())
            if not talk.handle(line):
                break
            self.worker.nudge()
        # A script does not wait to see what comes of its words, so what is under way is finished for it.
        self.worker.stop()
        self.worker.drain()

    def _session(self, talk: Talk) -> PromptSession[str]:
        return PromptSession(
            FormattedText([("class:prompt", "› ")]),
            history=_history(self.history),
            completer=_TabCompleter(self._vocabulary),
            complete_while_typing=False,
            auto_suggest=AutoSuggestFromHistory(),
            placeholder=lambda: FormattedText([("class:placeholder", _placeholder(talk))]),
            bottom_toolbar=lambda: FormattedText([("", f" {_toolbar(self.speaker)}")]),
            reserve_space_for_menu=6,
            style=_STYLE,
        )

    def _vocabulary(self) -> Vocabulary:
        with self.store.transaction(self.speaker.actor.workspace_id) as tx:
            return Vocabulary(openings(SKILLS), words(tx, self.names.of(tx)))


def _placeholder(talk: Talk) -> str:
    return "Enter for yes, “no” to cancel, or say a change" if talk.awaits_decision else "say something, or “help”"


def _toolbar(speaker: Speaker) -> str:
    return f"{speaker.actor.member} · {speaker.actor.role.value}    Tab completes    Ctrl-D leaves"


def _history(path: Path | None) -> History:
    """Return the history in the file, readable for its owner only, or one that is forgotten."""
    if path is None:
        return InMemoryHistory()
    try:
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


class _TabCompleter(Completer):
    """Offers suggestions; the names are read anew when they are more than a moment old."""

    def __init__(self, vocabulary: Callable[[], Vocabulary]) -> None:
        self._read = vocabulary
        self._vocabulary: Vocabulary | None = None
        self._read_at = 0.0

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 - the base class's
        """Yield the completions of the text before the cursor."""
        for suggestion in suggest(document.text_before_cursor, self._current()):
            yield Completion(suggestion.text, -suggestion.length, display_meta=suggestion.remark)

    def _current(self) -> Vocabulary:
        if self._vocabulary is None or time.monotonic() - self._read_at > _WORDS_AGE_SECONDS:
            self._vocabulary = self._read()
            self._read_at = time.monotonic()
        return self._vocabulary
