"""What is done by the clock in every workspace: where one cannot be looked at, the others are due as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from billing.ports import Store, Transaction

_log = structlog.get_logger(__name__)


def in_each(store: Store, workspaces: Iterable[str], do: Callable[[Transaction], object], *, failing: str) -> None:
    """Do it in a transaction of each workspace, by id; one that raises is logged as `failing`, and the rest goes on."""
    for workspace_id in workspaces:
        try:
            with store.transaction(workspace_id) as tx:
                do(tx)
        except Exception:  # noqa: BLE001 - whatever it is, it concerns that workspace alone
            _log.exception(failing, workspace=workspace_id)
