"""500 requests of Slack's at 20 a second into one `evie serve`, with a model that takes two seconds a turn.

Run as `python -m benchmarks.slack_load [REQUESTS [A_SECOND [MODEL_SECONDS]]]`, or `make load`. Messages, mentions (each
as Slack sends it: as a `message` too), commands, clicks and repetitions; every third one only a model understands.
Prints how long the acknowledgements and the answers took; 1 where one was late, lost or given twice.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx2
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support import openai_wire as wire
from tests.support.openai import ScriptedModel
from tests.support.serving import serving
from tests.support.slack import FakeSlack, slack_app
from tests.support.slack_requests import encoded, signed
from tests.support.slack_sending import BOT
from tests.support.stage import Stage
from tests.support.walking import Evie, is_quiet, slack_settings
from tests.support.workspaces import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

Json = dict[str, Any]

REQUESTS: Final = 500
A_SECOND: Final = 20.0
MODEL_SECONDS: Final = 2.0
MOST_SECONDS_TO_ACK: Final = 0.3
_PEOPLE: Final = 25
_PATIENCE: Final = 180.0
_ODD: Final = "what would grandmother have thought of the colours that we chose in winter, number {}"


class SlowModel(ScriptedModel):
    """A model that thinks for a while and then always says the same."""

    def __init__(self, seconds: float) -> None:
        super().__init__("")
        self.seconds = seconds

    async def respond(self, request: Request) -> Response:
        """Answer after a while."""
        body = await request.json()
        self.requests.append(body)
        await asyncio.sleep(self.seconds)
        whole = wire.response(body, len(self.requests), [wire.text_item(f"{len(self.requests)}", "I do not know.")])
        return self._streamed(wire.stream(whole)) if body.get("stream") else JSONResponse(whole)


@dataclass
class Load:
    """What is sent, and what came of it: seconds to each acknowledgement, and how they were answered."""

    slack: FakeSlack
    url: str
    distinct: int = 0
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def requests(self, count: int) -> Iterator[Json]:
        """Yield that many requests; `distinct` counts those that want an answer of their own."""
        last: Json = {}
        for number in range(count):
            user, kind = f"U{100 + number % _PEOPLE}", number % 6
            if kind in {4, 5}:
                yield last if kind == 4 else self._click(number, user)  # noqa: PLR2004 - one kind of six
                self.distinct += kind == 5  # noqa: PLR2004 - as above
                continue
            last = self._said(number, user, kind)
            self.distinct += kind != 2  # noqa: PLR2004 - the copy of a mention wants none
            yield last

    def _said(self, number: int, user: str, kind: int) -> Json:
        if kind == 0:
            return self.slack.message(_ODD.format(number), channel=f"D{user[1:]}", user=user)
        if kind == 1:
            mention = self.slack.message(f"<@{BOT}> {_ODD.format(number)}", channel="C1", user=user, type="app_mention")
            self._copy = self.slack.event(mention["event"] | {"type": "message"})
            return mention
        if kind == 2:  # noqa: PLR2004 - one kind of six
            return self._copy
        return self.slack.command("show unpaid invoices", user=user)

    def _click(self, number: int, user: str) -> Json:
        card = {"channel": f"D{user[1:]}", "ts": f"{1_600_000_000 + number}.000100", "text": "", "blocks": []}
        return self.slack.click("evie_say_0", "list the opportunities", card, user=user)

    async def send(self, count: int, a_second: float) -> None:
        """Send at a steady pace, whether or not the ones before were answered."""
        limits = httpx2.Limits(max_connections=100)
        async with httpx2.AsyncClient(trust_env=False, timeout=30, limits=limits) as client:
            begun = time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                for number, payload in enumerate(self.requests(count)):
                    await asyncio.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
                    tasks.create_task(self._send(client, payload))

    async def _send(self, client: httpx2.AsyncClient, payload: Json) -> None:
        body, kind = encoded(payload)
        begun = time.perf_counter()
        answer = await client.post(
            f"{self.url}/slack/events", content=body, headers={"Content-Type": kind, **signed(body)}
        )
        self.seconds.append(time.perf_counter() - begun)
        self.statuses[answer.status_code] += 1


@dataclass(frozen=True, slots=True)
class Result:
    """How a load was taken; seconds, and the keys of answers that reached Slack more than once."""

    p50: float
    p99: float
    slowest: float
    refused: int
    wanted: int
    answered: int
    by_model: int
    twice: tuple[str, ...]
    until_quiet: float

    @property
    def whole(self) -> bool:
        """Whether everything was taken and answered once."""
        return not self.refused and not self.twice and self.answered == self.wanted


def run(folder: Path, requests: int, a_second: float, model_seconds: float) -> Result:
    """Start Evie in the folder, send the load, wait until all of it is answered, and return how that went."""
    with ExitStack() as opened:
        stage, model = Stage(), SlowModel(model_seconds)
        slack = FakeSlack(url=opened.enter_context(serving(stage)))
        stage.app = slack_app(slack)
        _furnish(slack)
        app = Starlette(routes=[Route("/v1/responses", model.respond, methods=["POST"])])
        model.base_url = f"{opened.enter_context(serving(app))}/v1"
        evie = opened.enter_context(Evie(folder, **slack_settings(slack), **model.environment()))
        evie.move_in(SMALL)
        evie.serve()
        load = Load(slack, evie.url)
        begun = time.perf_counter()
        asyncio.run(load.send(requests, a_second))
        sent = time.perf_counter()
        evie.until(lambda: is_quiet(evie.url), "everything to be answered", patience=_PATIENCE)
        return _result(load, evie, sent - begun, time.perf_counter() - begun)


def _furnish(slack: FakeSlack) -> None:
    slack.add_channel("C1", "billing")
    for number in range(100, 100 + _PEOPLE):
        slack.add_user(f"U{number}", f"Colleague {number}")


def _result(load: Load, evie: Evie, sending: float, until_quiet: float) -> Result:
    keys = Counter(post["metadata"]["event_payload"]["key"] for post in load.slack.posts if "metadata" in post)
    replies = evie.rows("outbox", kind="reply", state="done")
    return Result(
        p50=statistics.median(load.seconds),
        p99=statistics.quantiles(load.seconds, n=100)[-1],
        slowest=max(load.seconds),
        refused=sum(count for status, count in load.statuses.items() if status != httpx2.codes.OK),
        wanted=load.distinct,
        answered=len(replies),
        by_model=sum(row["payload"]["reply"]["route"] == "model" for row in replies),
        twice=tuple(key for key, count in keys.items() if count > 1),
        until_quiet=until_quiet - sending,
    )


def main(requests: str = str(REQUESTS), a_second: str = str(A_SECOND), seconds: str = str(MODEL_SECONDS)) -> int:
    """Print how it went; 1 where it was not as it has to be."""
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), int(requests), float(a_second), float(seconds))
    print(
        f"acknowledged: p50 {result.p50 * 1000:.0f} ms, p99 {result.p99 * 1000:.0f} ms, slowest {result.slowest:.2f} s"
    )
    counted = f"{result.answered} of {result.wanted} ({result.by_model} by the model)"
    print(f"answered:     {counted}, {len(result.twice)} twice, {result.refused} refused")
    print(f"quiet:        {result.until_quiet:.1f} s after the last request")
    return 0 if result.whole and result.p99 <= MOST_SECONDS_TO_ACK else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
