"""The topics of the help: which skills belong together for somebody who looks for one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from skills.spec import Skill


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as people see it, the skills in it, and what else people call it, in the singular.

    The skills that most people look for come first.
    """

    title: str
    skills: tuple[str, ...]
    also: tuple[str, ...] = ()

    def is_called(self, word: str) -> bool:
        """Say whether a word, in lower case, means the topic."""
        return word.rstrip("s") in {self.title.casefold().rstrip("s"), *self.also}


TOPICS: Final = (
    Topic(
        "Invoices",
        ("create_invoice", "send_invoice", "list_invoices", "show_invoice", "update_invoice", "void_invoice"),
        ("bill", "billing", "invoicing"),
    ),
    Topic(
        "Payments",
        (
            "create_payment_link",
            "list_payments",
            "record_payment",
            "refund_payment",
            "sync_payment_status",
            "deactivate_payment_link",
            "list_subscriptions",
            "cancel_subscription",
        ),
        ("paying", "money"),
    ),
    Topic("Reminders", ("send_reminder",), ("reminding", "dunning")),
    Topic(
        "Clients",
        (
            "create_contact",
            "find_contacts",
            "update_contact",
            "create_opportunity",
            "list_opportunities",
            "update_opportunity",
            "share_portal",
        ),
        ("deal", "contact", "customer", "opportunity", "opportunitie"),
    ),
    Topic("Reports", ("billing_report",), ("reporting", "figure")),
    Topic(
        "Automations",
        (
            "create_automation",
            "list_automations",
            "use_automation",
            "set_automation",
            "update_automation",
            "list_approvals",
            "try_automation",
            "automation_runs",
            "approve_automation",
            "delete_automation",
        ),
        ("automating", "workflow"),
    ),
    Topic(
        "Settings",
        (
            "connect_stripe",
            "connection_status",
            "set_notification_channel",
            "disconnect_stripe",
        ),
        ("setup", "notification", "stripe"),
    ),
    Topic("People", ("set_role", "talk_to_human"), ("person", "human", "role", "permission", "colleague")),
)


def examples_of(entry: Skill) -> list[str]:
    """Return the skill's examples, in quotation marks, with their slots filled in as a person would."""
    return [f"“{_filled(sentence, entry)}”" for sentence in entry.examples]


def _filled(sentence: str, entry: Skill) -> str:
    for argument in entry.arguments:
        sentence = sentence.replace(f"{{{argument.name}}}", argument.type.sample)
    return " ".join(word for word in sentence.split() if not word.startswith("{"))
