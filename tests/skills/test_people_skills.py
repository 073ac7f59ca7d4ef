"""Clients and colleagues: what is known of them, and what they may see and do."""

from __future__ import annotations

import pytest

from billing.errors import UnknownRecord
from billing.roles import Role
from billing.staffing import set_role
from billing.workspaces import Member
from tests.support.studio import Studio


def roles(studio: Studio) -> dict[str, Role]:
    with studio.store.transaction(studio.id) as tx:
        return {member.name: member.role for member in tx.people.members()}


# Clients


def test_a_contact_is_changed_where_it_was_said(studio: Studio) -> None:
    changed = studio.done("update_contact", contact="Ned", email="ned@ash.example", phone="0400 111 222")
    assert changed.text == "Updated Ned Ash: email ned@ash.example, phone 0400 111 222."
    assert studio.done("update_contact", contact="CON-2", name="Ned Ashe", company="Ashe Co").text == (
        "Updated Ashe Co: name Ned Ashe, company Ashe Co."
    )
    assert studio.done("find_contacts", query="ashe").text == "Ashe Co: ned@ash.example."


def test_a_change_of_nothing_is_asked_back(studio: Studio) -> None:
    assert studio.run("update_contact", contact="CON-1").missing == ("email",)


def test_the_portal_is_handed_out_to_editors_only(studio: Studio) -> None:
    shared = studio.done("share_portal", contact="Bluebird")
    url = shared.result["url"]
    assert url.startswith("https://evie.example/portal/")
    assert shared.result["contact"] == "CON-1"
    assert shared.text == f"Here is the portal of Bluebird Cafe: {url}"
    assert shared.card is not None
    assert [button.url or button.copy for button in shared.card.buttons] == [url, url]
    assert studio.run("share_portal", Role.VIEWER, contact="CON-1").status == "refused"


# Colleagues


@pytest.mark.parametrize("said", ["@Viewer", "viewer", " VIEWER "])
def test_a_colleague_is_found_as_people_write_names(studio: Studio, said: str) -> None:
    ran = studio.run("set_role", member=said, role="editor")
    assert ran.arguments == {"member": "@Viewer", "role": "editor"}
    assert ran.text == "Viewer is an editor now: Viewer can also bill clients and change records."
    assert roles(studio)["Viewer"] is Role.EDITOR


def test_a_role_that_somebody_has_already_is_said_to_be(studio: Studio) -> None:
    assert studio.done("set_role", member="@Viewer", role="viewer").text == "Viewer is a viewer already."


def test_a_first_name_is_enough_unless_two_have_it(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        for name in ("Sam Reed", "Sam Wood", "Kit Wood"):
            tx.people.save_member(Member(studio.id, name, Role.VIEWER))
    assert studio.done("set_role", member="@kit", role="editor").result["member"] == "@Kit Wood"
    both = studio.run("set_role", member="Sam", role="editor")
    assert (both.missing, both.options) == (("member",), ("@Sam Reed", "@Sam Wood"))
    assert both.text == "Who do you mean: @Sam Reed or @Sam Wood?"


def test_a_stranger_is_a_question_with_everybody_in_it(studio: Studio) -> None:
    ran = studio.run("set_role", member="@Zed", role="editor")
    assert ran.text == "I know nobody called “Zed”. Who is it: @Admin, @Editor or @Viewer?"
    assert ran.status == "asked"


def test_the_last_admin_stays_one(studio: Studio) -> None:
    ran = studio.run("set_role", member="me", role="viewer")
    assert ran.error == ("last_admin", "Admin is the only admin. Make somebody else an admin first.")
    assert studio.done("set_role", member="me", role="admin").text == "Admin is an admin already."
    studio.done("set_role", member="Editor", role="admin")
    studio.done("set_role", member="me", role="viewer")
    assert roles(studio) == {"Admin": Role.VIEWER, "Editor": Role.ADMIN, "Viewer": Role.VIEWER}


def test_only_an_admin_gives_roles(studio: Studio) -> None:
    assert studio.run("set_role", Role.EDITOR, member="me", role="admin").status == "refused"


def test_a_role_of_nobody_is_refused(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx, pytest.raises(UnknownRecord, match="nobody called Zed"):
        set_role(tx, "Zed", Role.VIEWER)


def test_what_is_no_name_at_all_is_refused_by_its_form(studio: Studio) -> None:
    assert studio.run("set_role", member=5, role="editor").status == "failed"
