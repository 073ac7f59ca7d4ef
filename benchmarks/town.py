"""A town for fault points: one business with Evie in it, and a Slack, a Stripe and a mail server that count.

What reached somebody outside stands in their own books, whatever became of the process that did it.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx2

from tests.support.mortal import MortalEvie
from tests.support.serving import serving
from tests.support.slack import FakeSlack, slack_app
from tests.support.smtp import ScriptedSmtp, scripted
from tests.support.stage import Stage
from tests.support.walking import slack_settings
from tests.support.walking_slack import Message
from tests.support.walking_stripe import ForeignStripe, foreign_stripe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]

_CHANNEL: Final = "C1"
BUSINESS: Final[Json] = {
    "workspace": {
        "name": "Lantern Row",
        "currency": "AUD",
        "country": "AU",
        "locale": "en_AU",
        "timezone": "Australia/Brisbane",
    },
    "members": [{"name": "Ada", "role": "admin", "slack_user_id": "U1"}],
    "channels": [{"name": "#billing", "slack_channel_id": _CHANNEL}],
    "notifications": [{"event": "payment_succeeded", "channel": "#billing"}],
    "contacts": [{"number": "CON-1", "name": "Nora Quist", "company": "Quist Ferries", "email": "nora@quist.example"}],
    "opportunities": [
        {"number": "OPP-1", "name": "Timetable poster", "contact": "CON-1", "amount": "900000.00", "stage": "proposal"},
    ],
    "automations": [
        {
            "number": "AUT-1",
            "name": "A payment is thanked for and wins the deal",
            "active": True,
            "trigger": "payment_succeeded",
            "actions": [
                {"do": "move_opportunity", "stage": "won"},
                {"do": "email_contact"},
                {"do": "post_message", "channel": "#billing", "text": "{client} paid {invoice}"},
            ],
        },
        {
            "number": "AUT-2",
            "name": "Good morning",
            "active": True,
            "trigger": "scheduled",
            "schedule": "FREQ=DAILY;BYHOUR=9",
            "actions": [{"do": "post_message", "channel": "#billing", "text": "Good morning"}],
        },
    ],
}


@dataclass
class Town:
    """Evie and those whom she deals with."""

    evie: MortalEvie
    slack: FakeSlack
    stripe: ForeignStripe
    post_office: ScriptedSmtp
    told: set[str] = field(default_factory=set)

    def events(self) -> list[tuple[str, bytes]]:
        """Return Stripe's events that were not handed out yet, oldest first."""
        settings = self.stripe.core.settings
        url, key = f"{settings.base_url}/v1/events?limit=100", {"Authorization": f"Bearer {settings.api_key}"}
        listed = reversed(httpx2.get(url, headers=key, trust_env=False).json()["data"])
        new = [(event["id"], json.dumps(event).encode()) for event in listed if event["id"] not in self.told]
        self.told |= {event_id for event_id, _ in new}
        return new

    def thread(self, ts: str) -> list[Message]:
        """Return what Evie has said in a thread."""
        return [Message(post) for post in self.slack.posts if post.get("thread_ts") == ts]

    def mails(self) -> Counter[str]:
        """Return how often the mail server has taken the mail of each id."""
        lines = (line for mail in self.post_office.taken for line in mail.decode(errors="replace").splitlines())
        return Counter(line for line in lines if line.lower().startswith("message-id:"))

    def links_made(self) -> Counter[str]:
        """Return how many payment links Stripe has for each invoice."""
        return Counter(link["metadata"]["evie_invoice"] for link in self._all("payment_link"))

    def paid(self) -> set[str]:
        """Return the invoices for which Stripe has money."""
        taken = [one for one in self._all("payment_intent") if one["status"] == "succeeded"]
        return {one["metadata"]["evie_invoice"] for one in taken}

    def _all(self, kind: str) -> list[Json]:
        with self.stripe.core._ledger() as ledger:  # noqa: SLF001 - Stripe's own books, not what it tells of them
            return list(ledger.books(self.stripe.core.settings.platform).all(kind))

    def posts(self) -> Counter[str]:
        """Return how often each message was posted, by the key that it carries."""
        return Counter(_key(post) for post in self.slack.posts)


def _key(post: Json) -> str:
    mark = post.get("metadata") or {}
    mark = json.loads(mark) if isinstance(mark, str) else mark
    return str(mark.get("event_payload", {}).get("key", post["ts"]))


@contextmanager
def a_town(folder: Path, database_url: str | None, **settings: str) -> Iterator[Town]:
    """Open a town whose business has moved in; Evie's processes are started by whoever needs them."""
    # A caller that dies in the middle of a request is no fault of the servers.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    stage = Stage()
    with ExitStack() as opened:
        stage.url = opened.enter_context(serving(stage))
        slack = FakeSlack(url=stage.url)
        slack.add_user("U1", "Ada", is_owner=True)
        slack.add_channel(_CHANNEL, "billing")
        stage.app = slack_app(slack)
        stripe = opened.enter_context(foreign_stripe())
        smtp = opened.enter_context(scripted())
        outside = {**slack_settings(slack), **stripe.settings(), "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}"}
        evie = opened.enter_context(MortalEvie(folder, database_url, **outside | settings))
        evie.move_in(BUSINESS)
        yield Town(evie, slack, stripe, smtp)
