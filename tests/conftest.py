"""What every test has: the shared fixtures, and property tests that do not fail for being on a slow machine."""

from hypothesis import settings

# In the order of their imports: a module that another one imported first could not be rewritten any more.
pytest_plugins = [
    "tests.support.log_sink",
    "tests.support.databases",
    "tests.support.studio",
    "tests.support.site",
    "tests.support.browser",
    "tests.support.openai",
    "tests.support.slack",
    "tests.support.slack_office",
    "tests.support.stripe",
    "tests.support.assisting",
]

settings.register_profile("evie", deadline=None)
# What `make check` asks for: more of the histories that a state machine makes up.
settings.register_profile("thorough", deadline=None)
settings.load_profile("evie")
