"""A local Stripe for tests: in this process, and over real HTTP on a free port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from billing.workspaces import StripeConnection
from integrations.sandbox.stripe.asgi import asgi_app
from integrations.sandbox.stripe.cards import Payer, read_payer
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_account import StripeConfig
from tests.support.records import NOW, TODAY, WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from typing import Any

    from starlette.types import ASGIApp, Receive, Scope, Send

    from billing.ports import Clock

GOOD_CARD = "4242424242424242"
DECLINED_CARD = "4000000000000002"
AUTHENTICATED_CARD = "4000002500003155"
WEBHOOK_SECRET = "whsec_for_tests"


@dataclass
class SettableClock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, step: timedelta) -> None:
        self.now += step


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that listens: `config` makes a client of it that goes over HTTP."""

    core: SandboxStripe
    config: StripeConfig


def checkout_form(**changes: str) -> dict[str, str]:
    """What somebody types into the checkout page; with the good card, unless the test says otherwise."""
    typed = {
        "email": "jane@client.example",
        "name": "Jane Client",
        "number": GOOD_CARD,
        "expiry": "12 / 34",
        "cvc": "123",
    }
    return typed | changes


def a_payer(**changes: str) -> Payer:
    """Somebody who pays, with the good card, unless the test says otherwise."""
    return read_payer(checkout_form(**changes), TODAY)


def a_connection(stripe_account_id: str, *, direct: bool = False) -> StripeConnection:
    """The test workspace's connection to that account."""
    return StripeConnection(
        WORKSPACE,
        stripe_account_id,
        livemode=False,
        direct=direct,
        connected_at=NOW,
        connected_by="Alex",
    )


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """Take a free port of this machine, and yield the socket that listens on it with its number."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, int(listener.getsockname()[1])


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serve an ASGI application on the socket."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


class Stage:
    """A server whose application changes from test to test: starting one for each would cost most of their time."""

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/sandbox/stripe"
        self.app: ASGIApp = Starlette()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def running_sandbox(stage: Stage, clock: Clock, **settings: Any) -> Iterator[RunningSandbox]:
    """Put a sandbox on the stage, under a path as in the demo; it is set up with what the test says."""
    core = SandboxStripe(SandboxSettings(stage.base_url, webhook_secret=WEBHOOK_SECRET, **settings), clock)
    stage.app = Starlette(routes=[Mount("/sandbox/stripe", asgi_app(core))])
    yield RunningSandbox(
        core,
        StripeConfig(core.settings.api_key, core.settings.client_id, stage.base_url, stage.base_url),
    )
    core.close()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A server on a port of this machine."""
    with listening() as (listener, port):
        stage = Stage(port)
        with serving(stage, listener):
            yield stage


@pytest.fixture(scope="session")
def visitor() -> Iterator[httpx2.Client]:
    """Somebody's browser, as far as addresses and forms go; it does not follow redirects by itself."""
    with httpx2.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def stripe_clock() -> SettableClock:
    """The sandbox's time."""
    return SettableClock()


@pytest.fixture
def sandbox(stripe_clock: SettableClock) -> Iterator[SandboxStripe]:
    """A sandbox in memory, that nothing but this process reaches."""
    core = SandboxStripe(SandboxSettings("https://sandbox.example/stripe"), stripe_clock)
    yield core
    core.close()


@pytest.fixture
def sandbox_server(stage: Stage, stripe_clock: SettableClock) -> Iterator[RunningSandbox]:
    """A sandbox on a port of this machine."""
    with running_sandbox(stage, stripe_clock) as running:
        yield running
