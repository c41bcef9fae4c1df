"""What drawing the network in space costs: milliseconds a picture, at 1080p and on one core."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from manim import Scene

from llmtrace import capture
from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.bench.trace import seeded, seeded_ids
from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.shot import Quality
from scenes import style
from scenes.focus import focus
from scenes.parts.space.flight import BlockOpening, Flight, InSpace, Lighting
from scenes.parts.space.machine import Machine
from scenes.parts.space.projector import View

SIZE = Quality(1920, 1080)
FPS, FLIGHT = 30, 2.0  # seconds
TOKENS = 7  # of the seeded prompt
WHOLE, NEAR = (
    View(azimuth=36, elevation=19, nearness=1 / 200),
    View(azimuth=39, elevation=21, nearness=1 / 420),
)
FRAME = (-5.4, -3.7, 6.7, 2.9)
LIMITS = {"bundled_flight": 83.0, "small_flight": 125.0, "bundled_made": 300.0}


def measure() -> dict[str, Any]:
    """Every figure in milliseconds, with what it may be at most under `limits`; `…_flight` are means."""
    traces = {
        "bundled": Trace.load(EXAMPLE),
        "small": capture(seeded_ids(TOKENS), seeded(), new_tokens=1),
    }
    figures: dict[str, float] = {}
    for name, trace in traces.items():
        found = drawn(trace, SIZE)
        figures |= {f"{name}_{what}": round(ms, 1) for what, ms in found.items()}
    return {**figures, "limits": LIMITS, "cores": os.cpu_count(), "machine": platform.machine()}


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
