"""What a skill is: a function whose signature and docstring are the only place where it is described.

The schema for a model, the help, the sentence grammar and the documentation are derived from a `Skill`.
"""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, create_model

from skills.arguments import ArgumentType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

    from billing.roles import Role
    from skills.cards import Card
    from skills.context import Context, Outcome


class Effect(StrEnum):
    """`read` and `write` run at once; `outward` reaches a customer or moves money and waits for a yes."""

    READ = "read"
    WRITE = "write"
    OUTWARD = "outward"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a skill, read from its signature. `default` is None where it may be left out without one."""

    name: str
    type: ArgumentType
    required: bool
    default: Any
    description: str


@dataclass(frozen=True, slots=True)
class Skill:
    """A tool function with what is known about it.

    `examples` are sentences with slots in braces (`"send {invoice} to {to}"`): the sentence grammar and the
    help are made of them. `{active=true}` gives an argument a value that the words imply. `preview` says,
    without changing anything, exactly what an outward call will do. `asks` is the same for a write that may confirm
    something: None where it does not, and then it runs at once. `command_confirms`: a slash command that
    names the record by its number is its own confirmation. `undone_by` is the skill that takes back what this one
    made, where there is one: “cancel that” proposes it. `lacks` names what a call needs beside its required arguments.
    `shows` are the keys of what a preview shows, where time may bring more of it: a yes is to these alone.
    """

    name: str
    effect: Effect
    role: Role
    summary: str
    description: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]
    model: type[BaseModel]
    run: Callable[..., Outcome]
    preview: Callable[..., Card] | None = None
    asks: Callable[..., Card | None] | None = None
    command_confirms: bool = False
    undone_by: str = ""
    lacks: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    shows: Callable[..., tuple[str, ...]] | None = None

    def argument(self, name: str) -> Argument | None:
        """Return the argument of that name."""
        return next((argument for argument in self.arguments if argument.name == name), None)

    def previewed_by(self, preview: Callable[..., Card]) -> Skill:
        """Return the skill with its preview: a function of the same arguments that returns a Card."""
        return replace(self, preview=preview)

    def asked_by(self, asks: Callable[..., Card | None]) -> Skill:
        """Return the skill with what says whether a call waits for a yes: a function of the same arguments."""
        return replace(self, asks=asks)

    def showing(self, shows: Callable[..., tuple[str, ...]]) -> Skill:
        """Return the skill with what tells what is shown: a function of the same arguments that returns keys."""
        return replace(self, shows=shows)

    def needing(self, lacks: Callable[[Mapping[str, Any]], tuple[str, ...]]) -> Skill:
        """Return the skill with what tells, of the arguments that were said, which others a call needs as well."""
        return replace(self, lacks=lacks)

    def __call__(self, context: Context, **arguments: Any) -> Outcome:  # noqa: ANN401 - as the signature says
        """Run the function itself, without the runner: for tests of one skill."""
        return self.run(context, **arguments)


def skill(
    *,
    effect: Effect,
    role: Role,
    examples: tuple[str, ...],
    command_confirms: bool = False,
    undone_by: str = "",
) -> Callable[[Callable[..., Outcome]], Skill]:
    """Turn a function into a Skill. Its first parameter is the context, the others are its arguments."""

    def make(function: Callable[..., Outcome]) -> Skill:
        summary, description, notes = _read_docstring(inspect.getdoc(function) or "")
        hints = get_type_hints(function, include_extras=True)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return Skill(
            name=function.__name__,
            effect=effect,
            role=role,
            summary=summary,
            description=description,
            arguments=tuple(_argument(p, hints[p.name], notes.get(p.name, "")) for p in parameters),
            examples=examples,
            model=_model(function.__name__, parameters, hints),
            run=function,
            command_confirms=command_confirms,
            undone_by=undone_by,
        )

    return make


def _argument(parameter: inspect.Parameter, hint: object, note: str) -> Argument:
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    return Argument(parameter.name, _argument_type(hint), required, default, note)


def _argument_type(hint: object) -> ArgumentType:
    for part in _parts(hint):
        if isinstance(part, ArgumentType):
            return part
    message = f"{hint} is not written in the types of skills.arguments"
    raise TypeError(message)


def _parts(hint: object) -> list[object]:
    origin = get_origin(hint)
    if origin is Annotated:
        return list(get_args(hint)[1:])
    if origin in {Union, types.UnionType}:
        return [part for option in get_args(hint) for part in _parts(option)]
    return []


def _model(name: str, parameters: list[inspect.Parameter], hints: dict[str, Any]) -> type[BaseModel]:
    fields: dict[str, Any] = {
        parameter.name: (
            hints[parameter.name],
            ... if parameter.default is inspect.Parameter.empty else parameter.default,
        )
        for parameter in parameters
    }
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _read_docstring(text: str) -> tuple[str, str, dict[str, str]]:
    """Split a docstring into its first line, the text before `Args:`, and the note of each argument."""
    body, _, arguments = text.partition("\nArgs:\n")
    summary = body.strip().split("\n", 1)[0]
    notes: dict[str, str] = {}
    for line in arguments.splitlines():
        name, colon, note = line.strip().partition(": ")
        if colon and name.isidentifier():
            notes[name] = note
    return summary, body.strip(), notes
