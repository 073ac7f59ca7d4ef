"""`make learn`: read all sentences, fit the weights, and tell how well a set is told by what the others teach."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.leaning import weights_file
from bot.learning.corpus import digest, sets, told_in_examples
from bot.learning.listening import listener
from bot.learning.training import Lesson, fitted, share_told, write
from skills.grammar import Grammar
from skills.registry import SKILLS

if TYPE_CHECKING:
    from bot.learning.corpus import SetOfSentences

_OF_PEOPLE: Final = 2.0  # what a sentence of somebody's counts beside an example of ours


def main() -> int:
    """Learn, print what came of it, and write the weights."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--judge", action="append", default=[], metavar="SET", help="not to be learnt, but told")
    told = asked.parse_args()
    lessons = {each.name: _lessons(each) for each in sets()}
    kept = [lesson for name, many in lessons.items() if name not in told.judge for lesson in many]
    model = fitted([*_examples(), *kept])
    for name in told.judge:
        print(f"{name}: {share_told(model, lessons[name]):.1%} of {len(lessons[name])} sentences")
    written = write(weights_file(), model, digest())
    print(f"{len(kept)} sentences, {written} weights")
    return 0


def _examples() -> list[Lesson]:
    books = Grammar(SKILLS).books
    return [Lesson(traits, name) for name, book in books.items() for traits in told_in_examples(book)]


def _lessons(each: SetOfSentences) -> list[Lesson]:
    with listener(each.workspace) as heard:
        return [Lesson(heard(one.text), one.outcome, _OF_PEOPLE) for one in each.sentences(SKILLS)]


if __name__ == "__main__":
    sys.exit(main())
