"""Secrets at rest."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from bot.sealing import SealBroken, Sealer

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


def test_what_is_sealed_opens_again_and_does_not_show() -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal("xoxb-secret")
    assert "xoxb" not in sealed
    assert sealer.open(sealed) == "xoxb-secret"


def test_an_old_key_still_opens_and_sealing_anew_makes_it_dispensable() -> None:
    sealed = Sealer([OLD]).seal("xoxb-secret")
    resealed = Sealer([NEW, OLD]).reseal(sealed)
    assert Sealer([NEW]).open(resealed) == "xoxb-secret"


@pytest.mark.parametrize("wrong", ["", "gAAAA", "ü", "x" * 200])
def test_what_was_never_sealed_is_refused(wrong: str) -> None:
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(wrong)
    with pytest.raises(SealBroken):
        Sealer([NEW]).reseal(Sealer([OTHER]).seal("x"))


def test_a_ticket_is_for_its_purpose_its_keys_and_its_time_only() -> None:
    sealer = Sealer([NEW])
    word = sealer.ticket("slack-install")
    assert sealer.is_ticket(word, "slack-install", max_age_seconds=600)
    assert not sealer.is_ticket(word, "other", max_age_seconds=600)
    assert not sealer.is_ticket(word, "slack-install", max_age_seconds=-1)
    assert not Sealer([OTHER]).is_ticket(word, "slack-install", max_age_seconds=600)
