"""When an automation is to run, as people say it: what happens, if what holds, and how long after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.money import DOLLAR, amounts
from bot.assistant.parser.numbers import read_number
from skills.names import ARTICLES, NOUNS
from skills.phrases import KIND
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.understanding import Surroundings
    from skills.words import Token

_PAYING: Final = frozenset(
    """pay pays settles settled paid lands land landed arrives arrived received receive clears cleared coughs payment
    succeeds succeed succeeded payments money cash deposit""".split(),
)
_BEING: Final = frozenset("is are gets get got 's been being be".split())
# What is said, for each trigger: any word of each group. The first that fits counts, the plainer ones come last.
_SAID: Final[tuple[tuple[str, tuple[frozenset[str], ...]], ...]] = (
    ("order_created", (frozenset("order orders".split()),)),
    (
        "subscription_cancelled",
        (
            frozenset("subscription subscriptions membership plan subscriber".split()),
            frozenset("cancel cancels cancelled canceled ends ended stops stopped cancellation".split()),
        ),
    ),
    ("payment_failed", (frozenset("fail fails failed failing failure declined declines bounces bounced".split()),)),
    (
        "payment_failed",
        (frozenset("payment card charge".split()), frozenset(("not",)), frozenset(("through", "work", "clear"))),
    ),
    ("subscription_renewed", (frozenset("renew renews renewed renewal renewals".split()),)),
    ("refund_created", (frozenset("refund refunds refunded".split()),)),
    (
        "dispute_opened",
        (frozenset("dispute disputes disputed chargeback chargebacks contests contested".split()),),
    ),
    ("invoice_overdue", (frozenset("overdue late".split()),)),
    ("invoice_overdue", (frozenset(("past",)), frozenset(("due",)))),
    ("invoice_due", (frozenset(("due",)),)),
    (
        "invoice_sent",
        (
            frozenset("invoice invoices bill deposit".split()),
            frozenset("sent send sends emailed mailed out".split()),
        ),
    ),
    (
        "invoice_created",
        (
            frozenset("invoice invoices bill".split()),
            frozenset("create creates created raise raises raised drafted make makes made issued new".split()),
        ),
    ),
)
_ALSO: Final = frozenset(
    """client customer someone somebody anyone everyone people up through date falls fall goes go comes come came in
    new placed opened filed is are gets get 's overdue late out off successfully successful turned marked becomes
    become time again day days one first card charge made place places customers clients their bank issues issued
    full amount worth total value once soon moment anytime whenever upon automatically they we our
    happens happen occurs occur""".split(),
)
_MORE: Final = frozenset("over above exceeding exceeds than least from minimum more bigger larger greater".split())
_LESS: Final = frozenset("under below most less smaller maximum".split())
_UNITS: Final = {
    "minute": "M",
    "minutes": "M",
    "min": "M",
    "mins": "M",
    "hour": "H",
    "hours": "H",
    "hr": "H",
    "hrs": "H",
    "day": "D",
    "days": "D",
    "week": "W",
    "weeks": "W",
}
_COMING: Final = frozenset(("comes", "come"))
_PAST_TENSE: Final = frozenset(("paid", "received", "settled"))


@dataclass(slots=True)
class Occasion:
    """When it runs; several `triggers` are a rule each.

    `where` has names as they were said or as numbers; `after` is an ISO 8601 duration.
    """

    trigger: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    after: str | None = None
    schedule: str | None = None
    triggers: tuple[str, ...] = ()


def trigger_in(words: Sequence[str]) -> str:
    """Return what is said to happen, "" for nothing that is known."""
    said = set(words)
    for trigger, groups in _SAID:
        if all(group & said for group in groups):
            return trigger
    if not _PAYING & said:
        return ""
    # “when Acme paid” asks or tells; “when it is paid” and “when Acme pays” are what may come again.
    told = _PAST_TENSE & said and not _BEING & said and not said & (_PAYING - _PAST_TENSE - {"deposit"})
    lone = said & _PAYING == {"deposit"} and not said & _COMING
    return "" if told or lone else "payment_succeeded"


def triggers_in(words: Sequence[str]) -> tuple[str, ...]:
    """Return everything that is said to happen: `an invoice is created or sent` are two things."""
    cuts = [place for place, word in enumerate(words) if word == "or"]
    if len(cuts) != 1:
        return tuple(filter(None, (trigger_in(words),)))
    before, after = list(words[: cuts[0]]), list(words[cuts[0] + 1 :])
    nouns = [word for word in before if any(word in known for known in NOUNS.values())]
    both = [trigger_in(before), trigger_in(after) or trigger_in([*nouns, *after])]
    return tuple(dict.fromkeys(both)) if all(both) else tuple(filter(None, (trigger_in(words),)))


def conditions_in(tokens: Sequence[Token], around: Surroundings) -> dict[str, Any] | None:
    """Return the conditions in the words of an occasion; None where something in them is not understood."""
    where: dict[str, Any] = {}
    used: set[int] = set()
    for value in amounts(tokens):
        bound = bound_of(tokens, value.start, value.end)
        amount, currency = value.value or (None, None)
        if bound is None or amount is None or currency not in {None, DOLLAR, around.currency}:
            return None
        where[bound] = amount
        used |= value.places
    words = [token.word for token in tokens]
    kind = next((kind for kind, said in _KINDS.items() if any(word in said for word in words)), None)
    if kind is not None:
        where["kind"] = kind
    if "renewal" in words and trigger_in(words) == "payment_failed":
        where["payment"] = "renewal"
    if "first" in words and trigger_in(words) == "payment_succeeded":
        where["payment"] = "first"
    named = _named([token for place, token in enumerate(tokens) if place not in used])
    if named and (any(word.isdigit() for word in named) or not _resolve(named, where, around)):
        return None
    return where


_KINDS: Final = {
    kind: frozenset((kind, f"{kind}s", *(word for word in KIND[kind] if " " not in word)))
    for kind in ("deposit", "progress", "final", "standard")
}


def bound_of(tokens: Sequence[Token], start: int, end: int) -> str | None:
    """Return whether an amount is the least or the most, by the words around it; None for neither."""
    before = {token.word for token in tokens[max(0, start - 3) : start]}
    after = {token.word for token in tokens[end : end + 3]}
    if before & _LESS or ("or" in after and after & {"less", "under", "below"}):
        return "max_amount"
    return "min_amount" if before & _MORE or after & {"more", "plus", "up", "upwards", "over", "above"} else None


def _named(tokens: Sequence[Token]) -> list[str]:
    """Return the words that are left for a name."""
    nouns = frozenset().union(*(NOUNS[record] for record in ("invoice", "contact", "opportunity", "order")))
    events = frozenset().union(*(group for _, groups in _SAID for group in groups))
    kinds = frozenset().union(*_KINDS.values())
    known = nouns | events | kinds | _PAYING | _ALSO | _MORE | _LESS | FUNCTION | FILLERS | ARTICLES
    return [
        token.word
        for token in tokens
        if token.word not in known and not token.is_mark and token.word not in _UNITS and token.kind != "quote"
    ]


def _resolve(named: list[str], where: dict[str, Any], around: Surroundings) -> bool:
    said = " ".join(named)
    for record in ("contact", "opportunity"):
        fitting = around.catalog.search(record, said)
        if fitting:
            # What fits several is asked about at the one door, with the candidates.
            where[record] = fitting[0].number if len(fitting) == 1 else said
            return True
    return False


def span_at(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    """Read a length of time (`two days`, `an hour`) as an ISO 8601 duration, with the place after it."""
    if place >= len(tokens):
        return None
    single = tokens[place].word in {"a", "an", "one"}
    number = None if single else read_number(tokens, place)
    at = place + 1 if single else (number.end if number else place)
    unit = _UNITS.get(tokens[at].word) if at < len(tokens) and (single or number) else None
    count = 1 if single else int(number.value) if number and number.value is not None else 0
    if unit is None or count < 1 or (number and number.value != count):
        return None
    return (f"PT{count}{unit}" if unit in "HM" else f"P{count}{unit}"), at + 1
