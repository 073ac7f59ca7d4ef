"""Members as people call them: “@Sam”, “sam” and “me” become the one name that is on record, before a skill runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.errors import MissingArgument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.conversations import Actor
    from billing.ports import Transaction
    from billing.workspaces import Member
    from skills.spec import Skill

_MYSELF: Final = frozenset({"me", "myself"})


def with_members(skill: Skill, arguments: Mapping[str, Any], tx: Transaction, actor: Actor) -> dict[str, Any]:
    """Return the arguments with each member as `@` and the name on record; raises MissingArgument with candidates."""
    found = dict(arguments)
    for argument in skill.arguments:
        said = found.get(argument.name)
        if argument.type.name == "member" and isinstance(said, str):
            found[argument.name] = _named(argument.name, said, tx.people.members(), actor)
    return found


def _named(argument: str, said: str, members: list[Member], actor: Actor) -> str:
    name = " ".join(said.removeprefix("@").split()).casefold()
    if name in _MYSELF:
        return f"@{actor.member}"
    whole = [member.name for member in members if member.name.casefold() == name]
    fitting = whole or [member.name for member in members if name in member.name.casefold().split()]
    if len(fitting) == 1:
        return f"@{fitting[0]}"
    options = tuple(f"@{one}" for one in fitting or (member.name for member in members if not member.away))
    question = "Who do you mean" if fitting else f"I know nobody called “{said.removeprefix('@')}”. Who is it"
    raise MissingArgument(f"{question}: {_either(options)}?", (argument,), options=options)


def _either(options: tuple[str, ...]) -> str:
    return " or ".join(part for part in (", ".join(options[:-1]), *options[-1:]) if part)
