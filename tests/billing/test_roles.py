from __future__ import annotations

import pytest

from billing.roles import Role

VIEWER, EDITOR, ADMIN = Role


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(VIEWER, {VIEWER}), (EDITOR, {VIEWER, EDITOR}), (ADMIN, {VIEWER, EDITOR, ADMIN})],
)
def test_a_role_includes_the_ones_below_it_and_nothing_more(role: Role, allowed: set[Role]) -> None:
    assert {needed for needed in Role if role.allows(needed)} == allowed
