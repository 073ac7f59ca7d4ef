"""Filling the arguments that name records: numbers, names, pronouns, and what was never heard of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.naming import Named
from bot.assistant.parser.recalling import fill_recalled
from bot.assistant.parser.referring import Found, Narrowing, record_of
from skills.cues import LEADING, UNMARKING
from skills.moods import Mood
from skills.names import NOUNS, PREFIXES
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION
from skills.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.values import Value
    from skills.cues import Cue
    from skills.spec import Argument


_ABOUT_THANKS: Final = NOUNS["automation"] | frozenset(("on", "after", "one", "mail", "email", "note", "message"))


def is_record(draft: Draft, value: Value) -> bool:
    """Say whether a bare number is a record that the skill takes, rather than an amount."""
    return value.bare and any(
        value.places & entry.places and (entry.sure or _takes(draft, entry.numbers))
        for entry in draft.mentions.numbered
    )


def _takes(draft: Draft, numbers: Iterable[str]) -> bool:
    prefixes = {PREFIXES.get(argument.type.record or "") for argument in draft.book.skill.arguments}
    return any(number.partition("-")[0] in prefixes for number in numbers)


def fill_records(draft: Draft, scene: Scene, *, recalling: bool) -> None:
    """Fill every argument that names a record, the needed ones first."""
    _recipients(draft, scene)
    arguments = [argument for argument in draft.fillable if argument.type.record]
    _soft_names(draft, arguments, scene)
    found = {argument.name: _found(draft, argument, scene) for argument in arguments}
    for argument in sorted(arguments, key=lambda argument: _rank(argument, found[argument.name])):
        here = found[argument.name]
        if here is not None and not (here.places and here.places <= draft.places):
            _settle(draft, argument, here)
    for argument in arguments:
        if argument.name not in draft.arguments and argument.name not in draft.asks:
            _unheard(draft, argument)
        if recalling and argument.name not in draft.arguments and argument.name not in draft.asks:
            fill_recalled(draft, argument, scene)
    _own_addresses(draft, scene)
    _own_words(draft, scene)


def _own_words(draft: Draft, scene: Scene) -> None:
    """Note words of the trade that the record which was found is called by: `her membership payment`."""
    catalog = scene.around.catalog
    found = {str(draft.arguments[a.name]) for a in draft.fillable if a.type.record and a.name in draft.arguments}
    if not found or not draft.mentions.named:
        return
    for place in range(draft.clause.opening + 1, len(draft.clause.tokens)):
        word = draft.clause.words[place]
        free = place not in draft.places and _may_name(draft, place)
        if free and catalog.known(word) and found & catalog.holding(catalog.known(word)):
            draft.own.add(place)


def _own_addresses(draft: Draft, scene: Scene) -> None:
    """Leave out the address of whoever the record is of: it goes there anyway, or to whoever pays for them."""
    said = [str(value) for value in draft.arguments.values()]
    owners = {entry.contact for number in said if (entry := scene.around.catalog.by_number(number)) is not None}
    owners.update(made.contact for made in scene.made if made.reference in said)
    for argument in draft.fillable:
        person = scene.around.catalog.by_number(draft.addressees.get(argument.name, ""))
        if person is not None and person.number in owners and draft.arguments.get(argument.name) == person.email:
            del draft.arguments[argument.name]


def _rank(argument: Argument, found: Found | None) -> tuple[bool, bool, bool]:
    """Order the arguments: what is needed, then what fits exactly one record, the client before the deal."""
    return (not argument.required, found is None or not found.settled, argument.type.record != "contact")


def _found(draft: Draft, argument: Argument, scene: Scene) -> Found | None:
    record = argument.type.record or ""
    narrowing = _narrowing(draft, argument, scene) if record == "invoice" else Narrowing(every=_all_of(draft, argument))
    found = draft.seen.found(record, draft.mentions, narrowing)
    named = draft.mentions.named or draft.mentions.numbered
    return found if argument.required or named else None  # a filter is not filled by “all open ones”


def _all_of(draft: Draft, argument: Argument) -> bool:
    """Say whether all of a kind are spoken of: `all of them`, `every automation`."""
    nouns = NOUNS.get(argument.type.record or "", frozenset())
    spoken = bool(draft.mentions.pronouns) or bool(nouns & set(draft.clause.words))
    return argument.required and bool(draft.mentions.every) and spoken


def _narrowing(draft: Draft, argument: Argument, scene: Scene) -> Narrowing:
    """Take kinds and statuses that are no arguments of the skill itself as saying which invoice is meant."""
    said: dict[str, frozenset[str]] = {}
    for name in ("kind", "status"):
        choice = scene.grammar.choice(name)
        values = draft.seen.choices(choice) if choice and _describes(draft, name) else []
        values = [value for value in values if value.value and _narrows(draft, value)]
        flat = {one for v in values for one in ([v.value] if isinstance(v.value, str) else v.value)}
        said[name] = frozenset(flat)
        draft.plural = draft.plural or any(_is_plural(draft, value) for value in values)
        if argument.required or draft.mentions.named or draft.mentions.numbered:
            draft.places.update(*(value.places for value in values))
    draft.plural = draft.plural or (bool(said["status"]) and _speaks_of_several(draft))
    every = argument.required and (bool(draft.mentions.every) or draft.plural)
    draft.narrowing = Narrowing(said["kind"], said["status"], every)
    return draft.narrowing


def _speaks_of_several(draft: Draft) -> bool:
    """Say whether several invoices or clients are spoken of: `the overdue clients`."""
    nouns = NOUNS["invoice"] | NOUNS["contact"] - {"folks", "lot", "crew", "team", "mob"}
    return any(word in nouns and word.endswith("s") and word != "invs" for word in draft.clause.words)


def _describes(draft: Draft, name: str) -> bool:
    """Say whether a kind or status is free to describe a record: the skill takes none, or took none for itself."""
    taken = draft.book.takes(name)
    return not taken or (any(a.required for a in draft.takes("invoice")) and taken[0].name not in draft.arguments)


def _is_plural(draft: Draft, value: Value) -> bool:
    word = draft.clause.words[value.end - 1]
    return word.endswith("s") and word[:-1] in {
        str(value.value),
        *(value.value if isinstance(value.value, list) else ()),
    }


def _narrows(draft: Draft, value: Value) -> bool:
    """Say whether a kind or status says which record is meant: not where the skill's own sentences have the word."""
    said = {draft.clause.words[place] for place in value.places}
    if _is_asked(draft, value):
        return False
    if "not" in said and draft.clause.mood is Mood.STATEMENT:
        return False  # “Cedar has not paid” denies; “what has not been paid” describes
    return not value.places & draft.places and not said <= draft.book.words


