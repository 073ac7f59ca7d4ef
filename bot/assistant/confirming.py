"""A yes or a no to a proposal: once, in time, by the person who asked, whose role is looked at again by the runner."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.answering import declined
from billing.conversations import ProposalState
from bot.assistant.carrying_out import SAID
from bot.assistant.reply import Reply
from skills.gallery import READY

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.conversations import Proposal, SkillCall
    from billing.ports import Transaction
    from skills.context import Context

_GONE: Final = "That card is no longer open: it was used, cancelled or replaced. Ask again for a fresh one."
_EXPIRED: Final = "That card has expired. Ask again for a fresh one; nothing was done."
_CONFIRMED: Final = "That was confirmed already, so it cannot be cancelled any more."
_NOT_YOURS: Final = "An editor or an admin has to decide that. Nothing was done."
_FOREIGN: Final = "Only {member}, who asked for this, can decide it. You can ask for it yourself."


def claim(context: Context, proposal_id: str, allows: Callable[[SkillCall], bool]) -> tuple[Proposal | None, str]:
    """Mark the proposal as confirmed by this person and return it, or None and the sentence that says why not.

    `allows` says whether the person's role allows a call: it decides about what nobody in particular asked for.

    A proposal that this very event confirmed before a crash is returned again: its calls are keyed by its id, so
    what was done already is not done twice.
    """
    with context.transaction() as tx:
        proposal = tx.talk.proposal(proposal_id, lock=True)
        refusal = _refusal(context, proposal, allows)
        if proposal is None or refusal:
            return None, refusal or _GONE
        confirmed = replace(
            proposal,
            state=ProposalState.CONFIRMED,
            confirmed_by=context.actor.member,
            confirmed_at=context.now,
        )
        tx.talk.save_proposal(confirmed)
    return confirmed, ""


def _refusal(context: Context, proposal: Proposal | None, allows: Callable[[SkillCall], bool]) -> str:
    if proposal is None or proposal.state in {ProposalState.DONE, ProposalState.DROPPED}:
        return _GONE
    if not proposal.member and not all(map(allows, proposal.calls)):
        return _NOT_YOURS
    if proposal.member not in {"", context.actor.member}:
        return _FOREIGN.format(member=proposal.member)
    if proposal.state is ProposalState.PENDING and proposal.expires_at <= context.now:
        return _EXPIRED
    return ""


def finished(tx: Transaction, proposal: Proposal) -> None:
    """Record that the proposal's calls have been carried out: together with the answer, so that neither is lost."""
    tx.talk.save_proposal(replace(proposal, state=ProposalState.DONE))


def dropped(context: Context, proposal_id: str | None, allows: Callable[[SkillCall], bool] = lambda _: False) -> Reply:
    """Drop the proposal, if there is one that this person may drop."""
    if proposal_id is None:
        return Reply(context.conversation, "All right, I've left it.")
    with context.transaction() as tx:
        proposal = tx.talk.proposal(proposal_id, lock=True)
        refusal = _refusal(context, proposal, allows)
        if proposal is not None and proposal.state is ProposalState.CONFIRMED:
            # Its calls are being carried out, or were when a process died: some may be done.
            refusal = refusal or _CONFIRMED
        if proposal is not None and not refusal:
            tx.talk.save_proposal(replace(proposal, state=ProposalState.DROPPED))
            declined(tx, proposal, context.actor.member, now=context.now)
    if refusal:
        return Reply(context.conversation, refusal, error=True)
    return Reply(context.conversation, f"All right, cancelled: {_in_words(proposal)}. Nothing of it was done.")


def _in_words(proposal: Proposal | None) -> str:
    """Return what was asked, shortly: `send invoice INV-1004 and switch on Dunning`."""
    return " and ".join(map(_said, proposal.calls if proposal else ()))


def _said(call: SkillCall) -> str:
    ready = READY.get(call.arguments.get("ready", ""))
    about = (ready.title if ready else "", *(str(call.arguments.get(name, "")) for name in ("automation", "invoice")))
    return " ".join(part for part in (SAID.get(call.skill, call.skill.replace("_", " ")).lower(), *about) if part)
