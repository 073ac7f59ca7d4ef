"""The reply object: one request's calls and the words for the person. Its JSON is public."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

from skills.cards import Card  # noqa: TC001 - pydantic reads the annotation at run time

Status = Literal["done", "needs_confirmation", "failed", "refused"]


@dataclass(frozen=True, slots=True)
class CallReport:
    """One call as it ended. `error` is {"code", "message"} where `status` is `failed` or `refused`."""

    skill: str
    arguments: dict[str, Any]
    status: Status
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Clarify:
    """A question back: about which skill, which arguments are missing, and the records to choose from."""

    skill: str
    missing: tuple[str, ...]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What Evie answers. `cards` are drawn by the front; `reply` alone reads well without them."""

    conversation: str
    reply: str
    calls: tuple[CallReport, ...] = ()
    clarify: Clarify | None = None
    declined: bool = False
    route: Literal["rules", "model"] = "rules"
    cards: tuple[Card, ...] = ()
    error: bool = field(default=False)

    @property
    def proposals(self) -> frozenset[str]:
        """The ids of the proposals whose cards this shows."""
        return frozenset(button.confirm for card in self.cards for button in card.buttons if button.confirm)

    def public(self) -> dict[str, Any]:
        """Return the JSON of the contract: everything but what only a front needs."""
        data: dict[str, Any] = _ADAPTER.dump_python(self, mode="json", exclude={"cards", "error"})
        return {key: data[key] for key in ("conversation", "calls", "clarify", "declined", "reply", "route")}

    def stored(self) -> dict[str, Any]:
        """Return the whole reply as JSON, for an outbox row."""
        data: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return data

    @staticmethod
    def restored(data: object) -> Reply:
        """Read what `stored` returned."""
        return _ADAPTER.validate_python(data)


_ADAPTER = TypeAdapter(Reply)
