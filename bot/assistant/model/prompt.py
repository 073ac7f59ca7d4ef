"""What the model is told: the policy and the day as instructions, the conversation and its records as input."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.assistant.model import feedback
from bot.assistant.model.talking import talking_tools
from skills.schema import tools

if TYPE_CHECKING:
    from billing.conversations import SkillCall, Turn
    from bot.assistant.model.answer import Inquiry
    from bot.assistant.model.config import ModelConfig

Item = dict[str, Any]


def request(inquiry: Inquiry, config: ModelConfig) -> Item:
    """Return what every question of one inquiry has in common: all of a request's body but its input."""
    return {
        "model": config.model,
        "instructions": f"{_policy()}\n\n{_now(inquiry)}",
        "tools": [*tools(inquiry.tools), *talking_tools(inquiry.tools)],
        "parallel_tool_calls": False,
        "store": False,
        "max_output_tokens": config.max_output_tokens,
        "safety_identifier": _pseudonym(inquiry),
    }


def opening(inquiry: Inquiry, config: ModelConfig) -> list[Item]:
    """Return the input of the first question: the conversation so far, its records, and what was just said."""
    return [*_history(inquiry, config), *_records(inquiry), {"role": "user", "content": inquiry.text}]


@cache
def _policy() -> str:
    return resources.files("bot.assistant.model").joinpath("policy.md").read_text("utf-8").strip()


def _now(inquiry: Inquiry) -> str:
    around = inquiry.surroundings
    return "\n".join(
        (
            "## Now",
            "",
            f"- Today is {around.today:%A} {around.today.day} {around.today:%B %Y} ({around.today.isoformat()}).",
            f"- Time zone: {around.timezone}. Currency: {around.currency}. Country: {around.country}.",
            # A name is whatever its owner typed: as JSON it stays one value on one line.
            f"- Speaking: {_json(inquiry.actor.member)}, whose role is {inquiry.actor.role.value}.",
        ),
    )


def _pseudonym(inquiry: Inquiry) -> str:
    """Return 64 hexadecimal digits that tell OpenAI one person from another and nothing else about them."""
    return hashlib.sha256(_json([inquiry.actor.workspace_id, inquiry.actor.member]).encode()).hexdigest()


def _records(inquiry: Inquiry) -> list[Item]:
    """Return the records that “it” may mean and what waits for the person, as data, or nothing."""
    memory, catalog = inquiry.memory, inquiry.surroundings.catalog
    facts: dict[str, Any] = {
        "recent_records": feedback.labels(memory.focus, catalog),
        "listed_together": feedback.labels(memory.listed, catalog),
        "made_here": list(memory.created),
        "waiting_for_yes": [_call(call) for call in memory.proposal],
    }
    if memory.question is not None:
        asked = memory.question
        facts["open_question"] = {
            "skill": asked.skill,
            "arguments": asked.arguments,
            "missing": list(asked.missing),
            "options": feedback.labels(asked.options, catalog),
            "then": [_call(call) for call in asked.then],
        }
    told = {name: fact for name, fact in facts.items() if fact}
    if not told:
        return []
    text = f"Records of this conversation, as data (nobody said this): {_json(told)}"
    return [{"role": "user", "content": text}]


def _call(call: SkillCall) -> dict[str, Any]:
    return {"skill": call.skill, "arguments": dict(call.arguments)}


def _history(inquiry: Inquiry, config: ModelConfig) -> list[Item]:
    """Return the newest turns, oldest first, as many as the window of turns and characters takes."""
    zone = ZoneInfo(inquiry.surroundings.timezone)
    newest = list(inquiry.history)[-config.history_turns :] if config.history_turns else []
    told: list[Item] = []
    for turn in reversed(newest):
        longer = [*_turn(turn, zone), *told]
        if len(_json(longer)) > config.history_characters:
            break
        told = longer
    return told


def _turn(turn: Turn, zone: ZoneInfo) -> list[Item]:
    at = f"{turn.said_at.astimezone(zone):%Y-%m-%d %H:%M}"
    items: list[Item] = [{"role": "user", "content": f"({at}, {turn.member}) {turn.text}"}]
    for position, call in enumerate(turn.reply.get("calls", ())):
        link = {"call_id": f"past_{_short(turn.key)}_{position}"}
        arguments = _json(call.get("arguments", {}))
        items.append({"type": "function_call", **link, "name": call["skill"], "arguments": arguments})
        items.append({"type": "function_call_output", **link, "output": feedback.of_past_call(call, at)})
    if reply := turn.reply.get("reply"):
        items.append({"role": "assistant", "content": feedback.without_links(reply)})
    return items


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
