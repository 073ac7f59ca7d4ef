"""What stands on people's screens: a card about an invoice, a page about the whole business."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# What is older has scrolled away, and is not drawn again; whoever opens it again asks again.
REFRESHED: Final = timedelta(days=30)
EVERYTHING: Final = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """Something that is shown. `place` is the front's own name of where, `about` the record's number or EVERYTHING.

    `content` is what the front needs to draw it again.
    """

    workspace_id: str
    place: str
    about: str
    shown_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)
