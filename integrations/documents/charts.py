"""A chart as a picture: the bars of a card, drawn by the same typesetter that sets the invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.documents.typesetting import Typesetter

# A chat shows a picture 360 points wide; two and a half pixels a point are sharp on every screen.
_PIXELS_AN_INCH: Final = 180


def chart_png(typesetter: Typesetter, drawn: Mapping[str, Any]) -> bytes:
    """Return the picture of `{"title", "bars": [[label, value, share, tone]]}` as PNG, on a ground of its own.

    Raises PrintingFailed.
    """
    [picture] = typesetter.images("chart", {**drawn, "attachment": None}, ppi=_PIXELS_AN_INCH)
    return picture
