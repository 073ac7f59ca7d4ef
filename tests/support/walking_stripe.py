"""A Stripe elsewhere: Evie has its key, and what it sends to the webhook is the test's to decide."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Barrier
from typing import Any, Final, TypeVar

import httpx2
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send
from stripe import WebhookSignature

from integrations.sandbox.stripe.asgi import asgi_app
from integrations.sandbox.stripe.checkout import Paid
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from tests.support.serving import serving
from tests.support.stripe import a_payer

Json = dict[str, Any]
T = TypeVar("T")

WEBHOOK_SECRET: Final = "whsec_walking"
_PREFIX: Final = "/stripe"
_LOOK_EVERY_SECONDS: Final = 0.05


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class ForeignStripe:
    """A Stripe that tells nobody of anything by itself. Requests for a path that is in `held` wait until it is not."""

    core: SandboxStripe
    held: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def settings(self) -> dict[str, str]:
        """Return the settings that make its own account the business's."""
        return {
            "STRIPE_API_KEY": self.core.settings.api_key,
            "STRIPE_API_BASE": self.core.settings.base_url,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def pay(self, pay_url: str, name: str) -> None:
        """Follow an invoice's pay address to its link, and pay through that."""
        link = httpx2.get(pay_url, trust_env=False).headers["location"]
        assert isinstance(self.core.pay(link.rpartition("/")[2], a_payer(name=name)), Paid)

    def events(self) -> list[bytes]:
        """Return the events that a webhook endpoint would be told of, oldest first."""
        answer = httpx2.get(
            f"{self.core.settings.base_url}/v1/events",
            headers={"Authorization": f"Bearer {self.core.settings.api_key}"},
            trust_env=False,
        )
        return [json.dumps(event).encode() for event in reversed(answer.json()["data"])]


@contextmanager
def foreign_stripe() -> Iterator[ForeignStripe]:
    app = Starlette()
    with serving(app) as url:
        core = SandboxStripe(SandboxSettings(f"{url}{_PREFIX}"), now)
        stripe = ForeignStripe(core)
        answer = asgi_app(core)

        async def in_time(scope: Scope, receive: Receive, send: Send) -> None:
            path = str(scope["path"]).removeprefix(_PREFIX)
            stripe.asked.append(path)
            while path in stripe.held:  # noqa: ASYNC110 - it is let go in another thread
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
            with suppress(ClientDisconnect):
                await answer(scope, receive, send)

        app.mount(_PREFIX, in_time)
        yield stripe
        stripe.held.clear()
        core.close()


def deliver(url: str, body: bytes, secret: str = WEBHOOK_SECRET) -> int:
    """Post an event to the webhook of an installation, signed with the secret; return how it is answered."""
    signature = WebhookSignature.generate_signature_header(body.decode(), secret, int(now().timestamp()))
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return httpx2.post(f"{url}/stripe/webhook", content=body, headers=headers, trust_env=False, timeout=30).status_code


def at_once(task: Callable[..., T], *arguments: Any, times: int = 1) -> list[T]:
    """Call the task with each of the arguments so many times, all at the same moment; return what it returns."""
    calls = arguments * times
    start = Barrier(len(calls))

    def run(argument: Any) -> T:
        start.wait(timeout=10)
        return task(argument)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
