"""What an event leads to, found out before anything is written: several can then be made in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.ports.transaction import Transaction
    from billing.queues import Claim


@dataclass(frozen=True, slots=True)
class Expected:
    """A payment that a change is going to settle: the invoice that it is for, and what Stripe calls it."""

    invoice: str
    stripe_account_id: str
    stripe_object_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written in a workspace. `make` writes it, and says whether there was anything to write.

    It may be called again after a transaction that was rolled back. What is `expected` may be read ahead for several
    changes at once; one that turns out otherwise is made all the same.
    """

    workspace_id: str
    make: Callable[[Transaction], bool]
    expected: tuple[Expected, ...] = ()


# What becomes of an event: it was handled, there was nothing to do (False), or it ends with a change.
Handled: TypeAlias = "bool | Change"


@dataclass(frozen=True, slots=True)
class Ending:
    """A claimed inbox row, the change with which it ends, and the correlation under which that is found."""

    claim: Claim[Any]
    change: Change
    correlation: str


class LeaseLost(Exception):
    """Somebody else holds the row by now: what this worker was about to write must not be."""
