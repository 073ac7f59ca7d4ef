"""What every test has: the shared fixtures, and property tests that do not fail for being on a slow machine."""

from hypothesis import HealthCheck, settings

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

# The same examples each time: a find belongs to whoever looks for one (`make fuzz`), not to the next unrelated change.
settings.register_profile("evie", deadline=None, derandomize=True)
# What `make check` asks for: more of the histories that a state machine makes up.
settings.register_profile("thorough", deadline=None, derandomize=True)
# What `make fuzz` asks for: other examples each time, and many of them.
settings.register_profile("fuzz", deadline=None, max_examples=5000, suppress_health_check=list(HealthCheck))
settings.load_profile("evie")
