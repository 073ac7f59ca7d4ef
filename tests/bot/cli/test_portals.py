"""Portals from the command line: a new address, and the end of the old ones."""

from __future__ import annotations

import json

from tests.bot.cli.conftest import Evie


def test_an_address_is_made_and_all_of_them_end_at_once(evie: Evie, small: str) -> None:
    evie("import", small)
    made = evie("portal", "con-1")
    assert made.code == 0
    token = made.out.strip().rpartition("/portal/")[2]
    assert len(token) >= 43
    (client, *_) = json.loads(evie("export", "-").out)["contacts"]
    (kept,) = client["portal_links"]
    assert token not in json.dumps(kept)
    ended = evie("portal", "CON-1", "--revoke")
    assert ended.out.startswith("One address of ")
    assert evie("portal", "CON-1", "--revoke").out.startswith("No addresses of ")
    (client, *_) = json.loads(evie("export", "-").out)["contacts"]
    assert client["portal_links"][0]["revoked_at"]


def test_a_client_who_is_not_there_is_said_not_to_be(evie: Evie, small: str) -> None:
    evie("import", small)
    ran = evie("portal", "CON-99")
    assert ran.code == 1
    assert "CON-99" in ran.err


def test_a_client_may_be_named_as_people_say_it(evie: Evie, small: str) -> None:
    evie("import", small)
    client = json.loads(evie("export", "-").out)["contacts"][0]
    assert "/portal/" in evie("portal", client["name"]).out
    ran = evie("portal", "nobody at all")
    assert ran.code == 1
    assert "I can't find a contact for “nobody at all”." in ran.err
