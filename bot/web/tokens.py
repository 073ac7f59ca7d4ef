"""The unguessable part of a client's addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request

_TOKEN: Final = re.compile(r"[A-Za-z0-9_.~-]{1,128}", re.ASCII)


def token_of(request: Request) -> str:
    """Return the token in the address; raises 404 for what cannot be one, which some databases refuse to look up."""
    token = str(request.path_params["token"])
    if not _TOKEN.fullmatch(token):
        raise HTTPException(404)
    return token
