"""Requests to Evie, signed and encoded as Slack does it."""

from __future__ import annotations

import json
import time
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from slack_sdk.signature import SignatureVerifier

Json = dict[str, Any]

SECRET: Final = "a-signing-secret"

_INTERACTIONS: Final = frozenset(
    "block_actions shortcut message_action view_submission view_closed block_suggestion".split()
)


def signed(body: str | bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """Return the headers with which Slack signs a body; `age` seconds ago."""
    timestamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body) or ""
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def encoded(payload: Json) -> tuple[bytes, str]:
    """Return a payload as Slack sends it, with its content type: JSON for events, a form for the rest."""
    if payload.get("type") in _INTERACTIONS:
        return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
    if "command" in payload:
        return urlencode(payload).encode(), "application/x-www-form-urlencoded"
    return json.dumps(payload).encode(), "application/json"


def send(base_url: str, payload: Json | bytes, headers: dict[str, str] | None = None) -> int:
    """Send a request to Evie as Slack does and return the status; `headers` instead of right ones."""
    return sent(base_url, payload, headers)[0]


def sent(base_url: str, payload: Json | bytes, headers: dict[str, str] | None = None) -> tuple[int, Json]:
    """Send a request to Evie as Slack does and return the status and what it was answered."""
    body, kind = (payload, "application/json") if isinstance(payload, bytes) else encoded(payload)
    wanted = {"Content-Type": kind, **(signed(body) if headers is None else headers)}
    request = HttpRequest(f"{base_url}/slack/events", data=body, headers=wanted, method="POST")  # noqa: S310 - http
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
            return int(answer.status), _read(answer.read())
    except HTTPError as error:
        with error:
            return error.code, {}


def _read(answer: bytes) -> Json:
    return dict(json.loads(answer)) if answer.startswith(b"{") else {}
