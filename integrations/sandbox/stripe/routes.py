"""Which function serves which operation, and the two that most kinds of object share: retrieve and list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from integrations.sandbox.stripe.books import public
from integrations.sandbox.stripe.listing import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.listing import Filter


class Serve(Protocol):
    """Serves one operation: `ids` are the parts of the path, `params` what the request says, checked."""

    def __call__(self, books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; raises ApiFault."""


@dataclass(frozen=True, slots=True)
class Route:
    """An operation as the published interface names it, `get /v1/charges/{charge}`, and what serves it."""

    operation: str
    serve: Serve

    def match(self, method: str, path: str) -> list[str] | None:
        """Return the ids in the path if this route is the one for it."""
        return ids_in(self.operation, method, path)


def ids_in(operation: str, method: str, path: str) -> list[str] | None:
    """Return the ids in the path of a request for the operation, or None where it is for another."""
    own_method, template = operation.split()
    found = re.fullmatch(re.sub(r"\{\w+\}", r"([^/]+)", template), path)
    return list(found.groups()) if found is not None and own_method == method.lower() else None


def retrieve(operation: str, kind: str) -> Route:
    """Return the route that answers with one object of the account."""

    def serve(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
        del params
        return public(books.get(kind, ids[0], param=operation.rpartition("{")[2].rstrip("}")))

    return Route(operation, serve)


def listed(operation: str, kind: str, filters: Mapping[str, Filter]) -> Route:
    """Return the route that lists the account's objects of a kind."""

    def serve(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
        del ids
        return listing(books, kind, params, filters, operation.split()[1])

    return Route(operation, serve)
