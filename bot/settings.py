"""The settings: the only module that reads the environment. Each is named and checked before anything starts."""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 - pydantic reads it at run time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(Exception):
    """A missing or malformed setting; the message names it and never shows its value."""


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _is_http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        message = "has to be a URL such as https://evie.example"
        raise ValueError(message)
    return value.rstrip("/")


def _is_database_url(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        message = "has to be sqlite:///file or postgresql+psycopg://user:password@host/database"
        raise ValueError(message)
    return value.replace("postgresql://", "postgresql+psycopg://", 1)


def _is_smtp_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        message = "has to be smtp://user:password@host:587?starttls=1 or smtps://user:password@host"
        raise ValueError(message)
    return value


def _is_sender(value: str) -> str:
    if not re.fullmatch(r"[^<>@,;\"\\]*<[^<>@\s]+@[^<>@\s]+>|[^<>@,;\s]+@[^<>@,;\s]+", value):
        message = "has to be one mailbox, such as Evie <billing@studio.example>"
        raise ValueError(message)
    return value


def _are_fernet_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            message = "has to be one or more Fernet keys (44 characters each), separated by commas"
            raise ValueError(message) from error
    return keys


def _are_prices(prices: tuple[float, ...]) -> tuple[float, ...]:
    if len(prices) not in {0, 2} or min(prices, default=0) < 0:
        message = "has to be two numbers: dollars for a million tokens read and written, such as 1.25,10"
        raise ValueError(message)
    return prices


def _are_headers(headers: tuple[str, ...]) -> tuple[str, ...]:
    if not all(re.fullmatch(r"[^\s=]+=.*", header) for header in headers):
        message = "has to be name=value pairs, separated by commas"
        raise ValueError(message)
    return headers


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Numbers = Annotated[tuple[float, ...], NoDecode, BeforeValidator(_split)]
HttpUrl = Annotated[str, AfterValidator(_is_http_url)]


class Settings(BaseSettings):
    """Everything that an installation may set, by its environment name. Absent means: the local stand-in."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_is_database_url)] = "sqlite:///evie.db"
    evie_base_url: HttpUrl | None = None
    evie_secret_key: Annotated[Words, AfterValidator(_are_fernet_keys)] = ()

    slack_bot_token: str | None = Field(default=None, pattern=r"^xox[a-z][a-z.]*-")
    slack_signing_secret: str | None = None
    slack_app_token: str | None = Field(default=None, pattern=r"^xapp-")
    slack_client_id: str | None = None
    slack_client_secret: str | None = None
    evie_admins: Words = ()
    slack_api_base_url: HttpUrl | None = None

    stripe_api_key: str | None = Field(default=None, pattern=r"^(sk|rk)_(test|live)_")
    stripe_client_id: str | None = Field(default=None, pattern=r"^ca_")
    stripe_webhook_secret: Words = ()
    stripe_api_base: HttpUrl | None = None
    stripe_connect_base: HttpUrl | None = None

    openai_api_key: str | None = None
    openai_base_url: HttpUrl | None = None
    openai_model: str = "gpt-6-terra"
    openai_prices: Annotated[Numbers, AfterValidator(_are_prices)] = ()
    # Of one person within 24 hours: some hundred requests, so that only a loop or a prank comes to its end.
    evie_model_daily_tokens: int = Field(default=1_000_000, ge=1)

    smtp_url: Annotated[str, AfterValidator(_is_smtp_url)] | None = None
    evie_mail_from: Annotated[str, AfterValidator(_is_sender)] = "Evie <billing@localhost.example>"

    evie_booking_url: HttpUrl | None = None
    evie_booking_text: str = ""

    # Of one process, to PostgreSQL: with so many threads, more would only wait inside the server.
    evie_database_connections: int = Field(default=20, ge=2, le=200)
    # A thread waits while a model thinks, so there are more of them than the machine has cores.
    evie_worker_threads: int = Field(default=16, ge=1, le=64)

    otel_exporter_otlp_endpoint: HttpUrl | None = None
    otel_exporter_otlp_headers: Annotated[Words, AfterValidator(_are_headers)] = ()

    evie_log_level: Literal["debug", "info", "warning", "error"] = "info"
    evie_log_format: Literal["console", "json"] = "console"

    # For tests alone: see bot/faults.py.
    evie_faults: Path | None = None

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file, which one process owns."""
        return self.database_url.startswith("sqlite")

    @property
    def slack_enabled(self) -> bool:
        """Whether Slack is set up: one workspace by its token, or many by OAuth."""
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def stripe_is_local(self) -> bool:
        """Whether the local Stripe sandbox stands in for Stripe."""
        return self.stripe_api_key is None

    @property
    def mail_is_local(self) -> bool:
        """Whether mail goes to the local mailbox."""
        return self.smtp_url is None

    @property
    def is_private(self) -> bool:
        """Whether only this machine reaches the pages, so that the stand-ins may show theirs.

        With a public address, anybody could read the local mailbox, or pay an invoice with a test card.
        """
        return _is_here(self.evie_base_url or "http://localhost")

    @property
    def reaches_only_stand_ins(self) -> bool:
        """Whether every service that is set up is one on this machine, where nothing is anybody's."""
        stripe, slack = self.stripe_api_base, self.slack_api_base_url
        used = [
            (not self.stripe_is_local, stripe),
            (self.slack_enabled, slack),
            (self.openai_api_key is not None, self.openai_base_url),
            (not self.mail_is_local, self.smtp_url),
        ]
        return all(_is_here(url or "") for is_set, url in used if is_set)

    def base_url(self, port: int) -> str:
        """Return the public address without a slash at its end."""
        return self.evie_base_url or f"http://localhost:{port}"


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")


def load(**overrides: Any) -> Settings:  # noqa: ANN401 - any setting
    """Read the environment and `.env`; raises SettingsError that names what is missing or malformed."""
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from None
    _check_together(settings)
    return settings


def _in_words(error: ValidationError) -> str:
    problems = [
        f"{'.'.join(str(part) for part in problem['loc'][:1]).upper()} {_reason(problem['type'], problem['msg'])}"
        for problem in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(dict.fromkeys(problems)) + "."


def _reason(kind: str, message: str) -> str:
    if kind == "string_pattern_mismatch":
        return "does not look like such a key (check that it was copied whole)"
    return message.removeprefix("Value error, ")


def _check_together(settings: Settings) -> None:
    """Refuse half a set-up: each pair of settings that only means something together."""
    needs = [
        (settings.slack_bot_token and not settings.slack_app_token, "SLACK_SIGNING_SECRET", "slack_signing_secret"),
        (settings.slack_client_id, "SLACK_CLIENT_SECRET", "slack_client_secret"),
        (settings.slack_client_id, "SLACK_SIGNING_SECRET", "slack_signing_secret"),
        (settings.slack_app_token, "SLACK_BOT_TOKEN", "slack_bot_token"),
        (settings.stripe_client_id, "STRIPE_API_KEY", "stripe_api_key"),
    ]
    for needed, name, field_name in needs:
        if needed and not getattr(settings, field_name):
            raise SettingsError(f"{name} is missing: the other settings of that service need it.")
    if settings.evie_faults and not settings.reaches_only_stand_ins:
        raise SettingsError("EVIE_FAULTS makes a process die, for tests: it is refused where real accounts are set.")


def require_secret(settings: Settings) -> None:
    """Raise SettingsError where real accounts are set and there is no key to protect their tokens with."""
    if (settings.slack_enabled or not settings.stripe_is_local) and not settings.evie_secret_key:
        raise SettingsError(
            "EVIE_SECRET_KEY is missing. Make one with: "
            'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
        )
