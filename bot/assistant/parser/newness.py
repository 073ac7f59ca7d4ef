"""Whether what is there already is meant, or something new: what speaks against a skill that takes it the other way."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from skills.moods import Mood
from skills.names import NOUNS
from skills.spec import Effect
from skills.vocabulary import FUNCTION

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from skills.phrasebook import Pattern

_KINDS: Final = frozenset(("deposit", "progress", "final"))
_NEAR: Final = 4
_WAS: Final = frozenset(("was", "were", "used"))
_NEW: Final = frozenset(("a", "an", "another", "new", "one", "1"))
_PIPELINE: Final = frozenset(("pipeline", "lead", "quote", "prospect", "enquiry", "inquiry"))
_BILLING: Final = (("bill",), ("invoice",), ("charge",))
_MAKING: Final = frozenset("make create generate raise draft prepare produce issue".split())


def wants_a_new_one(draft: Draft) -> bool:
    """Say whether `a … invoice` is asked for where the skill needs one that is there already."""
    if draft.narrowing.statuses:
        return False  # “everybody with an unpaid invoice”
    words = draft.clause.words
    kinds = {word for word in draft.clause.words if word.removesuffix("s") in _KINDS}
    for argument in draft.book.skill.arguments:
        record = argument.type.record
        if not argument.required or record is None or draft.mentions.numbered:
            continue
        for place, word in enumerate(words):
            if (word in _NEW or place == draft.clause.opening) and words[place + 1 : place + 2] != ("link",):
                ahead = takewhile(lambda word: word not in FUNCTION, words[place + 1 : place + 6])
                if word not in _NEW and word not in _MAKING:
                    continue
                nouns = NOUNS.get(record, frozenset()) | (kinds if record == "invoice" and word in _NEW else set())
                noun = next((w for w in ahead if w in nouns), None)
                if noun is not None and _is_new(noun, place, draft):
                    return True
    return False


def _is_new(noun: str, place: int, draft: Draft) -> bool:
    """Say whether `a … invoice` is one to be made: with a client's name beside it, where it has its amount as well."""
    if {"amount", "percent"} & draft.arguments.keys():
        return not {"the", "'s"} & {*draft.clause.words[:place]}
    return not draft.mentions.named and noun not in draft.book.words


def makes_one_there_is(draft: Draft) -> bool:
    """Say whether `make Acme's invoice 800` says what somebody's invoice shall be, where the skill would make one."""
    words, values = draft.clause.words, draft.seen.values
    if draft.book.makes is None or words[draft.clause.opening : draft.clause.opening + 1] != ("make",):
        return False
    nouns, sums = NOUNS[draft.book.makes], {value.start for value in values if value.type == "amount"}
    return any(words[at - 2] == "'s" and words[at - 1] in nouns for at in sums if at > 1)


def makes_something_else(draft: Draft) -> bool:
    """Say whether a product or an order is spoken of where the skill would make a record of another kind."""
    others = (NOUNS["product"] | NOUNS["order"]) - NOUNS.get(draft.book.makes or "product", frozenset())
    words = draft.clause.words[draft.clause.opening : draft.clause.opening + _NEAR]
    return draft.book.makes is not None and bool(others & {*words})


def is_never_called_so(draft: Draft) -> bool:
    """Say whether a deal would be made though nobody spoke of one: any words may be its name, so its kind is said.

    So may what stands in quotes be the name of a client: it is one where a client is spoken of.
    """
    if draft.book.makes == "contact" and {*draft.arguments} == {"name"}:
        quoted = any(draft.clause.tokens[place].kind == "quote" for place in draft.places)
        return quoted and not NOUNS["contact"] & {*draft.clause.words}
    if draft.book.makes != "opportunity" or "stage" in draft.arguments:
        return False
    return not (NOUNS["opportunity"] | _PIPELINE) & {*draft.clause.words}


def raises_a_new_one(draft: Draft) -> bool:
    """Say whether `raise 500 for Acme` makes an invoice, where the skill would raise the amount of one."""
    clause = draft.clause
    if draft.book.makes is not None or clause.words[clause.opening : clause.opening + 1] != ("raise",):
        return False
    sums = {value.start for value in draft.seen.values if value.type == "amount"}
    return clause.opening + 1 in sums and not {"to", "by"} & {*clause.words}


def bills_a_new_one(draft: Draft, kinds: frozenset[str]) -> bool:
    """Say whether `bill them the remainder as the final invoice` makes one, where the skill needs one that is there."""
    words, opening = draft.clause.words, draft.clause.opening
    if draft.book.makes is not None or draft.mentions.numbered or words[opening : opening + 1] not in _BILLING:
        return False
    needs = any(argument.required and argument.type.record == "invoice" for argument in draft.book.skill.arguments)
    return needs and bool(kinds & {*words}) and "interval" not in draft.arguments


def tells_nothing_new(draft: Draft) -> bool:
    """Say whether a statement names a record, and nothing that the skill would change: `Omar has not had his bill`."""
    if draft.clause.mood is not Mood.STATEMENT or draft.book.skill.effect is not Effect.WRITE:
        return False
    if _WAS & {*draft.clause.words} and draft.book.skill.name.startswith("update_"):
        return True  # “1002 was due on the 1st”
    records = {argument.name for argument in draft.fillable if argument.type.record}
    return draft.book.skill.name.startswith("update_") and draft.arguments.keys() <= records


def is_of_another_kind(draft: Draft) -> bool:
    """Say whether a deal is spoken of as one (`the catalogue job`) where the skill would change an invoice of it."""
    said = {word for run in draft.mentions.named for word in (draft.clause.words[p] for p in run.places)}
    needs = {a.type.record for a in draft.book.skill.arguments if a.required and a.type.record}
    deals = NOUNS["opportunity"] & said
    return bool(deals) and needs == {"invoice"} and not NOUNS["invoice"] & {*draft.clause.words}


def give_back_name(draft: Draft, pattern: Pattern, scene: Scene) -> None:
    """Take what was read as the name of something new for whom it is, where the example says so: `a deal for Jane`."""
    named = draft.arguments.get("name")
    if draft.book.makes != "opportunity" or "contact" in draft.arguments or {*pattern.slots} != {"contact"}:
        return
    found = scene.around.catalog.search("contact", named) if isinstance(named, str) else ()
    if len(found) == 1:
        del draft.arguments["name"]
        draft.put("contact", found[0].number)
        draft.ask("name")
