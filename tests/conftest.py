"""Options of the whole test suite, and which tests run in one process when there are several."""

from __future__ import annotations

from typing import Any

import pytest

# All tests of a file run in one process, since they share its fixtures; these files share one lesson,
LESSON = (
    "tests/renders/test_whole_lesson.py",
    "tests/renders/test_decoders.py",
    "tests/renders/check/test_files.py",
    "tests/renders/edition/test_edition.py",
)
# and the many tests of these share nothing that takes long.
APART = ("tests/scenes/test_scenes.py",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-frames",
        action="store_true",
        help="keep the pictures drawn now; look at them before committing",
    )
    parser.addoption("--all", action="store_true", help="the wide sweeps too, which take long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the wide sweeps out; the tests of the whole lesson come first, for they take longest."""
    if not config.getoption("--all"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("wide")])
        items[:] = [item for item in items if not item.get_closest_marker("wide")]
    for item in items:
        shares = "whole_lesson" in getattr(item, "fixturenames", ())
        if shares and not item.nodeid.startswith(LESSON):
            raise pytest.UsageError(f"{item.nodeid}: name its file in LESSON of tests/conftest.py")
    items.sort(key=lambda item: not item.nodeid.startswith(LESSON))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What shares fixtures goes to one process. (The groups of xdist 3.8 do nothing with pytest 9.2.)"""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if file in APART else LESSON[0] if file in LESSON else file

    config.option.loadscopereorder = False  # the longest come first as it is
    return Scheduler(config, log)
