"""One message by the model route: the tools of the speaker's role, each call through the runner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.assistant.carrying_out import carry_out, report
from bot.assistant.model.answer import Inquiry, ModelAnswer, ModelUnavailable, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.conversations import SkillCall
    from bot.assistant.carrying_out import Carried, Door
    from bot.assistant.model.route import ModelRoute
    from bot.assistant.reply import Reply
    from bot.assistant.understanding import Memory, Question, Surroundings
    from skills.context import Context
    from skills.spec import Skill

_HISTORY: Final = 12
_DAY: Final = timedelta(days=1)

_SPENT: Final = (
    "You have used up what the language model may do for you within a day, so for now I understand plain requests "
    "only, one at a time."
)


def inquiry(text: str, context: Context, around: Surroundings, memory: Memory, skills: Mapping[str, Skill]) -> Inquiry:
    """Return what the model is told: the message, the conversation so far, and the tools that the role allows."""
    with context.transaction() as tx:
        history = tx.talk.turns(context.conversation, limit=_HISTORY)
    allowed = [skill for skill in skills.values() if context.actor.role.allows(skill.role)]
    return Inquiry(text, context.actor, around, allowed, memory, history)


def may_ask(model: ModelRoute, context: Context) -> bool:
    """Say whether this person's requests of the last 24 hours leave something for another question."""
    with context.transaction() as tx:
        return tx.talk.model_tokens(context.actor.member, context.now - _DAY) < model.daily_tokens


def told_spent(reply: Reply) -> Reply:
    """Return the sentence parser's reply; where it could do nothing, with why no model was asked."""
    if reply.calls or reply.clarify is not None:
        return reply
    return replace(reply, reply=f"{reply.reply} {_SPENT}")


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """The model, the door to the skills, and the calls it has made in this message so far."""

    model: ModelRoute
    door: Door
    carried: Carried

    def converse(self, inquiry: Inquiry, on_text: Callable[[str], None] | None) -> ModelAnswer:
        """Ask the model; raises ModelUnavailable. The calls that were made stay in `carried` either way."""
        try:
            answer = self.model.converse(inquiry, self._call, on_text)
        except ModelUnavailable as error:
            self.carried.model_tokens = error.usage.total_tokens
            raise
        self.carried.model_tokens = answer.usage.total_tokens
        return answer

    def _call(self, call: SkillCall) -> Ran | Question:
        carry_out(self.door, [call], self.carried)
        if self.carried.question is not None:
            question, self.carried.question = self.carried.question, None
            self.carried.ran.pop()
            return question
        last = self.carried.ran[-1]
        return Ran(report(last), last.text, last.card)