def _is_asked(draft: Draft, value: Value) -> bool:
    """Say whether a state is what a question is about: `is the Cedar deposit paid`, not `is the paid one …`."""
    words = draft.clause.words
    asks = draft.clause.mood is Mood.QUESTION and bool(
        _BEING & {*words[draft.clause.opening : draft.clause.opening + 3]}
    )
    named = [min(run.places) for run in draft.mentions.named] + [min(e.places) for e in draft.mentions.numbered]
    return asks and value.type == "status" and bool(named) and min(named) < value.start


def _settle(draft: Draft, argument: Argument, found: Found) -> None:
    each = argument.required or (bool(draft.mentions.numbered) and draft.book.skill.effect is not Effect.READ)
    if found.numbers and found.settled and (len(found.numbers) == 1 or each):
        if len(found.numbers) == 1:
            draft.put(argument.name, found.numbers[0], found.places)
        else:
            draft.put_each(argument.name, found)
    else:
        draft.ask(argument.name, found.places, found.numbers)


def _soft_names(draft: Draft, arguments: list[Argument], scene: Scene) -> None:
    """Read words of the trade as a name where only that makes sense: `the overdue invoices automation`."""
    numbered = {record_of(number) for entry in draft.mentions.numbered for number in entry.numbers}
    if numbered - {"invoice"} or (numbered and not any(argument.type.record == "automation" for argument in arguments)):
        return
    said = tuple(word for run in draft.mentions.named for word in run.words)
    for argument in arguments:
        if argument.type.record == "invoice" or not (argument.required or _is_spoken_of(draft, argument)):
            continue
        known = _known_parts(draft, scene)
        words = tuple(dict.fromkeys(word for parts in known.values() for word in parts))
        if words and scene.around.catalog.narrowed(argument.type.record or "", (*said, *words)):
            taken = frozenset(range(min(known), max(known) + 1)) - draft.places
            draft.mentions = replace(draft.mentions, named=(*draft.mentions.named, Named(words, taken)))
            return


def _is_spoken_of(draft: Draft, argument: Argument) -> bool:
    """Say whether a filter's one automation is spoken of by what it is: `the thank-you automation`."""
    one = {noun for noun in NOUNS["automation"] if not noun.endswith("s")}
    return argument.type.record == "automation" and bool(one & set(draft.clause.words))


