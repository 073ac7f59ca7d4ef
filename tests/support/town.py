"""A town for fault points: one business with Evie in it, and a Slack, a Stripe and a mail server that count.

What reached somebody outside stands in their own books, whatever became of the process that did it.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
            "confirmed_by": "Ada",
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

    # What people and Stripe do.

    def settle_in(self) -> None:
        """Have everything running, with the first look at what Stripe may have told before behind it."""
        self.evie.be_there()
        yesterday = datetime.now(UTC) - timedelta(days=1)

        def looked() -> bool:
            (connection,) = self.evie.rows("stripe_connections") or [{}]
            at = connection.get("reconciled_at")
            return at is not None and at > yesterday

        self.evie.until(looked, "the first look at Stripe's events")

    def ask(self, text: str, thread: str = "") -> str:
        """Let Ada say something, in a thread of its own unless one is named; return the thread."""
        said = self.slack.message(text, **{"thread_ts": thread} if thread else {})
        self.evie.slack_tells(said)
        return thread or str(said["event"]["ts"])

    def answer(self, thread: str, place: int = 1) -> Message:
        """Wait for the so-manieth of Evie's answers in a thread."""
        return self.evie.until(lambda: self.thread(thread)[place - 1 : place], f"answer {place}")[0]

    def bill_and_pay(self) -> None:
        """Let Ada ask for an invoice with its link, and its client pay; Evie has heard nothing of that yet."""
        thread = self.ask("create a $500 invoice for OPP-1 and make a payment link")
        self.stripe.pay(self.answer(thread).link("Open pay page"), "Nora Quist")

    def hear_of_everything(self) -> None:
        """Let Stripe tell of everything until it is taken, and wait until nothing is left to do."""
        for event_id, body in self.events():
            self.evie.stripe_tells(body, event_id)
        self.evie.until_over()

    # What they have in their books.

    def events(self) -> list[tuple[str, bytes]]:
        """Return Stripe's events that were not handed out yet, oldest first, each with its id."""
        new = self.peek()
        self.told |= {event_id for event_id, _ in new}
        return new

    def peek(self) -> list[tuple[str, bytes]]:
        """Return the events that `events` hands out next."""
        settings = self.stripe.core.settings
        url, key = f"{settings.base_url}/v1/events?limit=100", {"Authorization": f"Bearer {settings.api_key}"}
        listed = reversed(httpx2.get(url, headers=key, trust_env=False).json()["data"])
        return [(event["id"], json.dumps(event).encode()) for event in listed if event["id"] not in self.told]

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
        with self.stripe.core._ledger() as ledger:
            return list(ledger.books(self.stripe.core.settings.platform).all(kind))

    def posts(self) -> Counter[str]:
        """Return how often each message was posted, by the key that it carries."""
        return Counter(_key(post) for post in self.slack.posts)

    def problems(self) -> list[str]:
        """Name what is lost, or is there twice."""
        return [*self._undone(), *self._doubtful_mails(), *self._doubtful_money()]

    def _undone(self) -> Iterator[str]:
        evie = self.evie
        posts = self.posts()
        yield from (f"{key} was posted {times} times" for key, times in posts.items() if times > 1)
        for row in evie.rows("outbox"):
            if row["state"].value != "done":
                yield f"{row['key']} is {row['state'].value}: {row['last_error']}"
            if (
                row["kind"].value in {"reply", "notify", "say"}
                and row["key"] not in posts
                and "left" not in row["receipt"]
            ):
                yield f"{row['key']} was never posted"
        for row in evie.rows("inbox"):
            if row["state"].value not in {"done", "ignored"}:
                yield f"{row['key']} is {row['state'].value}: {row['last_error']}"
        yield from (f"an event was lost: {key}" for key in evie.lost())

    def _doubtful_mails(self) -> Iterator[str]:
        taken = self.mails()
        yield from (f"the mail {mail} was sent {times} times" for mail, times in taken.items() if times > 1)
        rows = self.evie.rows("mails")
        states = Counter(row["state"].value for row in rows)
        # A mail server cannot be asked whether it took a mail: of one that died between it is said that nobody knows.
        if not states["sent"] <= len(taken) <= states["sent"] + states["uncertain"]:
            yield f"{len(taken)} mails were sent; Evie says {dict(states)}"
        if states.keys() - {"sent", "uncertain"}:
            yield f"mails are {dict(states)}"

    def _doubtful_money(self) -> Iterator[str]:
        evie = self.evie
        # What Stripe refused to make stays as the wish that it was.
        links = Counter(row["invoice"] for row in evie.rows("payment_links") if row["stripe_payment_link_id"])
        asked = {row["number"] for row in evie.rows("invoices")}
        yield from (f"{number} has {links[number]} links" for number in sorted(asked) if links[number] != 1)
        made = self.links_made()
        yield from (f"Stripe has {times} links of {number}" for number, times in made.items() if times != 1)
        paid = Counter(row["invoice"] for row in evie.rows("payments", status="succeeded"))
        yield from (f"{number} was paid {times} times" for number, times in paid.items() if times != 1)
        ran = Counter(row["invoice"] for row in evie.rows("automation_runs", automation="AUT-1"))
        if ran != paid or paid.keys() != self.paid():
            yield f"Stripe has money for {len(self.paid())} invoices, {len(paid)} are paid, {len(ran)} started AUT-1"


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
