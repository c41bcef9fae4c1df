"""Loops over pixels compiled by Numba: Python would take a thousand times as long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(function: Callable[..., Any]) -> Any:
    """Kept beside the source or among the user's files where one of them can be written to."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # there is no such place
        return numba.njit(nogil=True)(function)
