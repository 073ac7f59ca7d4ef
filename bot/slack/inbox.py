"""The one thing a listener may do: put what came in into the inbox, before Slack is told that it was taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from billing.correlation import begun
from billing.queues import InboxEvent, Source
from billing.workspaces import AWAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.ports import Clock, Store
    from bot.slack.address import SlackAddress

# Slack's old verification token proves nothing, but it is a secret.
_NEVER_KEPT = frozenset({"token"})


class Inbox:
    """The inbox as Slack's listeners see it. `note` is told what became of each event."""

    def __init__(
        self, store: Store, clock: Clock, nudge: Callable[[], None], note: Callable[[str], None] = lambda _: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._nudge = nudge
        self._note = note

    def put(self, kind: str, key: str, lane: str, body: Mapping[str, Any]) -> None:
        """Store the event, durably, and wake the worker; an event that is there already changes nothing."""
        kept = {name: value for name, value in body.items() if name not in _NEVER_KEPT}
        event = InboxEvent(
            source=Source.SLACK,
            key=key,
            kind=kind,
            lane=lane,
            body=json.dumps(kept).encode(),
            received_at=self._clock(),
            correlation=begun(),
        )
        new = self._store.receive(event)
        self._note("accepted" if new else "duplicate")
        if new:
            self._nudge()

    def stands(self, address: SlackAddress) -> bool | None:
        """Say whether the person is a member of ours (True), or was until Slack changed that (False); else None."""
        workspace = self._store.directory.by_slack_team(address.team)
        if workspace is None:
            return None
        with self._store.transaction(workspace.id) as tx:
            known = {member.slack_user_id for member in tx.people.members()}
        if address.user in known:
            return True
        return False if f"{AWAY}{address.user}" in known else None

    def takes_part(self, address: SlackAddress) -> bool:
        """Say whether Evie is in that conversation already."""
        workspace = self._store.directory.by_slack_team(address.team)
        if workspace is None:
            return False
        with self._store.transaction(workspace.id) as tx:
            return tx.talk.conversation(address.conversation) is not None
