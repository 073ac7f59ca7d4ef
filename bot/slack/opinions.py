"""Whether an answer helped: what people say of a model's answers is kept, and counted where a monitor looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from billing.conversations import AuditEntry
from bot.assistant.reply import Reply
from bot.slack.elements import HELPED

if TYPE_CHECKING:
    from billing.conversations import Actor
    from billing.ports import Clock, Store
    from bot.slack.incoming import Judged

# As it stands among the audited calls.
FEEDBACK_CALL: Final = "feedback"

_THANKS: Final = "Thank you, good to know."
_SORRY: Final = "Thank you for telling me. Say it in other words, or ask to talk to a person."
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opinions:
    """Keeps what people think of answers."""

    store: Store
    clock: Clock

    def keep(self, actor: Actor, judged: Judged, key: str) -> Reply:
        """Keep it, and return the word of thanks for that person alone; the same click again changes nothing."""
        entry = AuditEntry(
            workspace_id=actor.workspace_id,
            key=key,
            at=self.clock(),
            member=actor.member,
            front=actor.front,
            skill=FEEDBACK_CALL,
            arguments={"conversation": judged.address.conversation, "message": judged.message},
            status=judged.verdict,
        )
        with self.store.transaction(actor.workspace_id) as tx:
            tx.talk.audit(entry)
        _log.info("answer_judged", verdict=judged.verdict, conversation=judged.address.conversation)
        return Reply(judged.address.conversation, _THANKS if judged.verdict == HELPED else _SORRY)
