"""The sentences that are learnt from: what somebody said, and which skill was meant."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.leaning import NOTHING, SEVERAL
from bot.assistant.parser.traits import SILENT, traits_of
from bot.evaluation.cases import read_cases
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.evaluation.cases import Case
    from skills.arguments import ArgumentType
    from skills.phrasebook import Phrasebook
    from skills.spec import Skill

_CORPUS: Final = Path(__file__).parent / "corpus"
_EVALUATION: Final = Path(__file__).parents[2] / "tests" / "evaluation"
# What is understood of sentences that nothing was learnt from is known by these alone.
KEPT_APART: Final = frozenset(("thirteenth", "sixteenth", "seventeenth"))
_ROLES: Final = "role"  # what a speaker may not do is asked for all the same


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence and its outcome: a skill's name, `NOTHING` or `SEVERAL`."""

    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SetOfSentences:
    """A file of sentences, and an export of the workspace whose records they speak of."""

    path: Path
    workspace: Path

    @property
    def name(self) -> str:
        """What the set is called."""
        return self.path.stem

    def sentences(self, skills: Mapping[str, Skill]) -> Iterator[Heard]:
        """Read the sentences."""
        return (heard_in_lines if self.path.suffix == ".tsv" else heard_in_cases)(self.path, skills)


def sets() -> list[SetOfSentences]:
    """Return all that is learnt from, in one order."""
    files = [*sorted(_CORPUS.glob("*.tsv")), *sorted(_EVALUATION.glob("*.jsonl"))]
    return [SetOfSentences(path, _workspace(path.stem)) for path in files if path.stem not in KEPT_APART]


def digest() -> str:
    """Return what changes with any sentence that is learnt from."""
    return sha256(b"".join(each.path.read_bytes() for each in sets())).hexdigest()


def _workspace(name: str) -> Path:
    own = _EVALUATION / f"{name}_workspace.json"
    return own if own.exists() else _EVALUATION / "workspace.json"


def told_in_examples(book: Phrasebook) -> Iterator[frozenset[str]]:
    """Return the traits of the examples that stand beside a skill's function."""
    types = {argument.name: argument.type for argument in book.skill.arguments}
    for pattern in book.patterns:
        words = (stem(item) if isinstance(item, str) else _kind(types[item.name]) for item in pattern.items)
        yield traits_of([word for word in words if word not in SILENT], pattern.mood)


def _kind(type_: ArgumentType) -> str:
    """Return what stands in a sentence where a value of a type does."""
    if type_.record is not None:
        return "<inv>" if type_.record == "invoice" else "<name>"
    choices = type_.schema.get("enum")
    return stem(choices[0]) if choices else f"<{type_.name}>"


def heard_in_lines(path: Path, skills: Mapping[str, Skill]) -> Iterator[Heard]:
    """Read `skill<TAB>sentence`, `none` for what asks for nothing, and `one+another`, a line each."""
    for line in path.read_text(encoding="utf-8").splitlines():
        label, _, text = line.partition("\t")
        if text:
            yield Heard(text, _outcome(frozenset(label.split("+")) - {"none"}, skills))


def heard_in_cases(path: Path, skills: Mapping[str, Skill]) -> Iterator[Heard]:
    """Read the first turn of each case of an evaluation: nothing was spoken of before it."""
    for case in read_cases(path.read_text(encoding="utf-8")):
        meant = _meant(case)
        if meant is not None:
            yield Heard(case.turns[0].user, _outcome(meant, skills))


def _meant(case: Case) -> frozenset[str] | None:
    """Return the skills that a case's first turn asks for; None where that cannot be told from its right answer."""
    turn = case.turns[0]
    if turn.expect is not None:
        return frozenset(call.skill for call in turn.expect)
    if turn.clarify is not None:
        return frozenset({turn.clarify.skill})
    return None if turn.decline and _ROLES in case.tags else frozenset()


def _outcome(meant: frozenset[str], skills: Mapping[str, Skill]) -> str:
    if len(meant) > 1:
        return SEVERAL
    [one] = meant or {NOTHING}
    return one if one in skills else NOTHING  # what there is no skill for yet
