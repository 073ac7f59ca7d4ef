"""The one door: roles, names, validation, confirmation, and nothing that goes around it."""

from __future__ import annotations

import pytest

from billing.conversations import SkillCall
from billing.errors import StoreUnavailable
from billing.queues import OutboxKind
from billing.roles import Role
from billing.screens import EVERYTHING, Screen
from skills.context import Context, Outcome
from skills.registry import SKILLS
from skills.runner import Runner, question
from skills.spec import Effect, skill
from tests.support.studio import Studio


def run(studio: Studio, name: str, role: Role = Role.ADMIN, **arguments: object) -> object:
    return Runner(SKILLS).run(studio.context(role), SkillCall(name, arguments))


def entries(studio: Studio) -> list[tuple[str, str, str]]:
    with studio.store.transaction(studio.id) as tx:
        return [(entry.member, entry.skill, entry.status) for entry in tx.talk.audit_entries(limit=10)]


@pytest.mark.parametrize("name", [name for name, entry in SKILLS.items() if entry.role is not Role.VIEWER])
def test_a_viewer_is_refused_whatever_writes(studio: Studio, name: str) -> None:
    ran = Runner(SKILLS).run(studio.context(Role.VIEWER), SkillCall(name, {}), confirmed=True)
    assert ran.status == "refused"
    assert ran.error is not None
    assert ran.error[0] == "not_allowed"
    assert "you are a viewer" in ran.text


def test_an_editor_is_told_which_role_it_takes(studio: Studio) -> None:
    ran = Runner(SKILLS).run(studio.context(Role.EDITOR), SkillCall("connect_stripe", {}))
    assert "need to be an admin; you are an editor" in ran.text


def test_names_become_numbers(studio: Studio) -> None:
    ran = studio.run("create_invoice", opportunity="the bluebird sign", amount="5")
    assert dict(ran.arguments) == {"opportunity": "OPP-1", "amount": "5.00"}


def test_a_number_in_lower_case_is_the_record(studio: Studio) -> None:
    assert studio.run("create_invoice", opportunity="opp-1", amount="5").arguments["opportunity"] == "OPP-1"


def test_an_unknown_name_is_a_question(studio: Studio) -> None:
    ran = studio.run("create_invoice", opportunity="Zanzibar", amount="5")
    assert (ran.status, ran.missing, ran.options) == ("asked", ("opportunity",), ())
    assert "can't find an opportunity for “Zanzibar”" in ran.text


def test_what_nothing_is_called_is_quoted_in_short(studio: Studio) -> None:
    text = studio.run("list_invoices", opportunity="Q" * 3000).text
    assert text == f"I can't find an opportunity for “{'Q' * 80}…”."


def test_an_unknown_number_is_a_question_and_never_another_record(studio: Studio) -> None:
    ran = studio.run("show_invoice", invoice="INV-9999")
    assert (ran.status, ran.missing) == ("asked", ("invoice",))
    assert "can't find an invoice" in ran.text


def test_a_name_that_fits_several_records_is_a_question_with_the_candidates(studio: Studio) -> None:
    studio.done("create_opportunity", name="Bluebird menu", contact="CON-1")
    ran = studio.run("create_invoice", opportunity="Bluebird", amount="5")
    assert (ran.status, ran.options) == ("asked", ("OPP-1", "OPP-4"))
    assert "Which opportunity do you mean: OPP-1" in ran.text


def test_a_contact_is_asked_for_by_its_article(studio: Studio) -> None:
    assert "can't find a contact" in studio.run("create_opportunity", name="X", contact="Zed").text


def test_what_was_not_said_and_defaults_are_left_out(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-3", amount="5", currency="nok", kind="standard", percent=None)
    ran = studio.run("create_invoice", opportunity="OPP-3", amount="5", currency="nok", kind="standard")
    assert dict(ran.arguments) == {"opportunity": "OPP-3", "amount": "5.00"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"amount": "50000", "currency": "jpy"}, {"amount": "50000", "currency": "JPY"}),
        ({"amount": "5.5", "currency": "BHD"}, {"amount": "5.500", "currency": "BHD"}),
        ({"percent": "30.0%"}, {"percent": "30"}),
    ],
)
def test_amounts_and_percentages_are_written_as_the_catalogue_writes_them(
    studio: Studio, said: dict[str, str], kept: dict[str, str]
) -> None:
    ran = Runner(SKILLS).run(studio.context(), SkillCall("create_invoice", {"opportunity": "OPP-1"} | said))
    assert dict(ran.arguments) == {"opportunity": "OPP-1"} | kept


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"opportunity": "OPP-1", "amount": "5", "currency": "XYZ"}, "not a currency"),
        ({"opportunity": "OPP-1", "amount": "5", "percent": "lots"}, "not a percentage"),
        ({"opportunity": "OPP-1", "amount": "5", "due": "soon"}, "due:"),
        ({"opportunity": "OPP-1", "amount": "5", "colour": "red"}, "colour:"),
        ({"opportunity": "OPP-1", "amount": "5", "description": "\x00"}, "description: is empty"),
        ({"opportunity": 7, "amount": "5"}, "opportunity:"),
    ],
)
def test_what_is_malformed_is_refused_by_name(studio: Studio, arguments: dict[str, object], sentence: str) -> None:
    ran = Runner(SKILLS).run(studio.context(), SkillCall("create_invoice", arguments))
    assert ran.status == "failed"
    assert sentence in ran.text


