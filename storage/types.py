"""Column types that hold on SQLite and PostgreSQL alike what the domain promises: aware instants, words, JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from sqlalchemy import Dialect

# A position grows with every row. SQLite numbers rows by itself only for a column declared exactly INTEGER.
POSITION: Final = BigInteger().with_variant(Integer, "sqlite")

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class NaiveInstant(ValueError):
    """A date and time without a time zone: whose clock it was is not known, so it is not stored."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored and returned in UTC; NaiveInstant for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; SQLite, which knows no zones, is handed it without one."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "An instant needs its time zone: datetime.now(tz=UTC), not datetime.now()."
            raise NaiveInstant(message)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant aware and in UTC, whatever zone the session has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text as people and other systems write it.

    PostgreSQL refuses NUL and both refuse lone surrogates; they become U+FFFD, on writing and on comparing, so
    that a strange name can neither stop a queue nor get lost.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return what both databases can hold."""
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


class Word(TypeDecorator[Any]):
    """A member of a StrEnum, stored as its value; ValueError for a text that is none of them."""

    impl = Text
    cache_ok = True

    def __init__(self, vocabulary: type[StrEnum]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the member's value."""
        return None if value is None else self.vocabulary(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Return the member."""
        return None if value is None else self.vocabulary(value)


def _as_is(value: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    return value


class Document(TypeDecorator[Any]):
    """A value kept as JSON text. `dump` makes JSON of it and `load` makes it of JSON; left out, it is JSON itself.

    Text and not the databases' own JSON: theirs differ, and PostgreSQL's refuses NUL and lone surrogates, which
    are plain ASCII escapes here.
    """

    impl = Text
    cache_ok = True

    def __init__(self, dump: Callable[[Any], Any] = _as_is, load: Callable[[Any], Any] = _as_is) -> None:
        super().__init__()
        self.dump = dump
        self.load = load

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - SQLAlchemy's
        """Return the JSON text; TypeError for what JSON does not know."""
        return None if value is None else json.dumps(self.dump(value), separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - as above
        """Return the value."""
        return None if value is None else self.load(json.loads(value))
