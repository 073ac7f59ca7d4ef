"""Giving the members of a workspace their roles, so that somebody is always left who can."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.errors import LastAdmin, UnknownRecord
from billing.roles import Role

if TYPE_CHECKING:
    from billing.ports import Transaction
    from billing.workspaces import Member


@dataclass(frozen=True, slots=True)
class Appointed:
    """The member with the new role, and the role before."""

    member: Member
    before: Role


def set_role(tx: Transaction, name: str, role: Role) -> Appointed:
    """Give the member of that name the role; raises UnknownRecord, and LastAdmin where no admin would be left."""
    # The lock serialises two admins who take the role from each other.
    members = tx.people.members(lock=True)
    member = next((one for one in members if one.name == name), None)
    if member is None:
        raise UnknownRecord(f"There is nobody called {name} in this workspace.")
    admins = [one.name for one in members if one.role is Role.ADMIN]
    if admins == [name] and role is not Role.ADMIN:
        raise LastAdmin(f"{name} is the only admin. Make somebody else an admin first.")
    appointed = replace(member, role=role)
    tx.people.save_member(appointed)
    return Appointed(appointed, member.role)
