"""The least that could take Stripe's events: check the signature, insert one row in one transaction, answer.

Run as `python -m benchmarks.load.bare PORT DATABASE_URL SECRET`.
"""

from __future__ import annotations

import hmac
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import uvicorn
from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, Text
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from storage.engine import database_engine

if TYPE_CHECKING:
    from starlette.requests import Request

_EVENTS = Table(
    "bare_events",
    MetaData(),
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("signature", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)


def bare_app(engine: Engine, secret: bytes) -> Starlette:
    """Return the application over a database that already has the table."""

    def insert(signature: str, body: bytes) -> None:
        with engine.begin() as connection:
            connection.execute(_EVENTS.insert().values(signature=signature, body=body))

    async def take(request: Request) -> Response:
        body = await request.body()
        timestamp, _, given = request.headers["stripe-signature"].partition(",v1=")
        expected = hmac.new(secret, timestamp.removeprefix("t=").encode() + b"." + body, sha256).hexdigest()
        if not hmac.compare_digest(expected, given):
            return PlainTextResponse("no", 400)
        await run_in_threadpool(insert, given, body)
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/stripe/webhook", take, methods=["POST"])])


def main(port: str, database_url: str, secret: str) -> None:
    """Serve until the process is ended."""
    engine = database_engine(database_url, busy_seconds=10)
    _EVENTS.create(engine, checkfirst=True)
    uvicorn.run(bare_app(engine, secret.encode()), port=int(port), access_log=False, log_level="error")


if __name__ == "__main__":
    main(*sys.argv[1:])
