"""A message that only a model can read: its form opens at once, and is filled in when the model has read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any, cast

import pytest

from billing.roles import Role
from billing.workspaces import Member
from bot.assistant.model.route import ModelRoute
from bot.slack.http import asgi_app
from bot.slack.parts import SlackParts
from tests.support.openai import CallTool, Fail, Refuse, ScriptedModel
from tests.support.records import an_opportunity
from tests.support.serving import serving
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office, office_forms, until

Json = dict[str, Any]

VAGUE = "the ferry people would like to give us something on account, a fifth of the job"


@pytest.fixture
def reading(office: Office, slack_parts: SlackParts, scripted_model: ScriptedModel) -> Iterator[Office]:
    """The office with a model."""
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.VIEWER, "U2"))
        tx.opportunities.add(an_opportunity(workspace_id=OFFICE, contact=None, name="Ferry photos"))
    route = ModelRoute(scripted_model.config())
    app = slack_parts.app(office.nudge, office_forms(office.store, office.clock, route))
    with serving(asgi_app(app, office.slack.config)) as office.url:
        yield office
    route.close()


def ask_for(office: Office, text: str) -> Json:
    message = {"ts": "7.1", "user": "U2", "text": text}
    return office.opens(office.slack.message_shortcut("evie_invoice_from_message", message))


def filled(office: Office) -> Json:
    until(lambda: "submit" in office.slack.views[-1])
    blocks = office.slack.views[-1]["blocks"]
    fields = {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}
    return {
        name: (field.get("initial_option") or {}).get("value") or field.get("initial_value")
        for name, field in fields.items()
    }


def test_the_form_opens_at_once_and_the_model_fills_it_in(reading: Office, scripted_model: ScriptedModel) -> None:
    scripted_model.expect(CallTool("create_invoice", {"opportunity": "ferry", "kind": "deposit", "percent": "20"}))
    assert "Reading the message" in str(ask_for(reading, VAGUE)["blocks"])
    values = filled(reading)
    assert (values["opportunity"], values["kind"], values["amount"]) == ("OPP-1", "deposit", "20%")
    assert len(reading.slack.views) == 1
    assert reading.submits(reading.slack.views[-1]) == {}
    with reading.store.transaction(OFFICE) as tx:
        assert [invoice.opportunity for invoice in tx.invoices.list()] == ["OPP-1"]


@pytest.mark.parametrize("steps", [[Fail(500)] * 3, [Refuse("No.")]])
def test_without_an_answer_of_the_model_the_form_quotes_the_message(
    reading: Office, scripted_model: ScriptedModel, steps: list[Any]
) -> None:
    scripted_model.expect(*steps)
    ask_for(reading, VAGUE)
    assert not any(filled(reading)[field] for field in ("amount", "due", "description"))
    assert VAGUE in str(reading.slack.views[-1]["blocks"][0])


def test_a_message_that_the_parser_can_read_needs_no_model(reading: Office, scripted_model: ScriptedModel) -> None:
    view = ask_for(reading, "invoice Ferry photos $500")
    assert "submit" in view
    assert scripted_model.requests == []


def test_who_closed_the_window_meanwhile_is_told_nothing(reading: Office, scripted_model: ScriptedModel) -> None:
    scripted_model.expect(*[CallTool("create_invoice", {"opportunity": "ferry", "percent": "20"})] * 2)
    reading.slack.fail("views.update", Fault("not_found"))
    ask_for(reading, VAGUE)
    until(lambda: reading.slack.called("views.update"))
    ask_for(reading, VAGUE)
    assert filled(reading)["amount"] == "20%"
    assert len(reading.slack.called("views.update")) == 2
    assert reading.rows("outbox") == []


@pytest.mark.parametrize("fault", [Fault("invalid_arguments"), Fault(status=503), Fault(status=429, retry_after=1)])
def test_where_slack_takes_no_better_form_the_one_that_quotes_the_message_follows(
    reading: Office, scripted_model: ScriptedModel, fault: Fault
) -> None:
    scripted_model.expect(CallTool("create_invoice", {"opportunity": "ferry", "percent": "20"}))
    reading.slack.fail("views.update", fault)
    ask_for(reading, VAGUE)
    assert filled(reading)["amount"] is None
    assert VAGUE in str(reading.slack.views[-1]["blocks"][0])
    assert reading.rows("outbox") == []


def test_a_window_that_takes_no_form_says_so_and_ends_the_waiting(
    reading: Office, scripted_model: ScriptedModel
) -> None:
    scripted_model.expect(CallTool("create_invoice", {"opportunity": "ferry", "percent": "20"}))
    reading.slack.fail("views.update", *[Fault("invalid_arguments")] * 2)
    ask_for(reading, VAGUE)
    until(lambda: "Reading the message" not in str(reading.slack.views[-1]["blocks"]))
    assert "could not open the form" in str(reading.slack.views[-1]["blocks"])


def test_a_window_that_nothing_can_be_drawn_into_is_told_of(reading: Office, scripted_model: ScriptedModel) -> None:
    scripted_model.expect(CallTool("create_invoice", {"opportunity": "ferry", "percent": "20"}))
    reading.slack.fail("views.update", *[Fault("invalid_arguments")] * 3)
    ask_for(reading, VAGUE)
    until(lambda: reading.rows("outbox"))
    reading.worker.drain()
    assert "could not open the form" in reading.told()[-1]


@dataclass
class SlowModel:
    """A model that says nothing until it may, and then breaks."""

    may_go_on: Event = field(default_factory=Event)

    def converse(self, *_: Any) -> Any:
        assert self.may_go_on.wait(30)
        message = "a bug"
        raise RuntimeError(message)


def test_while_a_model_reads_messages_other_forms_open_at_once(office: Office, slack_parts: SlackParts) -> None:
    model = SlowModel()
    forms = office_forms(office.store, office.clock, cast("ModelRoute", model))
    with serving(asgi_app(slack_parts.app(office.nudge, forms), office.slack.config)) as office.url:
        for _ in range(8):
            ask_for(office, VAGUE)
        assert "submit" in office.opens(office.slack.command("", name="/invoice"))
        assert sum("Reading the message" in str(view["blocks"]) for view in office.slack.views) == 8
        model.may_go_on.set()
        until(lambda: all("submit" in view for view in office.slack.views))
    assert len(office.slack.views) == 9
