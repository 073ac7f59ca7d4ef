"""The model's two tools that are no skills: to ask the person something, and to say that it cannot be done here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from billing.errors import BadArgument
from bot.assistant.understanding import Question
from skills.schema import function_tool, read_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skills.spec import Argument, Skill

ASK: Final = "ask"
DECLINE: Final = "decline"
_TEXT: Final = {"type": "string"}


def talking_tools(skills: Sequence[Skill]) -> list[dict[str, Any]]:
    """Return the tools `ask` (where there is a skill to ask about) and `decline`."""
    return [_ask_tool(skills), _decline_tool()] if skills else [_decline_tool()]


def _ask_tool(skills: Sequence[Skill]) -> dict[str, Any]:
    known = {
        "type": "object",
        "properties": {"argument": _TEXT, "value": {**_TEXT, "description": "A list or a period as JSON."}},
        "required": ["argument", "value"],
    }
    properties = {
        "skill": {
            "type": "string",
            "enum": [skill.name for skill in skills],
            "description": "The tool you would call.",
        },
        "missing": {"type": "array", "items": _TEXT, "description": "Its arguments that the person has to say."},
        "known": {"type": "array", "items": known, "description": "Its arguments that the person has said."},
        "question": {**_TEXT, "description": "One short question to the person."},
    }
    what = "Ask the person for what a tool needs and nobody said, or which record is meant. Ends your turn."
    return function_tool(ASK, what, properties, required=["skill", "missing", "question"])


def _decline_tool() -> dict[str, Any]:
    what = "Say that no tool does what is asked, or that the person's role does not allow it. Ends your turn."
    reason = {**_TEXT, "description": "One or two sentences to the person: why not, and what you can do instead."}
    return function_tool(DECLINE, what, {"reason": reason}, required=["reason"])


def read_decline(raw: str) -> str:
    """Return the reason for a `decline`; raises BadArgument."""
    return _sentence(read_object(raw), "reason")


def read_ask(raw: str, skills: Mapping[str, Skill]) -> Question:
    """Return the question of an `ask`; raises BadArgument where it is not about arguments of an offered skill."""
    said = read_object(raw)
    skill = skills.get(str(said.get("skill")))
    if skill is None:
        raise BadArgument(f"skill has to be one of {', '.join(skills)}.")
    missing = said.get("missing")
    if not isinstance(missing, list) or not all(skill.argument(str(name)) for name in missing):
        names = ", ".join(argument.name for argument in skill.arguments)
        raise BadArgument(f"missing has to name arguments of {skill.name}: {names or 'it has none'}.")
    return Question(
        skill=skill.name,
        arguments=_known(skill, said.get("known"), leaving_out=missing),
        missing=tuple(missing),
        text=_sentence(said, "question"),
    )


def _known(skill: Skill, pairs: object, leaving_out: list[str]) -> dict[str, Any]:
    """Read what was said already; what does not fit is left out, since the person can say it again."""
    known: dict[str, Any] = {}
    for pair in pairs if isinstance(pairs, list) else []:
        name, value = (str(pair.get("argument")), pair.get("value")) if isinstance(pair, dict) else ("", None)
        argument = skill.argument(name)
        if argument and name not in leaving_out and isinstance(value, str):
            known[name] = _value(argument, value)
    return {name: value for name, value in known.items() if value is not None}


def _value(argument: Argument, text: str) -> object:
    if argument.type.schema["type"] == "string" and not argument.type.many:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return [text] if argument.type.many else None


def _sentence(said: dict[str, Any], name: str) -> str:
    text = said.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BadArgument(f"{name} has to be a sentence to the person.")
    return text.strip()
