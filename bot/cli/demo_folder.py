"""The demo's folder: made anew for every demo, one demo at a time, and never at the cost of somebody's files."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.cli.failures import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

# Only a folder with this file in it is a demo's, and may be emptied.
_MARK: Final = ".evie-demo"


@contextmanager
def demo_folder(folder: Path, *, keep: bool) -> Iterator[Path]:
    """Hold the folder for the length of the block, emptied unless its records shall be kept.

    Raises CommandFailed where the folder is somebody else's, or another demo is running in it.
    """
    mark = folder / _MARK
    if folder.exists() and not mark.exists() and any(folder.iterdir()):
        raise CommandFailed(f"There is a folder {folder} that is not a demo's. Move it away, or start elsewhere.")
    folder.mkdir(mode=0o700, exist_ok=True)
    with mark.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandFailed(f"Another demo is running in {folder.resolve()}.") from None
        if not keep:
            _empty(folder)
        yield folder


def _empty(folder: Path) -> None:
    for inside in folder.iterdir():
        if inside.name == _MARK:
            continue
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside)
        else:
            inside.unlink()
