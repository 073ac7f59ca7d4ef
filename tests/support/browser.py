"""A real browser for the pages: the system's Chromium, with nothing of its own to say to the network."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def _chromium() -> str:
    """Return the path of Chromium; skips the test where there is none, fails it where there has to be one."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    reason = f"no Chromium on the PATH (looked for {', '.join(_NAMES)})"
    if os.environ.get("EVIE_REQUIRE_BROWSER") == "1":  # noqa: TID251 - the tests' own switch, not a setting of Evie
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module; each launch has a profile of its own that is thrown away."""
    # Not for the whole session: while Playwright's loop lives, no other test of this process could run one.
    path = _chromium()
    with sync_playwright() as playwright:
        # Playwright ends it when it ends itself, after half a minute by force; to close it may wait for ever.
        yield playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own: no cookies or storage of another test."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
