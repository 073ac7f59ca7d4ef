from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings, SettingsError, load, require_secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Environment = Callable[..., None]

KEY = f"{'A' * 43}="


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """Set exactly these settings: none of this machine's, and no `.env` but one that the test writes."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def set_all(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_all


def test_with_nothing_set_everything_is_local(environment: Environment) -> None:
    settings = load()

    assert settings.database_url == "sqlite:///evie.db"
    assert settings.stripe_is_local
    assert settings.mail_is_local
    assert not settings.slack_enabled
    assert settings.openai_api_key is None
    require_secret(settings)


def test_an_empty_setting_is_an_absent_one(environment: Environment) -> None:
    environment(STRIPE_API_KEY="", SMTP_URL="", EVIE_LOG_LEVEL="")

    settings = load()

    assert settings.stripe_is_local
    assert settings.mail_is_local
    assert settings.evie_log_level == "info"


def test_the_environment_goes_before_the_env_file(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EVIE_LOG_LEVEL=debug\nEVIE_LOG_FORMAT=json\nSOMEBODY_ELSES=1\n")
    environment(EVIE_LOG_LEVEL="warning")

    settings = load()

    assert settings.evie_log_level == "warning"
    assert settings.evie_log_format == "json"


def test_lists_are_separated_by_commas(environment: Environment) -> None:
    environment(EVIE_ADMINS="U1, U2 ,,U3", STRIPE_WEBHOOK_SECRET="whsec_a,whsec_b")

    settings = load()

    assert settings.evie_admins == ("U1", "U2", "U3")
    assert settings.stripe_webhook_secret == ("whsec_a", "whsec_b")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///books.db", "sqlite:///books.db"),
        ("postgresql+psycopg://evie@db.example/evie", "postgresql+psycopg://evie@db.example/evie"),
        ("postgresql://evie@db.example/evie", "postgresql+psycopg://evie@db.example/evie"),
    ],
)
def test_a_database_is_sqlite_or_postgresql(environment: Environment, given: str, used: str) -> None:
    environment(DATABASE_URL=given)

    assert load().database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h4rd-to-guess@db.example/evie"),
        ("EVIE_BASE_URL", "h4rd-to-guess.example"),
        ("EVIE_SECRET_KEY", "h4rd-to-guess"),
        ("EVIE_SECRET_KEY", f"{KEY},h4rd-to-guess"),
        ("SLACK_BOT_TOKEN", "h4rd-to-guess"),
        ("SLACK_APP_TOKEN", "h4rd-to-guess"),
        ("SLACK_API_BASE_URL", "ftp://h4rd-to-guess.example"),
        ("STRIPE_API_KEY", "pk_test_h4rd-to-guess"),
        ("STRIPE_CLIENT_ID", "h4rd-to-guess"),
        ("STRIPE_API_BASE", "h4rd-to-guess"),
        ("STRIPE_CONNECT_BASE", "h4rd-to-guess"),
        ("OPENAI_BASE_URL", "h4rd-to-guess"),
        ("SMTP_URL", "http://h4rd-to-guess.example"),
        ("SMTP_URL", "smtp://"),
        ("EVIE_BOOKING_URL", "h4rd-to-guess"),
        ("EVIE_LOG_LEVEL", "h4rd-to-guess"),
        ("EVIE_LOG_FORMAT", "h4rd-to-guess"),
    ],
)
def test_a_malformed_setting_is_named_and_its_value_is_not_shown(
    environment: Environment, name: str, value: str
) -> None:
    environment(**{name: value})

    with pytest.raises(SettingsError, match=f"^{name} ") as refused:
        load()

    assert "h4rd-to-guess" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_all_malformed_settings_are_named_at_once(environment: Environment) -> None:
    environment(STRIPE_API_KEY="nonsense", SMTP_URL="nonsense")

    with pytest.raises(SettingsError) as refused:
        load()

    assert "STRIPE_API_KEY" in str(refused.value)
    assert "SMTP_URL" in str(refused.value)


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": "s"}, "SLACK_CLIENT_SECRET"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"STRIPE_CLIENT_ID": "ca_1"}, "STRIPE_API_KEY"),
    ],
)
def test_half_a_set_up_is_refused_with_the_name_of_the_other_half(
    environment: Environment, present: dict[str, str], missing: str
) -> None:
    environment(**present)

    with pytest.raises(SettingsError, match=f"^{missing} is missing"):
        load()


@pytest.mark.parametrize(
    "whole",
    [
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
        {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s"},
    ],
)
def test_slack_is_on_with_a_whole_set_up(environment: Environment, whole: dict[str, str]) -> None:
    environment(**whole)

    assert load().slack_enabled


@pytest.mark.parametrize(
    "accounts",
    [{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, {"STRIPE_API_KEY": "rk_test_1"}],
)
def test_real_accounts_need_a_key_that_protects_their_tokens(
    environment: Environment, accounts: dict[str, str]
) -> None:
    environment(**accounts)
    with pytest.raises(SettingsError, match=r"^EVIE_SECRET_KEY is missing"):
        require_secret(load())

    environment(EVIE_SECRET_KEY=KEY)
    require_secret(load())


def test_the_public_address_is_this_machine_unless_it_is_set(environment: Environment) -> None:
    assert load().base_url(8080) == "http://localhost:8080"

    environment(EVIE_BASE_URL="https://evie.example/")
    assert load().base_url(8080) == "https://evie.example"


def test_a_start_may_set_what_the_environment_does_not(environment: Environment) -> None:
    assert load(database_url="sqlite:///demo.db").database_url == "sqlite:///demo.db"
