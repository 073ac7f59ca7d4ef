"""The assistant with somebody watching: what each front asks it is counted and timed, and has an id to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.correlation import current, following

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.reply import Reply
    from bot.assistant.requests import Answers, Deed, Press, Request
    from bot.watching.watcher import Watcher


class WatchedAnswers:
    """Answers as the assistant does (`bot.assistant.requests.Answers`)."""

    def __init__(self, answers: Answers, watcher: Watcher) -> None:
        self._answers = answers
        self._watcher = watcher

    def answer(self, request: Request, on_text: Callable[[str], None] | None = None) -> Reply:
        """Answer what was said."""
        return self._watched(request.actor.front, lambda: self._answers.answer(request, on_text))

    def press(self, press: Press) -> Reply:
        """Run or drop a proposal that was clicked on."""
        return self._watched(press.actor.front, lambda: self._answers.press(press))

    def perform(self, deed: Deed) -> Reply:
        """Carry out what was filled in on a form."""
        return self._watched(deed.actor.front, lambda: self._answers.perform(deed))

    def _watched(self, front: str, ask: Callable[[], Reply]) -> Reply:
        # At a desk the request begins here; in Slack it began with the event.
        begins = not current()
        with following(current()), self._watcher.answer(front, begins=begins) as replies:
            reply = ask()
            replies.append(reply)
            return reply
