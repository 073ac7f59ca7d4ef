"""One conversation in the terminal: what is typed becomes a request, a yes or a no, and its answer is shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from bot.logs import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.reply import Reply
    from bot.speaking import Speaker
    from bot.terminal.screen import Screen

_FAREWELLS: Final = frozenset({"exit", "quit", "bye", "goodbye", ":q"})
# Enter confirms, but not the second Enter of a hasty double one: the card has to have been there to be read.
_READING_SECONDS: Final = 0.8


class Talk:
    """Holds the conversation. `handle` takes what was typed, line by line."""

    def __init__(
        self,
        speaker: Speaker,
        screen: Screen,
        conversation: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.speaker = speaker
        self._screen = screen
        self._conversation = conversation
        self._clock = clock
        self._proposal: str | None = None
        self._shown_at = 0.0

    @property
    def awaits_decision(self) -> bool:
        """Whether a proposal waits for a yes or a no."""
        return self._proposal is not None

    def handle(self, line: str) -> bool:
        """Answer a line; False where it was a farewell. An empty line says yes to a proposal, else nothing."""
        text = line.strip()
        if text.casefold() in _FAREWELLS:
            return False
        if text:
            self._answer(lambda: self.speaker.say(self._conversation, text))
        elif self._proposal is not None and self._clock() - self._shown_at >= _READING_SECONDS:
            proposal = self._proposal
            self._answer(lambda: self.speaker.press(self._conversation, proposal, confirm=True))
        return True

    def _answer(self, ask: Callable[[], Reply]) -> None:
        try:
            with self._screen.thinking():
                reply = ask()
        except Exception as error:  # noqa: BLE001 - the chat outlives whatever happens to one request
            self._screen.problem(unexpected(error))
            return
        self._screen.reply(reply)
        self._proposal = _proposal(reply)
        self._shown_at = self._clock()


def _proposal(reply: Reply) -> str | None:
    """Return the id of the proposal that the reply shows."""
    confirms = (button.confirm for card in reply.cards for button in card.buttons)
    return next((proposal for proposal in confirms if proposal), None)
