"""A WebM is written by a process that lets others run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from segments import FPS, HEIGHT, WIDTH, segments

from renders.media.probe import probe
from renders.media.realtime import _in_real_time, out_of_real_time
from renders.media.webm import write_webm


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the call")
def test_nothing_of_it_runs_in_real_time(tmp_path: Path) -> None:
    """As root SVT-AV1 takes the highest priority there is, and a machine of two cores stood still."""
    (video,) = segments(tmp_path, [12])
    seen = list[int]()
    write_webm(
        video,
        (0, 12),
        (WIDTH, HEIGHT),
        tmp_path / "a.webm",
        fps=FPS,
        held=2,
        sound=np.zeros(9600, np.float32),
        title="What will be",
        told=lambda _: seen.extend(_in_real_time()),
    )
    assert probe(tmp_path / "a.webm").video_frames == 14
    assert not seen
    assert not list(_in_real_time())


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs Linux, and root where real time is allowed"
)
def test_only_what_came_into_real_time_meanwhile_is_taken_out() -> None:
    ordinary = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pytest.skip("real time is not allowed here")
    try:
        with out_of_real_time():
            pass
        assert os.sched_getscheduler(0) == os.SCHED_RR  # it was so before
        os.sched_setscheduler(0, *ordinary)
        with out_of_real_time():
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        assert os.sched_getscheduler(0) == ordinary[0]
    finally:
        os.sched_setscheduler(0, *ordinary)
