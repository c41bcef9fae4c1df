"""What products cost: each made by its command from a lesson that is there, in bytes and in seconds."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from renders.build import build
from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.progress import Reporter
from renders.publish.clip_file import ClipManifest
from renders.publish.numbers import NUMBERS
from renders.publish.one_file import LARGEST
from renders.publish.page import PAGE
from renders.publish.places import FORMATS, MOVING, budget
from renders.publish.products import publish
from renders.publish.still import BUDGET
from renders.request import VideoRequest

SMALL = VideoRequest("What will be", chapters=("tokens", "embedding", "position"))  # where none is there
SILENT, NARRATED, WHOLE = 3.0, 6.0, 2.0  # seconds at most of a clip without sound, with it, and of a page
SCRIPT, PAGE_TEXT, DATA = 8_192, 30_000, 15_000  # bytes at most: the last of a minute
IN_SPACE = ("opening", "overview", "loop")  # where every pixel moves, which takes most of the bytes
_SHORT, _CHAPTER = 10.0, 40.0  # seconds that a clip of a beat, and one of a chapter, lasts at most
_INSIDE = {
    "script": re.compile(r"<script>(.*?)</script>", re.DOTALL),
    "style": re.compile(r"<style>(.*?)</style>", re.DOTALL),
    "data": re.compile(r'<script id="lesson" type="application/json">(.*?)</script>', re.DOTALL),
    "transcript": re.compile(r"data-said>(.*?)</section>", re.DOTALL),
}


@dataclass(frozen=True)
class Parts:
    """Of a lesson, what clips are made of; `flying`: one beat, or none where no chapter plays in space."""

    beat: str
    chapter: str
    flying: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """Of one file or one command; None where nothing is measured, or no limit is set.

    `processor`: seconds of all threads, hardly changed by what else the machine does; `clock`: of the wall.
    """

    what: str
    bytes: int | None = None
    bytes_most: float | None = None
    processor: float | None = None
    clock: float | None = None
    seconds_most: float | None = None

    @property
    def verdict(self) -> str:
        """Whether it is within its limits; seconds are judged by the processor's."""
        large = self.bytes is not None and self.bytes_most is not None and self.bytes > self.bytes_most
        slow = self.processor is not None and self.seconds_most and self.processor > self.seconds_most
        if large or slow:
            return "miss: " + " and ".join(["size"] * bool(large) + ["seconds"] * bool(slow))
        return "" if self.bytes_most is None and self.seconds_most is None else "pass"


def measure(folder: Path | None, reporter: Reporter) -> dict[str, Any]:
    """The costs of all products of the lesson in a folder, or of a small one that is made first."""
    with tempfile.TemporaryDirectory(prefix="llm-lesson-bench-") as place:
        if folder is None:
            folder = Path(place) / "lesson"
            publish(build(VideoRequest(SMALL.prompt, chapters=SMALL.chapters, out=folder), reporter).edition)
        edition, made = Edition.load(folder), Path(place) / "made"
        made.mkdir()
        rows = []
        reporter.stage("products")
        parts = _parts(edition)
        for cost in (*_clips(edition, parts, made), *_rest(edition, parts.chapter, made)):
            reporter.note(f"{cost.what}: measured")
            rows.append({**asdict(cost), "verdict": cost.verdict})
    manifest = edition.manifest
    return {
        "lesson": {"title": manifest.title, "seconds": round(manifest.seconds, 2), "fps": manifest.fps},
        "height": manifest.picture.height if manifest.picture else None,
        "costs": rows,
        "ok": not any(row["verdict"].startswith("miss") for row in rows),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
    }


def _clips(edition: Edition, parts: Parts, made: Path) -> Iterator[Cost]:
    """Clips of a beat in every format, of a chapter with its voice, and of a beat that flies."""
    for part, options, most in (
        (parts.beat, ("--silent",), SILENT),
        (parts.beat, ("--sound",), NARRATED),
        (parts.chapter, ("--silent",), SILENT),
        (parts.chapter, ("--sound",), NARRATED),
        (parts.beat, ("--silent", "--format", "webm"), None),
        (parts.beat, ("--format", "webp"), None),
        (parts.beat, ("--format", "gif"), None),
        (parts.beat, ("--silent", "--size", "720p"), None),
        *((beat, ("--silent",), SILENT) for beat in parts.flying),
        *((beat, ("--silent", "--size", "720p"), None) for beat in parts.flying),
        *((beat, ("--format", made), None) for beat in parts.flying for made in MOVING),
    ):
        folder = made / f"clip{len(list(made.iterdir()))}"
        processor, clock = ran("clip", part, str(edition.folder), *options, "--out", str(folder))
        about = ClipManifest.load(folder)
        file = next(file for file in about.files.values() if file.kind in FORMATS)
        assert file.kind in FORMATS
        should = budget(file.kind, about.seconds, file.height or 0, sound=about.sound)
        what = f"{' '.join(('clip', part, *options))}, {about.seconds:.0f} s"
        yield Cost(what, file.bytes, should, processor, clock, most)


