"""A message that only a model can read: its form opens at once, and is filled in when the model has read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


def test_a_window_that_cannot_be_filled_in_any_more_is_told_of(reading: Office, scripted_model: ScriptedModel) -> None:
    scripted_model.expect(CallTool("create_invoice", {"opportunity": "ferry", "percent": "20"}))
    reading.slack.fail("views.update", Fault("not_found"))
    ask_for(reading, VAGUE)
    until(lambda: reading.rows("outbox"))
    reading.worker.drain()
    assert "could not open the form" in reading.told()[-1]
