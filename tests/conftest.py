"""Options of the whole test suite, and what of it runs in one process."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-frames",
        action="store_true",
        help="keep the pictures drawn now; look at them before committing",
    )
    parser.addoption("--all", action="store_true", help="the wide sweeps too, which take long")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the wide sweeps out, and keeps what is made once in one process.

    Tests of a file run in one process, since they share what its fixtures make; all that look at the whole
    lesson run in another, and first, because they are the longest. A test that names its own group keeps it.
    """
    if not config.getoption("--all"):
        wide = [item for item in items if item.get_closest_marker("wide")]
        if wide:
            config.hook.pytest_deselected(items=wide)
            items[:] = [item for item in items if item not in set(wide)]
    lesson = [item for item in items if "whole_lesson" in getattr(item, "fixturenames", ())]
    for item in lesson:
        item.add_marker(pytest.mark.xdist_group("whole lesson"))
    rest = [item for item in items if item not in set(lesson)]
    for item in rest:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(config.rootpath).as_posix()))
    items[:] = lesson + rest
