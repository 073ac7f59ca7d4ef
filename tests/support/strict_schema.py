"""What OpenAI takes as a strict function tool: a subset of JSON Schema, checked here so that a model never has to."""

from __future__ import annotations

from typing import Any, Final

_KEYWORDS: Final = {
    "string": {"enum", "pattern", "format"},
    "integer": {"enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "number": {"enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "boolean": {"enum"},
    "null": set[str](),
    "array": {"items", "minItems", "maxItems"},
    "object": {"properties", "required", "additionalProperties"},
}
_EVERYWHERE: Final = {"type", "description"}
_DEEPEST: Final = 5
_MOST_PROPERTIES: Final = 100
_MOST_VALUES: Final = 500


def tool_problems(tool: dict[str, Any]) -> list[str]:
    """Return what is wrong with a function tool, nothing if OpenAI would take it."""
    name = str(tool.get("name"))
    problems = [] if tool.get("type") == "function" else [f"{name}: type is not function"]
    problems += [] if tool.get("strict") is True else [f"{name}: not strict"]
    problems += [] if name.replace("_", "a").isalnum() and len(name) <= 64 else [f"{name}: not a name"]
    problems += [] if tool.get("description") else [f"{name}: no description"]
    problems += [f"{name}: {extra}" for extra in tool.keys() - {"type", "name", "description", "parameters", "strict"}]
    parameters = tool.get("parameters", {})
    problems += [] if parameters.get("type") == "object" else [f"{name}: parameters are no object"]
    problems += [] if _properties(parameters) <= _MOST_PROPERTIES else [f"{name}: too many properties"]
    return problems + schema_problems(parameters, name)


def schema_problems(schema: dict[str, Any], path: str, depth: int = 1) -> list[str]:
    """Return what is wrong with a schema, each with its place."""
    if "anyOf" in schema:
        extra = [f"{path}: {key} beside anyOf" for key in schema.keys() - {"anyOf", "description"}]
        variants = enumerate(schema["anyOf"])
        return extra + [found for at, part in variants for found in schema_problems(part, f"{path}|{at}", depth)]
    types = schema.get("type", "none")
    named: list[str] = types if isinstance(types, list) else [types]
    unknown = [f"{path}: type {name}" for name in named if name not in _KEYWORDS]
    if unknown:
        return unknown
    allowed = _EVERYWHERE.union(*(_KEYWORDS[name] for name in named))
    problems = [f"{path}: {key} does not fit {types}" for key in schema.keys() - allowed]
    problems += _enum_problems(schema, named, path)
    if "array" in named:
        problems += schema_problems(schema.get("items", {}), f"{path}[]", depth + 1)
    if "object" in named:
        problems += _object_problems(schema, path, depth)
    return problems


def _object_problems(schema: dict[str, Any], path: str, depth: int) -> list[str]:
    properties = schema.get("properties", {})
    problems = [] if depth <= _DEEPEST else [f"{path}: too deep"]
    problems += [] if schema.get("additionalProperties") is False else [f"{path}: additionalProperties"]
    problems += [] if schema.get("required") == list(properties) else [f"{path}: not all required"]
    return problems + [
        found for name, part in properties.items() for found in schema_problems(part, f"{path}.{name}", depth + 1)
    ]


def _enum_problems(schema: dict[str, Any], named: list[str], path: str) -> list[str]:
    values = schema.get("enum")
    if values is None:
        return []
    problems = [] if 0 < len(values) <= _MOST_VALUES else [f"{path}: {len(values)} values"]
    problems += [] if len(set(values)) == len(values) else [f"{path}: a value twice"]
    # JSON Schema wants null among the values as well, where a list of types allows it.
    return problems + ([f"{path}: null is no value"] if "null" in named and None not in values else [])


def _properties(schema: dict[str, Any]) -> int:
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    parts += [schema["items"]] if "items" in schema else []
    return len(schema.get("properties", {})) + sum(_properties(part) for part in parts)
