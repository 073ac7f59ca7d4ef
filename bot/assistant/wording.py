"""The words around what the skills say: the reply of a message whose calls have been carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.assistant.carrying_out import proposal_card
from bot.assistant.reply import Clarify, Reply
from skills.normalising import which
from skills.runner import question as missing_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing.conversations import Proposal
    from bot.assistant.carrying_out import Carried
    from bot.assistant.understanding import Question
    from skills.cards import Card
    from skills.names import Catalog
    from skills.runner import Ran
    from skills.spec import Skill


def question_of(card: Card) -> str:
    """Return how a card that waits for a yes is spoken of, where nobody may see it."""
    return f"{card.title} Say yes to go ahead."


def answered(conversation: str, carried: Carried, proposal: Proposal | None) -> Reply:
    """Return the reply: what was done, then what waits for a yes or is asked."""
    texts = [ran.text for ran in _last_steps(carried.ran) if ran.status != "needs_confirmation"]
    cards: list[Card] = [ran.card for ran in carried.ran if ran.status == "done" and ran.card]
    proposed = [ran for ran in carried.ran if ran.status == "needs_confirmation"]
    if proposal is not None and proposed:
        card = proposal_card(proposed, proposal)
        texts.append(question_of(card))
        cards.append(card)
    return Reply(
        conversation=conversation,
        reply="\n".join(dict.fromkeys(texts)),
        calls=carried.reports(),
        clarify=clarify(carried.question),
        declined=bool(carried.ran) and all(ran.status == "refused" for ran in carried.ran),
        cards=_last_of_each(cards),
    )


def _last_steps(ran: Sequence[Ran]) -> list[Ran]:
    """Leave out what only began something that the same message went on making: an automation of several steps."""
    latest = {(one.skill, number): one for one in ran if (number := _made(one))}
    return [one for one in ran if not (number := _made(one)) or latest[one.skill, number] is one]


def _made(ran: Ran) -> str:
    """Return the number of the record that a call made; "" where it made none."""
    made = ran.status == "done" and ran.outcome is not None and ran.skill.startswith("create_")
    return str(ran.outcome.result.get("number", "")) if made and ran.outcome is not None else ""


def clarify(question: Question | None) -> Clarify | None:
    """Return an open question as the reply object has it."""
    return Clarify(question.skill, question.missing, question.options) if question else None


def _last_of_each(cards: list[Card]) -> tuple[Card, ...]:
    """Return the cards without earlier ones of the same title: the invoice as it is now, not how it came to be so."""
    latest = {card.title: card for card in cards}
    return tuple(card for card in cards if latest[card.title] is card)


def ask(question: Question, skills: Mapping[str, Skill], catalog: Catalog) -> str:
    """Return a question in words: with the candidates where there are some, else by what is missing."""
    if question.text:
        return question.text
    candidates = [entry for number in question.options if (entry := catalog.by_number(number))]
    argument = skills[question.skill].argument(question.missing[0]) if question.missing else None
    if candidates and argument is not None and argument.type.record is not None:
        return which(argument.type.record, "", candidates)
    return missing_words(skills[question.skill], question.missing)
