"""Filling a skill's arguments from a clause: each value goes where its type and the words before it belong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser import texts
from bot.assistant.parser.choosing import chosen, opens_as_verb
from bot.assistant.parser.clauses import values_in
from bot.assistant.parser.mentions import Mentions, mentions_in
from bot.assistant.parser.money import DOLLAR, KRONE
from bot.assistant.parser.periods import as_json
from bot.assistant.parser.referring import Found, Narrowing, find, offered, recall
from skills.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.values import Value
    from skills.grammar import Phrasebook
    from skills.spec import Argument

_DOLLARS: Final = frozenset("AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD USD XCD".split())
_KRONES: Final = frozenset(("NOK", "SEK", "DKK", "ISK"))
_EXACT: Final = {"email": "email", "phone": "phone", "channel": "channel", "member": "member", "url": "url"}


@dataclass(slots=True)
class Draft:
    """A call in the making. `asks` are arguments that need a question, `loose` values with nowhere to go.

    `each` is the argument that stands for several records: the call is made for each of `records`.
    """

    book: Phrasebook
    clause: Clause
    arguments: dict[str, Any] = field(default_factory=dict)
    places: set[int] = field(default_factory=set)
    asks: list[str] = field(default_factory=list)
    options: tuple[str, ...] = ()
    loose: list[Value] = field(default_factory=list)
    loose_names: int = 0
    each: str | None = None
    records: tuple[str, ...] = ()
    implicit: bool = False
    typo: bool = False
    mentions: Mentions = field(default_factory=Mentions)
    narrowing: Narrowing | None = None
    only: frozenset[str] | None = None

    def takes(self, type_name: str) -> list[Argument]:
        """Return the arguments of a type that may be filled."""
        return [argument for argument in self.fillable if argument.type.name == type_name]

    @property
    def fillable(self) -> list[Argument]:
        """The arguments that may be filled: all, or those that were asked for."""
        return [a for a in self.book.skill.arguments if self.only is None or a.name in self.only]

    def settle(self, name: str, value: object, places: Iterable[int]) -> None:
        """Set an argument that was asked for."""
        self.put(name, value, places)
        if name in self.asks:
            self.asks.remove(name)
        self.options = ()

    def put(self, name: str, value: object, places: Iterable[int]) -> None:
        """Set an argument and take up its words."""
        self.arguments[name] = value
        self.places.update(places)

    def ask(self, name: str, places: Iterable[int] = (), options: tuple[str, ...] = ()) -> None:
        """Note that an argument has to be asked for."""
        if name not in self.asks:
            self.asks.append(name)
        self.places.update(places)
        self.options = self.options or offered(options)


def fill(
    book: Phrasebook,
    clause: Clause,
    scene: Scene,
    *,
    only: frozenset[str] | None = None,
    recalling: bool = True,
) -> Draft:
    """Return the call that a clause would be if this skill were meant.

    `only` are the arguments to look for, where a question has been asked; without `recalling`, what was spoken
    of before fills nothing.
    """
    draft = Draft(book, clause, only=only)
    values = values_in(clause, scene.around)
    _quotations(draft)
    _names(draft, values, scene)
    _exact(draft, values)
    _choices(draft)
    _numbers_of_records(draft, values, scene)
    _money(draft, values)
    _time(draft, values, scene)
    _records(draft, scene, recalling=recalling and only is None)
    _texts(draft, scene)
    _currency(draft, scene)
    _leftovers(draft, values)
    _missing(draft)
    return draft


def _quotations(draft: Draft) -> None:
    for name, value in texts.quoted(draft.clause, draft.book):
        draft.put(name, value.value, value.places)


def _names(draft: Draft, values: list[Value], scene: Scene) -> None:
    """Take names of new records first: their words may be names of others, or words of the trade."""
    taken = draft.places.union(*(value.places for value in values if not value.bare))
    for argument in draft.takes("name"):
        if argument.name not in draft.arguments:
            value = texts.captured(draft.clause, argument, draft.book, taken, scene.grammar)
            if value is not None:
                draft.put(argument.name, value.value, value.places)
                taken |= value.places


def _free(draft: Draft, values: Iterable[Value], *types: str) -> list[Value]:
    return [value for value in values if value.type in types and not value.places & draft.places]


def _exact(draft: Draft, values: list[Value]) -> None:
    for type_name, found_as in _EXACT.items():
        for argument in draft.takes(type_name):
            for value in _free(draft, values, found_as):
                if argument.name not in draft.arguments and not value.bare:
                    draft.put(argument.name, value.value, value.places)


def _choices(draft: Draft) -> None:
    for argument in draft.fillable:
        if "enum" not in argument.type.schema or argument.type.name == "flag":
            continue
        for value in chosen(draft.clause.tokens, argument):
            if not value.places & draft.places and not opens_as_verb(draft.clause, value):
                _choice(draft, argument, value)


def _choice(draft: Draft, argument: Argument, value: Value) -> None:
    if value.value is None:
        if argument.name not in draft.arguments:
            draft.ask(argument.name, value.places)
        return
    if argument.type.name == "interval":
        unit, count = value.value
        _interval(draft, argument, unit, count, value)
    elif argument.type.many:
        before = draft.arguments.get(argument.name, [])
        draft.put(argument.name, list(dict.fromkeys([*before, *value.value])), value.places)
    elif argument.name not in draft.arguments:
        draft.put(argument.name, value.value, value.places)
    if argument.name in draft.asks:
        draft.asks.remove(argument.name)


def _interval(draft: Draft, argument: Argument, unit: str, count: int, value: Value) -> None:
    counted = draft.book.skill.argument(f"{argument.name}_count")
    if argument.name in draft.arguments or (count > 1 and counted is None):
        return
    draft.put(argument.name, unit, value.places)
    if count > 1 and counted is not None:
        draft.put(counted.name, count, value.places)


def _numbers_of_records(draft: Draft, values: list[Value], scene: Scene) -> None:
    """Find the mentions; a bare number is an amount where the skill knows amounts and no such record."""
    taken = draft.places.union(*(v.places for v in values if not v.bare and v.type not in {"date", "period"}))
    taken = taken.union(*(v.places for v in values if v.type in {"date", "period"} and _takes_time(draft)))
    draft.mentions = mentions_in(draft.clause, taken, scene.grammar, scene.around.catalog)


def _takes_time(draft: Draft) -> bool:
    return bool(draft.takes("date") or draft.takes("period"))


def _record_types(draft: Draft) -> set[str]:
    return {argument.type.record for argument in draft.book.skill.arguments if argument.type.record}


def _money(draft: Draft, values: list[Value]) -> None:
    for argument in draft.takes("percent"):
        for value in _free(draft, values, "percent")[:1]:
            if value.value is None:
                draft.ask(argument.name, value.places)
            else:
                draft.put(argument.name, value.value, value.places)
    for argument in draft.takes("amount"):
        amounts = [value for value in _free(draft, values, "amount") if not _is_record(draft, value)]
        for value in sorted(amounts, key=lambda value: value.bare)[:1]:
            _amount(draft, argument, value)


def _is_record(draft: Draft, value: Value) -> bool:
    """Say whether a number is meant as a record that the skill takes."""
    return value.bare and any(
        value.places & entry.places and (entry.sure or _takes(draft, entry.numbers)) for entry in draft.mentions.numbered
    )


def _takes(draft: Draft, numbers: Iterable[str]) -> bool:
    types = _record_types(draft)
    return any(PREFIXES[record] == number.partition("-")[0] for number in numbers for record in types if record in PREFIXES)


def _amount(draft: Draft, argument: Argument, value: Value) -> None:
    if value.value is None:
        draft.ask(argument.name, value.places)
        return
    amount, currency = value.value
    draft.put(argument.name, amount, value.places)
    if currency is not None:
        draft.arguments["currency"] = currency


def _time(draft: Draft, values: list[Value], scene: Scene) -> None:
    for argument in draft.takes("period"):
        for value in _free(draft, values, "period")[:1]:
            draft.put(argument.name, as_json(value.value), value.places)
        for value in _free(draft, values, "date")[:1]:
            if argument.name not in draft.arguments:
                draft.put(argument.name, as_json((value.value, value.value)), value.places)
    arguments = draft.takes("date")
    for value in _free(draft, values, "date"):
        open_ones = [argument for argument in arguments if argument.name not in draft.arguments]
        if open_ones:
            best = next((a for a in open_ones if _cued_by(draft, a, value)), open_ones[0])
            draft.put(best.name, value.value.isoformat(), value.places)
    for value in _free(draft, values, "period"):
        if value.value[0] == value.value[1] >= scene.around.today and arguments:
            draft.put(arguments[0].name, value.value[0].isoformat(), value.places)


def _cued_by(draft: Draft, argument: Argument, value: Value) -> bool:
    before = draft.clause.words[max(0, value.start - 2) : value.start]
    return any(cue.before and cue.before[-1] in before for cue in draft.book.cues.get(argument.name, ()))


def _records(draft: Draft, scene: Scene, *, recalling: bool) -> None:
    _recipients(draft, scene)
    arguments = [argument for argument in draft.fillable if argument.type.record]
    found = {argument.name: _found(draft, argument, scene) for argument in arguments}
    for argument in _by_fit(arguments, found):
        here = found[argument.name]
        if here is None:
            continue
        if here.places and here.places <= draft.places:
            continue  # another argument has these words
        _settle(draft, argument, here)
    for argument in arguments if recalling else ():
        if argument.required and argument.name not in draft.arguments and argument.name not in draft.asks:
            _recalled(draft, argument, scene)
        elif not argument.required and argument.name not in draft.arguments and draft.mentions.pronouns:
            _recalled_optional(draft, argument, scene)


def _by_fit(arguments: list[Argument], found: dict[str, Found | None]) -> list[Argument]:
    """Order the arguments: what is needed first, then what fits exactly one record, the client before the deal."""

    def rank(argument: Argument) -> tuple[bool, bool, bool]:
        here = found[argument.name]
        return (not argument.required, here is None or not here.settled, argument.type.record != "contact")

    return sorted(arguments, key=rank)


def _found(draft: Draft, argument: Argument, scene: Scene) -> Found | None:
    record = argument.type.record or ""
    found = find(record, draft.mentions, _narrowing(draft, record, scene), scene)
    named = draft.mentions.named or draft.mentions.numbered or draft.mentions.pronouns
    return found if argument.required or named else None  # a filter is not filled by “all open ones”


def _narrowing(draft: Draft, record: str, scene: Scene) -> Narrowing:
    """Take kinds and statuses that are no arguments of the skill itself as saying which record is meant."""
    if record != "invoice":
        return Narrowing()
    said: dict[str, frozenset[str]] = {}
    for name in ("kind", "status"):
        if draft.book.takes(name):
            continue
        argument = scene.grammar.choice(name)
        values = [v for v in chosen(draft.clause.tokens, argument) if _narrows(draft, v)] if argument else []
        flat = {one for v in values if v.value for one in ([v.value] if isinstance(v.value, str) else v.value)}
        said[name] = frozenset(flat)
        draft.places.update(*(v.places for v in values if v.value))
    every = bool(draft.mentions.every) and not draft.book.takes("status")
    draft.narrowing = Narrowing(said.get("kind", frozenset()), said.get("status", frozenset()), every=every)
    return draft.narrowing


def _narrows(draft: Draft, value: Value) -> bool:
    """Say whether a kind or status says which record is meant: not where the skill's own sentences have the word."""
    own = {word for pattern in draft.book.patterns for word in pattern.words}
    said = {draft.clause.words[place] for place in value.places}
    return not value.places & draft.places and not said <= own and not opens_as_verb(draft.clause, value)


