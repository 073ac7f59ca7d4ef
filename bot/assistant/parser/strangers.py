"""People nobody knows, named beside somebody who is known: `Rupert at Delta needs an invoice for 900`.

Who is spoken of so may be meant or not: nothing is made or sent before that was asked, and no such name is a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.referring import Narrowing, offered
from skills.names import ARTICLES
from skills.spec import Effect
from skills.vocabulary import FILLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.mentions import Mentions
    from bot.assistant.parser.naming import Named
    from bot.assistant.parser.scene import Scene
    from skills.names import Catalog

_AT: Final = frozenset(("at", "from", "of"))
_OVER: Final = frozenset("over down up in".split())
_BETWEEN: Final = (ARTICLES | FILLERS | _OVER) - _AT


def strangers(clause: Clause, mentions: Mentions, catalog: Catalog) -> Iterator[tuple[frozenset[int], Named]]:
    """Find the names that nobody has, with the known client whom a word puts them beside: `Rupert at Delta`."""
    for run in mentions.named:
        place = min(run.places) - 1
        while place > 0 and clause.words[place] in _BETWEEN:
            place -= 1
        if place <= 0 or clause.words[place] not in _AT or not catalog.narrowed("contact", run.words):
            continue
        start = place
        while start - 1 in mentions.unknown or (start and clause.words[start - 1] in _OVER):
            start -= 1
        name = mentions.unknown & {*range(start, place)}
        if name and all(clause.text[clause.tokens[at].start].isupper() for at in name):
            yield frozenset(range(min(name), place)), run


def ask_for_strangers(draft: Draft, scene: Scene) -> None:
    """Ask which record is meant where it was found by somebody known, and is said to be a stranger's."""
    if draft.book.skill.effect is Effect.READ or draft.book.makes == "contact":
        return
    catalog = scene.around.catalog
    for places, run in strangers(draft.clause, draft.mentions, catalog):
        argument = next((a for a in draft.fillable if a.required and a.type.record), None)
        if argument is None or places & draft.places or draft.mentions.numbered:
            continue  # whoever asked for it: a number says which one is meant
        record = argument.type.record or ""
        narrowing = draft.narrowing if record == "invoice" else Narrowing()
        theirs = tuple(narrowing.among(catalog.narrowed(record, run.words), scene))
        draft.ask(argument.name, places, offered(theirs))
        draft.stranger = draft.clause.said(min(places), max(places & draft.mentions.unknown) + 1)
