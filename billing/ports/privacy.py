"""What texts say of one person, found and taken out, wherever in a workspace they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from billing.personal import Mention, Traces


class Privacy(Protocol):
    """The texts of one workspace: what was said, proposed, noted, sent and received."""

    def mentions(self, traces: Traces) -> list[Mention]:
        """Return every text that names the person, as it stands."""

    def wipe(self, traces: Traces, *, invoices: Collection[str]) -> int:
        """Take the words out of every text that names the person and is not on its way, and return how many these are.

        Mails about the `invoices` lose their addresses, whoever they went to.
        """

    def waiting(self, traces: Traces) -> int:
        """Return how many messages that are not done yet name the person."""
