"""What every test has: the shared fixtures, and property tests that do not fail for being on a slow machine."""

from hypothesis import settings

pytest_plugins = [
    "tests.support.databases",
    "tests.support.studio",
    "tests.support.browser",
    "tests.support.openai",
    "tests.support.slack",
    "tests.support.stripe",
]

settings.register_profile("evie", deadline=None)
settings.load_profile("evie")
