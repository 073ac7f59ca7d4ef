"""A disk that is full, broken or read-only: nothing is acknowledged that is not there, and it heals by itself."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.support.databases import PostgresqlServer
from tests.support.town import Town, a_town
from tests.support.walking_stripe import deliver

pytestmark = [pytest.mark.walk, pytest.mark.thorough, pytest.mark.timeout(180)]

# What a library that is loaded first makes of the disk, as long as a file says so.
BROKEN_DISK = """
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int broken(void) {
    const char *file = getenv("BROKEN_DISK");
    return file && access(file, F_OK) == 0;
}
int fsync(int fd) {
    if (broken()) { errno = EIO; return -1; }
    return (int) syscall(SYS_fsync, fd);
}
int fdatasync(int fd) {
    if (broken()) { errno = EIO; return -1; }
    return (int) syscall(SYS_fdatasync, fd);
}
"""


@pytest.fixture
def broken_disk(tmp_path: Path) -> dict[str, str]:
    """What makes a process's disk break as soon as there is a file `broken`."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler to make the disk break with")
    source, library = tmp_path / "disk.c", tmp_path / "disk.so"
    source.write_text(BROKEN_DISK)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return {"LD_PRELOAD": str(library), "BROKEN_DISK": str(tmp_path / "broken")}


@pytest.fixture
def town_with_that_disk(tmp_path: Path, broken_disk: dict[str, str]) -> Iterator[Town]:
    with a_town(tmp_path, None, EVIE_WORKER_THREADS="2", **broken_disk) as town:
        town.settle_in()
        yield town


def expect_refusal(town: Town, body: bytes) -> None:
    """Check that an event is not taken, that Evie says why, and that she lives."""
    before = town.evie.rows("inbox")
    assert deliver(town.evie.url, body) == 503
    status, said = town.evie.readiness()
    assert (status, said["status"]) == (503, "unavailable")
    assert town.evie.rows("inbox") == before


def expect_healing(town: Town) -> None:
    """Check that all is well again by itself, and that everything is there once."""
    town.evie.until(town.evie.is_ready, "the disk to be trusted again")
    town.hear_of_everything()
    assert town.evie.deaths == []
    assert town.evie.lost() == []
    assert town.problems() == []


def test_a_full_disk_is_answered_with_503_and_used_again_once_there_is_room(town_on_sqlite: Town) -> None:
    town = town_on_sqlite
    town.settle_in()
    town.bill_and_pay()
    town.evie.until_over()
    (pid,) = town.evie.pids()
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    # Writing behind the first bytes of any file fails from now on, as it does where there is no room left.
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, hard))
    expect_refusal(town, town.peek()[0][1])
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
    expect_healing(town)


def test_a_disk_that_does_not_keep_its_word_is_not_believed(town_with_that_disk: Town, tmp_path: Path) -> None:
    town = town_with_that_disk
    town.bill_and_pay()
    town.evie.until_over()
    (tmp_path / "broken").touch()
    expect_refusal(town, town.peek()[0][1])
    (tmp_path / "broken").unlink()
    expect_healing(town)


def test_a_database_that_became_read_only_is_answered_with_503_until_it_takes_writes(
    town_on_postgresql: Town, postgresql_server: PostgresqlServer
) -> None:
    town, url = town_on_postgresql, town_on_postgresql.evie.database_url
    town.settle_in()
    town.bill_and_pay()
    town.evie.until_over()
    database = make_url(url).database
    postgresql_server.command(url, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    postgresql_server.cut_connections()
    expect_refusal(town, town.peek()[0][1])
    undo = ("SET default_transaction_read_only = off", f"ALTER DATABASE {database} RESET default_transaction_read_only")
    postgresql_server.command(url, *undo)
    postgresql_server.cut_connections()
    expect_healing(town)
