"""An admin gives a colleague a role by mentioning them, and what they may do follows at once."""

from typing import Any

import pytest

from tests.support.slack import FakeSlack
from tests.support.walking import Evie
from tests.support.walking_slack import Colleague

pytestmark = pytest.mark.walk


def test_a_role_is_given_by_a_mention_and_counts_from_then_on(
    evie: Evie, slack: FakeSlack, workspace: dict[str, Any]
) -> None:
    evie.move_in(workspace)
    evie.serve()
    ada, sam = Colleague(evie, slack), Colleague(evie, slack, user="U2", channel="D2")

    refused = sam.says("create a 30% deposit invoice for Quist")
    assert "you need to be an editor; you are a viewer" in refused.words
    assert "Sam is an editor now" in ada.says("make <@U2> an editor").words
    assert sam.says("create a 30% deposit invoice for Quist").facts["Amount"] == "A$2,400.00"