def _known_parts(draft: Draft, scene: Scene) -> dict[int, list[str]]:
    """Return the words of the trade that names have too, by their places."""
    named = draft.places.union(*(run.places for run in draft.mentions.named))
    named = named.union(*(entry.places for entry in draft.mentions.numbered))
    whole = range(draft.clause.opening, len(draft.clause.tokens))
    places = [place for place in whole if place not in named and _may_name(draft, place)]
    parts = {
        place: [p for p in parts_of(draft.clause.words[place]) if scene.around.catalog.known(p)] for place in places
    }
    return {place: found for place, found in parts.items() if found}


def _may_name(draft: Draft, place: int) -> bool:
    token = draft.clause.tokens[place]
    if token.kind != "word" or place in draft.places or token.word in draft.book.words:
        return False
    nouns = {noun for argument in draft.book.skill.arguments for noun in NOUNS.get(argument.type.record or "", ())}
    if token.word in FILLERS and not _names_thanks(draft.clause.words[place:]):
        return False
    return token.word not in FUNCTION and token.word not in nouns


def _names_thanks(words: Sequence[str]) -> bool:
    """Say whether thanks are what something is about, as in `the thank you automation`, and not given to us."""
    about = words[1:2] if words[1:2] != ("you",) else words[2:3]
    return words[0] in {"thank", "thanks"} and bool(_ABOUT_THANKS & {*about})


def _unheard(draft: Draft, argument: Argument) -> None:
    """Ask about words that stand where the examples have this record, and that nobody is called by."""
    unknown = draft.mentions.unknown - draft.places
    cues = draft.book.cues.get(argument.name, ()) if unknown else ()
    for place in sorted(unknown):
        if place - 1 in unknown:
            continue
        before = tuple(word for word in draft.clause.words[draft.clause.opening : place] if word not in UNMARKING)
        if not _may_be_called(draft, place, before):
            continue
        if any(_stands_at(cue, before) for cue in cues) or _belongs(argument, before):
            end = place
            while end in unknown:
                end += 1
            draft.ask(argument.name, range(place, end))
            return


def _may_be_called(draft: Draft, place: int, before: tuple[str, ...]) -> bool:
    """Say whether unknown words may be a name: not after `a`, and as a verb's object only with more to go by."""
    if place and draft.clause.words[place - 1] in {"a", "an"}:
        return False
    capital = draft.clause.text[draft.clause.tokens[place].start].isupper()
    writes = draft.book.skill.effect is not Effect.READ
    several = writes and place + 1 in draft.mentions.unknown and draft.clause.text.islower()
    return capital or several or bool(draft.arguments) or (bool(before) and before[-1] in LEADING)


def _belongs(argument: Argument, before: tuple[str, ...]) -> bool:
    """Say whether the words after `invoice of` say whose it is."""
    return before[-1:] in (("of",), ("for",), ("from",), ("to",)) and set(before[-2:-1]) <= NOUNS.get(
        argument.type.record or "", set()
    )


_BEING = frozenset("is are was were has have".split())


def _stands_at(cue: Cue, before: tuple[str, ...]) -> bool:
    if not cue.before:
        return cue.first and not before
    size = len(cue.marking)
    return bool(size) and before[-size:] == cue.marking and (not cue.first or len(before) == size)


def _recipients(draft: Draft, scene: Scene) -> None:
    """Read `to Tom` as Tom's address, where the record is named by something else."""
    for argument in draft.open("email"):
        cues = {cue.before[-1] for cue in draft.book.cues.get(argument.name, ()) if cue.before}
        for run in draft.mentions.named:
            first = min(run.places)
            if first and draft.clause.words[first - 1] in cues:
                _recipient(draft, argument, run, scene)


def _recipient(draft: Draft, argument: Argument, run: Named, scene: Scene) -> None:
    people = [entry for entry in scene.around.catalog.narrowed("contact", run.words) if entry.email]
    others = tuple(other for other in draft.mentions.named if other is not run)
    goes_on = min(run.places) == draft.clause.opening + 1  # “to Omar instead”: of what waits already
    otherwise = goes_on or bool(draft.mentions.numbered or others or draft.mentions.pronouns)
    if otherwise and len(people) == 1:
        draft.mentions = replace(draft.mentions, named=others)
        draft.put(argument.name, people[0].email, run.places)
        draft.addressees[argument.name] = people[0].number
