"""What every part of an exchange document is: known fields only, and nothing that changes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(frozen=True, extra="forbid")
