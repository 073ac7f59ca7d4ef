"""The question which record is meant, by how many there are to choose from."""

from __future__ import annotations

from skills.names import Names
from skills.normalising import which

ONE = Names("automation", "AUT-1", "Thank-you", ())
TWO = Names("automation", "AUT-2", "Dunning", ())


def test_one_candidate_is_named_alone_and_two_side_by_side() -> None:
    assert which("automation", "everything", [ONE]) == "Which automation do you mean? There is AUT-1 (Thank-you)."
    assert (
        which("automation", "it", [ONE, TWO]) == "Which automation do you mean: AUT-1 (Thank-you) or AUT-2 (Dunning)?"
    )
