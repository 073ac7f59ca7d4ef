"""A file from somewhere else: whatever is in it, the answer is a sentence with a place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exchange.refusal import DocumentRefused, Path
from bot.exchange.source import line_of, located, parse


def refusal_of(content: bytes) -> str:
    with pytest.raises(DocumentRefused) as caught:
        parse(content)
    return str(caught.value)


def test_a_document_is_parsed_with_or_without_a_byte_order_mark() -> None:
    assert parse(b'{"a": 1}')[1] == {"a": 1}
    assert parse(b'\xef\xbb\xbf{"a": 1}')[1] == {"a": 1}


def test_a_syntax_error_is_told_with_line_and_column() -> None:
    assert refusal_of(b'{\n  "a": 1,\n  "b" 2\n}') == "line 3: Expecting ':' delimiter, at column 7."


def test_text_that_is_not_utf_8_is_told_with_its_line() -> None:
    assert refusal_of(b'{\n"a": "\xff"}') == "line 2: this is not UTF-8 text."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": 1, "a": 2}', "“a” is there twice in one object."),
        (b'{"a": NaN}', "NaN is not a number in JSON."),
        (b"[" * 200_000, "this is nested too deeply to be a workspace."),
    ],
)
def test_what_json_lets_through_and_nobody_means_is_refused(content: bytes, reason: str) -> None:
    assert refusal_of(content) == reason


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert "digits" in refusal_of(b'{"a": ' + b"9" * 5_000 + b"}")


TEXT = """{
  "workspace": {"name": "a \\" { [ b"},
  "invoices": [
    {"number": "INV-1", "links": []},

    {"number": "INV-2",
     "due": "never"}
  ]
}"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("workspace", "name"), 2),
        (("invoices", 0, "number"), 4),
        (("invoices", 1), 6),
        (("invoices", 1, "due"), 7),
        (("invoices", 1, "missing"), 6),
        (("invoices", 0, "links", 3), 4),
        (("invoices", 9, "due"), 3),
        (("workspace", "name", "deeper"), 2),
        (("workspace", 0), 2),
        (("nothing", "at", "all"), 1),
    ],
)
def test_the_line_of_a_field_is_where_it_begins_or_what_is_around_it(path: Path, line: int) -> None:
    assert line_of(TEXT, path) == line


def test_a_refusal_is_told_with_line_and_field() -> None:
    refusal = DocumentRefused(("invoices", 1, "due"), "has to be a date.")
    assert str(refusal) == "invoices[1].due: has to be a date."
    assert str(located(refusal, TEXT)) == "line 7: invoices[1].due: has to be a date."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def leaves(value: object, path: Path = ()) -> list[Path]:
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, index))]
    return [path]


@given(JSON)
def test_every_value_of_any_document_is_found_on_its_line(value: object) -> None:
    text = json.dumps(value, indent=1)
    for path in leaves(value):
        line = text.splitlines()[line_of(text, path) - 1]
        step = path[-1] if path else None
        assert json.dumps(step) in line if isinstance(step, str) else line.strip()
