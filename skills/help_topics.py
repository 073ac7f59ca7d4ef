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


# What people say who want to know what can be asked for.
SENTENCES: Final = (
    "help",
    "help me",
    "what can you do",
    "what can you help with",
    "what can you help me with",
    "what do you do",
    "help with {topic}",
    "help {topic}",
    "how do i {topic}",
    "how can i {topic}",
    "how do you {topic}",
    "how does {topic} work",
    "how do {topic} work",
    "is it possible to {topic}",
    "how do i use {topic}",
    "what can i ask",
    "what can i ask you",
    "what sort of things can i ask you",
    "what kind of things can you do",
    "what things can you do for me",
    "what are you able to do",
    "what else can you do",
    "how can you help",
    "how can you help me",
    "who are you",
    "what can i say",
    "what are my options",
    "show me the commands",
    "what commands are there",
    "what skills do you have",
    "explain {topic}",
    "tell me about {topic}",
    "some guidance on {topic}",
    "give me some guidance on {topic}",
    "some guidance on {topic} would be welcome",
    "a few pointers on {topic}",
    "a pointer or two about {topic}",
    "walk me through {topic}",
    "talk me through {topic}",
    "show me the ropes",
    "what are you good for",
    "what sort of things can you do",
    "how would i go about {topic}",
    "what is involved in {topic}",
    "teach me about {topic}",
)
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
