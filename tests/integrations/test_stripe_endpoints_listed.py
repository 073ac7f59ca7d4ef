"""What the README says to subscribe to is what is listened to."""

from __future__ import annotations

import re
from pathlib import Path

from integrations.stripe_endpoints import NEEDED_EVENTS
from integrations.stripe_events import DEAUTHORIZED

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_lists_every_event_that_is_needed_and_no_other() -> None:
    (block,) = re.findall(r"Its events:\n\n```\n(.*?)```", README.read_text(), flags=re.DOTALL)
    assert set(block.split()) == {*NEEDED_EVENTS, DEAUTHORIZED}
