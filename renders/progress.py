"""How a build tells where it is: a live display, plain lines, or JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from renders.clock import clock


class Teller(Protocol):
    """Is told what a build does; every call returns at once."""

    def stage(self, name: str) -> None:
        """A stage begins: "trace", "lesson", "speech", "frames", "mux"."""

    def total(self, frames: int) -> None:
        """So many frames are going to be drawn."""

    def drawn(self, chapter: str, done: int) -> None:
        """So many frames of a chapter are drawn by now."""

    def remark(self, text: str) -> None:
        """Something a person should know, and that stops nothing."""

    def close(self) -> None:
        """The build has ended, well or not."""


class _Frames:
    """Counts frames over all chapters, and from their pace says how long the rest takes."""

    def __init__(self) -> None:
        self.total, self._done, self._began = 0, dict[str, int](), time.monotonic()

    def start(self, total: int) -> None:
        self.total, self._began = total, time.monotonic()

    def add(self, chapter: str, done: int) -> None:
        self._done[chapter] = done

    @property
    def done(self) -> int:
        return sum(self._done.values())

    @property
    def pace(self) -> float:
        """Frames a second since the start."""
        return self.done / max(time.monotonic() - self._began, 1e-6)

    @property
    def left(self) -> float:
        """Seconds until the last frame at that pace."""
        return (self.total - self.done) / max(self.pace, 1e-6)


class NoTeller:
    """Tells nobody: for a lesson that is made where nobody looks."""

    def stage(self, name: str) -> None: ...
    def total(self, frames: int) -> None: ...
    def drawn(self, chapter: str, done: int) -> None: ...
    def remark(self, text: str) -> None: ...
    def close(self) -> None: ...


class LiveTeller:
    """One line in a terminal that moves."""

    def __init__(self, console: Console) -> None:
        self._frames = _Frames()
        self._progress = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
        )
        self._task: TaskID | None = None
        self._progress.start()

    def stage(self, name: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1, note="")
        self._task = self._progress.add_task(name, total=None, note="")

    def total(self, frames: int) -> None:
        self._frames.start(frames)

    def drawn(self, chapter: str, done: int) -> None:
        f = self._frames
        f.add(chapter, done)
        if self._task is not None:
            note = f"{f.done}/{f.total}  {f.pace:.0f} frames/s  {clock(f.left)} left"
            self._progress.update(
                self._task, description=f"frames: {chapter}", total=f.total, completed=f.done, note=note
            )

    def remark(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)

    def close(self) -> None:
        self._progress.stop()


class PlainTeller:
    """A line a stage and one every few seconds while frames are drawn, for a log."""

    EVERY = 5.0

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._frames, self._last = _Frames(), 0.0

    def stage(self, name: str) -> None:
        self._say(name)

    def total(self, frames: int) -> None:
        self._frames.start(frames)
        self._last = time.monotonic()

    def drawn(self, chapter: str, done: int) -> None:
        f = self._frames
        f.add(chapter, done)
        if time.monotonic() - self._last >= self.EVERY or f.done == f.total:
            self._last = time.monotonic()
            self._say(
                f"frames: {chapter}, {f.done} of {f.total}, {f.pace:.0f} a second, {clock(f.left)} left"
            )

    def remark(self, text: str) -> None:
        self._say(text)

    def close(self) -> None:
        pass

    def _say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


class JsonTeller:
    """A JSON object a line: {"stage": …} and {"chapter": …, "done": …, "total": …, "left": seconds}."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._frames = _Frames()

    def stage(self, name: str) -> None:
        self._say({"stage": name})

    def total(self, frames: int) -> None:
        self._frames.start(frames)

    def drawn(self, chapter: str, done: int) -> None:
        f = self._frames
        f.add(chapter, done)
        self._say({"chapter": chapter, "done": f.done, "total": f.total, "left": round(f.left, 1)})

    def remark(self, text: str) -> None:
        self._say({"remark": text})

    def close(self) -> None:
        pass

    def _say(self, event: dict[str, Any]) -> None:
        print(json.dumps(event), file=self._stream, flush=True)


def teller(as_json: bool) -> Teller:
    """The fitting one: JSON when asked for, live in a terminal, plain lines elsewhere."""
    if as_json:
        return JsonTeller()
    console = Console(stderr=True)
    return LiveTeller(console) if console.is_terminal else PlainTeller()