def test_a_missing_argument_is_asked_for(studio: Studio) -> None:
    ran = studio.run("set_automation")
    assert (ran.status, ran.missing) == ("asked", ("automation", "active"))
    assert ran.text == "Which automation and active? I need that to switch an automation on or off."


def test_a_question_lists_what_is_missing() -> None:
    assert question(SKILLS["create_invoice"], ("opportunity", "kind", "due")).startswith(
        "Which opportunity, kind and due?"
    )


def test_an_unknown_skill_is_an_error(studio: Studio) -> None:
    ran = Runner(SKILLS).run(studio.context(), SkillCall("drop_database", {}))
    assert (ran.status, ran.error) == ("failed", ("bad_argument", "There is no skill named drop_database."))


def test_an_outward_call_is_proposed_and_changes_nothing(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="5")
    ran = Runner(SKILLS).run(studio.context(), SkillCall("send_invoice", {"invoice": "INV-1001"}))
    assert ran.status == "needs_confirmation"
    assert ran.card is not None
    assert ran.card.title == "Send INV-1001 to tess@bluebird.example?"
    assert studio.invoice("INV-1001").status == "draft"
    assert studio.outbox() == []


def test_every_outward_skill_has_a_preview() -> None:
    assert [
        name for name, entry in SKILLS.items() if (entry.effect is Effect.OUTWARD) != (entry.preview is not None)
    ] == []


def test_every_write_is_on_record_with_who_and_how_it_ended(studio: Studio) -> None:
    studio.run("create_contact", name="Mia Chen")
    studio.run("create_contact", Role.VIEWER, name="Mia Chen")
    studio.run("list_invoices")
    assert entries(studio) == [("Viewer", "create_contact", "refused"), ("Admin", "create_contact", "done")]


def test_the_unexpected_ends_as_a_sentence_with_a_reference(studio: Studio) -> None:
    @skill(effect=Effect.WRITE, role=Role.VIEWER, examples=())
    def explode(context: Context) -> Outcome:
        """Break."""
        raise RuntimeError("secret detail")

    ran = Runner({"explode": explode}).run(studio.context(), SkillCall("explode", {}))
    assert ran.status == "failed"
    assert "reference" in ran.text
    assert "secret detail" not in ran.text


def test_a_database_that_breaks_off_is_no_answer_so_that_the_request_is_tried_again(studio: Studio) -> None:
    @skill(effect=Effect.WRITE, role=Role.VIEWER, examples=())
    def fall_silent(context: Context) -> Outcome:
        """Lose the database."""
        raise StoreUnavailable("cut off")

    with pytest.raises(StoreUnavailable):
        Runner({"fall_silent": fall_silent}).run(studio.context(), SkillCall("fall_silent", {}))
    assert entries(studio) == []


def test_an_outward_skill_without_a_preview_never_runs_unconfirmed(studio: Studio) -> None:
    ran_for: list[str] = []

    @skill(effect=Effect.OUTWARD, role=Role.VIEWER, examples=())
    def leap(context: Context) -> Outcome:
        """Leap."""
        ran_for.append(context.actor.member)
        return Outcome("Leapt.")

    ran = Runner({"leap": leap}).run(studio.context(), SkillCall("leap", {}))
    assert ran.status == "failed"
    assert ran_for == []
    assert leap(studio.context()).text == "Leapt."


def test_a_signature_of_other_types_is_no_skill() -> None:
    def odd(context: Context, *, thing: int) -> Outcome:
        """Do odd things."""
        return Outcome(str(thing))

    with pytest.raises(TypeError, match=r"skills\.arguments"):
        skill(effect=Effect.READ, role=Role.VIEWER, examples=())(odd)


def test_what_a_write_was_about_is_drawn_again_where_it_is_shown(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.screens.put(Screen(studio.id, "home:U1", EVERYTHING, studio.now))
    studio.done("update_opportunity", opportunity="OPP-1", name="Bluebird sign and menu")
    assert {message.payload["about"] for message in studio.outbox(OutboxKind.REFRESH)} == {"OPP-1"}
