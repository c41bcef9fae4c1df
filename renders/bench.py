"""How long each stage of a lesson takes, and how that compares with how long it plays."""

from __future__ import annotations

import os
import platform
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from renders import folders
from renders.build import Job, build
from renders.progress import teller


def measure(job: Job) -> dict[str, Any]:
    """Makes the lesson in a temporary folder with an empty cache, so that nothing is reused."""
    tell = teller(as_json=False)
    with tempfile.TemporaryDirectory(prefix="llm-lesson-bench-") as place:
        before = os.environ.get(folders.CACHE)
        os.environ[folders.CACHE] = str(Path(place) / "cache")
        try:
            built = build(replace(job, out=Path(place) / "lesson"), tell)
        finally:
            tell.close()
            os.environ.pop(folders.CACHE)
            if before is not None:
                os.environ[folders.CACHE] = before
    return {
        "quality": job.quality,
        "fps": job.fps,
        "workers": job.workers,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "video": round(built.seconds, 2),
        "stages": {stage: round(seconds, 2) for stage, seconds in built.stages.items()},
        "wall": round(sum(built.stages.values()), 2),
        "real_time_factor": round(built.real_time_factor, 3),
    }
