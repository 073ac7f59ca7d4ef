"""Why a document was not taken: where in it, and what is wrong there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from billing.errors import BillingError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Keys and list positions from the top of the document: ("invoices", 3, "due").
Path: TypeAlias = tuple[str | int, ...]


class DocumentRefused(BillingError):
    """The document is not taken, and nothing of it was stored.

    `path` leads to the place (empty for the whole document), `reason` is what is wrong there, `line` is its line in
    the file where that is known.
    """

    code = "document_refused"

    def __init__(self, path: Path, reason: str, *, line: int | None = None) -> None:
        place = f"line {line}: " if line is not None else ""
        field = f"{written(path)}: " if path else ""
        super().__init__(f"{place}{field}{reason}")
        self.path = path
        self.reason = reason
        self.line = line


def written(path: Path) -> str:
    """Return the path as people write it: `invoices[3].due`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


@contextmanager
def at(*path: str | int) -> Iterator[None]:
    """Turn what the domain refuses inside the block into a refusal of that place."""
    try:
        yield
    except BillingError as error:
        raise DocumentRefused(path, error.user_message) from error
