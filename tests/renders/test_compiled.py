"""What is compiled is kept where there is a place for it, and works where there is none."""

from __future__ import annotations

from typing import Any

import numba
import pytest

from renders.compiled import compiled


def test_it_is_compiled_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    real = numba.njit

    def njit(cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("no locator available")
        return real(**options)

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled(lambda one: one + 1)(2) == 3
