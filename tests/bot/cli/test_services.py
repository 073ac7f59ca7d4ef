"""The services as processes: they answer, and end in good order when they are told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from bot.cli.demo_folder import demo_folder
from bot.cli.failures import CommandFailed
from bot.cli.web import listen, listen_from
from tests.bot.cli.conftest import Evie

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start commands as processes of their own; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def answers(process: subprocess.Popen[str], url: str) -> httpx2.Response:
    """Wait for the process to answer at the address."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        assert process.poll() is None, process.communicate()
        try:
            return httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.05)
    pytest.fail(f"nobody answers at {url}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_stops_when_it_is_told_to(start: Start, number: signal.Signals) -> None:
    port = free_port()
    process = start("serve", "--port", str(port))
    assert answers(process, f"http://127.0.0.1:{port}/healthz").status_code == 200
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in err


_TOLD_BEFORE_IT_SERVES = """
import signal, sys
from bot.application import Application
from bot.cli import main

Application.read_ahead = lambda application: signal.raise_signal(signal.SIGTERM)
sys.argv[1:] = ["serve", "--port", sys.argv[1]]
main()
"""


def test_serve_that_is_told_to_stop_before_it_serves_does_not_begin(home: Path) -> None:
    command = [sys.executable, "-c", _TOLD_BEFORE_IT_SERVES, str(free_port())]
    ran = subprocess.run(command, check=False, cwd=home, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr


def test_a_worker_runs_until_it_is_told_to_stop(start: Start) -> None:
    process = start("worker")
    assert process.stderr is not None
    assert any("worker_started" in line for line in process.stderr)
    process.terminate()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_the_demo_serves_its_pages_and_ends_with_ctrl_c(start: Start, home: Path) -> None:
    port = free_port()
    process = start("demo", "--no-chat", "--port", str(port))
    for page in ("", "mailbox", "healthz"):
        assert answers(process, f"http://127.0.0.1:{port}/{page}").status_code == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert f"http://localhost:{port}/mailbox" in out
    assert sorted(path.name for path in home.iterdir()) == ["evie-demo"]


def test_the_demo_can_be_talked_to_by_a_script(start: Start) -> None:
    process = start("demo", "--port", str(free_port()))
    out, err = process.communicate("is stripe connected?\nshow unpaid invoices\nbye\n", timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "› is stripe connected?\nNot yet." in out
    assert "INV-1003 · Kestrel Coffee" in out


def test_a_port_that_is_taken_is_said_to_be_so(evie: Evie) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = evie("serve", "--port", str(port))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"Cannot listen on 127.0.0.1:{port}: Address already in use. Name another with --port.\n"


def test_real_accounts_need_a_key_to_protect_them(evie: Evie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_x")
    ran = evie("serve")
    assert ran.code == 1
    assert ran.err.startswith("EVIE_SECRET_KEY is missing.")


def test_the_next_free_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        with listen_from("127.0.0.1", first) as found:
            assert first < found.getsockname()[1] < first + 50


def test_a_host_that_is_none_is_refused() -> None:
    with pytest.raises(CommandFailed, match="Cannot listen on"):
        listen("no host", 8000)


def test_a_demo_that_goes_on_is_talked_to_by_the_same_person(start: Start) -> None:
    first = start("demo", "--port", str(free_port()))
    told, _ = first.communicate("make Kit an admin\nyes\n", timeout=60)
    assert "goes on from here" in told
    again = start("demo", "--keep", "--port", str(free_port()))
    told, _ = again.communicate("bye\n", timeout=60)
    assert "Robin (admin)" in told


def test_a_demo_begins_anew_unless_it_is_told_to_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    for keep, expected in ((False, False), (True, True), (False, False)):
        with demo_folder(folder, keep=keep):
            assert (folder / "sub" / "file").exists() is expected
            (folder / "sub").mkdir(exist_ok=True)
            (folder / "sub" / "file").touch()


def test_a_demo_never_empties_somebody_elses_folder(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(CommandFailed, match="not a demo's"), demo_folder(tmp_path, keep=False):
        pytest.fail("the folder was taken")
    assert (tmp_path / "precious").exists()


def test_a_demo_leaves_what_a_link_points_at(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").touch()
    with demo_folder(tmp_path / "demo", keep=False) as folder:
        (folder / "link").symlink_to(tmp_path / "elsewhere")
    with demo_folder(tmp_path / "demo", keep=False) as folder:
        assert not (folder / "link").exists()
    assert (tmp_path / "elsewhere" / "precious").exists()


def test_one_folder_holds_one_demo_at_a_time(tmp_path: Path) -> None:
    with (
        demo_folder(tmp_path / "demo", keep=False),
        pytest.raises(CommandFailed, match="Another demo is running"),
        demo_folder(tmp_path / "demo", keep=True),
    ):
        pytest.fail("the folder was taken twice")


def test_a_worker_tells_a_monitor_how_it_is(start: Start) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    worker = start("worker", "--port", str(port))
    assert answers(worker, f"{url}/readyz").json()["status"] == "ready"
    assert "evie_database_up 1.0" in httpx2.get(f"{url}/metrics").text
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0
