"""`evie portal`: a new address of a client's portal, and the end of those that are out there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from skills.names import Catalog


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("portal")(portal)


def portal(
    contact: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's number or name: CON-2, Bluebird.")],
    *,
    revoke: Annotated[bool, typer.Option("--revoke", help="End every address that was given away before.")] = False,
) -> None:
    """Give a client's portal a new address; with --revoke, end all the earlier ones instead."""
    from billing.auditing import note, on_behalf_of
    from billing.conversations import SkillCall
    from billing.sharing import close_portal, open_portal
    from bot.cli.opening import opened
    from bot.settings import load
    from bot.speaking import FRONT, only_workspace

    with opened(load()) as application:
        store, now = application.store, application.services.clock()
        with store.transaction(only_workspace(store).id) as tx:
            client = tx.contacts.get(_number(application.services.catalogs.of(tx), contact))
            ended = close_portal(tx, client.number, now=now) if revoke else 0
            token = "" if revoke else open_portal(tx, client.number, now=now)
            deed = SkillCall("revoke_portal" if revoke else "open_portal", {"contact": client.number})
            note(tx, on_behalf_of(tx, "", FRONT), deed, now=now)
        address = application.services.links.portal(token)
    if revoke:
        links = "One address" if ended == 1 else f"{ended or 'No'} addresses"
        sys.stdout.write(f"{links} of {client.label}'s portal ended. “evie portal {client.number}” makes a new one.\n")
    else:
        sys.stdout.write(f"{address}\n")


def _number(catalog: Catalog, said: str) -> str:
    """Return the number of the one client who is meant; raises BadArgument where that is none or several."""
    from billing.errors import BadArgument
    from skills.normalising import which

    exact = catalog.by_number(said.strip().upper())
    fitting = [exact] if exact else list(catalog.search("contact", said))
    if len(fitting) != 1:
        raise BadArgument(which("contact", said, fitting))
    return fitting[0].number
