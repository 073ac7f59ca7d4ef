"""A skill as a language model sees it: a strict function tool made from its signature, and the arguments it returns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from billing.errors import BadArgument
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skills.spec import Argument, Skill

_LONGEST: Final = 20_000
_WAITS: Final = "Nothing leaves at once: the person sees a card that says exactly what will happen, and confirms it."


def tools(skills: Iterable[Skill]) -> list[dict[str, Any]]:
    """Return the skills as OpenAI function tools, in their order."""
    return [
        function_tool(
            skill.name,
            f"{skill.description}\n\n{_WAITS}" if skill.effect is Effect.OUTWARD else skill.description,
            {argument.name: _property(argument) for argument in skill.arguments},
            required=[argument.name for argument in skill.arguments if argument.required],
        )
        for skill in skills
    ]


def function_tool(name: str, description: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """Return a strict function tool: properties that are not `required` may be null."""
    parameters = {"type": "object", "properties": properties, "required": required}
    return {
        "type": "function",
        "name": name,
        "description": description,
        "parameters": _strict(parameters),
        "strict": True,
    }


def arguments_from_tool(skill: Skill, raw: str) -> dict[str, Any]:
    """Return the arguments that a model said, by name, without those it left null.

    Only the form is read here; the runner validates the values. Raises BadArgument with what to mend.
    """
    said = read_object(raw)
    known = [argument.name for argument in skill.arguments]
    unknown = [name for name in said if name not in known]
    if unknown:
        raise BadArgument(f"{skill.name} takes no {', '.join(unknown)}; it takes {', '.join(known) or 'nothing'}.")
    return said


def read_object(raw: str) -> dict[str, Any]:
    """Read the JSON object that a model wrote, leaving out whatever is null or empty; raises BadArgument."""
    if len(raw) > _LONGEST:
        raise BadArgument("The arguments are far too long. Say only what the person said.")
    try:
        value = json.loads(raw, parse_constant=_no_constant)
        # A lone surrogate is fine in JSON and fits no database.
        raw.encode()
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadArgument("The arguments are not JSON. Write one JSON object with the tool's properties.") from error
    if not isinstance(value, dict):
        raise BadArgument("The arguments have to be one JSON object with the tool's properties.")
    return _without_silence(value)


def _no_constant(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _without_silence(value: dict[str, Any]) -> dict[str, Any]:
    # Models write "" and [] as readily as null for what was not said.
    return {key: _heard(part) for key, part in value.items() if part is not None and part not in ("", [])}


def _heard(part: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(part, list):
        return [_heard(item) for item in part]
    return _without_silence(part) if isinstance(part, dict) else part


def _property(argument: Argument) -> dict[str, Any]:
    schema = argument.type.schema
    sentences = [argument.description] if argument.description else []
    # How to write it is plain where the values are listed; elsewhere the type says it.
    if not sentences or ("enum" not in schema and argument.type.hint not in argument.description):
        sentences.append(argument.type.hint)
    if argument.default is not None:
        sentences.append(f"Null means {_as_json(argument.default)}.")
    shape = {"type": "array", "items": schema} if argument.type.many else schema
    return {**shape, "description": " ".join(sentences)}


def _as_json(default: object) -> str:
    return default if isinstance(default, str) else json.dumps(default)


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Bring a schema into the strict subset: all properties required, the optional ones nullable, no others."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_strict(variant) for variant in schema["anyOf"]]}
    if schema["type"] == "array":
        return {**schema, "items": _strict(schema["items"])}
    if schema["type"] != "object":
        return schema
    required = schema.get("required", [])
    properties = {
        name: _strict(part) if name in required else _nullable(_strict(part))
        for name, part in schema["properties"].items()
    }
    return {**schema, "properties": properties, "required": list(properties), "additionalProperties": False}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.keys() <= {"type", "description"}:
        return {**schema, "type": [schema["type"], "null"]}
    # The enum or the object stays one variant: an enum beside a list of types would have to hold null as well.
    inner = {key: part for key, part in schema.items() if key != "description"}
    variants = inner.get("anyOf", [inner])
    outer = {"description": schema["description"]} if "description" in schema else {}
    return {"anyOf": [*variants, {"type": "null"}], **outer}
