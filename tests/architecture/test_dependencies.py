"""What a release is made of is known to the byte: every file of every dependency is pinned by its hash."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.source import ROOT

_INDEX = "https://pypi.org/simple"
_FILES = "https://files.pythonhosted.org/"


def _locked() -> list[dict[str, Any]]:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    return [package for package in lock["package"] if package["name"] != "evie"]


def test_every_dependency_comes_from_the_public_index_with_a_hash_for_each_of_its_files() -> None:
    packages = _locked()
    assert len(packages) > 50
    for package in packages:
        assert package["source"] == {"registry": _INDEX}, package["name"]
        files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else [])]
        assert files, f"{package['name']} has no file at all"
        for file in files:
            assert file["hash"].startswith("sha256:"), f"{file['url']} is not pinned"
            assert file["url"].startswith(_FILES), f"{file['url']} is no file of the public index"


def test_the_bill_of_materials_names_every_package_that_the_program_needs(tmp_path: Path) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("there is no make")
    done = subprocess.run(
        [make, "--no-print-directory", "--dry-run", "sbom"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (command,) = (line for line in done.stdout.splitlines() if "uv export" in line)
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "bin"))
    if uv is None:
        pytest.skip("there is no uv")
    file = tmp_path / "evie.cdx.json"
    arguments = command.partition("uv ")[2].replace("dist/evie.cdx.json", str(file)).partition(">")[0].split()
    subprocess.run([uv, "--offline", *arguments], cwd=ROOT, capture_output=True, check=True)
    bill = json.loads(file.read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    named = {one["name"]: one for one in bill["components"]}
    locked = {package["name"]: package["version"] for package in _locked()}
    for name in ("starlette", "sqlalchemy", "stripe", "slack-bolt", "openai", "uvicorn", "cryptography"):
        assert named[name]["version"] == locked[name]
        assert any(one.get("hashes") for one in named[name]["externalReferences"]), name
    assert "pytest" not in named
