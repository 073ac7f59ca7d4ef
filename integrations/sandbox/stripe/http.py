"""A request and its answer, whichever way they travel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. `headers` have lower-case names; `path` has no prefix of where the sandbox is mounted."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def encoded(self) -> str:
        """The parameters, form-encoded: in the address of a GET, in the body of a POST."""
        return self.body.decode(errors="replace") if self.method == "POST" else self.query

    def fields(self) -> dict[str, str]:
        """Return the fields of a page's form, the last of each name."""
        return dict(parse_qsl(self.encoded, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """What goes out."""

    status: int
    headers: dict[str, str]
    body: bytes


def as_json(status: int, body: Mapping[str, Any], **headers: str) -> Response:
    """Return a JSON answer; a header's name is written with underscores."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Response(status, {"Content-Type": "application/json", **named}, json.dumps(body).encode())


def redirect(url: str) -> Response:
    """Return an answer that sends the browser on, by GET."""
    return Response(303, {"Location": url, "Cache-Control": "no-store"}, b"")
