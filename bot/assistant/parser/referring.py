"""From mentions to records: everything that was said narrows together, and what stays open is a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.mentions import Numbered
from bot.assistant.understanding import MOST_LISTED
from skills.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from bot.assistant.parser.mentions import Mentions
    from bot.assistant.parser.naming import Named
    from bot.assistant.parser.scene import Scene
    from skills.names import Catalog, Names

_OVERDUE: Final = "overdue"
_UNPAID: Final = frozenset(("open", "sent"))
_RECORDS: Final = {prefix: record for record, prefix in PREFIXES.items()}
_OPTIONS: Final = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The records that a mention may mean: one is an answer, several are for `every` or a question.

    `numbers` are the first of them, one more than can be offered; `whole` are all, which may be thousands and are
    looked up only where they are wanted.
    """

    numbers: tuple[str, ...]
    places: frozenset[int]
    every: bool = False
    look_up: Callable[[], Iterable[str]] | None = None

    @classmethod
    def of(cls, look_up: Callable[[], Iterable[str]], places: frozenset[int], *, every: bool = False) -> Found:
        """Look only the first of many records up."""
        return cls(tuple(islice(look_up(), _OPTIONS + 1)), places, every, look_up)

    @property
    def settled(self) -> bool:
        """Whether nothing has to be asked."""
        return len(self.numbers) == 1 or (self.every and bool(self.numbers))

    @property
    def whole(self) -> tuple[str, ...]:
        """The numbers of all that there are."""
        return self.numbers if self.look_up is None else tuple(self.look_up())


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What else was said of a record: its kinds and statuses."""

    kinds: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    every: bool = False

    def holds(self, entry: Names, scene: Scene) -> bool:
        """Say whether a record is of that kind and in that state."""
        if self.kinds and entry.kind not in self.kinds:
            return False
        return not self.statuses or bool(self.statuses & states_of(entry, scene))

    def among(self, entries: Iterable[Names], scene: Scene) -> Iterator[str]:
        """Yield the numbers of those of some records that are."""
        return (entry.number for entry in entries if self.holds(entry, scene))


def states_of(entry: Names, scene: Scene) -> set[str]:
    """Return the statuses people would call a record: one that is unpaid after its due date is overdue too."""
    states = {entry.status or ""}
    if states & {"open", "sent"} and entry.due is not None and entry.due < scene.around.today:
        states.add(_OVERDUE)
    return states


def find(record: str, mentions: Mentions, narrowing: Narrowing, scene: Scene) -> Found | None:
    """Return what the mentions mean as a record of that kind; None where none of them can mean one."""
    left_out: list[Named | Numbered] = [run for run in mentions.named if run.excluded]
    left_out += [entry for entry in mentions.numbered if entry.excluded]
    if left_out:
        kept = replace(
            mentions,
            named=tuple(run for run in mentions.named if not run.excluded),
            numbered=tuple(entry for entry in mentions.numbered if not entry.excluded),
        )
        return _without(left_out, record, find(record, kept, narrowing, scene), scene)
    catalog = scene.around.catalog
    numbered = [entry for entry in mentions.numbered if any(_is(number, record) for number in entry.numbers)]
    if numbered:
        numbers = [number for entry in numbered for number in entry.numbers if _is(number, record)]
        places = frozenset().union(*(entry.places for entry in numbered))
        known = tuple(number for number in dict.fromkeys(numbers) if catalog.by_number(number))
        places = places.union(*(run.places for run in _agreeing(record, known, mentions, catalog)))
        return Found(known if len(known) == len(set(numbers)) else (), places, every=len(numbers) > 1)
    if mentions.named:
        return _by_names(record, mentions, narrowing, scene)
    if narrowing.kinds or narrowing.statuses:
        return _by_state(record, mentions, narrowing, scene)
    # All there are, of whatever kind and state, is never what somebody means: it is asked for.
    if not narrowing.every:
        return None
    shown = _all_listed(record, mentions, scene)
    return Found(shown, mentions.every | mentions.pronouns if shown else mentions.every, every=True)


def _all_listed(record: str, mentions: Mentions, scene: Scene) -> tuple[str, ...]:
    """Return what `all of them` means: what was listed last, where the whole of that is known."""
    shown = tuple(number for number in scene.memory.listed if _is(number, record))
    return shown if mentions.pronouns and len(shown) < MOST_LISTED else ()


def _without(left_out: list[Named | Numbered], record: str, found: Found | None, scene: Scene) -> Found | None:
    """Take out what was excepted: `everyone but Cedar`."""
    if found is None:
        return None
    catalog = scene.around.catalog
    gone = {
        number
        for mention in left_out
        for number in (
            mention.numbers
            if isinstance(mention, Numbered)
            else (entry.number for entry in catalog.narrowed(record, mention.words))
        )
    }
    places = found.places.union(*(run.places for run in left_out))
    look_up = found.look_up or (lambda: found.numbers)
    return Found.of(lambda: (number for number in look_up() if number not in gone), places, every=found.every)


def _agreeing(record: str, numbers: tuple[str, ...], mentions: Mentions, catalog: Catalog) -> list[Named]:
    """Return the names that fit the numbered records as well: `Omar's paid 1005`."""
    return [
        run
        for run in mentions.named
        if numbers and set(numbers) <= {entry.number for entry in catalog.narrowed(record, run.words)}
    ]


def record_of(number: str) -> str | None:
    """Return what kind of record a number is of."""
    return _RECORDS.get(number.partition("-")[0])


def _is(number: str, record: str) -> bool:
    return record_of(number) == record


def _by_names(record: str, mentions: Mentions, narrowing: Narrowing, scene: Scene) -> Found:
    catalog = scene.around.catalog
    places = frozenset().union(*(run.places for run in mentions.named))
    words = [word for run in mentions.named for word in run.words]
    fitting = Found.of(lambda: narrowing.among(catalog.narrowed(record, words), scene), places, every=narrowing.every)
    if fitting.numbers:
        return fitting
    several = any(run.joined for run in mentions.named[1:]) and _one_each(record, mentions.named, narrowing, scene)
    apart = (
        [n for run in mentions.named for n in narrowing.among(catalog.narrowed(record, run.words), scene)]
        if several
        else []
    )
    return Found(tuple(dict.fromkeys(apart)), places, every=several)


def _one_each(record: str, runs: Iterable[Named], narrowing: Narrowing, scene: Scene) -> bool:
    """Say whether each name alone means exactly one record: `Cedar and Delta` are two, not one that is both."""
    catalog = scene.around.catalog
    fitting = (narrowing.among(catalog.narrowed(record, run.words), scene) for run in runs)
    return all(len([*islice(numbers, 2)]) == 1 for numbers in fitting)


def _by_state(record: str, mentions: Mentions, narrowing: Narrowing, scene: Scene) -> Found | None:
    side_by_side = listed(record, mentions, scene)
    recalled = (side_by_side or recall(record, mentions, scene)) if not narrowing.every else ()
    if recalled:
        known = [entry for number in recalled if (entry := scene.around.catalog.by_number(number))]
        in_focus = tuple(entry.number for entry in known if narrowing.holds(entry, scene))
        if in_focus:
            return Found(in_focus if side_by_side else in_focus[:1], mentions.pronouns)
    return Found.of(
        lambda: narrowing.among(_in_states(record, narrowing, scene), scene), mentions.every, every=narrowing.every
    )


def _in_states(record: str, narrowing: Narrowing, scene: Scene) -> Iterable[Names]:
    """Return the records that may be in one of the states, in their order, without looking at all there are."""
    catalog = scene.around.catalog
    if not narrowing.statuses:
        return catalog.of(record)
    statuses = narrowing.statuses | (_UNPAID if _OVERDUE in narrowing.statuses else frozenset())
    found = [catalog.in_state(record, status) for status in sorted(statuses)]
    return merge(*found, key=lambda entry: (len(entry.number), entry.number))


def recall(record: str, mentions: Mentions, scene: Scene) -> tuple[str, ...]:
    """Return what a pronoun means: what this message makes, else what the conversation is about, newest first."""
    made = tuple(entry.reference for entry in scene.made if entry.record == record)
    if mentions.both:
        return _two(record, made, scene)
    if made:
        return made[:1]
    spoken = tuple(entry.reference for entry in scene.made)
    focus = tuple(number for number in scene.memory.focus if _hangs_together(number, scene))
    focused = tuple(number for number in focus if _is(number, record))
    beside = _beside(record, spoken, scene.around.catalog) or _of_client(record, spoken, scene.around.catalog)
    return beside or focused or _beside(record, focus, scene.around.catalog)


def _hangs_together(number: str, scene: Scene) -> bool:
    """Say whether a record may still be meant: no client or deal was spoken of since that it does not belong to."""
    nearest = scene.memory.focus[0]
    record, entry = record_of(nearest), scene.around.catalog.by_number(number)
    belongs_to = getattr(entry, record or "", None) if record in {"contact", "opportunity"} else None
    return belongs_to in {nearest, None}


def listed(record: str, mentions: Mentions, scene: Scene) -> tuple[str, ...]:
    """Return what stands side by side in what was shown last, of which `it` may mean any; none where one is meant.

    Where these are of another kind, their clients or deals are returned.
    """
    if scene.made:
        return ()
    shown = scene.memory.listed
    same = tuple(number for number in shown if _is(number, record))
    catalog = scene.around.catalog
    found = same or tuple(dict.fromkeys(one for number in shown for one in _beside(record, (number,), catalog)))
    return found if len(found) > (2 if mentions.both else 1) else ()


def _two(record: str, made: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    """Return the two that `both` means: of this message, of the last turn, else the two newest ones."""
    if len(made) == 2:  # noqa: PLR2004 - both
        return made[::-1]
    called = [
        number
        for call in scene.memory.last_calls
        for number in (*call.arguments.values(), call.result.get("number"))
        if isinstance(number, str) and _is(number, record)
    ]
    last = tuple(dict.fromkeys(called))
    if len(last) == 2:  # noqa: PLR2004 - both
        return last
    shown = tuple(number for number in scene.memory.listed if _is(number, record))
    if len(shown) == 2:  # noqa: PLR2004 - both
        return shown
    created = [number for number in scene.memory.created if _is(number, record)][:2]
    focused = [number for number in scene.memory.focus if _is(number, record)][:2]
    two = created if len(created) == 2 else focused  # noqa: PLR2004 - both
    return tuple(reversed(two)) if len(two) == 2 else ()  # noqa: PLR2004 - both


def _beside(record: str, focus: Collection[str], catalog: Catalog) -> tuple[str, ...]:
    """Return the client or deal of the record in focus."""
    for number in focus:
        entry = catalog.by_number(number)
        beside = getattr(entry, record, None) if entry and record in {"contact", "opportunity"} else None
        if beside:
            return (beside,)
    return ()


def _of_client(record: str, focus: Collection[str], catalog: Catalog) -> tuple[str, ...]:
    """Return the one invoice or deal of the client that was just spoken of: `his invoice`."""
    for number in focus:
        if _is(number, "contact"):
            theirs = tuple(entry.number for entry in catalog.of_contact(record, number))
            return theirs if len(theirs) == 1 else ()
    return ()


def all_offered(options: tuple[str, ...]) -> bool:
    """Say whether these are all the candidates there were, rather than the first of them."""
    return 0 < len(options) < _OPTIONS


def offered(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Return as many candidates as one can choose from."""
    return numbers[:_OPTIONS]
