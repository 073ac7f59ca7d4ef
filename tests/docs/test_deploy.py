"""What `deploy/` says is true of the program: its commands and settings exist, its numbers are told, its walls hold."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from typer.main import get_command

from billing.queues import QueueHealth
from bot.cli.program import program
from bot.settings import Settings
from bot.watching.watcher import Watcher
from bot.web.metrics import Metrics
from tests.support.site import StudioSite
from tests.support.source import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
ANALYZE = shutil.which("systemd-analyze") or ""
KNOWN = {name.upper() for name in Settings.model_fields}
# Of Python and of uv, which are no settings of Evie's.
TOOLS = re.compile(r"PATH|PYTHON[A-Z]+|UV_[A-Z_]+")


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    return read


def ours() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in compose()["services"].items() if name != "postgres"}


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def options_of(command: list[str]) -> None:
    """Fail unless the command line is one that the program takes."""
    name, *options = command
    known = get_command(program()).commands[name]  # type: ignore[attr-defined] # a group has commands
    known.make_context(name, list(options))


def test_the_image_has_two_stages_and_ends_without_root() -> None:
    words = [word for word, _ in instructions()]
    assert words.count("FROM") == 2
    last = instructions()[len(words) - 1 - words[::-1].index("FROM") :]
    users = [value for word, value in last if word == "USER"]
    assert users == ["10001"]
    assert not any("uv" in value for word, value in last if word in {"COPY", "RUN"})
    assert any(word == "HEALTHCHECK" and "/healthz" in value for word, value in last)


def test_the_image_takes_what_is_locked_and_nothing_of_the_workshop() -> None:
    syncs = [value for word, value in instructions() if word == "RUN" and "uv sync" in value]
    assert len(syncs) == 2
    assert all("--frozen" in value and "--no-dev" in value for value in syncs)
    copied = {value.split()[0] for word, value in instructions() if word == "COPY" and "--from" not in value}
    packages = re.search(r"packages = (\[.*\])", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert packages
    assert copied - {"pyproject.toml"} == set(json.loads(packages[1]))


def test_the_images_commands_and_the_services_are_ones_that_the_program_takes() -> None:
    (entry,) = [json.loads(value) for word, value in instructions() if word == "ENTRYPOINT"]
    (command,) = [json.loads(value) for word, value in instructions() if word == "CMD"]
    assert entry == ["evie"]
    options_of(command)
    assert ours().keys() == {"migrate", "web", "worker"}
    for service in ours().values():
        options_of(service["command"])


def test_every_name_in_the_environment_is_a_setting() -> None:
    in_image = [name for word, value in instructions() if word == "ENV" for name in re.findall(r"([A-Z_]+)=", value)]
    in_services = [name for service in ours().values() for name in service["environment"]]
    in_units = [
        name
        for unit in UNITS
        for line in re.findall(r"^Environment=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
        for name in re.findall(r"([A-Z_]+)=", line)
    ]
    example = re.findall(r"^([A-Z_]+)=", (DEPLOY / ".env.example").read_text("utf-8"), re.MULTILINE)
    named = {*in_image, *in_services, *in_units, *example}
    assert {name for name in named if name not in KNOWN and not TOOLS.fullmatch(name)} == {"POSTGRES_PASSWORD"}
    assert "DATABASE_URL" in in_image
    assert "EVIE_SECRET_KEY" in example


def test_the_services_can_write_nothing_and_become_nobody() -> None:
    for service in ours().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in service
    assert ours()["web"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert all(port.startswith("127.0.0.1:") for port in ours()["web"]["ports"])
    assert "ports" not in compose()["services"]["postgres"]


def test_the_units_run_commands_that_the_program_takes() -> None:
    started = {
        unit.name: re.findall(r"/opt/evie/\.venv/bin/evie ([^\"'\n]+)", unit.read_text("utf-8")) for unit in UNITS
    }
    assert all(started.values())
    for commands in started.values():
        for command in commands:
            options_of(command.replace("%i", "0").split() + (["x.db"] if command.strip() == "backup" else []))


@pytest.fixture
def verifiable(tmp_path: Path) -> Path:
    """The units with a program and a user that exist on any machine."""
    if not ANALYZE:
        pytest.skip("systemd-analyze is not here")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/evie/.venv/bin/evie", "/bin/true")
        (tmp_path / unit.name).write_text(re.sub(r"^(User|Group)=evie$", r"\1=root", text, flags=re.MULTILINE), "utf-8")
    return tmp_path


def test_systemd_finds_no_fault_with_the_units(verifiable: Path) -> None:
    units = [str(unit) for unit in sorted(verifiable.iterdir())]
    ran = subprocess.run([ANALYZE, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_systemd_finds_the_units_hardened(verifiable: Path) -> None:
    for unit in verifiable.glob("*.service"):
        ran = subprocess.run(
            [ANALYZE, "security", "--offline=yes", "--threshold=20", str(unit)],
            capture_output=True,
            text=True,
            check=False,
        )
        if "Unknown command line option" in ran.stderr or "unrecognized option" in ran.stderr:
            pytest.skip("this systemd-analyze cannot look at files")
        assert ran.returncode == 0, ran.stdout[-300:] + ran.stderr


def told() -> set[str]:
    """Return the names of all numbers that a process tells, those that need a first event too."""

    class Answering:
        def health(self) -> QueueHealth:
            return QueueHealth(1, 1)

        def endings(self, skill: str) -> dict[str, int]:
            return {"helped": 1}

        def connections(self) -> tuple[int, int]:
            return 1, 1

    watcher = Watcher()
    text = (
        generate_latest(watcher.meters.registry).decode()
        + bytes(
            Metrics(Answering(), watcher).page(None).body  # type: ignore[arg-type] # as much of a store as is asked
        ).decode()
    )
    names = set()
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE):
        endings = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("",)}
        names |= {name + ending for ending in endings.get(kind, ("",))}
    return names


def _asked(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:evie|process)_\w+", re.sub(r'"[^"]*"', "", expression)))


def test_every_number_on_the_board_is_told_by_the_program() -> None:
    board = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    asked = [_asked(target["expr"]) for panel in board["panels"] for target in panel.get("targets", [])]
    assert len(asked) > 20
    assert all(asked)
    assert set().union(*asked) - told() == set()
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))


def test_every_number_that_is_ours_is_on_the_board() -> None:
    board = (DEPLOY / "grafana.json").read_text("utf-8")
    families = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in told() if name.startswith("evie_")}
    created = {family for family in families if family.endswith("_created")}
    assert {family for family in families - created if family not in board} == set()


def test_every_alert_asks_for_numbers_that_are_told_and_says_what_to_do() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    assert len(rules) > 8
    for rule in rules:
        asked = _asked(rule["expr"])
        assert asked, rule
        assert asked - told() == set()
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert {"summary", "action"} == rule["annotations"].keys()


def test_labels_in_the_board_and_the_rules_are_labels_of_ours(studio_site: StudioSite) -> None:
    meters = Watcher().meters
    labels = {label for name in vars(meters) for label in getattr(getattr(meters, name), "_labelnames", ())}
    labels |= {"le", "instance", "queue", "state", "verdict"}
    text = (DEPLOY / "grafana.json").read_text("utf-8") + (DEPLOY / "alerts.yml").read_text("utf-8")
    used = {label.strip() for group in re.findall(r"\bby \(([^)]*)\)", text) for label in group.split(",")}
    used |= set(re.findall(r"\{\{ ?(?:\$labels\.)?(\w+) ?\}\}", text))
    assert used - labels == set()


def test_the_page_names_only_files_that_there_are() -> None:
    page = (DEPLOY / "README.md").read_text("utf-8")
    named = {name.rstrip("/") for name in re.findall(r"`((?:tests/|systemd/)[\w./]*|[\w.]+\.(?:yml|json))`", page)}
    assert named
    assert {name for name in named if not (DEPLOY / name).exists() and not (ROOT / name).exists()} == set()
