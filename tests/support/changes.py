"""Changes made at once, each in a transaction of its own, where a test has no queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.ports import Store
    from billing.ports.changes import Handled


def made(store: Store, handled: Handled) -> bool:
    """Write what an event leads to, as far as there is anything; say whether it was handled."""
    if isinstance(handled, bool):
        return handled
    with store.transaction(handled.workspace_id) as tx:
        return handled.make(tx)
