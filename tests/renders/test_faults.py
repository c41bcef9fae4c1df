"""What goes wrong from outside: a build ends with a right video, or with one line and nothing wrong kept."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tasks import BEAT, task_of

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.build import build
from renders.draw.render import draw
from renders.errors import OutputError
from renders.media import probe, segment
from renders.pool.segments import SegmentCache
from renders.progress import NullReporter
from renders.request import VideoRequest
from renders.store import places
from renders.store.atomic import cannot_write
from voiceover.engines.silent import SilentEngine
from voiceover.errors import VoiceFailedError
from voiceover.speech import Speech

MAKE = [
    sys.executable,
    "-m",
    "renders.cli.main",
    "make",
    "--trace",
    str(EXAMPLE),
    "--quality",
    "draft",
    "--voice",
    "silent",
]
FEW = ["--chapters", "tokens,embedding", "--fps", "10", "--workers", "1", "--json"]


def started(out: Path) -> subprocess.Popen[str]:
    """A build that Ctrl-C ends: a script's background hands on that it is ignored, which is set back here."""
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [*MAKE, *FEW, "--out", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, ours)


@pytest.fixture
def _in_the_background() -> Iterator[None]:
    """As in a script's background, where Ctrl-C is ignored."""
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, ours)


def below(process: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            for child in thread.read_text().split():
                found += [int(child), *below(int(child))]
    return found


def until_drawing(made: subprocess.Popen[str], kept: int) -> None:
    """Waits until so many beats are kept."""
    for _ in range(3000):
        if made.poll() is not None or len(list(places.cache("segments").rglob("*.json"))) >= kept:
            return
        time.sleep(0.02)


def check(out: Path) -> None:
    result = subprocess.run([*MAKE[:3], "check", str(out)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = started(out)
    until_drawing(made, kept=1)
    workers = below(made.pid)
    made.kill()
    made.communicate()
    kept = {path: path.stat().st_ino for path in places.cache("segments").rglob("*.json")}
    assert kept
    assert list(tmp_path.glob(".out.*.part"))
    for _ in range(500):
        if not any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
            break
        time.sleep(0.02)
    assert not [worker for worker in workers if Path(f"/proc/{worker}/cmdline").exists()]
    again = started(out)
    _, told = again.communicate()
    assert again.returncode == 0, told
    assert not list(tmp_path.glob(".out.*.part"))
    assert {path: path.stat().st_ino for path in kept} == kept  # not drawn again
    check(out)


def test_a_killed_worker_is_one_line(tmp_path: Path) -> None:
    made = started(tmp_path / "out")
    until_drawing(made, kept=1)
    for process in below(made.pid):
        if below(process):  # the server that workers are forked from
            for worker in below(process):
                os.kill(worker, signal.SIGKILL)
    _, told = made.communicate()
    assert made.returncode == 2
    assert [line for line in told.splitlines() if not line.startswith("{")] == [
        "llm-lesson: a worker that drew a chapter was ended from outside, perhaps for want of memory; "
        "try again with --workers 1"
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    again = started(tmp_path / "out")
    again.communicate()
    assert again.returncode == 0
    check(tmp_path / "out")


@pytest.mark.usefixtures("_in_the_background")
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_build_leaves_nothing(
    sent: signal.Signals, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    made = started(tmp_path / "out")
    until_drawing(made, kept=1)
    workers = below(made.pid)
    made.send_signal(sent)
    _, told = made.communicate()
    assert made.returncode == status
    stopped = ["llm-lesson: stopped"] if sent == signal.SIGINT else []
    assert [line for line in told.splitlines() if not line.startswith("{")] == stopped
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "temporary"]
    assert list(temporary.iterdir()) == []
    for _ in range(500):
        if not any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
            break
        time.sleep(0.02)
    assert not [worker for worker in workers if Path(f"/proc/{worker}/cmdline").exists()]


def test_a_voice_that_fails_while_chapters_are_drawn_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hoarse(SilentEngine):
        """Loses its voice in the second chapter, once the first is being drawn."""

        def speak(self, text: str) -> Speech:
            if "text is cut" in text:
                while not list(places.cache("segments").rglob("*.json")):
                    time.sleep(0.02)
                raise VoiceFailedError.of(self.voice, text, "no breath")
            return super().speak(text)

    monkeypatch.setattr("renders.build.load_voice", lambda *_: Hoarse())
    with pytest.raises(VoiceFailedError, match="no breath"):
        build(
            VideoRequest("What will be", quality="draft", out=tmp_path / "out"),
            NullReporter(),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert not multiprocessing.active_children()


def test_two_builds_of_one_lesson_at_once(tmp_path: Path) -> None:
    both = [started(tmp_path / "out") for _ in range(2)]
    for made in both:
        _, told = made.communicate()
        assert made.returncode == 0, told
    assert not list(tmp_path.glob(".out.*.part"))
    assert probe.probe(tmp_path / "out" / "lesson.mp4").video_frames
    check(tmp_path / "out")


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = subprocess.run(
        [*MAKE, *FEW, "--out", str(tmp_path / "out")],
        env=os.environ | {places.CACHE: str(tmp_path / "file")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("cannot be written") == 1
    check(tmp_path / "out")


def test_a_full_disk_while_encoding_keeps_only_what_is_whole(
    example: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, kept = task_of(example, "tokens", tmp_path / "drawn"), SegmentCache("a trace")
    written, encoded = segment.SegmentWriter._encode, 0

    def full(writer: segment.SegmentWriter, repeat: int, new: bool) -> None:
        nonlocal encoded
        encoded += repeat
        if encoded > BEAT + 2:  # in the second beat
            raise cannot_write(writer.path, OSError(28, "No space left on device"))
        written(writer, repeat, new)

    monkeypatch.setattr(segment.SegmentWriter, "_encode", full)
    with pytest.raises(OutputError, match="No space left on device"):
        draw(task, keep=lambda beat, drawn: kept.put(task, beat, drawn))
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["tokens.cut.mp4"]
    assert set(kept.get(task)) == {"cut"}
