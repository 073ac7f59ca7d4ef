"""What most tests of the sandbox ask it through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.sandbox.stripe.in_process import in_process_config

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe


@pytest.fixture
def client(sandbox: SandboxStripe) -> StripeClient:
    """Stripe's own client of the sandbox in this process, with the platform's key."""
    return in_process_config(sandbox).client()