def _settle(draft: Draft, argument: Argument, found: Found) -> None:
    draft.typo = draft.typo or found.typo
    draft.places |= found.places
    if len(found.numbers) == 1:
        draft.put(argument.name, found.numbers[0], found.places)
    elif found.settled and argument.required:
        draft.each, draft.records = argument.name, found.numbers
        draft.put(argument.name, found.numbers[0], found.places)
    else:
        draft.ask(argument.name, found.places, found.numbers)


def _recalled(draft: Draft, argument: Argument, scene: Scene) -> None:
    """Fill a needed record from what was spoken of, unless something else was named that nobody knows."""
    if draft.mentions.unknown - draft.places and not draft.mentions.pronouns:
        return
    numbers = recall(argument.type.record or "", draft.mentions, scene)
    if draft.mentions.both:
        if numbers:
            draft.each, draft.records = argument.name, numbers
            draft.put(argument.name, numbers[0], draft.mentions.pronouns)
        return
    if numbers:
        draft.implicit = not draft.mentions.pronouns
        draft.put(argument.name, numbers[0], draft.mentions.pronouns)


def _recalled_optional(draft: Draft, argument: Argument, scene: Scene) -> None:
    numbers = recall(argument.type.record or "", draft.mentions, scene)
    free = draft.mentions.pronouns - draft.places
    if numbers and free:
        draft.put(argument.name, numbers[0], free)


