"""What is asked for, made ready for the stages or refused in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmtrace.folder import find, shown
from llmtrace.known import KNOWN
from llmtrace.look import Look
from llmtrace.meta import BUNDLED
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders import values
from renders.errors import RequestError
from renders.limits import NEW_TOKENS, RATES, SIZES, SPEEDS
from renders.store import layout, places
from scenes import own
from scenes.chapter import load_chapter
from scenes.locale import LANGUAGES, LEVELS, Locale
from scenes.palette import THEMES
from voiceover.errors import MusicMissingError

CHOICE = ("temperature", "top_k", "top_p", "seed")  # the options that are fields of Sampling
_LEAST_FORMAT = 2  # of a trace that has all that a lesson is told from


@dataclass(frozen=True)
class LessonRequest:
    """The fields that lessons to watch and to listen to share; the defaults are those of the commands.

    They are checked and made ready as they are given: chapters may be a list or a text like
    "tokens,attention", files and folders a text. Raises `RequestError`.
    """

    prompt: str | tuple[int, ...]  # or its token ids
    model: str = BUNDLED
    level: str = "full"
    chapters: tuple[str, ...] | None = None  # None: all
    language: str = "en"
    voice: str | None = None  # None: the best there is for the language
    speed: float = 1.0  # of the voice
    music: Path | None = None  # plays under the words
    new_tokens: int = 4
    sampling: Sampling = field(default_factory=Sampling)
    head: tuple[int, int] | None = None  # block and head that are shown, from 1, or "3.2"; None: by measure
    query: int | str | None = None  # the token that asks: its place, from 1, or its word; None: the last
    key: int | str | None = None  # and the one that answers; None: the one that it weighs most
    trace: Path | None = None  # a file whose run the lesson is of; then prompt is the one that it has
    out: Path | None = None  # None: a folder named after the prompt and what differs
    cache: Path | None = None  # what is kept between builds; None: in the user's place

    def __post_init__(self) -> None:
        for name, value in self._ready():
            object.__setattr__(self, name, value)

    def _ready(self) -> Iterator[tuple[str, Any]]:
        """The fields that are given in more than one form, as they are kept; all others are checked."""
        if not isinstance(self.prompt, str):
            yield "prompt", values.ids(self.prompt)
        yield "head", values.parsed_head(self.head)
        for name in ("query", "key"):
            yield name, values.parsed_token(name, getattr(self, name))
        yield "chapters", values.chosen_chapters(self.chapters)
        values.one_of("level", self.level, LEVELS)
        values.one_of("language", self.language, LANGUAGES)
        values.number("speed", self.speed, *SPEEDS)
        values.number("new tokens", self.new_tokens, *NEW_TOKENS, whole=True)
        run = (self.model, self.new_tokens, self.sampling)
        if self.trace is not None and run != (BUNDLED, LessonRequest.new_tokens, Sampling()):
            raise RequestError(f"trace {self.trace}: its run is done; leave model, new tokens and draws out")
        for name in ("music", "trace", "out", "cache"):
            yield name, values.path(name, getattr(self, name))

    def require_files(self) -> None:
        """Raises `ModelError` or `VoiceError` for what is not here, before any stage is loaded.

        A model that a hub may have is not asked for. Runs the code of chapters that are not ours: raises
        `ChapterError` for what does not fit in one.
        """
        fetched = self.model.count("/") == 1 or self.model in [known.name for known in KNOWN]
        if not fetched or self.model.startswith((".", "/", "~")):
            find(self.model)
        if self.music is not None and not self.music.is_file():
            raise MusicMissingError.of(self.music)
        for folder in self.own_chapters:
            load_chapter(folder)

    @property
    def own_chapters(self) -> list[str]:
        """The folders of its chapters that are not ours."""
        return [chapter for chapter in self.chapters or () if own.is_folder(chapter)]

    @property
    def look(self) -> Look:
        """What is looked at, counted from 0."""
        head = None if self.head is None else (self.head[0] - 1, self.head[1] - 1)
        query, key = (one - 1 if isinstance(one, int) else one for one in (self.query, self.key))
        return Look(head, query, key)

    @property
    def locale(self) -> Locale:
        return Locale(self.language, self.level)

    def folder(self, kind: str = "") -> Path:
        """Where the lesson goes; `kind`, when it is no video, ends a name that was not chosen.

        Raises `RequestError` where a lesson of the other kind is, whose files would no longer be proved.
        """
        if self.out is not None:
            _refuse_another_kind(self.out, layout.SOUND if kind else layout.VIDEO)
            return self.out
        prompt = self.prompt if isinstance(self.prompt, str) else None
        ids = " ".join(map(str, self.prompt))
        words = prompt or f"ids {ids if len(ids) < places.LONGEST - 4 else places.digest(ids)}"
        return places.named_after(words, prompt, [*_differences(self), *([kind] if kind else [])])


@dataclass(frozen=True)
class VideoRequest(LessonRequest):
    """What is to be made; the defaults are those of `llm-lesson make`."""

    quality: str = "1080p"
    fps: int = 30
    burn_captions: bool = False
    theme: str = "dark"
    workers: int | None = None  # None: as many as there are cores and memory for

    def _ready(self) -> Iterator[tuple[str, Any]]:
        values.one_of("quality", self.quality, SIZES)
        values.one_of("theme", self.theme, THEMES)
        values.number("fps", self.fps, *RATES, whole=True)
        if self.workers is not None:
            values.number("workers", self.workers, 1, whole=True)
        yield from super()._ready()

    def require_files(self) -> None:
        super().require_files()
        if self.own_chapters:
            from scenes.stage import scene_class  # loads manim, which is not needed here for ours

            for folder in self.own_chapters:
                scene_class(folder)


def prompt_of(trace: Path) -> str | tuple[int, ...]:
    """The prompt of a `usable` trace's file, a text or ids."""
    found = usable(trace)
    return found.meta.prompt if found.meta.prompt is not None else tuple(found["tokens"].tolist())


