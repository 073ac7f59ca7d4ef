"""What cannot leave before somebody mends it, for the pages of the business: the chat cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.workspaces import Workspace
    from bot.web.site import Site


def held_up(site: Site, workspace: Workspace) -> str:
    """Return what waits for somebody, since when and for what; "" where nothing does."""
    found = site.services.store.unfinished.held_up(workspace.id)
    if found is None:
        return ""
    waits = "1 message for the chat waits" if found.count == 1 else f"{found.count} messages for the chat wait"
    since = site.formats_for(workspace).moment(found.since)
    return f"{waits} since {since}. {found.reason} Nothing is lost: they follow by themselves then."
