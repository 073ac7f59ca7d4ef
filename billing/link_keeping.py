"""Keeping links in step with Stripe: what ended there ends here, what ended here ends there, and no link is lost.

A link ends at Stripe by itself when its checkout is completed, and by a person in Stripe's dashboard. It stays live
there where nobody could end it: its account was not connected then, or nobody heard that it was made at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.payments import LinkAtStripe

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.payments import PaymentLink
    from billing.ports import PaymentGateway, Transaction

# For so long a link may be in the making: live at Stripe, and not yet on record.
_IN_THE_MAKING: Final = timedelta(hours=1)


def note(tx: Transaction, found: LinkAtStripe) -> bool:
    """End our record of a link that takes no payments at Stripe any more; say whether that was news."""
    known = _record(tx, found)
    if found.active or known is None or not _is_live_as(known, found):
        return False
    tx.links.save(replace(known, active=False))
    return True


def end_leftovers(
    transaction: Callable[[], AbstractContextManager[Transaction]], gateway: PaymentGateway, *, now: datetime
) -> int:
    """Switch off what is live at Stripe and ended here; return how many. Raises what the gateway raises."""
    live = gateway.live_links()
    with transaction() as tx:
        left = [found for found in live if _has_ended(tx, found, now)]
    for found in left:
        gateway.deactivate_payment_link(found.stripe_payment_link_id)
    return len(left)


def end_unheard(gateway: PaymentGateway, unheard: frozenset[str]) -> None:
    """Switch off what an earlier request made at Stripe after all; most often there was none."""
    if unheard:
        for found in gateway.live_links():
            if found.link in unheard:
                gateway.deactivate_payment_link(found.stripe_payment_link_id)


def is_stranded(tx: Transaction, link: PaymentLink) -> bool:
    """Say whether the link was made on an account, or in a mode, that is not the connected one."""
    if link.stripe_payment_link_id is None:
        return False
    connection = tx.connections.active()
    ours = (connection.stripe_account_id, connection.livemode) if connection else None
    return (link.stripe_account_id, link.livemode) != ours


def dead(link: PaymentLink) -> LinkAtStripe:
    """Return the link as one that takes no payments at Stripe any more."""
    return LinkAtStripe(link.stripe_payment_link_id or "", link.id, link.workspace_id, link.invoice, active=False)


def _has_ended(tx: Transaction, found: LinkAtStripe, now: datetime) -> bool:
    """Say whether it is live at Stripe only. A link that is not on record at all may be another installation's."""
    known = _record(tx, found)
    if known is None or _is_live_as(known, found):
        return False
    return known.url is not None or known.created_at < now - _IN_THE_MAKING


def _is_live_as(known: PaymentLink, found: LinkAtStripe) -> bool:
    return known.active and known.stripe_payment_link_id == found.stripe_payment_link_id


def _record(tx: Transaction, found: LinkAtStripe) -> PaymentLink | None:
    if found.workspace_id != tx.workspace_id:
        return None
    return next((link for link in tx.links.of_invoice(found.invoice) if link.id == found.link), None)
