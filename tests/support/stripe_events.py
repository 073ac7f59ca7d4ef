"""What a sandbox has told of: its events, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.stripe_api import get, read

if TYPE_CHECKING:
    from integrations.sandbox.stripe.sandbox import SandboxStripe


def told(sandbox: SandboxStripe, query: str = "") -> list[dict[str, Any]]:
    """Return the events of the platform's own account, at most the newest hundred."""
    listed: list[dict[str, Any]] = read(get(sandbox, "/v1/events", f"limit=100&{query}"))["data"]
    return listed[::-1]
