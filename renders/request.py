"""What is asked for, made ready for the stages or refused in one line; and the trace that it begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import llmtrace
from llmtrace.meta import BUNDLED, BUNDLED_FOLDER
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders.errors import RequestError
from renders.store.cache import ArtifactCache, digest, key
from renders.store.fingerprint import sources, versions
from scenes import CHAPTERS, LATER
from scenes.locale import LANGUAGES, LEVELS

_TRACED_BY = ("torch", "transformers", "tokenizers", "numpy")
SIZES = {"draft": (640, 360), "720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}  # in pixels
SPEEDS = (0.7, 1.5)  # the slowest and the fastest that a voice is asked for
RATES = (1, 120)  # frames a second
CHOICE = ("temperature", "top_k", "top_p", "seed")  # the options that are fields of Sampling


@dataclass(frozen=True)
class LessonRequest:
    """The fields that lessons to watch and to listen to share; the defaults are those of the commands.

    Raises `RequestError`, as its heirs do, for what is unknown, or not there yet.
    """

    prompt: str
    model: str = BUNDLED
    level: str = "full"
    chapters: tuple[str, ...] | None = None  # None: all
    language: str = "en"
    voice: str | None = None  # None: the best there is for the language
    speed: float = 1.0  # of the voice
    music: Path | None = None  # plays under the words
    new_tokens: int = 4
    sampling: Sampling = field(default_factory=Sampling)
    out: Path | None = None  # None: a folder named after the prompt

    def __post_init__(self) -> None:
        chosen_level(self.level)
        if self.chapters is not None:
            _known(self.chapters)
        if self.language not in LANGUAGES:
            raise RequestError(f"language {self.language!r}: not there; there are {', '.join(LANGUAGES)}")
        _within("speed", self.speed, SPEEDS)


@dataclass(frozen=True)
class VideoRequest(LessonRequest):
    """What is to be made; the defaults are those of `llm-lesson make`."""

    quality: str = "1080p"
    fps: int = 30
    burn_captions: bool = False
    workers: int | None = None  # None: as many as there are cores and memory for

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.quality not in SIZES:
            raise RequestError(f"quality {self.quality!r}: not there; there are {', '.join(SIZES)}")
        _within("fps", self.fps, RATES)
        if self.workers is not None and self.workers < 1:
            raise RequestError(f"workers {self.workers}: takes a whole number from 1")


def traced(request: LessonRequest, path: Path, meanwhile: Callable[[], None] = lambda: None) -> Trace:
    """The trace at `path`: one that was kept, or a new one, before which `meanwhile` is called."""
    kept = ArtifactCache("traces")
    key = _trace_key(request.prompt, request.model, request.new_tokens, request.sampling)
    if key is not None and kept.get(key, path) is not None:
        return Trace.load(path)
    meanwhile()
    from llmtrace import capture  # here, so that looking at a lesson never loads torch

    sampling = request.sampling
    trace = capture(request.prompt, request.model, new_tokens=request.new_tokens, sampling=sampling, to=path)
    if key is not None:
        kept.put(key, path, {})
    return trace


def job(prompt: str, **options: Any) -> VideoRequest:
    """The request that the options of `make` describe."""
    return VideoRequest(**asked(prompt, **options))


def asked(prompt: str, **options: Any) -> dict[str, Any]:
    """The fields of what is wanted, checked; an option that was not given keeps its default."""
    choice = {name: options.pop(name) for name in CHOICE}
    level = chosen_level(options.pop("level", "full"))
    chapters = chosen_chapters(options.pop("chapters", None))
    given = {name: value for name, value in options.items() if value is not None}
    given |= {name: Path(given[name]) for name in ("music", "out") if name in given}
    return {"prompt": prompt, "level": level, "chapters": chapters, "sampling": Sampling(**choice), **given}


def chosen_chapters(listed: str | None) -> tuple[str, ...] | None:
    """The chapters of a list like "tokens,attention"; None for all."""
    if listed is None:
        return None
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    _known(names)
    return names


def _known(chapters: tuple[str, ...]) -> None:
    if not chapters:
        raise RequestError("chapters: none is named; 'llm-lesson chapters' lists them")
    for name in chapters:
        if name in LATER:
            raise RequestError(f"chapter {name}: is not there yet; there are {', '.join(CHAPTERS)}")
        if name not in CHAPTERS:
            near = get_close_matches(name, CHAPTERS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(CHAPTERS)}"
            raise RequestError(f"chapter {name!r}: no such chapter; {hint}")


def _within(what: str, value: float, limits: tuple[float, float]) -> None:
    if not limits[0] <= value <= limits[1]:
        raise RequestError(f"{what} {value}: takes a number from {limits[0]} to {limits[1]}")


def chosen_level(level: str) -> str:
    """The level, when it is there."""
    if level not in LEVELS:
        raise RequestError(f"level {level!r}: no such level; there are {', '.join(LEVELS)}")
    if level != "full":
        raise RequestError(f"level {level}: is not there yet; leave --level out for the full lesson")
    return level


def parsed_ids(text: str) -> list[int]:
    """Token ids written like "2061,481,307"."""
    try:
        return [int(part) for part in text.replace(",", " ").split()]
    except ValueError:
        raise RequestError(f"--ids {text!r}: takes whole numbers, like 2061,481,307") from None


def _trace_key(prompt: str, model: str, new_tokens: int, sampling: Sampling) -> str | None:
    """Of a prompt's trace; None for a model whose files are not known without asking a hub."""
    folder = BUNDLED_FOLDER if model == BUNDLED else Path(model)
    if not folder.is_dir():
        return None
    files = [
        (path.name, digest(path))
        for pattern in ("*.safetensors", "*.json", "*.txt", "*.model")
        for path in sorted(folder.glob(pattern))
    ]
    code = sources(Path(llmtrace.__file__).parent)
    return key("trace", code, versions(_TRACED_BY), files, prompt, model, new_tokens, asdict(sampling))
