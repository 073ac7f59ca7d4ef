"""What stands in for what: the local Stripe and mailbox show their pages on this machine only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from billing.errors import ConnectRefused
from bot.application import Application
from bot.bootstrap import build
from bot.settings import load
from bot.standins import Place


@contextmanager
def built(folder: Path, **settings: object) -> Iterator[Application]:
    url = f"sqlite:///{folder / 'evie.db'}"
    app = build(load(_env_file=None, database_url=url, **settings), Place(folder=folder / "sandbox"))
    try:
        yield app
    finally:
        app.close()


@pytest.mark.parametrize("address", [None, "http://localhost:8123", "http://127.0.0.1:9", "http://evie.localhost"])
def test_on_this_machine_the_stand_ins_serve_their_pages(tmp_path: Path, address: str | None) -> None:
    with built(tmp_path, evie_base_url=address) as app:
        assert app.site.mailbox is not None
        assert app.site.stripe_sandbox is not None
        assert app.site.webhook_secrets


def test_at_a_public_address_nobody_reads_the_mailbox_or_pays_with_a_test_card(tmp_path: Path) -> None:
    with built(tmp_path, evie_base_url="https://evie.example") as app:
        assert app.site.mailbox is None
        assert app.site.stripe_sandbox is None
        assert app.site.webhook_secrets == ()
        with pytest.raises(ConnectRefused, match="STRIPE_API_KEY"):
            app.gateways.authorize_url(state="s", redirect_uri="https://evie.example/stripe/callback", business="")


def test_the_sandboxs_webhook_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    with built(tmp_path) as app:
        first = app.site.webhook_secrets
    with built(tmp_path) as app:
        assert app.site.webhook_secrets == first
    assert (tmp_path / "sandbox" / "webhook-secret").stat().st_mode & 0o077 == 0


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    with built(tmp_path) as app:
        app.store.migrate()
        assert app.store.connections() == (0, 1)
        app.close()
        app.close()
        assert app.store.connections() == (0, 0)