def _recipients(draft: Draft, scene: Scene) -> None:
    """Read `to Tom` as Tom's address, or leave it out where the record is Tom's anyway: the mail goes there."""
    for argument in draft.takes("email"):
        if argument.name in draft.arguments:
            continue
        cues = {cue.before[-1] for cue in draft.book.cues.get(argument.name, ()) if cue.before}
        for run in draft.mentions.named:
            first = min(run.places)
            if first and draft.clause.words[first - 1] in cues:
                _recipient(draft, argument, run, scene)


def _recipient(draft: Draft, argument: Argument, run: Any, scene: Scene) -> None:  # noqa: ANN401
    people = [entry for entry in scene.around.catalog.narrowed("contact", run.words) if entry.email]
    others = [other for other in draft.mentions.named if other is not run]
    explicit = bool(draft.mentions.numbered or others or draft.mentions.pronouns)
    if not explicit or len(people) != 1:
        return
    draft.places |= run.places
    draft.mentions = replace(draft.mentions, named=tuple(others))
    draft.arguments[argument.name] = people[0].email


def _texts(draft: Draft, scene: Scene) -> None:
    for argument in draft.takes("text"):
        if argument.name not in draft.arguments:
            value = texts.captured(draft.clause, argument, draft.book, draft.places, scene.grammar)
            if value is not None:
                draft.put(argument.name, value.value, value.places)