def _parts(edition: Edition) -> Parts:
    """The longest of those that are not too long; else the shortest. A chapter's first and last beat fly."""
    chapters = edition.manifest.chapters
    lasting = {
        f"{chapter.name}:{beat.name}": beat.end - beat.start for chapter in chapters for beat in chapter.beats
    }
    flat = [
        f"{chapter.name}:{beat.name}"
        for chapter in chapters
        if chapter.name not in IN_SPACE
        for beat in chapter.beats[1:-1]
    ]
    flying = [(seconds, beat) for beat, seconds in lasting.items() if beat.partition(":")[0] in IN_SPACE]
    return Parts(
        beat=_longest([(lasting[beat], beat) for beat in flat or lasting], _SHORT),
        chapter=_longest([(chapter.end - chapter.start, chapter.name) for chapter in chapters], _CHAPTER),
        flying=(_longest(flying, _SHORT),) if flying else (),
    )


def _longest(parts: Sequence[tuple[float, str]], most: float) -> str:
    lasts = itemgetter(0)
    fitting = [part for part in parts if lasts(part) <= most]
    return (max(fitting, key=lasts) if fitting else min(parts, key=lasts))[1]


def _rest(edition: Edition, chapter: str, made: Path) -> Iterator[Cost]:
    """Stills, the page and what is in it, the page as one file, the article, and what is pasted elsewhere."""
    lesson, minutes = str(edition.folder), edition.manifest.seconds / 60
    for kind, most in (("png", 100_000), ("svg", BUDGET)):
        path = made / f"still.{kind}"
        spent = ran("still", chapter, lesson, "--out", str(path))
        yield Cost(f"still {chapter}, {kind}", path.stat().st_size, most, *spent)
    page = made / "page"
    spent = ran("publish", lesson, "--out", str(page))
    yield Cost("publish: the page", sum(f.stat().st_size for f in page.iterdir()), None, *spent, WHOLE)
    sizes = page_sizes((page / PAGE).read_text("utf-8"))
    yield Cost("  its script", sizes["script"], SCRIPT)
    yield Cost("  its style", sizes["style"])
    yield Cost("  HTML, style and script, without transcript", sizes["page"], PAGE_TEXT)
    yield Cost("  its transcript", sizes["transcript"])
    yield Cost("  its data", sizes["data"], DATA * minutes)
    yield Cost("  its numbers as CSV", (page / NUMBERS).stat().st_size)
    one = made / "page.html"
    spent = ran("publish", lesson, "--one-file", "--out", str(one))
    yield Cost("publish --one-file", one.stat().st_size, LARGEST, *spent)
    for what in (("publish", lesson, "--youtube"), ("post", lesson)):
        folder = made / what[0]
        spent = ran(*what, "--out", str(folder))
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        yield Cost(" ".join(part for part in what if part != lesson), size, None, *spent)


def page_sizes(page: str) -> dict[str, int]:
    """Bytes of a page's script, style, data and transcript, and of all that is neither of the last two."""
    sizes = {
        name: len(found[1].encode()) if (found := inside.search(page)) else 0
        for name, inside in _INSIDE.items()
    }
    return {**sizes, "page": len(page.encode()) - sizes["data"] - sizes["transcript"]}


def ran(*arguments: str) -> tuple[float, float]:
    """Runs a command as it is typed, from its start on: seconds of the processor, and of the clock.

    Raises `CheckError` where it fails.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "renders.cli.main", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.splitlines() or ["nothing was said of it"]
        raise CheckError(f"{arguments[0]}: cannot be measured: {said[-1].removeprefix('llm-lesson: ')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return round(spent, 2), round(time.perf_counter() - began, 2)
