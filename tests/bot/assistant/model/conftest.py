"""The model route against the scripted model."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.assistant.model.route import ModelRoute
from tests.support.inquiries import Door

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.openai import ScriptedModel


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def route(scripted_model: ScriptedModel) -> Iterator[Callable[..., ModelRoute]]:
    """Make routes to the scripted model, with changes to their configuration or with a clock of their own."""
    made = []

    def make(monotonic: Callable[[], float] = time.monotonic, **changes: Any) -> ModelRoute:
        made.append(ModelRoute(scripted_model.config(**changes), monotonic=monotonic))
        return made[-1]

    yield make
    for one in made:
        one.close()
