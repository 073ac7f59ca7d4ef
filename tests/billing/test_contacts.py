from __future__ import annotations

from billing.contacts import Contact
from tests.support.records import NOW, WORKSPACE


def test_a_client_is_called_by_the_company() -> None:
    contact = Contact(WORKSPACE, "CON-1", "Jane Fox", NOW, company="Bluebird Bakery")

    assert contact.label == "Bluebird Bakery"


def test_a_client_without_a_company_is_called_by_name() -> None:
    assert Contact(WORKSPACE, "CON-1", "Jane Fox", NOW).label == "Jane Fox"
