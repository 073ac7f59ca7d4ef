"""`/charts/{sealed}.png`: the picture of a chart, for who fetches it for a message.

What is drawn is in the address itself, sealed with this installation's key: nobody can make one up or read one, and
after some weeks it opens nothing any more.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from billing.errors import BillingError
from bot.addresses import CHART

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.site import Site

_SEALED: Final = re.compile(r"[A-Za-z0-9_=-]{1,4000}", re.ASCII)
_LIFETIME_SECONDS: Final = 30 * 24 * 3600


def chart(site: Site, request: Request) -> Response:
    """Show the picture; raises 404 for what was not sealed here, or too long ago."""
    sealed = str(request.path_params["sealed"])
    if site.pictures is None or not _SEALED.fullmatch(sealed):
        raise HTTPException(404)
    try:
        drawn = site.pictures.open(sealed, max_age_seconds=_LIFETIME_SECONDS)
    except BillingError:
        raise HTTPException(404) from None
    if not drawn.startswith(CHART):
        raise HTTPException(404)
    return Response(site.pictures.draw(json.loads(drawn.removeprefix(CHART))), media_type="image/png")
