"""A Slack over real HTTP: the Web API's methods that Evie calls, response URLs, and what Slack sends to Evie."""

from __future__ import annotations

import asyncio
import json
import threading
from base64 import b64encode
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.slack.config import SlackConfig
from tests.support.serving import serving
from tests.support.slack_rates import Rates
from tests.support.slack_requests import SECRET
from tests.support.slack_rules import message_refusal, refusal
from tests.support.slack_sending import BOT, TEAM
from tests.support.slack_streams import Streams
from tests.support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.requests import Request

Json = dict[str, Any]

TOKEN: Final = "xoxb-fake-0123456789"
CLIENT_ID: Final = "111.222"
CLIENT_SECRET: Final = "client-secret"
APP_TOKEN: Final = "xapp-fake-0123456789"


@dataclass(frozen=True)
class Fault:
    """How a call goes wrong. `cut`: it is carried out, but the answer never arrives."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    cut: bool = False


@dataclass
class FakeSlack(Streams):
    """A workspace of Slack's, and what Evie did in it. `url` is where it listens.

    `delays` says for how many seconds a call of a method waits before it is carried out, `begun` which have come,
    and `meanwhile` what happens once while a call of a method is on its way. `rates` refuses what comes too fast.
    """

    socket_url: str = ""
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Json] = field(default_factory=dict)
    ephemerals: list[Json] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    responses: list[Json] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    expired_urls: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    organisation: str | None = None
    teams: list[str] = field(default_factory=lambda: [TEAM])
    grants: dict[str, Json] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)
    _faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def config(self) -> SlackConfig:
        """What Evie needs to know to use this Slack."""
        return SlackConfig(bot_token=TOKEN, signing_secret=SECRET, api_base_url=f"{self.url}/api")

    @property
    def installable(self) -> SlackConfig:
        """What Evie needs to know to be installed in this Slack by OAuth."""
        return SlackConfig(
            signing_secret=SECRET,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            api_base_url=f"{self.url}/api",
        )

    def add_user(self, user: str, name: str, **flags: Any) -> None:
        profile = {"display_name": name, "real_name": name}
        self.users[user] = {"id": user, "team_id": TEAM, "name": name.lower(), "profile": profile} | flags

    def add_channel(self, channel: str, name: str, **flags: Any) -> None:
        self.channels[channel] = {"id": channel, "name": name, "is_member": True, "is_archived": False} | flags

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method go wrong, one after the other."""
        self._faults[method].extend(faults)

    def called(self, method: str) -> list[Json]:
        """Return the arguments of every call of a method that Slack accepted or refused."""
        return [arguments for name, arguments in self.calls if name == method]

    # The Web API.

    def answer(self, method: str, token: str, arguments: Json) -> Response:
        with self._lock:
            self.calls.append((method, arguments))
            fault = self._faults[method].popleft() if self._faults[method] else None
            if fault is not None and not fault.cut:
                return _faulty(fault)
            pause = self.rates.pause(method, arguments)
            if pause is not None:
                return _faulty(Fault(error="ratelimited", status=429, retry_after=pause))
            result = self._result(method, token, arguments)
        if fault is not None:
            return StreamingResponse(_cut(), headers={"content-length": "1000"})
        return JSONResponse(result)

    def _result(self, method: str, token: str, arguments: Json) -> Json:
        if not self._lets_in(method, token):
            return {"ok": False, "error": "invalid_auth"}
        error = refusal(method, arguments) or self._unreachable(method, arguments)
        if error:
            return {"ok": False, "error": error}
        name = "_" + method.replace(".", "_")
        result: Json = getattr(self, name)(arguments)
        return {"ok": "error" not in result} | result

    def _lets_in(self, method: str, token: str) -> bool:
        if method == "oauth.v2.access":
            return token == f"Basic {b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()}"
        known = {APP_TOKEN} if method.startswith("apps.") else self.tokens
        return token.removeprefix("Bearer ") in known

    def _unreachable(self, method: str, arguments: Json) -> str | None:
        name = arguments.get("channel") or arguments.get("channel_id")
        if name is None or name.startswith("D") or method == "conversations.info":
            return None
        if name.startswith("U") and method == "chat.postMessage":
            return None
        channel = self.channels.get(name)
        if channel is None:
            return "channel_not_found"
        if channel["is_archived"]:
            return "is_archived"
        return None if channel["is_member"] else "not_in_channel"

    def _auth_test(self, _: Json) -> Json:
        return {"team_id": TEAM, "team": "Lantern Studio", "user_id": BOT, "bot_id": "B0EVIE"}

    def grant(self, code: str, **changes: Any) -> None:
        """Let a code (or a refresh token) be redeemed once, for a token that works from then on."""
        self.grants[code] = {
            "app_id": "A0EVIE",
            "access_token": f"xoxb-of-{code}",
            "token_type": "bot",
            "scope": "chat:write,users:read",
            "bot_user_id": BOT,
            "team": {"id": TEAM, "name": "Lantern Studio"},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": "U1"},
        } | changes

    def _oauth_v2_access(self, arguments: Json) -> Json:
        granted = self.grants.pop(arguments.get("code") or arguments.get("refresh_token") or "", None)
        if granted is None:
            return {"error": "invalid_refresh_token" if "refresh_token" in arguments else "invalid_code"}
        self.tokens.add(granted["access_token"])
        return granted

    def _auth_teams_list(self, arguments: Json) -> Json:
        """One team a page, so that whoever forgets the cursor misses the second."""
        start = int(arguments.get("cursor") or 0)
        following = str(start + 1) if start + 1 < len(self.teams) else ""
        found = [{"id": team, "name": "Lantern Studio"} for team in self.teams[start : start + 1]]
        return {"teams": found, "response_metadata": {"next_cursor": following}}

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": self.socket_url}

    def _users_info(self, arguments: Json) -> Json:
        user = self.users.get(arguments["user"])
        return {"user": user} if user else {"error": "user_not_found"}

    def _conversations_list(self, arguments: Json) -> Json:
        """Two channels a page, so that whoever forgets the cursor misses the third."""
        if self.organisation and "team_id" not in arguments:
            return {"error": "missing_argument"}
        start = int(arguments.get("cursor") or 0)
        listed = [channel for channel in self.channels.values() if not channel["is_archived"]]
        following = str(start + 2) if start + 2 < len(listed) else ""
        return {"channels": listed[start : start + 2], "response_metadata": {"next_cursor": following}}

    def _conversations_info(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        return {"channel": channel} if channel else {"error": "channel_not_found"}

    def _conversations_open(self, arguments: Json) -> Json:
        user = arguments["users"]
        return {"channel": {"id": f"D{user[1:]}"}} if user in self.users else {"error": "user_not_found"}

    def _conversations_history(self, arguments: Json) -> Json:
        roots = [post for post in self.posts if post["channel"] == arguments["channel"] and "thread_ts" not in post]
        return _page(roots[::-1], arguments)

    def _conversations_replies(self, arguments: Json) -> Json:
        thread = [post for post in self.posts if arguments["ts"] in {post["ts"], post.get("thread_ts")}]
        return _page([post for post in thread if post["channel"] == arguments["channel"]], arguments)

    def _chat_postMessage(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        channel = arguments["channel"]
        post = arguments | {"channel": f"D{channel[1:]}" if channel.startswith("U") else channel, "ts": self.next_ts()}
        self.posts.append(post)
        return {"channel": post["channel"], "ts": post["ts"], "message": post}

    def _chat_postEphemeral(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        shown = arguments | {"message_ts": self.next_ts()}
        self.ephemerals.append(shown)
        return {"message_ts": shown["message_ts"]}

    def _chat_update(self, arguments: Json) -> Json:
        if not any((post["channel"], post["ts"]) == (arguments["channel"], arguments["ts"]) for post in self.posts):
            return {"error": "message_not_found"}
        conflict = self._rewritten(arguments)
        if conflict:
            return {"error": conflict}
        self.updates.append(arguments)
        return {"channel": arguments["channel"], "ts": arguments["ts"], "text": arguments["text"]}

    def _assistant_threads_setStatus(self, _: Json) -> Json:  # noqa: N802 - Slack's name
        return {}

    def _assistant_threads_setTitle(self, _: Json) -> Json:  # noqa: N802 - Slack's name
        return {}

    def _assistant_threads_setSuggestedPrompts(self, _: Json) -> Json:  # noqa: N802 - Slack's name
        return {}

    def respond(self, address: str, message: Json) -> Response:
        """Take what is sent to a response URL."""
        if address in self.expired_urls:
            return PlainTextResponse("expired_url", 404)
        error = message_refusal(message)
        if error:
            return PlainTextResponse(error, 400)
        self.responses.append(message)
        return PlainTextResponse("ok")


def _page(posts: list[Json], arguments: Json) -> Json:
    """Return a page of what is younger than `oldest`; a thread's own first message is always among it."""
    oldest, start, limit = float(arguments.get("oldest") or 0), int(arguments.get("cursor") or 0), arguments["limit"]
    young = [post for post in posts if float(post["ts"]) > oldest or post["ts"] == arguments.get("ts")]
    end = start + min(int(limit), 999)
    return {
        "messages": young[start:end],
        "response_metadata": {"next_cursor": str(end) if end < len(young) else ""},
    }


def _faulty(fault: Fault) -> Response:
    headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    if fault.error:
        return JSONResponse({"ok": False, "error": fault.error}, fault.status, headers)
    return PlainTextResponse("<html>Sorry!</html>", fault.status, headers)


async def _cut() -> AsyncIterator[bytes]:
    """Yield the beginning of an answer; the connection ends before the rest."""
    yield b'{"ok": tr'


def slack_app(slack: FakeSlack) -> Starlette:
    """Return the fake as a web application."""

    async def method(request: Request) -> Response:
        body = (await request.body()).decode()
        is_json = request.headers.get("content-type", "").startswith("application/json")
        arguments = (json.loads(body) if is_json and body else dict(parse_qsl(body))) | dict(request.query_params)
        name = request.path_params["method"]
        slack.begun.append(name)
        if happens := slack.meanwhile.pop(name, None):
            await asyncio.to_thread(happens)
        await asyncio.sleep(slack.delays.get(name, 0))
        return slack.answer(name, request.headers.get("authorization", ""), arguments)

    async def respond(request: Request) -> Response:
        return slack.respond(str(request.url), await request.json())

    return Starlette(
        routes=[
            Route("/api/{method}", method, methods=["POST", "GET"]),
            Route("/response/{number}", respond, methods=["POST"]),
        ],
    )


@pytest.fixture(scope="module")
def slack_stage() -> Iterator[Stage]:
    """Where the fake Slack of each test listens."""
    stage = Stage()
    with serving(stage) as stage.url:
        yield stage


@pytest.fixture
def slack(slack_stage: Stage) -> FakeSlack:
    """A Slack with three channels and the people of a studio."""
    fake = FakeSlack(url=slack_stage.url)
    fake.add_user("U1", "Ada", is_owner=True)
    fake.add_user("U2", "Sam")
    fake.add_user("U0GUEST", "Gil", is_restricted=True)
    fake.add_user("U0OTHER", "Ola", team_id="T0OTHER", is_stranger=True)
    fake.add_user("U0BOT", "Robo", is_bot=True)
    fake.add_channel("C1", "billing")
    fake.add_channel("C2", "elsewhere", is_member=False)
    fake.add_channel("C3", "ops")
    slack_stage.app = slack_app(fake)
    return fake
