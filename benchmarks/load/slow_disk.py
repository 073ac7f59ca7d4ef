"""A slow disk: a library, built here by the C compiler and loaded before all others, lets every fsync take longer."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SOURCE: Final = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int slowly(const char *name, int file) {
    struct timespec wait = {0, %d};
    nanosleep(&wait, 0);
    return ((int (*)(int)) dlsym(RTLD_NEXT, name))(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
"""


@contextmanager
def slow_disk(folder: Path, milliseconds: float) -> Iterator[dict[str, str]]:
    """Yield the environment under which a process's fsync takes so much longer, {} for no time at all.

    Raises RuntimeError where there is no C compiler.
    """
    if not milliseconds:
        yield {}
        return
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("A slow disk is made with a C compiler, and there is no cc.")
    source, library = folder / "slow_disk.c", folder / "slow_disk.so"
    source.write_text(_SOURCE % round(milliseconds * 1_000_000))
    # The database may run as another user, who has to be able to load it.
    folder.chmod(0o755)
    build = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    subprocess.run(build, check=True)  # noqa: S603 - our own source
    yield {"LD_PRELOAD": str(library)}
