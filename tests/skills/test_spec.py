"""A skill is read from its function: its docstring is where its arguments are described."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Text
from skills.context import Context, Outcome
from skills.spec import Effect, skill


def test_a_docstring_gives_the_summary_the_description_and_each_arguments_note() -> None:
    @skill(effect=Effect.READ, role=Role.VIEWER, examples=("echo {words}",))
    def echo(context: Context, *, words: Text) -> Outcome:
        """Say it again.

        As it was said.

        Args:
            words: What to say.

            (Anything at all.)
        """
        return Outcome(words)

    assert (echo.summary, echo.description) == ("Say it again.", "Say it again.\n\nAs it was said.")
    assert [(argument.name, argument.description) for argument in echo.arguments] == [("words", "What to say.")]
