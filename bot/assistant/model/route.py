"""The conversation with the model: it asks for calls, our side makes them, until it has something to say."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from billing.errors import BadArgument
from billing.watching import unwatched
from bot.assistant.model import feedback, prompt
from bot.assistant.model.answer import ModelAnswer, ModelUnavailable, NoAnswer, Usage
from bot.assistant.model.talking import ASK, DECLINE, read_ask, read_decline
from bot.assistant.understanding import Question
from skills.schema import arguments_from_tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.watching import Watch
    from bot.assistant.model.answer import Call, Inquiry
    from bot.assistant.model.client import Output, ToolCall
    from bot.assistant.model.config import ModelConfig
    from bot.assistant.reply import CallReport

_MISTAKES: Final = 2
_LONGEST_TEXT: Final = 6_000
_STOPPED: Final = "I stopped there: that took more steps than I allow myself at once. Say what I should do next."
_NOT_THAT: Final = "I cannot help with that. Ask me about invoices, payment links, payments or clients."


class ModelRoute:
    """Asks the model about one message at a time. Holds connections only; safe to share between threads."""

    def __init__(
        self, config: ModelConfig, *, monotonic: Callable[[], float] = time.monotonic, watch: Watch = unwatched
    ) -> None:
        # The package takes most of a second to import, which an installation without a model need not spend.
        from bot.assistant.model.client import Responder

        self._config = config
        self._responder = Responder(config, watch)
        self._monotonic = monotonic

    def close(self) -> None:
        """Close the connections."""
        self._responder.close()

    @property
    def daily_tokens(self) -> int:
        """What one person's requests may cost within 24 hours, in tokens."""
        return self._config.daily_tokens

    def check(self) -> str:
        """Return why the model cannot be asked, or "" where it is there for us."""
        try:
            self._responder.check(self._config.model)
        except NoAnswer as error:
            return str(error)
        return ""

    def converse(self, inquiry: Inquiry, call: Call, on_text: Callable[[str], None] | None = None) -> ModelAnswer:
        """Let the model answer, making its calls one at a time through `call`.

        `on_text` gets its words as they come. Raises ModelUnavailable, with the calls made so far, where no
        answer can be had: the model does not respond, is cut off, or cannot make a well-formed call.
        """
        talk = _Talk(inquiry, call, prompt.opening(inquiry, self._config))
        try:
            answer = self._rounds(talk, _Words(on_text) if on_text else None)
        except NoAnswer as error:
            raise ModelUnavailable(str(error), tuple(talk.reports), talk.usage) from error
        return replace(answer, text=answer.text[:_LONGEST_TEXT], calls=tuple(talk.reports), usage=talk.usage)

    def _rounds(self, talk: _Talk, words: _Words | None) -> ModelAnswer:
        config = self._config
        common = prompt.request(talk.inquiry, config)
        late = self._monotonic() + config.max_seconds
        while True:
            # In the last round it may only speak, so that the person hears what became of the calls.
            last = talk.usage.rounds + 1 >= config.max_rounds or self._monotonic() > late
            body = {**common, "input": talk.items, "tool_choice": "none" if last else "auto"}
            output = self._responder.ask(body, words.next_round() if words else None)
            talk.usage += output.usage
            dear = talk.usage.total_tokens > config.max_total_tokens
            answer = talk.take(output, may_call=not last and not dear)
            if answer is not None:
                if words:
                    words.finish(answer.text)
                return answer


class _Talk:
    """One inquiry on its way: what the model has been told, and what came of it."""

    def __init__(self, inquiry: Inquiry, call: Call, items: list[dict[str, Any]]) -> None:
        self.inquiry = inquiry
        self.items = items
        self.reports: list[CallReport] = []
        self.usage = Usage()
        self._call = call
        self._skills = {skill.name: skill for skill in inquiry.tools}
        self._waiting: list[SkillCall] = []
        self._question: Question | None = None
        self._mistakes = 0

    def take(self, output: Output, *, may_call: bool) -> ModelAnswer | None:
        """Take the model's output in: return its answer, or None once the call that it asks for has been made."""
        if output.refusal or output.cut_off == "content_filter":
            return ModelAnswer(output.refusal or _NOT_THAT, declined=True)
        if output.cut_off:
            raise NoAnswer(f"the answer was cut off: {output.cut_off}")
        if not output.tool_calls:
            return self._spoken(output.text)
        if not may_call:
            return self._stopped()
        return self._called(output)

    def _spoken(self, text: str) -> ModelAnswer:
        if not text:
            raise NoAnswer("the answer is empty")
        return ModelAnswer(text, question=self._question)

    def _stopped(self) -> ModelAnswer:
        if not self.reports:
            raise NoAnswer("it took too many steps")
        return ModelAnswer(_STOPPED)

    def _called(self, output: Output) -> ModelAnswer | None:
        first, *others = output.tool_calls
        try:
            meant = self._read(first)
        except BadArgument as error:
            result = self._mistake(error.user_message)
        else:
            if isinstance(meant, ModelAnswer):
                return meant
            result = self._run(meant)
        self.items += output.echo
        self._tell(first, result)
        for other in others:
            self._tell(other, feedback.of_second_call())
        return None

    def _tell(self, call: ToolCall, result: str) -> None:
        self.items.append({"type": "function_call_output", "call_id": call.call_id, "output": result})

    def _read(self, call: ToolCall) -> SkillCall | ModelAnswer:
        if call.name == ASK:
            question = read_ask(call.arguments, self._skills)
            return ModelAnswer(question.text, question=question)
        if call.name == DECLINE:
            return ModelAnswer(read_decline(call.arguments), declined=True)
        skill = self._skills.get(call.name)
        if skill is None:
            raise BadArgument("There is no such tool. Use one of those you were given, or decline.")
        return SkillCall(skill.name, arguments_from_tool(skill, call.arguments))

    def _run(self, call: SkillCall) -> str:
        if call in self._waiting:
            return feedback.of_repetition()
        outcome = self._call(call)
        if isinstance(outcome, Question):
            self._question = outcome
            return feedback.of_question(outcome, self.inquiry.surroundings.catalog)
        self._question = None
        self.reports.append(outcome.report)
        if outcome.report.status == "needs_confirmation":
            # As it was said and as it was understood: neither is proposed twice.
            self._waiting += [call, SkillCall(outcome.report.skill, outcome.report.arguments)]
        return feedback.of_call(outcome)

    def _mistake(self, message: str) -> str:
        self._mistakes += 1
        if self._mistakes > _MISTAKES:
            raise NoAnswer("it cannot make a well-formed call")
        return feedback.of_mistake(message)


class _Words:
    """Hands the model's words on as they come, the words of different rounds apart, and each answer once."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._said_before = False
        self._said_now = ""

    def next_round(self) -> Callable[[str], None]:
        """Return what takes the pieces of the next round."""
        self._said_before = self._said_before or bool(self._said_now)
        self._said_now = ""
        return self._say

    def finish(self, text: str) -> None:
        """Say an answer that was not streamed: a question, a refusal."""
        if _letters(text) not in _letters(self._said_now):
            self.next_round()(text)

    def _say(self, piece: str) -> None:
        if self._said_before and not self._said_now:
            self._on_text("\n\n")
        self._said_now += piece
        self._on_text(piece)


def _letters(text: str) -> str:
    return "".join(text.split())
