"""The one door: every call of a skill, from any front and either route, goes through here.

It checks the role, resolves names to records, validates and normalises the arguments, and then runs the skill or
asks for a confirmation. Nothing that a parser or a model says can go around it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog
from pydantic import ValidationError

from billing.conversations import AuditEntry, SkillCall
from billing.errors import BadArgument, BillingError, MissingArgument, NotAllowed, StoreUnavailable
from billing.redrawing import changed
from skills.cards import Listed, for_reader
from skills.given import known
from skills.normalising import normalised, resolved
from skills.people import with_members
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.roles import Role
    from skills.cards import Card
    from skills.context import Context, Outcome
    from skills.spec import Skill

_log = structlog.get_logger(__name__)

# Beside the arguments of a proposed call: the keys of what its card showed.
SHOWN: Final = "shown"
Status = Literal["done", "needs_confirmation", "failed", "refused", "asked"]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a call ended. `error` is (code, sentence); `missing` and `options` are set where it asks back."""

    skill: str
    arguments: Mapping[str, Any]
    status: Status
    text: str
    outcome: Outcome | None = None
    card: Card | None = None
    error: tuple[str, str] | None = None
    missing: tuple[str, ...] = ()
    options: tuple[str, ...] = field(default_factory=tuple)

    @property
    def call(self) -> SkillCall:
        """The call with its normalised arguments."""
        return SkillCall(self.skill, self.arguments)


class Runner:
    """Runs calls of the given skills. It keeps nothing between calls."""

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self._skills = skills

    def run(self, context: Context, call: SkillCall, *, confirmed: bool = False, proposal: str | None = None) -> Ran:
        """Run one call, or propose it where it is outward, or would confirm something, and is not `confirmed`.

        Never raises BillingError. StoreUnavailable is raised, for the whole request to be tried again: each write
        finds what an earlier try has done.
        """
        skill = self._skills.get(call.skill)
        if skill is None:
            return _ended(context, call, "failed", BadArgument(f"There is no skill named {call.skill}."))
        if not context.actor.role.allows(skill.role):
            ran = _ended(context, call, "refused", _not_allowed(skill, context))
        else:
            ran = self._guarded(context, skill, call, confirmed=confirmed)
        if ran.status in {"done", "failed", "refused"} and skill.effect is not Effect.READ:
            _audit(context, ran, proposal)
        return ran

    def rehearsed(self, context: Context, call: SkillCall) -> SkillCall:
        """Return the call as it would run, with records by number and each value valid.

        A write is carried out in the context's store, which has to take it back; an outward call is only previewed.
        Raises whatever BillingError the call itself would end with.
        """
        self.require(context, call.skill)
        skill = self._skills[call.skill]
        ready, values = _ready(context, skill, call)
        if skill.effect is Effect.OUTWARD:
            _previewed(context, skill, values)
        else:
            skill.run(context, **values)
        return ready

    def require(self, context: Context, skill: str) -> None:
        """Raise NotAllowed, with who may do it, unless the person's role allows the skill."""
        if not context.actor.role.allows(self._skills[skill].role):
            raise _not_allowed(self._skills[skill], context)

    def preview(self, context: Context, call: SkillCall) -> Card:
        """Return the card that says what an outward call would do; raises BillingError where it could not be done."""
        skill = self._skills[call.skill]
        _, values = _ready(context, skill, call)
        return _previewed(context, skill, values)

    def _guarded(self, context: Context, skill: Skill, call: SkillCall, *, confirmed: bool) -> Ran:
        try:
            return _prepared(context, skill, call, confirmed=confirmed)
        except MissingArgument as error:
            return Ran(
                call.skill,
                call.arguments,
                "asked",
                error.wording.in_words(context.formats.money),
                None,
                None,
                None,
                error.arguments,
                error.options,
            )
        except BillingError as error:
            return _ended(context, call, "failed", error)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - at the door, whatever happens has to end as a sentence
            # Nobody sees the text of the unexpected: a reference that the log has too.
            reference = secrets.token_hex(4)
            _log.exception("skill_crashed", skill=call.skill, reference=reference)
            return _ended(context, call, "failed", _crashed(reference))


def _ready(context: Context, skill: Skill, call: SkillCall) -> tuple[SkillCall, dict[str, Any]]:
    """Return the call in the catalogue's form, and its arguments as the function takes them."""
    with context.transaction() as tx:
        catalog = known(tx, skill, call.arguments, context.names)
        said = with_members(skill, call.arguments, tx, context.actor)
    if skill.shows is not None:
        said = {name: value for name, value in said.items() if name != SHOWN}
    arguments = normalised(skill, resolved(skill, said, catalog), catalog, context.workspace)
    return SkillCall(skill.name, arguments), _validated(skill, arguments)


