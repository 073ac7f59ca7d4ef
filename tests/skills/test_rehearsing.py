"""A call that is rehearsed says how it would end; one that nobody may make is refused before."""

import pytest

from billing.conversations import SkillCall
from billing.errors import BadAmount, BadArgument, MissingArgument, NotAllowed
from billing.roles import Role
from skills.registry import SKILLS
from skills.runner import Runner
from tests.support.studio import Studio

RUNNER = Runner(SKILLS)


def test_a_rehearsed_call_has_its_records_by_number_and_its_values_as_the_catalogue_writes_them(studio: Studio) -> None:
    call = SkillCall("create_invoice", {"opportunity": "shop sign", "amount": "500", "kind": "standard"})
    assert RUNNER.rehearsed(studio.context(), call).arguments == {"opportunity": "OPP-1", "amount": "500.00"}


def test_it_raises_what_the_call_would_end_with(studio: Studio) -> None:
    with pytest.raises(BadAmount):
        RUNNER.rehearsed(studio.context(), SkillCall("create_invoice", {"opportunity": "OPP-1", "amount": "0"}))
    with pytest.raises(MissingArgument):
        RUNNER.rehearsed(studio.context(), SkillCall("create_invoice", {"amount": "5"}))
    with pytest.raises(BadArgument) as refused:
        RUNNER.rehearsed(studio.context(), SkillCall("create_invoice", {"opportunity": "OPP-1", "due": "soon"}))
    assert refused.value.argument == "due"


def test_nobody_rehearses_what_their_role_does_not_allow(studio: Studio) -> None:
    with pytest.raises(NotAllowed, match="you need to be an editor"):
        RUNNER.rehearsed(studio.context(Role.VIEWER), SkillCall("create_invoice", {}))


def test_an_outward_call_is_only_previewed(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    number = studio.done("list_invoices").mentions[0]
    call = SkillCall("send_invoice", {"invoice": number})
    assert RUNNER.rehearsed(studio.context(), call) == call
    assert RUNNER.preview(studio.context(), call).title.startswith(f"Send {number} to ")
    assert studio.invoice(number).sent_at is None
