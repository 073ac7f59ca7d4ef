"""Filling a skill's arguments from a clause: each value goes where its type and the words before it belong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from billing.money import parse_amount
from bot.assistant.parser import texts
from bot.assistant.parser.currencies import settle_currency
from bot.assistant.parser.dates import plus
from bot.assistant.parser.drafting import Draft
from bot.assistant.parser.newcomers import name_new
from bot.assistant.parser.periods import as_json
from bot.assistant.parser.records import fill_records, is_record
from bot.assistant.parser.relative import changed_amount
from bot.assistant.parser.strangers import ask_for_strangers
from skills.names import ARTICLES, NOUNS
from skills.spec import Effect

if TYPE_CHECKING:
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.seeing import Seen
    from bot.assistant.parser.values import Value
    from skills.cues import Cue
    from skills.phrasebook import Phrasebook
    from skills.spec import Argument

_LOOKED_FOR: Final = "query"
_RECORD_NOUNS: Final = frozenset(noun for nouns in NOUNS.values() for noun in nouns)
_SETTLED: Final = frozenset(("draft", "paid", "void", "refunded"))
_DENIED: Final = 3  # how far before a choice a “not” denies it
_EXACT: Final = ("email", "phone", "channel", "member", "url")


def fill(
    book: Phrasebook,
    seen: Seen,
    scene: Scene,
    *,
    only: frozenset[str] | None = None,
    recalling: bool = True,
) -> Draft:
    """Return the call that a clause would be if this skill were meant.

    `only` are the arguments to look for, where a question has been asked; without `recalling`, what was spoken
    of before fills nothing.
    """
    draft = Draft(book, seen, only)
    _quotations(draft)
    name_new(draft, scene)
    _exact(draft)
    _lines(draft)
    _choices(draft)
    _mentions(draft)
    _money(draft)
    _time(draft, scene)
    _told_day(draft, scene)
    fill_records(draft, scene, recalling=recalling and only is None)
    ask_for_strangers(draft, scene)
    changed_amount(draft, scene)
    _moved_date(draft, scene)
    _share_of_record(draft, scene)
    _texts(draft, scene)
    settle_currency(draft, scene)
    _at_once(draft, scene)
    _leftovers(draft, scene)
    _missing(draft)
    return draft


def _at_once(draft: Draft, scene: Scene) -> None:
    """Take no offence at `straight away`: what is asked for is done at once anyway."""
    ending = scene.grammar.choice("ending")
    if ending is not None and not draft.takes("ending"):
        for value in draft.seen.choices(ending):
            if value.value == "now" and not value.places & draft.places:
                draft.places |= value.places


def _quotations(draft: Draft) -> None:
    for name, value in texts.quoted(draft.clause, draft.book):
        draft.put(name, value.value, value.places)


def _exact(draft: Draft) -> None:
    for type_name in _EXACT:
        for value in sorted(draft.free(type_name), key=lambda value: value.bare):
            arguments = draft.open(type_name)
            if arguments and (not value.bare or (arguments[0].required and value.start > draft.clause.opening)):
                draft.put(arguments[0].name, value.value, value.places)


def _lines(draft: Draft) -> None:
    for argument in draft.open("lines"):
        value = draft.seen.lines
        if value is not None:
            said, currency = value.value
            draft.put(argument.name, said, value.places)
            if currency is not None:
                draft.arguments["currency"] = currency


def _choices(draft: Draft) -> None:
    for argument in draft.fillable:
        if "enum" in argument.type.schema:
            for value in draft.seen.choices(argument):
                if not value.places & draft.places and not _describes_record(draft, argument, value):
                    _choice(draft, argument, value)


def _describes_record(draft: Draft, argument: Argument, value: Value) -> bool:
    """Say whether a kind says which invoice is meant (`the bakery deposit`) rather than what it shall be."""
    if argument.type.name not in {"kind", "status"} or not any(a.required for a in draft.takes("invoice")):
        return False
    if draft.seen.identified:
        return False
    words = draft.clause.words[: value.start]
    cues = [cue.before for cue in _cues_of(draft, argument) if set(cue.before) - ARTICLES]
    return not any(words[-len(cue) :] == cue for cue in cues)


def _cues_of(draft: Draft, argument: Argument) -> tuple[Cue, ...]:
    return draft.book.cues.get(argument.name, ())


def _choice(draft: Draft, argument: Argument, value: Value) -> None:
    if "not" in draft.clause.words[max(0, value.start - _DENIED) : value.start]:
        draft.places |= value.places  # “now, not at the end of the period”
    elif value.value is None:
        if argument.name not in draft.arguments:
            draft.ask(argument.name, value.places)
        else:
            draft.places |= value.places  # “a yearly recurring link”
    elif argument.type.name == "interval":
        _interval(draft, argument, value)
    elif argument.type.many:
        before = draft.arguments.get(argument.name, [])
        draft.put(argument.name, list(dict.fromkeys([*before, *value.value])), value.places)
    elif argument.name not in draft.arguments:
        draft.put(argument.name, value.value, value.places)


def _interval(draft: Draft, argument: Argument, value: Value) -> None:
    unit, count = value.value
    counted = draft.book.skill.argument(f"{argument.name}_count")
    if argument.name in draft.arguments or (count > 1 and counted is None):
        return
    draft.put(argument.name, unit, value.places)
    if count > 1 and counted is not None:
        draft.put(counted.name, count, value.places)


def _mentions(draft: Draft) -> None:
    """Find the mentions beside the values that are surely none, and that this skill has a use for."""
    takes_time = bool(draft.takes("date") or draft.takes("period"))
    surely = [v for v in draft.seen.values if not v.bare and (takes_time or v.type not in {"date", "period"})]
    draft.mentions = draft.seen.mentions(frozenset(draft.places).union(*(value.places for value in surely)))


def _money(draft: Draft) -> None:
    if draft.takes("lines") and not draft.open("lines"):
        return  # what they come to is the amount; one beside them would be another
    for argument in draft.open("percent"):
        for value in draft.free("percent")[:1]:
            if value.value is None:
                draft.ask(argument.name, value.places)
            else:
                draft.put(argument.name, value.value, value.places)
    for argument in draft.open("amount"):
        amounts = [value for value in draft.free("amount") if not is_record(draft, value)]
        amounts = sorted(amounts, key=lambda value: value.bare) or draft.seen.vague
        for value in amounts[:1]:
            _amount(draft, argument, value)


def _amount(draft: Draft, argument: Argument, value: Value) -> None:
    if value.value is None:
        draft.ask(argument.name, value.places)
        return
    amount, currency = value.value
    draft.put(argument.name, amount, value.places)
    if currency is not None:
        draft.arguments["currency"] = currency


def _time(draft: Draft, scene: Scene) -> None:
    for argument in draft.open("period"):
        spans = [(value.value, value) for value in draft.free("period")]
        spans += [((value.value, value.value), value) for value in draft.free("date")]
        for span, value in spans[:1]:
            draft.put(argument.name, as_json(span), value.places)
    for value in draft.free("date"):
        _date(draft, value, value.value)
    for value in draft.free("period"):
        if value.value[0] == value.value[1] >= scene.around.today:
            _date(draft, value, value.value[0])


def _told_day(draft: Draft, scene: Scene) -> None:
    """Take no offence at the day on which money came: `Cedar paid 1900 yesterday`."""
    if not draft.takes("method"):
        return
    for value in draft.free("period", "date"):
        first = value.value[0] if value.type == "period" else value.value
        before = draft.clause.words[value.start - 1 : value.start]
        if first <= scene.around.today or before in {("on",), ("last",)}:
            draft.places |= value.places


def _date(draft: Draft, value: Value, day: Any) -> None:  # noqa: ANN401 - a date among the values of all types
    arguments = draft.open("date")
    if arguments:
        best = next((argument for argument in arguments if _cued_by(draft, argument, value)), arguments[0])
        draft.put(best.name, day.isoformat(), value.places)


def _moved_date(draft: Draft, scene: Scene) -> None:
    """Read `back a week` against the day that the record has now."""
    entries = [scene.around.catalog.by_number(str(value)) for value in draft.arguments.values()]
    due = next((entry.due for entry in entries if entry and entry.due), None)
    for argument in draft.open("date") if due else []:
        for shift in draft.seen.shifts:
            if due is not None and argument.name not in draft.arguments and not shift.places & draft.places:
                draft.put(argument.name, plus(due, *shift.value).isoformat(), shift.places)


def _share_of_record(draft: Draft, scene: Scene) -> None:
    """Read `half of INV-1001` as that amount, where the skill takes no percentage."""
    if draft.book.takes("percent"):
        return
    entries = [scene.around.catalog.by_number(str(value)) for value in draft.arguments.values()]
    whole = next((entry for entry in entries if entry and entry.amount and entry.record == "invoice"), None)
    for argument in draft.open("amount") if whole else []:
        for value in draft.free("percent")[:1]:
            of_it = draft.clause.words[value.end : value.end + 1] == ("of",)
            if whole is not None and whole.amount and value.value is not None and of_it:
                money = parse_amount(whole.amount, whole.currency or scene.around.currency)
                draft.put(argument.name, str(money.percent(Decimal(value.value))), value.places)


def _cued_by(draft: Draft, argument: Argument, value: Value) -> bool:
    before = draft.clause.words[max(0, value.start - 2) : value.start]
    return any(cue.before and cue.before[-1] in before for cue in _cues_of(draft, argument))


def _texts(draft: Draft, scene: Scene) -> None:
    for argument in draft.open("text"):
        value = texts.TextFinder(draft.clause, argument, draft.book, draft.places, scene.grammar).find()
        if value is not None:
            draft.texts.add(value.value)
            draft.put(argument.name, value.value, value.places)
        elif argument.name == _LOOKED_FOR:
            _name_looked_for(draft, argument)


def _name_looked_for(draft: Draft, argument: Argument) -> None:
    """Look for the one who is named, whatever words are around it: `what deals has Acme got`."""
    named = [run for run in draft.mentions.named if not run.excluded and not run.places & draft.places]
    if len(named) == 1 and draft.book.skill.effect is Effect.READ:
        places = {p for p in named[0].places if draft.clause.words[p] not in _RECORD_NOUNS}
        if places:
            draft.put(argument.name, draft.clause.said(min(places), max(places) + 1), named[0].places)


def _leftovers(draft: Draft, scene: Scene) -> None:
    values = [value for value in draft.seen.values if not (value.type == "member" and value.bare)]
    draft.loose = sum(not value.places & draft.places for value in values)
    draft.loose += sum(not run.places & draft.places for run in draft.mentions.named)
    quotes = (place for place, token in enumerate(draft.clause.tokens) if token.kind == "quote" and token.word)
    draft.loose += sum(place not in draft.places for place in quotes)  # what it says is meant for something
    draft.loose += _contradicts(draft, scene)


def _contradicts(draft: Draft, scene: Scene) -> bool:
    """Say whether the invoice that was numbered is of another kind, or in another state, than what was said of it."""
    numbers = {number for mention in draft.mentions.numbered for number in mention.numbers}
    said = [value for value in draft.arguments.values() if isinstance(value, str) and value in numbers]
    entry = scene.around.catalog.by_number(said[0]) if len(said) == 1 else None
    if entry is None or entry.record != "invoice":
        return False
    kinds, states = draft.narrowing.kinds, draft.narrowing.statuses
    return bool(kinds and entry.kind not in kinds) or (bool(states) and states <= _SETTLED - {entry.status})


def _missing(draft: Draft) -> None:
    for argument in draft.fillable:
        if argument.required and argument.name not in draft.arguments:
            draft.ask(argument.name)
