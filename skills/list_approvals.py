"""What waits for somebody's yes: all that automations ask before it reaches a client."""

from __future__ import annotations

from typing import Any

from billing.roles import Role
from skills.asking import ask_card
from skills.automation_news import asked_now
from skills.cards import Card, Row, Tone, for_reader
from skills.context import Context, Outcome
from skills.spec import Effect, skill

_NONE = "Nothing waits for a yes: no automation asks anything just now."


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "what is waiting for a yes",
        "what is waiting for approval",
        "what is waiting for my approval",
        "what needs my approval",
        "what needs approval",
        "what needs a yes",
        "is anything waiting for a yes",
        "is anything waiting for approval",
        "does anything need my approval",
        "anything to approve",
        "anything waiting for my approval",
        "anything waiting for a yes from me",
        "what do i have to approve",
        "what do i need to approve",
        "what is there to approve",
        "show me what is waiting for a yes",
        "show pending approvals",
        "list the approvals",
        "approvals",
        "pending approvals",
        "which automations are waiting for a yes",
        "which automations are waiting for approval",
        "what do the automations ask",
        "what are the automations asking",
        "what have the automations asked",
        "what is still to be approved",
    ),
)
def list_approvals(context: Context) -> Outcome:
    """List what automations ask before they write to a client or send what they made."""
    with context.transaction() as tx:
        asked = asked_now(tx, context.now)
        cards = [ask_card(tx, *one, context.formats, context.today) for one in asked]
    if not cards:
        return Outcome(_NONE, {"waiting": 0})
    about = dict.fromkeys(number for _, what in asked for number in (what["invoice"], what["automation"]) if number)
    result: dict[str, Any] = {"waiting": len(cards), "about": [*about]}
    if len(cards) == 1:
        call, card = asked[0][0].calls[0], for_reader(cards[0], context.actor.role)
        result["asked"] = {"skill": call.skill, "arguments": dict(call.arguments)}
        return Outcome(f"One thing waits for a yes: {card.title}", result, card, (*about,))
    rows = tuple(Row(card.title, detail=card.note, tone=Tone.WARNING) for card in cards)
    text = f"{len(cards)} things wait for a yes."
    return Outcome(text, result, Card("Waiting for a yes", text, rows=rows), (*about,))
