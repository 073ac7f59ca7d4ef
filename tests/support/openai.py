"""A model that says what a script tells it to, behind OpenAI's Responses API over real HTTP."""

from __future__ import annotations

import json
import secrets
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.assistant.model.config import ModelConfig
from tests.support import openai_wire as wire
from tests.support.openai_rules import broken_rules
from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

Json = dict[str, Any]

KEY: Final = "sk-scripted-0123456789"
MODEL: Final = "scripted-model"


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with a text."""

    text: str
    tokens: tuple[int, int] = (100, 20)


@dataclass(frozen=True, slots=True)
class CallTool:
    """Call a function, or several at once with `beside`; `arguments` as text are sent as they are."""

    name: str
    arguments: Mapping[str, Any] | str
    saying: str = ""
    beside: tuple[CallTool, ...] = ()
    tokens: tuple[int, int] = (100, 20)
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer with a refusal."""

    text: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Stop early, in the middle of a text or of a call's arguments."""

    reason: str = "max_output_tokens"
    text: str = ""
    call: CallTool | None = None


@dataclass(frozen=True, slots=True)
class Fail:
    """Answer with an error status; without a Retry-After the wait is made short, so that tests are."""

    status: int
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """Answer 200 with a body that is no response."""

    body: str = '{"id": "resp_1", "output": ['
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Cut:
    """Close a stream in the middle, or end it with an error event or a failed response."""

    after: str
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Hang:
    """Say nothing until the client has gone."""


Step: TypeAlias = Say | CallTool | Refuse | Incomplete | Fail | Broken | Cut | Hang


class ScriptedModel:
    """The script, what was asked of it, and what was wrong with that. `secrets` may be in no request."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.requests: list[Json] = []
        self.secrets = {KEY}
        self.problems: list[str] = []
        self._steps: deque[Step] = deque()

    def expect(self, *steps: Step) -> None:
        """Append to the script: one step for each request, a repeated one included."""
        self._steps.extend(steps)

    def config(self, **changes: Any) -> ModelConfig:
        """Return a configuration that leads here."""
        fields: Json = {"api_key": KEY, "base_url": self.base_url, "model": MODEL, "timeout_seconds": 5.0}
        return ModelConfig(**fields | changes)

    def environment(self) -> dict[str, str]:
        """Return the settings that lead a process here."""
        return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": self.base_url, "OPENAI_MODEL": MODEL}

    def outputs(self, request: int = -1) -> list[Json]:
        """Return the tool results that a request told the model, oldest first."""
        items = self.requests[request]["input"]
        return [json.loads(item["output"]) for item in items if item.get("type") == "function_call_output"]

    def check(self) -> None:
        """Fail if a request was wrong or unexpected, or a step was never asked for."""
        assert self.problems == []
        assert list(self._steps) == [], "the model was not asked often enough"

    async def respond(self, request: Request) -> Response:
        """Answer a request by the next step, or with what is wrong with it."""
        body = await request.json()
        self.requests.append(body)
        problems = broken_rules(body, model=MODEL, secrets=self.secrets)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            problems.append("not our key")
        if not self._steps:
            problems.append("a request that the script does not expect")
        self.problems += problems
        if problems:
            return JSONResponse({"error": {"message": "; ".join(problems), "code": "bad_request"}}, 400)
        return await self._play(self._steps.popleft(), request, body)

    async def _play(self, step: Step, request: Request, body: Json) -> Response:
        match step:
            case Fail():
                wait = {"retry-after-ms": "5"} if step.retry_after is None else {"retry-after": step.retry_after}
                error = {"message": "scripted", "type": "server_error", "code": f"scripted_{step.status}"}
                return JSONResponse({"error": error}, step.status, headers=wait)
            case Broken():
                return Response(step.body, media_type=step.content_type)
            case Hang():
                while (await request.receive())["type"] != "http.disconnect":
                    pass
                return Response(status_code=499)
            case Cut():
                return self._streamed(self._cut(step, body))
        whole = _answer(step, body, len(self.requests))
        return self._streamed(wire.stream(whole)) if body.get("stream") else JSONResponse(whole)

    def _streamed(self, events: Iterator[str]) -> Response:
        return StreamingResponse(events, media_type="text/event-stream")

    def _cut(self, step: Cut, body: Json) -> Iterator[str]:
        number = len(self.requests)
        whole = wire.response(body, number, [wire.text_item(f"{number}", step.after)])
        for event in wire.stream(whole):
            if "output_text.done" in event:
                break
            yield event
        if step.ending == "error":
            yield wire.sse(
                {"type": "error", "code": "server_error", "message": "x", "param": None, "sequence_number": 99}
            )
        elif step.ending == "failed":
            error = {"code": "server_error", "message": "scripted"}
            failed = wire.response(body, number, [], status="failed", error=error)
            yield wire.sse({"type": "response.failed", "response": failed, "sequence_number": 99})
        elif step.ending:
            yield f"event: response.completed\ndata: {step.ending}\n\n"


def _answer(step: Say | CallTool | Refuse | Incomplete, body: Json, number: int) -> Json:
    name = f"{number}"
    match step:
        case Say():
            return wire.response(body, number, [wire.text_item(name, step.text)], usage=wire.usage(*step.tokens))
        case Refuse():
            return wire.response(body, number, [wire.refusal_item(name, step.text)])
        case CallTool():
            return wire.response(body, number, _calls(step, name), usage=wire.usage(*step.tokens))
        case Incomplete():
            output = [wire.text_item(name, step.text, "incomplete")] if step.text else []
            output += [_call(step.call, name, "incomplete")] if step.call else []
            details = {"reason": step.reason}
            return wire.response(body, number, output, status="incomplete", incomplete_details=details)


def _calls(step: CallTool, name: str) -> list[Json]:
    thought = wire.reasoning_item(name)
    spoken = [wire.text_item(name, step.saying)] if step.saying else []
    beside = [_call(other, f"{name}_{position}") for position, other in enumerate(step.beside)]
    return [thought if step.sealed else {**thought, "encrypted_content": None}, *spoken, _call(step, name), *beside]


def _call(step: CallTool, name: str, status: str = "completed") -> Json:
    arguments = step.arguments if isinstance(step.arguments, str) else json.dumps(dict(step.arguments))
    return wire.call_item(name, step.name, arguments, status)


class ModelServer:
    """The scripts that are being played, each under a path of its own: starting a server for each test takes long."""

    def __init__(self) -> None:
        self.base_url = ""
        self._scripts: dict[str, ScriptedModel] = {}

    @contextmanager
    def playing(self) -> Iterator[ScriptedModel]:
        """Play a new script."""
        name = secrets.token_hex(4)
        model = self._scripts[name] = ScriptedModel(f"{self.base_url}/{name}/v1")
        try:
            yield model
        finally:
            del self._scripts[name]

    def app(self) -> Starlette:
        """Return the server."""
        return Starlette(routes=[Route("/{script}/v1/responses", self._respond, methods=["POST"])])

    async def _respond(self, request: Request) -> Response:
        model = self._scripts.get(request.path_params["script"])
        return await model.respond(request) if model else Response(status_code=404)


@pytest.fixture(scope="session")
def model_server() -> Iterator[ModelServer]:
    """The server of all scripted models."""
    server = ModelServer()
    with serving(server.app()) as server.base_url:
        yield server


@pytest.fixture
def scripted_model(model_server: ModelServer) -> Iterator[ScriptedModel]:
    """A model with an empty script; what was wrong with the requests fails the test at its end."""
    with model_server.playing() as model:
        yield model
    model.check()
