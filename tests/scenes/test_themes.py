"""Colours are those of the theme in force where they are asked for, and of no other."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from scenes import style
from scenes.palette import DARK, LIGHT

# Every module is loaded while there is no theme: one that takes a colour then fails.
LOADED = """
import importlib, pkgutil
from scenes import style
class Nothing:
    def __getattr__(self, name):
        raise AssertionError(f"{name} was asked for as a module was loaded")
style._in_force.set(Nothing())
import renders.draw, renders.inspect, renders.publish, scenes
for package in (scenes, renders.draw, renders.inspect, renders.publish):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


def test_without_one_it_is_dark() -> None:
    assert DARK.ground == style.GROUND
    assert style.SIGNED is DARK.signed


def test_one_ends_where_it_began() -> None:
    with style.themed("light"):
        assert (style.GROUND, style.hue("INK"), style.signed(0, 1)) == (LIGHT.ground, LIGHT.ink, LIGHT.ground)
        with style.themed("dark"):
            assert DARK.ground == style.GROUND
        assert style.SHADE is LIGHT.shade
    assert DARK.ground == style.GROUND


def test_two_threads_have_one_each() -> None:
    both = Barrier(2, timeout=20)

    def ground(theme: str) -> tuple[str, str]:
        with style.themed(theme):
            both.wait()  # now both are in force
            first = style.GROUND
            both.wait()
            return first, style.weight(1.0)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(ground, ("dark", "light")))
    assert found == [(DARK.ground, DARK.probability), (LIGHT.ground, LIGHT.probability)]


def test_no_colour_is_taken_as_a_module_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]


def test_a_colour_that_no_theme_has_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'CRIMSON'"):
        style.CRIMSON  # type: ignore[attr-defined]  # noqa: B018
