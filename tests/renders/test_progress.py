"""What is told while stages run side by side."""

from __future__ import annotations

import io
import json

import pytest

from renders.cli.reporters import JsonReporter, PlainReporter, _Frames
from renders.progress import Stages


class Pieces(io.StringIO):
    """Keeps what each call wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return super().write(text)


@pytest.mark.parametrize("kind", [JsonReporter, PlainReporter])
def test_a_line_is_written_in_one_piece(kind: type[JsonReporter | PlainReporter]) -> None:
    stream = Pieces()
    reporter = kind(stream)
    reporter.stage("frames")
    reporter.total(10, exact=True)
    reporter.drawn("tokens", 10)
    reporter.ended("frames", 1.5)
    reporter.note("a remark")
    assert len(stream.pieces) == 4
    assert all(piece.count("\n") == 1 and piece.endswith("\n") for piece in stream.pieces)


def test_a_total_is_a_guess_until_all_is_spoken() -> None:
    stream, lines = Pieces(), Pieces()
    for reporter in (JsonReporter(stream), PlainReporter(lines)):
        reporter.total(100, exact=False)
        reporter.drawn("opening", 20)
        reporter.total(80, exact=True)
        reporter.drawn("tokens", 60)
    guess, known = (json.loads(piece) for piece in stream.pieces)
    assert (guess["done"], guess["total"], guess["exact"]) == (20, 100, False)
    assert (known["done"], known["total"], known["exact"], known["left"]) == (80, 80, True, 0)
    assert "20 of about 100" in lines.pieces[0]
    assert "80 of 80" in lines.pieces[-1]


def test_stages_side_by_side_are_each_told_and_the_wall_counts_once() -> None:
    stream = Pieces()
    stages = Stages(JsonReporter(stream))
    stages.begin("speech")
    stages.begin("frames")
    stages.begin("frames")
    stages.end("speech")
    with stages.running("sound"):
        pass
    stages.end("frames")
    told = [json.loads(piece) for piece in stream.pieces]
    assert [t.get("stage") or f"-{t['ended']}" for t in told] == [
        "speech", "frames", "-speech", "sound", "-sound", "-frames"
    ]  # fmt: skip
    assert set(stages.seconds) == {"speech", "frames", "sound"}
    assert stages.wall >= stages.seconds["frames"] >= stages.seconds["sound"]


def test_the_time_left_is_not_told_before_it_means_something() -> None:
    """Workers take seconds to begin, and beats that were kept are there at once: neither is a pace."""
    now = 100.0
    frames = _Frames(lambda: now)
    frames.expect(10_000, exact=True)
    now += 20  # nothing is drawn yet
    frames.add("opening", 10)
    assert (frames.pace, frames.left, frames.told) == (None, None, "")
    now += 1
    frames.add("tokens", 2000)  # from the cache
    assert frames.left is None
    for _ in range(200):
        now += 0.1
        frames.add("attention", frames._done.get("attention", 0) + 5)
    assert frames.pace == pytest.approx(50, rel=0.02)
    assert frames.left == pytest.approx((10_000 - 3010) / 50, rel=0.02)
    assert frames.told == ", 50 a second, 2:19 left"


@pytest.mark.parametrize("kind", [JsonReporter, PlainReporter])
def test_a_reporter_says_nothing_of_a_time_that_it_cannot_know(
    kind: type[JsonReporter | PlainReporter],
) -> None:
    stream = Pieces()
    reporter = kind(stream)
    reporter.total(1000, exact=False)
    reporter.drawn("opening", 1)
    (line,) = stream.pieces
    assert '"left": null' in line if kind is JsonReporter else line == "frames: opening, 1 of about 1000\n"


def test_tokens_are_counted_while_the_model_writes() -> None:
    stream, lines = Pieces(), Pieces()
    for reporter in (JsonReporter(stream), PlainReporter(lines)):
        reporter.stage("trace")
        for done in (1, 2, 3):
            reporter.tokens(done, 3)
    assert [json.loads(piece) for piece in stream.pieces[1:]] == [
        {"tokens": n, "total": 3} for n in (1, 2, 3)
    ]
    assert lines.pieces == ["trace\n", "trace: 3 of 3 new tokens\n"]  # in between, no more than a line in 5 s
