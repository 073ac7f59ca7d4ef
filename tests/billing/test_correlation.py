"""One id from the cause to all of its effects."""

from __future__ import annotations

import re

from billing.correlation import begun, current, following


def test_whoever_works_for_a_cause_finds_its_id_and_nobody_else_does() -> None:
    assert current() == ""
    with following("a") as given:
        assert (given, current(), begun()) == ("a", "a", "a")
        with following("b"):
            assert current() == "b"
        assert current() == "a"
    assert current() == ""


def test_what_has_no_cause_begins_a_story_of_its_own() -> None:
    with following("") as first, following("") as second:
        assert first != second
        assert current() == second
    assert re.fullmatch(r"[0-9a-f]{32}", begun())
    assert begun() != begun()
