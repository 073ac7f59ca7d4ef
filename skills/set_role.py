"""Saying what a colleague may do."""

from __future__ import annotations

from billing.roles import Role as RoleName
from billing.staffing import set_role as appoint
from skills.arguments import Member, Role
from skills.context import Context, Outcome
from skills.spec import Effect, skill

_MEANS = {
    RoleName.VIEWER: "can look at everything",
    RoleName.EDITOR: "can also bill clients and change records",
    RoleName.ADMIN: "can also connect Stripe, refund, and give roles",
}


@skill(
    effect=Effect.WRITE,
    role=RoleName.ADMIN,
    examples=(
        "make {member} an {role}",
        "make {member} a {role}",
        "make {member} {role}",
        "change a team member's role",
        "change somebody's role",
        "a different role for {member}",
        "{role} access for {member}",
        "{role} rights for {member}",
        "{member} to {role}",
        "set {member} to {role}",
        "set the role of {member} to {role}",
        "change {member}'s role to {role}",
        "change {member} to {role}",
        "give {member} the {role} role",
        "give {member} {role} access",
        "give {member} {role} rights",
        "promote {member} to {role}",
        "demote {member} to {role}",
        "bump {member} up to {role}",
        "drop {member} down to {role}",
        "knock {member} down to {role}",
        "turn {member} into a {role}",
        "{member} should be a {role}",
        "{member} is an {role} from now on",
        "let {member} be an {role}",
        "make somebody an {role}",
        "upgrade {member} to {role}",
        "downgrade {member} to {role}",
        "{member} should be {role} now",
        "{member} is {role} now",
        "{member} needs {role} rights",
        "give {member} {role} permissions",
        "{member} can be an {role}",
        "{member} can be {role} from now on",
        "bump {member} to {role}",
        "move {member} up to {role}",
        "move {member} down to {role}",
        "make {member} one of the {role}s",
        "{member} gets {role} rights",
        "{member} is to be {role}",
        "grant {member} {role} access",
        "grant {member} {role} rights",
        "restrict {member} to {role}",
        "promote {member} to be an {role}",
        "take {member} down to {role}",
        "{member} can have {role} rights",
        "{member} can have {role} access",
        "{member} may have {role} rights",
        "{member} gets {role} access",
        "put {member} back to {role}",
        "put {member} down to {role}",
        "put {member} down as a {role}",
        "put {member} up to {role}",
        "move {member} back to {role}",
        "set {member} back to {role}",
        "make {member} {role} again",
        "bring {member} up to {role}",
        "raise {member} to {role}",
        "lower {member} to {role}",
        "bump {member} down to {role}",
        "reduce {member} to {role}",
        "cut {member} back to {role}",
        "{member} should have {role} access",
        "{member} should only be a {role}",
        "{member} ought to be a {role}",
        "{member} ought to be an {role}",
        "{member} needs to be an {role}",
        "{member} needs {role} access",
        "{member} should be able to {role}",
        "take {member} back to {role}",
        "change {member} back to {role}",
        "give {member} {role} powers",
        "{member} is to have {role} rights",
        "switch {member} to {role}",
        "switch {member} over to {role}",
    ),
)
def set_role(context: Context, *, member: Member, role: Role) -> Outcome:
    """Set what a colleague may do: viewer, editor or admin.

    Args:
        member: The colleague.
        role: A viewer looks, an editor bills, an admin also connects accounts and refunds.
    """
    with context.transaction() as tx:
        appointed = appoint(tx, member.removeprefix("@"), role)
    name, article = appointed.member.name, "a" if role is RoleName.VIEWER else "an"
    if appointed.before is role:
        return Outcome(f"{name} is {article} {role} already.", {"member": member, "role": role.value})
    return Outcome(f"{name} is {article} {role} now: {name} {_MEANS[role]}.", {"member": member, "role": role.value})
