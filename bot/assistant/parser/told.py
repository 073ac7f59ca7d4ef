"""What is told before a request, and what the request takes from it: `Priya says she paid, check with Stripe`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.filling import fill
from bot.assistant.parser.referring import Narrowing, find
from bot.assistant.parser.scene import Made, Scene
from bot.assistant.parser.seeing import Seen
from skills.names import NOUNS, PREFIXES
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft

_DEALS: Final = NOUNS["opportunity"] | {"worth"}
_EVERYTHING: Final = frozenset("all every each any everything everyone everybody".split())


def take_told(draft: Draft, stories: Sequence[Clause], scene: Scene) -> None:
    """Take what was told before and is pointed at: `Priya paid nine thousand in cash. Can you record that?`."""
    if not stories or draft.book.skill.effect is Effect.READ:
        return
    _take_subject(draft, stories[-1], scene)
    if not draft.mentions.pronouns:
        return
    told = fill(draft.book, Seen(stories[-1], scene), scene, recalling=False)
    for argument in draft.book.skill.arguments:
        plain = argument.type.record is None and argument.name not in draft.texts
        if plain and argument.name in told.arguments and argument.name not in draft.arguments:
            draft.put(argument.name, told.arguments[argument.name])


def _take_subject(draft: Draft, story: Clause, scene: Scene) -> None:
    """Take the one invoice that was told of, not all there are: `Priya says she paid, check with Stripe`."""
    if draft.mentions.every or _EVERYTHING & {*draft.clause.words}:
        return
    told = [made.reference for made in spoken_of(story, scene) if made.record == "invoice"]
    for argument in draft.fillable:
        optional = not argument.required and argument.type.record == "invoice"
        if optional and argument.name not in draft.arguments and len(told) == 1:
            draft.put(argument.name, told[0])


def spoken_of(clause: Clause, scene: Scene) -> list[Made]:
    """Return the records that a clause names, where it is read for nothing else: `his` and `it` may mean them."""
    seen = Seen(clause, scene)
    mentions, narrowing = seen.mentions(frozenset()), _described(seen, scene)
    made = []
    if not (mentions.named or mentions.numbered):
        return []
    valued = bool(_DEALS & {*clause.words}) and not NOUNS["invoice"] & {*clause.words}
    for record in PREFIXES:
        if valued and record == "invoice":
            continue  # “the Cedar app isn't worth 30,000 any more”
        found = find(record, mentions, narrowing if record == "invoice" else Narrowing(), scene)
        if found is not None and len(found.numbers) == 1:
            made.append(Made(record, found.numbers[0]))
    return made


def _described(seen: Seen, scene: Scene) -> Narrowing:
    kind = scene.grammar.choice("kind")
    kinds = seen.choices(kind) if kind is not None else []
    return Narrowing(frozenset(str(value.value) for value in kinds if value.value))