def usable(trace: Path) -> Trace:
    """The trace of a file, when a lesson can be made of it.

    Raises `TraceFileError`, and `RequestError` for a trace that lacks what a lesson is told from.
    """
    found = Trace.load(trace)
    lacking = {
        "was traced with --only": bool(found.meta.only),
        "was traced with --trace-steps last": found.meta.steps == "last",
        f"is of format {found.meta.format}, an older one": found.meta.format < _LEAST_FORMAT,
    }
    for why in (why for why, holds in lacking.items() if holds):
        raise RequestError(
            f"{trace}: {why}, so it lacks what a lesson is told from; trace the prompt again without that"
        )
    return found


def job(prompt: str | Sequence[int] | None = None, **options: Any) -> VideoRequest:
    """The request that the options of `make` describe."""
    return VideoRequest(**asked(prompt, **options))


def asked(prompt: str | Sequence[int] | None = None, **options: Any) -> dict[str, Any]:
    """The fields of a request, from options as they are typed; one that was not given keeps its default.

    Without a prompt, the `ids` or the `trace` among the options have it.
    """
    given = {name: value for name, value in options.items() if value is not None}
    choice = {name: given.pop(name) for name in CHOICE if name in given}
    if (ids := given.pop("ids", None)) is not None:
        prompt = values.parsed_ids(ids)
    elif (trace := values.path("trace", given.get("trace"))) is not None:
        found = prompt_of(trace)
        if prompt not in (None, found):
            raise RequestError(f"prompt {prompt!r}: {trace} is of another one; give one of the two")
        prompt = found
    return {"prompt": prompt, "sampling": Sampling(**choice), **given}


def _refuse_another_kind(out: Path, media: str) -> None:
    if (said := places.said_of(out)) and (there := said.get("media", layout.VIDEO)) != media:
        raise RequestError(
            f"{out}: has {there} in it, which could no longer be proved; name another folder with --out, "
            f"like {out}-{'listen' if media == layout.SOUND else 'video'}"
        )


def _differences(request: LessonRequest) -> Iterator[str]:
    """What tells a lesson from the plain one of its prompt, for a folder's name."""
    if request.trace is not None:
        yield request.trace.stem
    if request.model != BUNDLED:
        yield shown(request.model).rpartition("/")[2]
    if request.new_tokens != LessonRequest.new_tokens:
        yield f"{request.new_tokens} tokens"
    if not (chosen := request.sampling).greedy:
        ends = {"temperature": chosen.temperature, "top k": chosen.top_k, "top p": chosen.top_p}
        yield from (f"{name} {value:g}" for name, value in ends.items() if value is not None)
        yield f"seed {chosen.seed}"
    if request.head is not None:
        yield f"head {request.head[0]}.{request.head[1]}"
    looked = {"query": request.query, "key": request.key}
    yield from (f"{name} {one}" for name, one in looked.items() if one is not None)
    yield from (Path(chapter).name for chapter in request.chapters or ())
    if request.language != LessonRequest.language:
        yield request.language
    if request.voice is not None:
        yield Path(request.voice.partition(":")[2].partition(",")[0] or request.voice).stem
    if request.speed != LessonRequest.speed:
        yield f"speed {request.speed:g}"
    if request.music is not None:
        yield f"with {request.music.stem}"
    if isinstance(request, VideoRequest):
        if request.quality != VideoRequest.quality:
            yield request.quality
        if request.fps != VideoRequest.fps:
            yield f"{request.fps} fps"
        if request.theme != VideoRequest.theme:
            yield request.theme
        if request.burn_captions:
            yield "captioned"
