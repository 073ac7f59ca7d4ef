"""Responses as OpenAI writes them, whole and as a stream. Each is held against the package's own types first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from openai.types import responses as sdk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import BaseModel

Json = dict[str, Any]

_EVENTS: Final[dict[str, type[BaseModel]]] = {
    "response.created": sdk.ResponseCreatedEvent,
    "response.in_progress": sdk.ResponseInProgressEvent,
    "response.output_item.added": sdk.ResponseOutputItemAddedEvent,
    "response.content_part.added": sdk.ResponseContentPartAddedEvent,
    "response.output_text.delta": sdk.ResponseTextDeltaEvent,
    "response.output_text.done": sdk.ResponseTextDoneEvent,
    "response.refusal.delta": sdk.ResponseRefusalDeltaEvent,
    "response.refusal.done": sdk.ResponseRefusalDoneEvent,
    "response.content_part.done": sdk.ResponseContentPartDoneEvent,
    "response.function_call_arguments.delta": sdk.ResponseFunctionCallArgumentsDeltaEvent,
    "response.function_call_arguments.done": sdk.ResponseFunctionCallArgumentsDoneEvent,
    "response.output_item.done": sdk.ResponseOutputItemDoneEvent,
    "response.completed": sdk.ResponseCompletedEvent,
    "response.incomplete": sdk.ResponseIncompleteEvent,
    "response.failed": sdk.ResponseFailedEvent,
    "error": sdk.ResponseErrorEvent,
}
_PIECE: Final = 7


def text_item(item_id: str, text: str, status: str = "completed") -> Json:
    """Return a message of the model."""
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return {"id": f"msg_{item_id}", "type": "message", "role": "assistant", "status": status, "content": [part]}


def refusal_item(item_id: str, text: str) -> Json:
    """Return a message that refuses."""
    part = {"type": "refusal", "refusal": text}
    return {"id": f"msg_{item_id}", "type": "message", "role": "assistant", "status": "completed", "content": [part]}


def call_item(item_id: str, name: str, arguments: str, status: str = "completed") -> Json:
    """Return a function call; `arguments` is raw JSON."""
    return {
        "id": f"fc_{item_id}",
        "type": "function_call",
        "call_id": f"call_{item_id}",
        "name": name,
        "arguments": arguments,
        "status": status,
    }


def reasoning_item(item_id: str) -> Json:
    """Return the reasoning that comes before a function call."""
    return {"id": f"rs_{item_id}", "type": "reasoning", "summary": [], "encrypted_content": f"sealed-{item_id}"}


def response(request: Json, number: int, output: Sequence[Json], **changes: Any) -> Json:
    """Return the response to a request, `completed` unless `changes` says otherwise."""
    body: Json = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1773187200,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": request["instructions"],
        "max_output_tokens": request["max_output_tokens"],
        "metadata": {},
        "model": request["model"],
        "output": list(output),
        "parallel_tool_calls": request["parallel_tool_calls"],
        "store": False,
        "temperature": 1.0,
        "tool_choice": request.get("tool_choice", "auto"),
        "tools": request["tools"],
        "top_p": 1.0,
        "usage": usage(100, 20),
        **changes,
    }
    sdk.Response.model_validate(body)
    return body


def usage(tokens_in: int, tokens_out: int) -> Json:
    """Return what a response cost."""
    return {
        "input_tokens": tokens_in,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": tokens_out,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tokens_in + tokens_out,
    }


def stream(whole: Json) -> Iterator[str]:
    """Return the server-sent events of a response, in the order in which OpenAI sends them."""
    for number, event in enumerate(_events(whole)):
        yield sse({**event, "sequence_number": number})


def sse(event: Json) -> str:
    """Return one event as it goes over the wire."""
    _EVENTS[event["type"]].model_validate(event)
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"


def _events(whole: Json) -> Iterator[Json]:
    begun = {key: part for key, part in whole.items() if key != "usage"} | {"status": "in_progress", "output": []}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    for index, item in enumerate(whole["output"]):
        at = {"output_index": index}
        empty: Json = {"content": []} if "content" in item else {"arguments": ""} if "arguments" in item else {}
        yield {"type": "response.output_item.added", **at, "item": {**item, **empty, "status": "in_progress"}}
        yield from _inside(item, {**at, "item_id": item["id"]})
        yield {"type": "response.output_item.done", **at, "item": item}
    yield {"type": f"response.{whole['status']}", "response": whole}


def _inside(item: Json, at: Json) -> Iterator[Json]:
    if item["type"] == "function_call":
        for piece in _pieces(item["arguments"]):
            yield {"type": "response.function_call_arguments.delta", **at, "delta": piece}
        done = {"arguments": item["arguments"], "name": item["name"]}
        yield {"type": "response.function_call_arguments.done", **at, **done}
    for index, part in enumerate(item.get("content", ())):
        place = {**at, "content_index": index}
        field = "text" if part["type"] == "output_text" else "refusal"
        kind = f"response.{part['type']}"
        extra: Json = {"logprobs": []} if field == "text" else {}
        yield {"type": "response.content_part.added", **place, "part": {**part, field: ""}}
        for piece in _pieces(part[field]):
            yield {"type": f"{kind}.delta", **place, "delta": piece, **extra}
        yield {"type": f"{kind}.done", **place, field: part[field], **extra}
        yield {"type": "response.content_part.done", **place, "part": part}


def _pieces(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
