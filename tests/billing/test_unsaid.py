"""What a step says that nobody gave any words."""

from __future__ import annotations

import re

import pytest

from billing.automations import Action, ActionKind, Trigger
from billing.merging import FIELDS
from billing.unsaid import unsaid, words_of
from tests.support.rules import MOVE, POST, a_rule
from tests.support.studio import Studio

BARE = Action(ActionKind.POST_MESSAGE, {"channel": "#billing"})
MAIL = Action(ActionKind.EMAIL_CONTACT)


@pytest.mark.parametrize("trigger", [one for one in Trigger if one is not Trigger.SCHEDULED])
@pytest.mark.parametrize("action", [BARE, MAIL])
def test_every_trigger_has_a_sentence_of_its_own_for_the_channel_and_for_the_client(
    action: Action, trigger: Trigger
) -> None:
    text = unsaid(action, trigger, "A rule")
    assert text.endswith(".")
    assert {*re.findall(r"\{(.*?)\}", text)} <= {*FIELDS}


def test_a_client_is_thanked_only_for_what_was_paid_or_ordered() -> None:
    thanked = {trigger for trigger in Trigger if unsaid(MAIL, trigger, "").startswith("Thank you")}
    assert thanked == {Trigger.PAYMENT_SUCCEEDED, Trigger.SUBSCRIPTION_RENEWED, Trigger.ORDER_CREATED}


def test_its_own_words_come_first_and_what_says_nothing_says_nothing() -> None:
    assert unsaid(POST, Trigger.INVOICE_DUE, "A rule") == "{invoice} of {client}"
    assert unsaid(MOVE, Trigger.INVOICE_DUE, "A rule") == ""
    assert unsaid(BARE, Trigger.SCHEDULED, "A rule") == "A rule"


def test_all_that_it_may_say_is_shown(studio: Studio) -> None:
    rule = a_rule(studio, MAIL, also=(Trigger.SUBSCRIPTION_RENEWED, Trigger.SUBSCRIPTION_CANCELLED))
    assert words_of(rule, MAIL) == "Thank you for your payment. / Your subscription for {deal} is cancelled."