def _prepared(context: Context, skill: Skill, call: SkillCall, *, confirmed: bool) -> Ran:
    ready, values = _ready(context, skill, call)
    waiting = None if confirmed else _proposed(context, skill, ready, values)
    if waiting is not None:
        return waiting
    if skill.shows is not None:
        context = replace(context, shown=call.arguments.get(SHOWN))
    outcome = skill.run(context, **values)
    return Ran(skill.name, ready.arguments, "done", outcome.text, outcome, _shown(context, skill, ready, outcome.card))


def _proposed(context: Context, skill: Skill, call: SkillCall, values: Mapping[str, Any]) -> Ran | None:
    """Return the call with the card that it waits with for a yes, None where it runs at once.

    It holds what the card shows, where time may bring more of it: the yes is to that alone.
    """
    frozen = call.arguments
    if skill.shows is not None:
        shown = skill.shows(context, **values)
        context, frozen = replace(context, shown=shown), {**frozen, SHOWN: list(shown)}
    card = _waiting(context, skill, values)
    return None if card is None else Ran(skill.name, frozen, "needs_confirmation", card.summary, None, card)


def _shown(context: Context, skill: Skill, call: SkillCall, card: Card | None) -> Card | None:
    """Return the card for the person who asked, with the call that its rows are from where that may be run again."""
    if card is None:
        return None
    listed = Listed(call.skill, call.arguments) if skill.effect is Effect.READ and card.rows else None
    return for_reader(replace(card, listed=listed), context.actor.role)


def _waiting(context: Context, skill: Skill, values: Mapping[str, Any]) -> Card | None:
    """Return the card that the call waits with for a yes; None where it runs at once."""
    if skill.effect is Effect.OUTWARD:
        return _previewed(context, skill, values)
    return skill.asks(context, **values) if skill.asks is not None else None


def _previewed(context: Context, skill: Skill, values: Mapping[str, Any]) -> Card:
    if skill.preview is None:
        raise TypeError(f"{skill.name} is outward and has no preview")
    return skill.preview(context, **values)


def _validated(skill: Skill, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as the function takes them; raises MissingArgument or BadArgument."""
    absent = tuple(a.name for a in skill.arguments if a.required and a.name not in arguments)
    if absent:
        raise MissingArgument(question(skill, absent), absent)
    try:
        model = skill.model.model_validate(dict(arguments))
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in problem["loc"]) or skill.name
        said = f"{name}: {problem['msg'].removeprefix('Value error, ')}."
        raise BadArgument(said, argument=name.partition(".")[0]) from None
    return {name: getattr(model, name) for name in type(model).model_fields}


def question(skill: Skill, missing: tuple[str, ...]) -> str:
    """Return the question that asks for the missing arguments in one sentence."""
    names = [name.replace("_", " ") for name in missing]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Which {listed}? I need that to {_doing(skill)}."


def _doing(skill: Skill) -> str:
    """Return what the skill does as a clause: its summary up to the first stop."""
    clause = re.split(r"[:,.]", skill.summary, maxsplit=1)[0]
    return clause[0].lower() + clause[1:]


def _not_allowed(skill: Skill, context: Context) -> NotAllowed:
    needed, own = _with_article(skill.role), _with_article(context.actor.role)
    return NotAllowed(f"To {_doing(skill)}, you need to be {needed}; you are {own}. Ask an admin.")


def _with_article(role: Role) -> str:
    return f"an {role}" if role.value[0] in "aeiou" else f"a {role}"


def _crashed(reference: str) -> BillingError:
    return BillingError(
        f"Something went wrong on my side (reference {reference}). Nothing more was done; please try again."
    )


def _ended(context: Context, call: SkillCall, status: Status, error: BillingError) -> Ran:
    said = error.wording.in_words(context.formats.money)
    return Ran(call.skill, call.arguments, status, said, error=(error.code, said))


def _audit(context: Context, ran: Ran, proposal: str | None) -> None:
    entry = AuditEntry(
        workspace_id=context.workspace.id,
        key=context.key,
        at=context.now,
        member=context.actor.member,
        front=context.actor.front,
        skill=ran.skill,
        arguments=ran.arguments,
        status=ran.status,
        proposal=proposal,
    )
    with context.transaction() as tx:
        tx.talk.audit(entry)
        for number in ran.outcome.mentions if ran.outcome else ():
            changed(tx, number, f"{context.key}:{number}", now=context.now)
