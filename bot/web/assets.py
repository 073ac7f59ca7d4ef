"""The stylesheet and the icon: served from memory, under an address that changes with what they contain."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

_FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {"evie.css": "text/css", "evie.svg": "image/svg+xml"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOR_NOW: Final = "public, max-age=300"


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def version(name: str) -> str:
    """Return a short digest of the file's content."""
    return sha256(_content(name)).hexdigest()[:12]


def address(name: str) -> str:
    """Return the file's address with its version: a browser may keep what it finds there for ever."""
    return f"/static/{name}?v={version(name)}"


async def asset(request: Request) -> Response:
    """Serve a file of `static/`."""
    name = request.path_params["name"]
    if name not in _TYPES:
        raise HTTPException(404)
    kept = _FOR_EVER if request.query_params.get("v") == version(name) else _FOR_NOW
    return Response(_content(name), media_type=_TYPES[name], headers={"cache-control": kept})
