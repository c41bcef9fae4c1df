"""Beats as tasks: drawn alone, in runs or all at once, they give the same segments and the same readings."""

from __future__ import annotations

import json
import multiprocessing
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from tasks import BEAT, task_of

from llmtrace.trace import Trace
from renders.draw.render import draw
from renders.pool.capacity import capacity
from renders.pool.segments import SegmentCache
from renders.pool.workers import RenderPool, _cut
from renders.progress import NullReporter, Reporter
from renders.shot import Quality, RenderResult, RenderTask
from scenes.errors import ChapterError
from scenes.script import Handover


class Told(NullReporter):
    """What was told last."""

    def __init__(self) -> None:
        self.frames, self.exact, self.done = 0, False, dict[str, int]()

    def total(self, frames: int, *, exact: bool) -> None:
        self.frames, self.exact = frames, exact

    def drawn(self, chapter: str, done: int) -> None:
        self.done[chapter] = done


def by_text(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def drawn(kept: SegmentCache, reporter: Reporter, *tasks: RenderTask) -> list[list[RenderResult]]:
    with RenderPool(2, kept, reporter) as pool:
        for task in tasks:
            pool.draw(task)
        return pool.finish()


@pytest.mark.parametrize("chapter", ["attention", "output", "loop"])
def test_a_beat_drawn_alone_is_the_beat_drawn_with_all_before_it(
    chapter: str, example: Trace, tmp_path: Path
) -> None:
    together = draw(task_of(example, chapter, tmp_path / "together"))
    beats = list(task_of(example, chapter, tmp_path).beats)
    for index in (1, len(beats) // 2, len(beats) - 1):
        (alone,) = draw(task_of(example, chapter, tmp_path / "alone", beats[index]))
        assert alone.segment.read_bytes() == together[index].segment.read_bytes(), beats[index]
        assert by_text(alone.rows) == by_text(together[index].rows)
    with av.open(str(together[0].segment)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(video=0)]
    assert len(frames) == BEAT
    assert np.ptp(frames[-1]) > 50  # something is drawn


def test_what_is_kept_is_not_drawn_again(
    example: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, told = SegmentCache("a trace"), Told()
    task = task_of(example, "tokens", tmp_path / "one")
    (first,) = drawn(kept, told, task)
    frames = len(task.beats) * BEAT
    assert (told.frames, told.exact, told.done) == (frames, True, {"tokens": frames})
    monkeypatch.setattr("renders.pool.workers.warm", lambda: pytest.fail("something is drawn"))
    told = Told()
    (again,) = drawn(kept, told, task_of(example, "tokens", tmp_path / "two"))
    assert (told.frames, told.done) == (0, {})
    for one, other in zip(first, again, strict=True):
        assert other.segment.read_bytes() == one.segment.read_bytes()
        assert other.rows == one.rows


def test_what_a_chapter_raises_is_raised_here_and_the_workers_end(example: Trace, tmp_path: Path) -> None:
    fails(example, tmp_path)
    assert not multiprocessing.active_children()


def fails(example: Trace, tmp_path: Path) -> None:
    """A build of two chapters, one of which fails: its scene waits for words that its texts do not mark."""
    task = task_of(example, "tokens", tmp_path / "tokens")
    beats = tuple(replace(one, beat=replace(one.beat, cues=())) for one in task.scheduled.beats)
    unmarked = replace(task, scheduled=replace(task.scheduled, beats=beats))
    other = task_of(example, "output", tmp_path / "output")
    with pytest.raises(ChapterError, match="its text has no cue"):
        drawn(SegmentCache("a trace"), NullReporter(), unmarked, other)


def test_a_build_that_fails_ends_its_own_workers_alone(example: Trace, tmp_path: Path) -> None:
    mine = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600,))
    mine.start()
    try:
        fails(example, tmp_path)
        assert multiprocessing.active_children() == [mine]
    finally:
        mine.kill()
        mine.join()


def test_a_run_is_cut_where_a_fair_share_ends(example: Trace, tmp_path: Path) -> None:
    task = task_of(example, "attention", tmp_path, frames=200)
    names = list(task.beats)
    every = len(names)
    for share, first in [(300 * every, every), (200 * every - 1, every), (1000, 5), (450, 2), (10, 1)]:
        now, later = _cut(task, share)
        assert list(now.segments) == names[:first], share
        assert [list(run.segments) for run in later] == [names[first:]] * bool(names[first:]), share
    assert _cut(later[0], 10_000) == (later[0], [])


@pytest.mark.parametrize(
    ("cores", "free", "workers"), [(8, [64e9], 8), (8, [64e9, 3.5e9], 3), (2, [0.2e9], 1), (4, [], 4)]
)
def test_workers_are_as_many_as_cores_and_memory_allow(
    cores: int, free: list[float], workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psutil.Process.cpu_affinity", lambda _process: list(range(cores)))
    monkeypatch.setattr("renders.pool.capacity._free_memory", lambda: iter(free))
    assert capacity() == workers


def test_only_the_beat_whose_length_changed_is_drawn(example: Trace, tmp_path: Path) -> None:
    task = task_of(example, "tokens", tmp_path / "one")
    kept = SegmentCache("a trace")
    drawn(kept, NullReporter(), task)

    def found(task: RenderTask) -> set[str]:
        return set(kept.get(task))

    def changed(number: int, **change: Any) -> RenderTask:
        """The task with another beat of a number."""
        beats = list(task.scheduled.beats)
        beats[number] = replace(beats[number], **change)
        return replace(task, scheduled=replace(task.scheduled, beats=tuple(beats)))

    first, second, *_ = every = [one.beat.name for one in task.scheduled.beats]
    assert found(task) == set(every)
    assert found(changed(1, frames=BEAT + 3)) == set(every) - {second}
    assert found(changed(0, cues={"a": 3})) == set(every) - {first}
    assert found(changed(1, beat=replace(task.scheduled.beats[1].beat, text="Other words."))) == set(every)
    after = replace(task.scheduled, before=Handover("entry", "sentence"))
    # the first beat begins with what was left to it
    assert found(replace(task, scheduled=after)) == set(every) - {first}
    assert found(task_of(example, "tokens", tmp_path / "two", language="de")) == set()
    assert found(replace(task, fps=60)) == found(replace(task, quality=Quality(320, 180, "fast"))) == set()
    assert SegmentCache("another trace").get(task) == {}
