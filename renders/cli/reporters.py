"""How a build is told of: a live display, plain lines, or JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from renders.progress import Reporter, _write
from renders.terminal import clock, console

_SETTLED = 3.0  # seconds of drawing after which the pace says how long the rest takes
_LOOKED_BACK = 10.0  # seconds that the pace is taken from: beats that were kept are there at once


class _Frames:
    """Counts frames over all chapters, and from their latest pace says how long the rest takes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.exact = 0, False
        self._done, self._clock = dict[str, int](), clock
        self._seen = deque[tuple[float, int]]()  # when so many were done

    def expect(self, total: int, exact: bool) -> None:
        self.total, self.exact = total, exact

    def add(self, chapter: str, done: int) -> None:
        self._done[chapter] = done
        now = self._clock()
        self._seen.append((now, self.done))
        while now - self._seen[0][0] > _LOOKED_BACK and len(self._seen) > 2:
            self._seen.popleft()

    @property
    def done(self) -> int:
        return sum(self._done.values())

    @property
    def about(self) -> str:
        """The total, as it is said to people."""
        return str(self.total) if self.exact else f"about {self.total}"

    @property
    def pace(self) -> float | None:
        """Frames a second of late; None before it means something."""
        if not self._seen or (since := self._seen[-1][0] - self._seen[0][0]) < _SETTLED:
            return None
        return (self._seen[-1][1] - self._seen[0][1]) / since or None

    @property
    def left(self) -> float | None:
        """Seconds until the last frame at that pace; None before it means something."""
        if self.done >= self.total:
            return 0.0
        return None if self.pace is None else (self.total - self.done) / self.pace

    @property
    def told(self) -> str:
        """How fast it goes and how long the rest takes, in words after a comma, where that is known."""
        if self.pace is None or self.left is None:
            return ""
        return f", {self.pace:.0f} a second, {clock(self.left)} left"


class LiveReporter:
    """A line a stage in a terminal; those of the stages that are running move."""

    def __init__(self, console: Console) -> None:
        self._frames = _Frames()
        self._progress = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
        )
        self._lines: dict[str, TaskID] = {}
        self._progress.start()

    def stage(self, name: str) -> None:
        self._lines[name] = self._progress.add_task(name, total=None, note="")

    def ended(self, name: str, seconds: float) -> None:
        line, note = self._lines[name], f"{seconds:.1f} s"
        self._progress.update(line, description=name, total=1, completed=1, note=note)

    def total(self, frames: int, *, exact: bool) -> None:
        self._frames.expect(frames, exact)

    def tokens(self, done: int, total: int) -> None:
        self._progress.update(self._lines["trace"], total=total, completed=done, note=_counted(done, total))

    def drawn(self, chapter: str, done: int) -> None:
        f = self._frames
        f.add(chapter, done)
        note = f"{f.done} of {f.about}{f.told}"
        line = self._lines["frames"]
        self._progress.update(
            line, description=f"frames: {chapter}", total=f.total, completed=f.done, note=note
        )

    def note(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)

    def close(self) -> None:
        self._progress.stop()


class PlainReporter:
    """A line a stage and one every few seconds while frames are drawn, for a log."""

    EVERY = 5.0

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._frames, self._last = _Frames(), 0.0

    def stage(self, name: str) -> None:
        self._last = time.monotonic()
        self._say(name)

    def ended(self, name: str, seconds: float) -> None:
        self._say(f"{name}: {seconds:.1f} s")

    def total(self, frames: int, *, exact: bool) -> None:
        self._frames.expect(frames, exact)

    def tokens(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self._last >= self.EVERY:
            self._last = time.monotonic()
            self._say(f"trace: {_counted(done, total)}")

    def drawn(self, chapter: str, done: int) -> None:
        f = self._frames
        f.add(chapter, done)
        if time.monotonic() - self._last >= self.EVERY or f.done == f.total:
            self._last = time.monotonic()
            self._say(f"frames: {chapter}, {f.done} of {f.about}{f.told}")

    def note(self, text: str) -> None:
        self._say(text)

    def close(self) -> None:
        pass

    def _say(self, text: str) -> None:
        _write(text, self._stream)


class QuietReporter(PlainReporter):
    """Only remarks, each a line: for what takes seconds, where no one watches."""

    def stage(self, name: str) -> None: ...
    def ended(self, name: str, seconds: float) -> None: ...
    def tokens(self, done: int, total: int) -> None: ...
    def drawn(self, chapter: str, done: int) -> None: ...


class NotebookReporter(PlainReporter):
    """One line below a notebook's cell, which is written over; remarks stay."""

    EVERY = 0.5

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        from IPython.display import display

        self._line = display({"text/plain": ""}, raw=True, display_id=True)

    def note(self, text: str) -> None:
        _write(text, self._stream)

    def _say(self, text: str) -> None:
        self._line.update({"text/plain": text}, raw=True)


class JsonReporter:
    """A JSON object a line: {"stage": …} as one begins, {"ended": …, "seconds": …}, and
    {"tokens": …, "total": …} while the model writes on, and {"chapter": …, "done": …, "total": …, "exact": …,
    "left": seconds or null} while frames are drawn.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._frames = _Frames()

    def stage(self, name: str) -> None:
        self._say({"stage": name})

    def ended(self, name: str, seconds: float) -> None:
        self._say({"ended": name, "seconds": round(seconds, 2)})

    def total(self, frames: int, *, exact: bool) -> None:
        self._frames.expect(frames, exact)

    def tokens(self, done: int, total: int) -> None:
        self._say({"tokens": done, "total": total})

    def drawn(self, chapter: str, done: int) -> None:
        f = self._frames
        f.add(chapter, done)
        counts = {"done": f.done, "total": f.total, "exact": f.exact}
        self._say({"chapter": chapter, **counts, "left": None if f.left is None else round(f.left, 1)})

    def note(self, text: str) -> None:
        self._say({"note": text})

    def close(self) -> None:
        pass

    def _say(self, event: dict[str, Any]) -> None:
        _write(json.dumps(event), self._stream)


def _counted(done: int, total: int) -> str:
    return f"{done} of {total} new token{'' if total == 1 else 's'}"


def reporter_for(as_json: bool, *, brief: bool = False) -> Reporter:
    """The fitting one: JSON when asked for, live in a terminal or a notebook, plain lines elsewhere.

    `brief`: of what takes seconds; elsewhere only its remarks are told.
    """
    if as_json:
        return JsonReporter()
    if (python := sys.modules.get("IPython")) and hasattr(python.get_ipython(), "kernel"):
        return NotebookReporter()
    found = console(stderr=True)
    if found.is_terminal:
        return LiveReporter(found)
    return QuietReporter() if brief else PlainReporter()


@contextmanager
def briefly(as_json: bool) -> Iterator[Reporter]:
    """Tells of what takes seconds, for as long as the block runs."""
    reporter = reporter_for(as_json, brief=True)
    try:
        yield reporter
    finally:
        reporter.close()
