"""A call in the making: what of a clause has been given a place, what has to be asked, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.mentions import Mentions
from bot.assistant.parser.referring import Narrowing, offered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.referring import Found
    from bot.assistant.parser.seeing import Seen
    from bot.assistant.parser.values import Value
    from skills.phrasebook import Phrasebook
    from skills.spec import Argument


_NOBODY: Final = Mentions()
_WHICHEVER: Final = Narrowing()


@dataclass(slots=True)
class Draft:
    """A call that a clause may be. `places` are the tokens that have found their use.

    `asks` are arguments that need a question and `options` the records to choose from; `loose` counts values and
    names with nowhere to go. `each` is the argument that stands for several records, `among` which a call is made for
    each.
    `plural` says that records were spoken of as several (`the drafts`), `recalled` that one was not spoken of at all,
    and is meant only because it was before, `far` that something unlike it has been spoken of since. `own` are places
    of words that the record that was found is called by, too. `texts` are free texts that no quotation marks set
    apart; `addressees` the contacts whose address fills an argument. `stranger` is a name that nobody has,
    beside that of somebody known. `only` limits the arguments to those that were
    asked for.
    """

    book: Phrasebook
    seen: Seen
    only: frozenset[str] | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    places: set[int] = field(default_factory=set)
    asks: list[str] = field(default_factory=list)
    options: tuple[str, ...] = ()
    loose: int = 0
    each: str | None = None
    among: Found | None = None
    plural: bool = False
    recalled: bool = False
    far: bool = False
    mentions: Mentions = _NOBODY
    own: set[int] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    addressees: dict[str, str] = field(default_factory=dict)
    stranger: str = ""
    narrowing: Narrowing = _WHICHEVER
    clause: Clause = field(init=False)

    def __post_init__(self) -> None:
        """Have the clause that is read at hand: it is asked for more often than anything else."""
        self.clause = self.seen.clause

    @property
    def fillable(self) -> Sequence[Argument]:
        """The arguments that may be filled."""
        return self._among(self.book.skill.arguments)

    def takes(self, type_name: str) -> Sequence[Argument]:
        """Return the fillable arguments of a type."""
        return self._among(self.book.takes(type_name))

    def _among(self, arguments: Sequence[Argument]) -> Sequence[Argument]:
        return arguments if self.only is None else [a for a in arguments if a.name in self.only]

    def open(self, type_name: str) -> list[Argument]:
        """Return the fillable arguments of a type that have no value yet."""
        return [argument for argument in self.takes(type_name) if argument.name not in self.arguments]

    def free(self, *types: str) -> list[Value]:
        """Return the values of some types whose words have no use yet."""
        return [value for value in self.seen.values if value.type in types and not value.places & self.places]

    def put(self, name: str, value: object, places: Iterable[int] = ()) -> None:
        """Set an argument and take up its words; what it asked for is answered."""
        self.arguments[name] = value
        self.places.update(places)
        if name in self.asks:
            self.asks.remove(name)

    def ask(self, name: str, places: Iterable[int] = (), options: tuple[str, ...] = ()) -> None:
        """Note that an argument has to be asked for, and which records it may be."""
        if name not in self.asks:
            self.asks.append(name)
        self.places.update(places)
        self.options = self.options or offered(options)

    def put_each(self, name: str, found: Found) -> None:
        """Set an argument to several records: the call is made for each of them."""
        self.each, self.among = name, found
        self.put(name, found.numbers[0], found.places)

    @property
    def records(self) -> tuple[str, ...]:
        """The records that `each` stands for."""
        return self.among.whole if self.among is not None else ()
