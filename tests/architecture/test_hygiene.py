"""What is committed is for everybody: no traces of one machine, no addresses of real people."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.source import ROOT

MACHINE_PATH = re.compile(r"/(?:work|root|tmp/v|opt/pypi|home/[a-z]+)/")
URL_HOST = re.compile(r"https?://(?:[^\s/@\"'`<>]*@)?([a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE)
MAIL_HOST = re.compile(r"[\w.+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})\b", re.IGNORECASE)
RESERVED = re.compile(r"(?:.*\.)?(?:example|invalid|test|localhost|example\.(?:com|net|org))", re.IGNORECASE)
# Vendors and references that code and documentation point at.
PUBLIC = re.compile(
    r"(?:.*\.)?(?:stripe\.com|slack\.com|slack\.dev|openai\.com|keepachangelog\.com|semver\.org|pypi\.org"
    r"|pythonhosted\.org|python\.org|w3\.org|adobe\.com|aiim\.org|apache\.org|sil\.org|oclc\.org|json-schema\.org|astral\.sh"
    r"|github\.com|postgresql\.org|sqlite\.org)",
    re.IGNORECASE,
)


def _tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files are tracked")
    # The checkout may belong to somebody else, as in a container: only its list of files is read.
    listing = subprocess.run(
        [git, "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def _lines() -> list[tuple[str, str]]:
    """Every line of every tracked text file, with its place."""
    found = []
    for path in _tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        place = path.relative_to(ROOT).as_posix()
        found += [(f"{place}:{number}", line) for number, line in enumerate(text.splitlines(), 1)]
    return found


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert [(place, line.strip()) for place, line in _lines() if MACHINE_PATH.search(line)] == []


def test_every_address_on_the_web_is_a_reserved_one_or_a_known_public_one() -> None:
    unknown = [
        (place, host)
        for place, line in _lines()
        for host in URL_HOST.findall(line)
        if not RESERVED.fullmatch(host) and not PUBLIC.fullmatch(host)
    ]

    assert unknown == []


def test_every_mail_address_is_a_reserved_one() -> None:
    real = [
        (place, host) for place, line in _lines() for host in MAIL_HOST.findall(line) if not RESERVED.fullmatch(host)
    ]

    assert real == []


def test_the_lock_names_the_public_index_only() -> None:
    lock = (ROOT / "uv.lock").read_text("utf-8")
    hosts = set(re.findall(r"https?://([^/\"]+)", lock))

    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("folder", ["root", "work", "home/jo"])
def test_a_path_of_one_machine_is_recognised(folder: str) -> None:
    assert MACHINE_PATH.search(f"see /{folder}/evie")
    assert not MACHINE_PATH.search(f"see /{folder}-shared/evie")
