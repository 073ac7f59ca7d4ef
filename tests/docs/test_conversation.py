"""The README's picture is the program's own output, and it is today's."""

from docs.conversation import PICTURE, picture


def test_the_picture_shows_what_the_program_says_now() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run: python -m docs.conversation"
