"""How a build tells where it is: a live display, plain lines, or JSON lines for programs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO


class Reporter(Protocol):
    """Is told what a build does; every call returns at once."""

    def stage(self, name: str) -> None:
        """A stage begins: "trace", "lesson", "speech", "frames", "sound", "mux"; or a product's."""

    def ended(self, name: str, seconds: float) -> None:
        """A stage has ended that took so long; others may have begun before it did."""

    def total(self, frames: int, *, exact: bool) -> None:
        """So many frames are drawn in all; not `exact` while chapters are still to be spoken."""

    def tokens(self, done: int, total: int) -> None:
        """The model has chosen so many tokens of those that it is to add."""

    def drawn(self, chapter: str, done: int) -> None:
        """So many frames of a chapter are drawn by now."""

    def note(self, text: str) -> None:
        """Something a person should know, and that stops nothing."""

    def close(self) -> None:
        """The build has ended, well or not."""


class NullReporter:
    """Tells nobody: for a lesson that is made where nobody looks."""

    def stage(self, name: str) -> None: ...
    def ended(self, name: str, seconds: float) -> None: ...
    def total(self, frames: int, *, exact: bool) -> None: ...
    def tokens(self, done: int, total: int) -> None: ...
    def drawn(self, chapter: str, done: int) -> None: ...
    def note(self, text: str) -> None: ...
    def close(self) -> None: ...


def _write(line: str, stream: TextIO) -> None:
    """In one piece: stages that run side by side tell from several threads."""
    stream.write(line + "\n")
    stream.flush()


class Stages:
    """Tells each stage as it begins and as it ends, and keeps how many wall seconds it was running."""

    def __init__(self, reporter: Reporter) -> None:
        self.seconds: dict[str, float] = {}
        self._reporter = reporter
        self._began: dict[str, float] = {}
        self._start = time.monotonic()

    def begin(self, name: str) -> None:
        """A stage that runs already is left alone."""
        if name not in self._began:
            self._began[name] = time.monotonic()
            self._reporter.stage(name)

    def end(self, name: str) -> None:
        self.seconds[name] = time.monotonic() - self._began[name]
        self._reporter.ended(name, self.seconds[name])

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        self.begin(name)
        yield
        self.end(name)

    @property
    def wall(self) -> float:
        """Seconds since the start: stages that run side by side count once."""
        return time.monotonic() - self._start
