"""Webhooks: each event posted to the endpoint, signed as Stripe signs, until the endpoint takes it."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final

from stripe import WebhookSignature

from integrations.sandbox.stripe import shapes

if TYPE_CHECKING:
    from billing.ports import Clock
    from integrations.sandbox.stripe.settings import SandboxSettings
    from integrations.sandbox.stripe.state import State

_TIMEOUT_SECONDS: Final = 10
_LOOK_EVERY_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 60 * 60
_MOST_ATTEMPTS: Final = 40
_NO_ANSWER: Final = 0


class Webhooks:
    """Delivers what is due, at once or by a thread of its own."""

    def __init__(self, state: State, settings: SandboxSettings, clock: Clock) -> None:
        self._state = state
        self._settings = settings
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = False
        self._dropping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Deliver in the background until `stop`."""
        self._thread = threading.Thread(target=self._run, name="stripe-sandbox-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the background delivery; what is not delivered stays due."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Say that there may be something new."""
        self._wake.set()

    def drop(self, on: bool) -> None:  # noqa: FBT001 - on or off is all that there is to say
        """Begin an outage, in which nothing is delivered, or end it; what it kept back never arrives by itself.

        The events can be listed all the same, as ones that were not delivered.
        """
        over = self._dropping and not on
        self._dropping = on
        if over:
            with self._state.transaction() as database:
                database.execute("delete from deliveries where not delivered")

    def deliver_pending(self) -> int:
        """Try every event that is not delivered yet, in the order they happened; return how many were taken."""
        return self._try_all("1", ())

    def deliver_due(self) -> int:
        """Try those of them whose wait after a failure is over, and that did not fail too often already."""
        return self._try_all("due <= ? and attempts < ?", (self._now(), _MOST_ATTEMPTS))

    def deliver(self, event_id: str, times: int = 1) -> list[int]:
        """Post one event so many times, delivered or not; return the status of each answer, 0 for none."""
        event = self._event(event_id)
        return [self._post(event) for _ in range(times)]

    def _run(self) -> None:
        while not self._stopping:
            self.deliver_due()
            self._wake.wait(_LOOK_EVERY_SECONDS)
            self._wake.clear()

    def _try_all(self, condition: str, values: tuple[int, ...]) -> int:
        if self._dropping:
            return 0
        query = f"select event from deliveries where not delivered and {condition} order by rowid"  # noqa: S608 - ours
        with self._state.transaction() as database:
            rows = database.execute(query, values).fetchall()
        return sum(self._try(row["event"]) for row in rows)

    def _try(self, event_id: str) -> bool:
        """Post an event and book the outcome: taken, or due again after a wait that doubles each time."""
        event = self._event(event_id)
        taken = 200 <= self._post(event) < 300  # noqa: PLR2004 - what HTTP calls success
        with self._state.transaction() as database:
            if taken:
                database.execute("update deliveries set delivered = 1 where event = ?", (event_id,))
                database.execute(
                    "update objects set body = ? where id = ?",
                    (json.dumps(event | {"pending_webhooks": 0}), event_id),
                )
            else:
                database.execute(
                    "update deliveries set attempts = attempts + 1, due = ? + min(1 << attempts, ?) where event = ?",
                    (self._now(), _LONGEST_WAIT_SECONDS, event_id),
                )
        return taken

    def _event(self, event_id: str) -> dict[str, Any]:
        with self._state.transaction() as database:
            row = database.execute("select body from objects where id = ? and kind = 'event'", (event_id,)).fetchone()
        event: dict[str, Any] = json.loads(row["body"])
        return event

    def _post(self, event: dict[str, Any]) -> int:
        if self._settings.webhook_url is None:
            return _NO_ANSWER
        body = json.dumps(event, indent=2)
        signature = WebhookSignature.generate_signature_header(body, self._settings.webhook_secret, self._now())
        request = urllib.request.Request(  # noqa: S310 - the address is of whoever started the sandbox
            self._settings.webhook_url,
            data=body.encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": signature,
                "User-Agent": f"Stripe/1.0 (sandbox {shapes.sdk_version()})",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return _NO_ANSWER

    def _now(self) -> int:
        return int(self._clock().timestamp())
