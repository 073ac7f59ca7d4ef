"""Nothing that decides who gets in is compared letter by letter, which tells by its time how much of it was right.

A secret is compared by `hmac.compare_digest`, or looked up by its digest. This reads all of our code that meets
one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import bot

ROOT: Final = Path(bot.__file__).parents[1]
PACKAGES: Final = ("billing", "bot", "integrations", "skills", "storage")
SECRET: Final = re.compile(
    r"(^|_)(token|secret|signature|digest|hmac|mac|password|ticket|csrf|nonce|api_key|session|state_hash|session_hash|"
    r"token_hash|bearer|authorization)s?$"
)
# Where the name means something else, with the reason.
NO_SECRETS: Final = {
    ("billing/linking.py", "live.fingerprint == digest"): "what a link was made for, compared with what it would be",
    ("bot/slack/modals/form.py", "self.was.get(name) != digest(self.text(name))"): "whether a field was changed",
    (
        "bot/slack/tokens.py",
        "now.sealed_refresh_token == before.sealed_refresh_token",
    ): "both ours: whether it was renewed",
    ("storage/directory.py", "secret == value"): "a column of a query, which an index looks up",
    ("storage/directory.py", "tables.portal_links.c.token_hash == token_hash"): "likewise",
    ("integrations/sandbox/stripe/api.py", "row['request'] != digest"): "whether a request is the same as before",
}
# Where somebody from outside hands over a secret that is held against one of ours.
GUARDED: Final = ("integrations/stripe_events.py", "integrations/sandbox/stripe/api.py", "billing/connecting.py")


def comparisons(source: str) -> Iterator[str]:
    """Yield each `==` and `!=` of which a side is called like a secret; a column of a query is a look-up."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or not any(isinstance(op, (ast.Eq, ast.NotEq)) for op in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if any(_is_empty(side) for side in sides) or any("columns." in ast.unparse(side) for side in sides):
            continue
        if any(SECRET.search(name) for side in sides for name in _names(side)):
            yield ast.unparse(node)


def _is_empty(side: ast.expr) -> bool:
    return isinstance(side, ast.Constant) and side.value in (None, "", b"")


def _names(side: ast.expr) -> Iterator[str]:
    """Yield what a side is called: a name, the last of a chain, a key, a function."""
    if isinstance(side, ast.Name):
        yield side.id
    elif isinstance(side, ast.Attribute):
        yield side.attr
    elif isinstance(side, ast.Call):
        yield from _names(side.func)
    elif isinstance(side, ast.Subscript) and isinstance(side.slice, ast.Constant):
        yield str(side.slice.value)


@pytest.mark.parametrize(
    "source",
    [
        "token == given",
        "given != self.secret",
        "headers['signature'] == expected",
        "digest(token) == found.token_hash",
        "request.session == x",
    ],
)
def test_a_comparison_of_secrets_is_found(source: str) -> None:
    assert list(comparisons(source)) == [ast.unparse(ast.parse(source).body[0])]


@pytest.mark.parametrize("source", ["secret == ''", "columns.token_hash == token_hash", "a == b", "key in tokens"])
def test_what_gives_nothing_away_is_left_alone(source: str) -> None:
    assert not list(comparisons(source))


def test_no_secret_is_compared_letter_by_letter() -> None:
    found = {
        (str(path.relative_to(ROOT)), text)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for text in comparisons(path.read_text())
    }
    assert found == NO_SECRETS.keys()


@pytest.mark.parametrize("path", GUARDED)
def test_who_is_asked_for_a_secret_compares_it_in_constant_time(path: str) -> None:
    assert "hmac.compare_digest(" in (ROOT / path).read_text()
