"""Every reason for which a billing request cannot be done, each with the sentence a person gets to read.

A class is a reason; its `code` is public (the reply object carries it), its message says what to do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.wording import Wording

if TYPE_CHECKING:
    from billing.wording import Amount


class BillingError(Exception):
    """A request that cannot be done, for a reason the person can understand.

    It is raised with one sentence with what to do, in parts where amounts are in it: `wording` is how a person reads
    it in their workspace, `user_message` how it reads where no workspace is known. `retryable` says whether the same
    request may succeed later without anything being changed.
    """

    code = "billing_error"
    retryable = False

    def __init__(self, *said: str | Amount, options: tuple[str, ...] = ()) -> None:
        self.wording = Wording(said)
        self.user_message = str(self.wording)
        self.options = options
        super().__init__(self.user_message)


class BadAmount(BillingError):
    """The text is not an amount of the currency."""

    code = "bad_amount"


class BadCurrency(BillingError):
    """No such currency, or one that does not fit the record."""

    code = "bad_currency"


class BadArgument(BillingError):
    """A value that is not of the argument's form; `argument` names the one, where it is known."""

    code = "bad_argument"

    def __init__(self, *said: str | Amount, argument: str = "") -> None:
        super().__init__(*said)
        self.argument = argument


class UnknownRecord(BillingError):
    """Nothing of that name or number exists in this workspace."""

    code = "unknown_record"


class MissingArgument(BillingError):
    """Something needed was not said; `arguments` names it."""

    code = "missing_argument"

    def __init__(self, user_message: str, arguments: tuple[str, ...], *, options: tuple[str, ...] = ()) -> None:
        super().__init__(user_message, options=options)
        self.arguments = arguments


class NotAllowed(BillingError):
    """The person's role does not allow it."""

    code = "not_allowed"


class StripeNotConnected(BillingError):
    """The workspace has no Stripe account yet."""

    code = "stripe_not_connected"


class InvoiceClosed(BillingError):
    """The invoice is paid, refunded or void, so it can no longer change that way."""

    code = "invoice_closed"


class NoLiveLink(BillingError):
    """The invoice has no payment link that could be switched off."""

    code = "no_live_link"


class LinkSwitchedOff(BillingError):
    """A person switched the invoice's payment link off, so none is made without being asked for."""

    code = "link_switched_off"


class PaymentUnderWay(BillingError):
    """What is owed is on its way from the payer's bank, so it is not asked for a second time."""

    code = "payment_under_way"


class ChangedMeanwhile(BillingError):
    """What was asked for no longer fits, because the record changed while it was being done."""

    code = "changed_meanwhile"
    retryable = True


class LastAdmin(BillingError):
    """Nobody would be left who may give roles."""

    code = "last_admin"


class StillNeeded(BillingError):
    """What should be erased is needed for something that has not ended."""

    code = "still_needed"


class NothingToInvoice(BillingError):
    """Nothing is left of the opportunity's value, or it has no value."""

    code = "nothing_to_invoice"


class AmountTooSmall(BillingError):
    """Below what Stripe accepts in that currency."""

    code = "amount_too_small"


class NoRecipient(BillingError):
    """Nobody to send to: the client has no e-mail address."""

    code = "no_recipient"


class CannotRefund(BillingError):
    """There is nothing to give back, or not by us: nothing was paid, it is disputed, or lies in another account."""

    code = "cannot_refund"


class NoSubscription(BillingError):
    """The invoice has no subscription that runs."""

    code = "no_subscription"


class PrintingFailed(BillingError):
    """The document cannot be made, or not in the time that one may take."""

    code = "printing_failed"


class ProposalGone(BillingError):
    """The confirmation is expired, used, dropped or somebody else's."""

    code = "proposal_gone"


class DuplicateRecord(BillingError):
    """A record with that key exists already."""

    code = "duplicate_record"


class ConnectRefused(BillingError):
    """The Stripe connection was denied, replayed, stale, or the account belongs to another workspace."""

    code = "connect_refused"


class ProviderRefused(BillingError):
    """Stripe (or another service) understood the request and said no; repeating it will not help."""

    code = "provider_refused"


class ProviderUnavailable(BillingError):
    """The service did not answer, or not in a way that tells the outcome; trying again is right.

    `retry_after` is how many seconds the service itself asked to be left alone, where it did.
    """

    code = "provider_unavailable"
    retryable = True

    def __init__(self, user_message: str, *, retry_after: float | None = None) -> None:
        super().__init__(user_message)
        self.retry_after = retry_after


class NotYet(ProviderUnavailable):
    """It is not its turn at the service, in `retry_after` seconds it is; nothing of it was sent."""

    code = "not_yet"


class WaitsForPerson(ProviderUnavailable):
    """Somebody has to mend something first, which may take them days; until then trying again is right."""

    code = "waits_for_person"


class StoreUnavailable(Exception):
    """The database is away, or broke something off; the whole of it is to be tried again.

    No BillingError: there is nothing that a person could be told to do, and nothing may take it for an answer.
    """
