"""The process that workers are forked from."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from multiprocessing import forkserver, util

_NAMES = len("/pymp-12345678/listener-12345678")  # what multiprocessing puts below the temporary folder
_LONGEST = 103  # bytes in the address of a socket; Linux takes 107


def warm() -> None:
    """Starts a process that loads what workers need, for them to be forked from. Returns at once."""
    _near()
    multiprocessing.set_forkserver_preload(["renders.pool.preload"])
    forkserver.ensure_running()


def _near() -> None:
    """Sockets lie in the system's own temporary folder where the path to the user's is too long for them.

    As Python 3.14 does it; multiprocessing keeps the folder that it is first given.
    """
    ours = tempfile.gettempdir()
    if len(os.fsencode(ours)) + _NAMES <= _LONGEST:
        return
    tempfile.tempdir = "/tmp"  # a folder with a random name is made in it
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = ours