def _currency(draft: Draft, scene: Scene) -> None:
    """Leave the currency out where it is the record's own; a dollar of no country is asked about otherwise."""
    named = draft.arguments.get("currency")
    own = next(
        (
            entry.currency
            for name in ("invoice", "opportunity")
            if (entry := scene.around.catalog.by_number(str(draft.arguments.get(name)))) and entry.currency
        ),
        scene.around.currency,
    )
    if named is None:
        return
    takes_it = draft.book.skill.argument("currency") is not None
    family = {DOLLAR: _DOLLARS, KRONE: _KRONES}.get(named)
    if named == own or (family and own in family and own == scene.around.currency) or (named == KRONE and own in _KRONES):
        del draft.arguments["currency"]
    elif family and scene.around.currency in family and own not in family and takes_it:
        del draft.arguments["currency"]
        draft.ask("currency")
    elif family or not takes_it:
        del draft.arguments["currency"]
        draft.ask("currency" if takes_it else next(a.name for a in draft.takes("amount")))


def _leftovers(draft: Draft, values: list[Value]) -> None:
    draft.loose = [
        value
        for value in values
        if not value.places & draft.places and not (value.type == "member" and value.bare)
    ]
    draft.loose_names = sum(not run.places & draft.places for run in draft.mentions.named)


def _missing(draft: Draft) -> None:
    for argument in draft.fillable:
        if argument.required and argument.name not in draft.arguments:
            draft.ask(argument.name)
