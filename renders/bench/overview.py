"""What drawing the network in space costs: milliseconds a picture, at 1080p and on one core; and what its
chapter costs all in all."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from manim import Scene

from llmtrace import capture
from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.bench.memory import memory_of
from renders.bench.trace import seeded, seeded_ids
from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.errors import CheckError
from renders.shot import Quality
from renders.store import places
from renders.timeline import timed
from scenes import CHAPTERS, style
from scenes.focus import focus
from scenes.lesson import write_lesson
from scenes.locale import Locale
from scenes.parts.space.flight import BlockOpening, Flight, InSpace, Lighting
from scenes.parts.space.machine import Machine
from scenes.parts.space.projector import View
from scenes.stage import scene_class
from voiceover.engines.silent import SilentEngine
from voiceover.spoken import spoken

SIZE = Quality(1920, 1080)
FPS, FLIGHT = 30, 2.0  # seconds
TOKENS = 7  # of the seeded prompt
WHOLE, NEAR = (
    View(azimuth=36, elevation=19, nearness=1 / 200),
    View(azimuth=39, elevation=21, nearness=1 / 420),
)
FRAME = (-5.4, -3.7, 6.7, 2.9)
OPTIONS: list[str] = []  # of the command that makes the chapter: none but its defaults
LARGE = {"n_layer": 48, "n_head": 25, "n_embd": 400}  # GPT-2 XL's blocks and heads, a quarter as wide
LIMITS = {
    "bundled_flight": 83.0,
    "small_flight": 125.0,
    "large_flight": 333.0,
    "bundled_made": 300.0,
    "arrival": 50.0,
    "chapter_of_its_length": 1.0,
    "chapter_gigabytes": 1.5,
}


def measure() -> dict[str, Any]:
    """Every figure, with what it may be at most under `limits`: milliseconds of CPU, `…_flight` and `arrival`
    as means; those of `chapter` are what is said there."""
    figures = chapter()
    traces = {
        "bundled": Trace.load(EXAMPLE),
        "small": capture(seeded_ids(TOKENS), seeded(), new_tokens=1, surroundings=True),
        "large": capture(seeded_ids(TOKENS), seeded(**LARGE), new_tokens=1, surroundings=True),
    }
    figures["arrival"] = statistics.fmean(_arrivals(traces["bundled"], SIZE))
    for name, trace in traces.items():
        figures |= {f"{name}_{what}": ms for what, ms in drawn(trace, SIZE).items()}
    told = {name: round(value, 3 if name.startswith("chapter") else 1) for name, value in figures.items()}
    return {**told, "limits": LIMITS, "cores": os.cpu_count(), "machine": platform.machine()}


def chapter() -> dict[str, float]:
    """The chapter alone, made by its command with nothing kept: the time that it takes by the time that it
    lasts, and the gigabytes of all processes together.

    Raises `CheckError` where it cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix="llm-lesson-bench-") as place:
        options = ["--chapters", "overview", "--out", f"{place}/lesson", "--json", *OPTIONS]
        command = [sys.executable, "-m", "renders.cli.main", "make", "What will be", *options]
        environment = os.environ | {places.CACHE: f"{place}/cache"}
        began = time.perf_counter()
        with (
            (Path(place) / "told").open("w") as told,
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=told) as made,
            memory_of(psutil.Process(made.pid)) as peak,
        ):
            answer, _ = made.communicate()
        spent = time.perf_counter() - began
        if made.returncode:
            raise CheckError("its chapter cannot be made; try 'llm-lesson make --chapters overview'")
    return {
        "chapter_of_its_length": spent / float(json.loads(answer)["seconds"]),
        "chapter_gigabytes": max(peak, default=0.0),
    }


def _arrivals(trace: Trace, size: Quality) -> Iterator[float]:
    """CPU milliseconds of each picture with which a chapter comes to its place."""
    engine = SilentEngine()
    lesson = write_lesson(trace, Locale("en"), CHAPTERS)
    for chapter in timed(lesson, lambda text: engine.speak(spoken(text)), FPS):
        stamps: list[float] = []
        with configured(size, FPS), quick_objects():
            renderer = Renderer(
                lambda *_, to=stamps: to.append(time.process_time()), last=chapter.scheduled.arrival
            )
            shown = scene_class(chapter.chapter.name)
            shown(trace=trace, scheduled=chapter.scheduled, renderer=renderer).render()
        yield from (1e3 * (after - before) for before, after in pairwise(stamps))


def drawn(trace: Trace, size: Quality) -> dict[str, float]:
    """CPU of a trace's network: to make it, a flight to a block and back, its opening, its light, a hold."""
    found: dict[str, float] = {}
    stamps: list[float] = []

    class Flown(Scene):
        def construct(self) -> None:
            block = focus(trace).block
            began = time.process_time()
            machine = Machine(trace, WHOLE, block)
            found["made"] = 1e3 * (time.process_time() - began)
            whole = machine.framed(WHOLE, FRAME)
            near, opened = (
                machine.framed(NEAR, FRAME, lambda s: s.part == f"block.{block:02d}", opening=opening)
                for opening in (0.0, 1.0)
            )
            self.add(machine.look(whole))
            self.wait(1.0)
            found["hold"] = 1e3 * _cpu(lambda: self.wait(1.0))
            moves: dict[str, InSpace] = {
                "flight": Flight(machine, near),
                "back": Flight(machine, whole),
                "opening": BlockOpening(machine, 1.0, opened),
                "light": Lighting(machine, {}, rest=0.3),
            }
            for what, move in moves.items():
                stamps[:] = [time.process_time()]
                self.play(move, run_time=FLIGHT - 0.5 / FPS)
                gaps = [after - before for before, after in pairwise(stamps)]
                found[what] = 1e3 * statistics.fmean(gaps)
                found[f"{what}_worst"] = 1e3 * max(gaps)

    with configured(size, FPS), quick_objects():
        scene = Flown(renderer=Renderer(lambda *_: stamps.append(time.process_time())))
        camera: Any = scene.camera
        camera.background_color = style.GROUND
        scene.render()
    return found


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
