"""The picture of a chart: only for an address that was sealed here, and only for some weeks."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from bot.addresses import CHART, PublicAddresses
from bot.sealing import Sealer
from bot.web.site import Pictures
from integrations.documents.printer import TypstPrinter

if TYPE_CHECKING:
    from tests.support.site import StudioSite

DRAWN = '{"title":"Collected, AUD “] #evil”","bars":[["May","A$1.00",1000,"neutral"],["June","–",0,"bad"]]}'
PRINTER = TypstPrinter()


@pytest.fixture
def sealer(studio_site: StudioSite) -> Sealer:
    sealer = Sealer()
    studio_site.changes["pictures"] = Pictures(sealer.open, PRINTER.chart)
    return sealer


def status(studio_site: StudioSite, address: str) -> int:
    with studio_site.client() as client:
        return client.get(address).status_code


def test_a_sealed_chart_is_a_picture(studio_site: StudioSite, sealer: Sealer) -> None:
    address = PublicAddresses("https://evie.example", sealer.seal).chart(DRAWN)
    with studio_site.client() as client:
        answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    # 360 points at two and a half pixels each.
    assert int.from_bytes(answer.content[16:20]) == 900
    assert answer.headers["x-robots-tag"].startswith("noindex, nofollow")


def test_where_nobody_else_can_reach_us_there_is_no_picture() -> None:
    assert PublicAddresses("http://localhost:8000").chart(DRAWN) == ""


def test_what_was_not_sealed_as_a_chart_is_not_found(studio_site: StudioSite, sealer: Sealer) -> None:
    foreign = Sealer((Fernet.generate_key().decode(),)).seal(CHART + DRAWN)
    for sealed in ("x", "ä", "a" * 5000, foreign, sealer.seal(DRAWN), sealer.seal("xoxb-token")):
        assert status(studio_site, f"/charts/{sealed}.png") == 404


def test_an_address_ends_after_some_weeks(studio_site: StudioSite) -> None:
    key = Fernet.generate_key()
    studio_site.changes["pictures"] = Pictures(Sealer((key.decode(),)).open, PRINTER.chart)
    for age, expected in ((timedelta(days=29), 200), (timedelta(days=31), 404)):
        sealed = Fernet(key).encrypt_at_time((CHART + DRAWN).encode(), int(time.time() - age.total_seconds()))
        assert status(studio_site, f"/charts/{sealed.decode()}.png") == expected


def test_an_installation_without_pictures_has_none(studio_site: StudioSite) -> None:
    assert status(studio_site, f"/charts/{Sealer().seal(CHART + DRAWN)}.png") == 404
