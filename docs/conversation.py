"""Makes docs/conversation.svg: a real conversation with the demo's studio, drawn by the program that holds it.

Run `python -m docs.conversation` after a change of what Evie says; a test holds the picture against the program.
"""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import MONOKAI

from bot.bootstrap import build
from bot.exchange import load_workspace
from bot.settings import load
from bot.speaking import Speaker, speaker
from bot.standins import Place, connect_sandbox
from bot.studio.seed import studio
from bot.terminal.news import Feed
from bot.terminal.screen import Screen
from integrations.sandbox.stripe.cards import read_payer
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from storage.schema import upgrade

if TYPE_CHECKING:
    from bot.application import Application
    from bot.assistant.reply import Reply

PICTURE = Path(__file__).with_name("conversation.svg")
_NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
_SAID = ("create a 30% deposit invoice for Bluebird, due in two weeks", "send it", "yes")
_PAYER = {
    "email": "imogen@bluebird.example",
    "number": "4242 4242 4242 4242",
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Imogen Hale",
}


def picture() -> str:
    """Hold the conversation and return it as SVG."""
    console = Console(record=True, width=86, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory() as folder:
        _converse(Screen(console), Path(folder))
    drawn = console.export_svg(title="Evie", theme=MONOKAI, unique_id="evie")
    # The reader's own monospaced font serves: a picture in a README fetches none from elsewhere.
    return re.sub(r"\s*(<!--.*?-->|@font-face \{.*?\})", "", drawn, flags=re.DOTALL)


def _converse(screen: Screen, folder: Path) -> None:
    sandbox = SandboxStripe(SandboxSettings("http://localhost:8000/sandbox/stripe", folder / "stripe.db"), _clock)
    settings = load(_env_file=None, database_url=f"sqlite:///{folder / 'evie.db'}")
    app = build(settings, Place(folder=folder), _clock)
    upgrade(app.store.engine)
    try:
        workspace = load_workspace(app.store, studio(date(2026, 11, 23)), _NOW)
        connect_sandbox(app.store, sandbox, workspace, _clock)
        feed = Feed(app.store, workspace.id, "picture")
        who = speaker(app.store, app.assistant, workspace)
        _say_all(screen, who)
        _pay(app, sandbox, who)
        for post in feed.new():
            screen.post(post)
    finally:
        app.close()
        sandbox.close()


def _say_all(screen: Screen, who: Speaker) -> None:
    for sentence in _SAID:
        screen.echo(sentence)
        screen.reply(_without_addresses(who.say("picture", sentence)))


def _without_addresses(reply: Reply) -> Reply:
    """Return the reply without links to open: their tokens are new each time, and the picture is not."""
    cards = tuple(
        replace(
            card,
            buttons=tuple(button for button in card.buttons if button.url is None),
            fields=tuple(field for field in card.fields if "://" not in field.value),
        )
        for card in reply.cards
    )
    return replace(reply, cards=cards)


def _pay(app: Application, sandbox: SandboxStripe, who: Speaker) -> None:
    """Pay as the client does on the checkout page, and let the news of it come back."""
    with app.store.transaction(who.actor.workspace_id) as tx:
        link = tx.links.all_active()[-1]
    sandbox.pay(str(link.stripe_payment_link_id), read_payer(_PAYER, _NOW.date()))
    who.say("elsewhere", f"sync {link.invoice}")
    app.worker.drain()


def _clock() -> datetime:
    return _NOW


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
