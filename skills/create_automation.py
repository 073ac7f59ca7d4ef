"""Making an automation: when something happens, something is done, without anybody having to think of it."""

from __future__ import annotations

from datetime import datetime

from billing.automations import Automation, Conditions
from billing.composing import Wanted, compose, open_webhooks
from billing.errors import BillingError
from billing.money import parse_amount
from billing.roles import Role
from billing.webhooks import new_secret
from skills.automation_cards import made_card, told
from skills.context import Context, Outcome
from skills.deeds import Conditional, Doing, Duration, Occasions, Schedule, Where, action_of
from skills.describing import title
from skills.recurring import next_occurrence
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "set up an automation",
        "create an automation",
        "make a new automation",
        "add an automation rule",
        "build a workflow",
        "automate {action}",
        "set up a rule that {action} when {trigger}",
        "whenever {trigger} automatically {action}",
    ),
    undone_by="delete_automation",
)
def create_automation(
    context: Context,
    *,
    trigger: Occasions,
    action: Doing,
    where: Where | None = None,
    after: Duration | None = None,
    schedule: Schedule | None = None,
) -> Outcome:
    """Make an automation: when something happens, do something. It is off until somebody switches it on.

    For several steps on one occasion, call this once for each step, in their order. What reaches a client is asked
    about each time, until an admin has switched the automation on.

    Args:
        trigger: What starts it; `scheduled` needs `schedule`.
        action: What it does.
        where: What has to hold; left out, it runs for all.
        after: How long after the trigger; negative only for invoice_due, as the time before.
        schedule: When a scheduled one runs.
    """
    wanted = Wanted(
        triggers=tuple(dict.fromkeys(trigger)),
        actions=(action_of(action),),
        member=context.actor.member,
        request_key=context.key,
        message=context.message,
        where=conditions(context, where) if where else Conditions(),
        after=after,
        schedule=schedule,
        next_at=_first(context, schedule),
    )
    made, secrets = make(context, wanted)
    card = made_card(context, made, secrets)
    steps = f"has {len(made.actions)} steps" if len(made.actions) > 1 else "is made"
    text = f"{made.number} {steps}: {told(context, made)} {_state(made)}"
    return Outcome(text, {"number": made.number, "active": made.active}, card, (made.number,))


def _state(automation: Automation) -> str:
    return "It is on." if automation.active else "It is off: say “turn it on” when it is right."


def make(context: Context, wanted: Wanted) -> tuple[Automation, dict[str, str]]:
    """Store the automation with a name, and return it with the signing secrets of addresses that are new."""
    with context.transaction() as tx:
        made = compose(tx, wanted, title, now=context.now)
        secrets = open_webhooks(tx, made, lambda: sealed_secret(context), now=context.now)
    return made, secrets


def sealed_secret(context: Context) -> tuple[str, str]:
    """Return a new signing secret, in plain and sealed; raises BillingError where nothing can be sealed."""
    if context.services.seal is None:
        raise BillingError("Webhooks need EVIE_SECRET_KEY to be set, since their secrets are kept encrypted.")
    plain = new_secret()
    return plain, context.services.seal(plain)


def conditions(context: Context, where: Conditional) -> Conditions:
    """Return the conditions as the domain has them: amounts are in the workspace's currency."""
    written = where.model_dump(mode="json", exclude_none=True)
    for name in ("min_amount", "max_amount"):
        if name in written:
            written[name] = parse_amount(written[name], context.workspace.currency)
    return Conditions(**written)


def _first(context: Context, schedule: str | None) -> datetime | None:
    if schedule is None:
        return None
    return next_occurrence(schedule, context.workspace.timezone, context.now, after=context.now)
