"""The process that workers are forked from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FORKED = """
import multiprocessing
from renders.pool.server import warm
if __name__ == "__main__":
    warm()
    one = multiprocessing.get_context("forkserver").Process(target=print, args=("forked",))
    one.start()
    one.join()
"""


def test_workers_start_where_the_path_to_temporary_files_is_long(tmp_path: Path) -> None:
    deep = tmp_path / "a-folder-with-a-long-name" / "and-one-below-it" / ("x" * 60)
    deep.mkdir(parents=True)
    script = tmp_path / "script.py"
    script.write_text(FORKED)
    run = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"TMPDIR": str(deep)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "forked\n", run.stderr
    assert not list(deep.iterdir())
