"""One question to OpenAI's Responses API, and its answer read with suspicion: it is input like any other."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, Final

from openai import APIConnectionError, APIStatusError, APITimeoutError, DefaultHttpxClient, OpenAI, OpenAIError
from pydantic import BaseModel, Field, ValidationError

from billing.watching import OK, unwatched
from bot.assistant.model.answer import NoAnswer, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from billing.watching import Watch
    from bot.assistant.model.config import ModelConfig

_OPENAI: Final = "https://api.openai.com/v1"
_LONGEST_WAIT_SECONDS: Final = 10
_COMPLETED: Final = "completed"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function call as the model wrote it; `arguments` is its raw JSON."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Output:
    """One answer. `echo` are the input items that repeat it in the next question. `cut_off` says why it ended early."""

    text: str
    refusal: str
    tool_calls: tuple[ToolCall, ...]
    echo: tuple[dict[str, Any], ...]
    usage: Usage
    cut_off: str = ""


class Responder:
    """The Responses API of one account. Safe to share between threads; `close` it at the end."""

    def __init__(self, config: ModelConfig, watch: Watch = unwatched) -> None:
        self._watch = watch
        # Without an address of its own the package would read the environment for one.
        self._client = OpenAI(
            api_key=config.api_key,
            base_url=config.base_url or _OPENAI,
            timeout=config.timeout_seconds,
            max_retries=config.max_retries,
            http_client=DefaultHttpxClient(
                timeout=config.timeout_seconds,
                event_hooks={"response": [_refuse_long_waits]},
            ),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def check(self, model: str) -> None:
        """Ask for nothing but the model's card; raises NoAnswer."""
        try:
            self._client.models.retrieve(model)
        except OpenAIError as error:
            raise NoAnswer(_reason(error)) from error
        except (JSONDecodeError, UnicodeDecodeError, ValidationError) as error:
            raise NoAnswer("the answer cannot be read") from error

    def ask(self, question: dict[str, Any], on_text: Callable[[str], None] | None) -> Output:
        """Send a request body and read the answer; with `on_text` it is streamed, and gets each piece of text.

        Raises NoAnswer once the package's own retries (time-out, connection, 429, 5xx) are used up, at once for
        any other refusal, and for an answer that is not one.
        """
        with self._watch("model", "responses") as call:
            call.result = "no_answer"
            try:
                body = self._whole(question) if on_text is None else self._streamed(question, on_text)
                output = _read(_Body.model_validate(body))
            except OpenAIError as error:
                call.facts["reason"] = _reason(error)
                raise NoAnswer(_reason(error)) from error
            except (JSONDecodeError, UnicodeDecodeError, ValidationError) as error:
                raise NoAnswer("the answer cannot be read") from error
            call.result = OK
            call.amounts |= {"input": output.usage.input_tokens, "output": output.usage.output_tokens}
            return output

    def _whole(self, question: dict[str, Any]) -> dict[str, Any]:
        return _plain(self._client.responses.create(**question))

    def _streamed(self, question: dict[str, Any], on_text: Callable[[str], None]) -> dict[str, Any]:
        items: list[dict[str, Any]] = []
        with self._client.responses.create(**question, stream=True) as events:
            for event in events:
                if event.type == "response.output_text.delta":
                    on_text(event.delta)
                elif event.type == "response.output_item.done":
                    items.append(_plain(event.item))
                elif event.type in {"response.completed", "response.incomplete", "response.failed"}:
                    # The finished items are the whole truth: a provider may leave them out of its last event.
                    return {**_plain(event.response), "output": items}
                elif event.type == "error":
                    raise NoAnswer(f"the stream ended with {event.code}")
        raise NoAnswer("the stream ended too early")


def _refuse_long_waits(response: httpx2.Response) -> None:
    """Stop the package from sleeping up to two minutes on a Retry-After while a person waits for an answer."""
    with contextlib.suppress(ValueError):
        if float(response.headers.get("retry-after", "0")) > _LONGEST_WAIT_SECONDS:
            response.headers["x-should-retry"] = "false"


def _reason(error: OpenAIError) -> str:
    if isinstance(error, APITimeoutError):
        return "time-out"
    if isinstance(error, APIConnectionError):
        return "no connection"
    if isinstance(error, APIStatusError):
        return f"status {error.status_code} {error.code or ''} (request {error.request_id or 'unknown'})"
    return type(error).__name__


class _Part(BaseModel):
    type: str
    text: str | None = None
    refusal: str | None = None


class _Item(BaseModel):
    type: str
    id: str | None = None
    content: list[_Part] | None = None
    phase: str | None = None
    call_id: str = ""
    name: str = ""
    arguments: str = ""
    summary: list[dict[str, Any]] = Field(default_factory=list)
    encrypted_content: str | None = None

    def said(self, part_type: str) -> str:
        parts = self.content or []
        return "".join(part.text or part.refusal or "" for part in parts if part.type == part_type)


class _Tokens(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0


class _Failure(BaseModel):
    code: str | None = None


class _Early(BaseModel):
    reason: str | None = None


class _Body(BaseModel):
    status: str | None = None
    output: list[_Item]
    usage: _Tokens | None = None
    incomplete_details: _Early | None = None
    error: _Failure | None = None


def _plain(value: object) -> dict[str, Any]:
    # The package builds its models unchecked, and hands over a page that is not JSON as a string.
    if not isinstance(value, BaseModel):
        raise NoAnswer("the answer is not a response")
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)


def _read(body: _Body) -> Output:
    if body.status not in {_COMPLETED, "incomplete", None}:
        raise NoAnswer(f"the response is {body.status}: {body.error.code if body.error else 'no reason given'}")
    messages = [item for item in body.output if item.type == "message"]
    answers = [item for item in messages if item.phase != "commentary"] or messages
    calls = [item for item in body.output if item.type == "function_call"]
    tokens = body.usage or _Tokens()
    early = body.incomplete_details.reason if body.incomplete_details else None
    return Output(
        text="\n\n".join(filter(None, (item.said("output_text").strip() for item in answers))),
        refusal=" ".join(filter(None, (item.said("refusal").strip() for item in messages))),
        tool_calls=tuple(ToolCall(item.call_id, item.name, item.arguments) for item in calls),
        echo=tuple(echoed for item in body.output if (echoed := _echo(item))),
        usage=Usage(1, tokens.input_tokens, tokens.output_tokens),
        cut_off=(early or "unknown") if body.status == "incomplete" else "",
    )


def _echo(item: _Item) -> dict[str, Any] | None:
    """Return the item for the next question's input, or None. Nothing is stored at OpenAI, so no id is referred to."""
    if item.type == "function_call":
        return {"type": item.type, "call_id": item.call_id, "name": item.name, "arguments": item.arguments}
    if item.type == "reasoning" and item.encrypted_content:
        return {
            "type": item.type,
            "id": item.id,
            "summary": item.summary,
            "encrypted_content": item.encrypted_content,
        }
    if item.type == "message" and item.said("output_text"):
        phase = {"phase": item.phase} if item.phase else {}
        return {"role": "assistant", "content": item.said("output_text"), **phase}
    return None
