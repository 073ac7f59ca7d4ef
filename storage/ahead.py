"""What is read ahead for several changes at once, before they are made one by one.

A statement that finds thirty rows costs hardly more than one that finds one. What was read is kept as the answer to the
very statement that would be run otherwise, until something is written that might change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, tuple_

from storage.statements import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import BindParameter, Column, Connection, Select

    from storage.mapping import Mapper

_OPTION: Final = "evie_read_ahead"
_WANTED: Final = "wanted"
_KEY: Final = "wanted_"


@dataclass(frozen=True, slots=True)
class _Answer:
    """The records that a statement finds; `equal` is all that it asks of them, None where there is more."""

    records: list[Any]
    equal: Mapping[str, object] | None

    def is_changed_by(self, mapper: Mapper[Any], row: Mapping[str, Any]) -> bool:
        """Say whether writing the row might change the answer: the row fits, or was among those that did."""
        if self.equal is None or all(row[name] == value for name, value in self.equal.items()):
            return True
        return any(all(row[name] == getattr(one, name) for name in mapper.key) for one in self.records)


class Ahead:
    """What was read ahead on a connection; there it stays until the connection is closed, with its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection.execution_options(**{_OPTION: self})
        self._answers: dict[tuple[Mapper[Any], str], dict[tuple[Any, ...], _Answer]] = {}

    def alike(
        self,
        mapper: Mapper[Any],
        names: tuple[str, ...],
        wanted: Iterable[tuple[Any, ...]],
        *,
        order: tuple[str, ...] = (),
        lock: bool = False,
    ) -> list[Any]:
        """Read the records whose columns have values, for each of what is `wanted`: a workspace's id, and the values.

        They are the answers to `reading`. Returns all of them.
        """
        columns = tuple(mapper.table.c[name] for name in names)
        query = _reading_many(mapper, (mapper.scope, *columns), order, lock=lock)
        return self.read(mapper, query, reading(mapper, names, order, lock=lock), names, wanted, columns=names)

    def read(  # noqa: PLR0913 - what is asked, what it answers, and for which values
        self,
        mapper: Mapper[Any],
        query: Select[Any],
        answered: Select[Any],
        names: tuple[str, ...],
        wanted: Iterable[tuple[Any, ...]],
        *,
        columns: tuple[str, ...] | None = None,
    ) -> list[Any]:
        """Run a query of `many`, and keep what it finds as the answers to another one with parameters of those names.

        `columns` are those that these parameters are compared with, None where there is more to it.
        """
        keys = list(dict.fromkeys(wanted))
        found: dict[tuple[Any, ...], list[Any]] = {key: [] for key in keys}
        if keys:
            for row in self._connection.execute(query, {_WANTED: _padded(keys)}).mappings():
                place = tuple(row[f"{_KEY}{place}"] for place in range(len(names) + 1))
                found[place].append(mapper.record(row))
        for (workspace_id, *values), records in found.items():
            equal = None if columns is None else dict(zip(columns, values, strict=True))
            answers = self._answers.setdefault((mapper, workspace_id), {})
            answers[_asked(answered, dict(zip(names, values, strict=True)))] = _Answer(records, equal)
        return [record for records in found.values() for record in records]

    def answer(
        self, mapper: Mapper[Any], workspace_id: str, query: Select[Any], values: Mapping[str, Any]
    ) -> list[Any] | None:
        """Return what the query would find in the workspace; None where that is not known."""
        answers = self._answers.get((mapper, workspace_id))
        found = answers.get(_asked(query, values)) if answers else None
        return None if found is None else list(found.records)

    def forget(self, mapper: Mapper[Any], row: Mapping[str, Any]) -> None:
        """Forget what may be different once the row is written."""
        answers = self._answers.get((mapper, row[mapper.scope.name]), {})
        for asked in [asked for asked, answer in answers.items() if answer.is_changed_by(mapper, row)]:
            del answers[asked]


def ahead_on(connection: Connection) -> Ahead | None:
    """Return what was read ahead on the connection; None where nothing was."""
    found: Ahead | None = connection.get_execution_options().get(_OPTION)
    return found


def many(query: Select[Any], keys: Sequence[Column[Any]]) -> Select[Any]:
    """Return the query for all those for whom these columns, the workspace first, have values that are wanted."""
    labelled = [column.label(f"{_KEY}{place}") for place, column in enumerate(keys)]
    wanted: BindParameter[Any] = bindparam(_WANTED, expanding=True)
    return query.add_columns(*labelled).where(tuple_(*keys).in_(wanted))


@cache
def _reading_many(
    mapper: Mapper[Any], keys: tuple[Column[Any], ...], order: tuple[str, ...], *, lock: bool
) -> Select[Any]:
    # By workspace and value first: of two who lock the same rows, one waits for the other and never each for the other.
    query = many(select(mapper.table), keys).order_by(*keys, *(mapper.table.c[name] for name in order))
    return query.with_for_update() if lock else query


def _asked(query: Select[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    return (query, *sorted(values.items()))


def _padded(keys: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the keys, the last one repeated up to a power of two: so there are few texts for the server to know."""
    return keys + keys[-1:] * ((1 << (len(keys) - 1).bit_length()) - len(keys))
