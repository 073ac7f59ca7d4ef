"""The log is there for whoever mends things; it holds no secret and does not get in anybody's way."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.logs import as_line, log_to_file, log_to_stderr, unexpected
from bot.settings import Settings


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


def fail_with_a_secret_at_hand() -> None:
    api_key = "sk_test_" + "canary"
    message = f"no answer after {len(api_key)} tries"
    raise RuntimeError(message)


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_unexpected_error_is_logged_under_its_reference_and_without_secrets(
    form: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr(Settings(evie_log_format=form))
    try:
        fail_with_a_secret_at_hand()
    except RuntimeError as error:
        sentence = unexpected(error)
    logged = capsys.readouterr().err
    assert sentence.split("reference ")[1][:8] in logged
    assert "fail_with_a_secret_at_hand" in logged
    assert "canary" not in logged
    assert "no answer" not in sentence


def test_the_level_is_the_one_that_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr(Settings(evie_log_level="warning", evie_log_format="json"))
    structlog.get_logger("a").info("small")
    logging.getLogger("a.library").warning("large")
    logged = capsys.readouterr().err
    assert json.loads(logged)["event"] == "large"


def test_a_log_file_appears_with_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "evie.log"
    log_to_file(path)
    assert not path.exists()
    structlog.get_logger("a").warning("first", client="Ünï")
    assert json.loads(path.read_text(encoding="utf-8"))["client"] == "Ünï"


def test_a_log_that_cannot_be_written_is_no_reason_to_complain(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_file(tmp_path / "missing" / "evie.log")
    structlog.get_logger("a").error("lost")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-abcDEF",
        "xoxe.xoxp-1-abc",
        "xapp-1-A1-2-ff",
        "sk_test_abc123",
        "rk_live_abc123",
        "whsec_c2VjcmV0/+=",
        "sk-proj-abcdef012345",
        "gAAAAABmsealedsealedsealed==",
        "nora.quist+a@quist-ferries.example",
    ],
)
def test_what_no_log_may_have_is_taken_out_wherever_it_stands(secret: str) -> None:
    line = as_line({"event": f"refused: {secret}.", "more": {"deep": [secret]}, "error": ValueError(secret)})
    assert secret not in line
    assert json.loads(line)["event"] == "refused: [hidden]."


def test_what_is_no_secret_stays() -> None:
    facts = {"event": "call", "operation": "GET /v1/payment_links/:id", "seconds": 0.25, "stripe_request": "req_1"}
    assert json.loads(as_line(facts)) == facts
    assert "acct_1" in as_line({"event": "x", "account": "acct_1", "none": None, "key": "message:C1:1773.0001"})


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://evie.example/pay/dG9rZW4tb2YtYS1jbGllbnQ", "https://evie.example/pay/[hidden]"),
        ("https://evie.example/portal/dG9rZW4/statement.pdf", "https://evie.example/portal/[hidden]/statement.pdf"),
        ("smtp://user:pa55@mail.example:587", "smtp://[hidden]@mail.example:587"),
    ],
)
def test_an_address_is_told_without_what_lets_somebody_in(address: str, told: str) -> None:
    assert json.loads(as_line({"event": address}))["event"] == told


def test_a_traceback_is_told_without_what_no_log_may_have(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr(Settings(evie_log_format="console"))
    unexpected(RuntimeError("no mailbox nora@quist.example"))
    logged = capsys.readouterr().err
    assert "no mailbox [hidden]" in logged


def test_libraries_say_less_than_we_do(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr(Settings(evie_log_level="debug", evie_log_format="json"))
    logging.getLogger("slack_sdk.web").debug("whole request")
    logging.getLogger("bot.slack").debug("ours")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["ours"]
