"""What payments of invoices will look at, as `billing.settling` does: read ahead for all payments of a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing.automations import Trigger
from billing.screens import EVERYTHING
from storage import mappers
from storage.ahead import Ahead
from storage.automations import LISTENING, listening, listening_many
from storage.screens import ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from billing.ports.changes import Change


def read_ahead(connection: Connection, changes: Sequence[Change]) -> None:
    """Lock the invoices that the changes expect, in one order, and read what is looked at for each of them.

    What is left out or is not as expected costs a statement of its own, and nothing else.
    """
    paid = [(change.workspace_id, each) for change in changes for each in change.expected]
    invoices = [(workspace_id, each.invoice) for workspace_id, each in paid]
    objects = [(workspace_id, each.stripe_account_id, each.stripe_object_id) for workspace_id, each in paid]
    subjects = [(workspace_id, about) for workspace_id, each in paid for about in (each.invoice, EVERYTHING)]
    whose: list[tuple[Any, ...]] = [(workspace_id,) for workspace_id, _ in paid]
    ahead = Ahead(connection)
    locked = ahead.alike(mappers.INVOICE, ("number",), invoices, lock=True)
    deals = [(one.workspace_id, one.opportunity) for one in locked]
    ahead.alike(mappers.PAYMENT, ("invoice",), invoices, order=("occurred_at", "position"))
    ahead.alike(mappers.PAYMENT, ("stripe_account_id", "stripe_object_id"), objects)
    ahead.alike(mappers.LINK, ("invoice", "active"), [(*invoice, True) for invoice in invoices])
    ahead.alike(mappers.WORKSPACE, (), whose)
    ahead.alike(mappers.ROUTE, (), whose, order=("event",))
    ahead.alike(mappers.DEAL_ROUTE, ("opportunity",), deals)
    ahead.alike(mappers.SCREEN, ("about",), subjects, order=ORDER)
    heard = [(*one, Trigger.PAYMENT_SUCCEEDED) for one in whose]
    ahead.read(mappers.AUTOMATION, listening_many(), listening(), LISTENING, heard)
