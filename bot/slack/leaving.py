"""Evie is taken out of a Slack workspace: its tokens are worth nothing from then on, and nothing is posted there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.slack.tokens import mark_of
from bot.slack.waiting import alert_of_silence

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Store
    from billing.workspaces import Workspace

_REMOVED: Final = "The Slack app was removed from the workspace, or its token was revoked. Install it again."
_log = structlog.get_logger(__name__)


def end_installation(store: Store, workspace: Workspace, at: datetime) -> None:
    """Mark the installation as ended at that time, unless it is a newer one than what was ended."""
    with store.transaction(workspace.id) as tx:
        found = tx.installations.current(lock=True)
        # Slack tells the end in its own time: by then Evie may have been installed again.
        if found is None or found.ended_at is not None or at < found.installed_at:
            return
        tx.installations.save(replace(found, ended_at=at))
        alert_of_silence(tx, workspace, mark_of(found), _REMOVED)
    _log.info("slack_installation_ended", workspace=workspace.id)
