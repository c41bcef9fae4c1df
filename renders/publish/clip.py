"""`clip`: one part of a lesson, ready for a place: files to upload, their words, and `clip.json`.

    made = clip(Edition.load(folder), "attention:arcs", options=ClipOptions(place="blog", sound=False))
    made.video                    # Path("…/what-will-be-attention-arcs.mp4")
    made.about.alt                # “be” gives 96% of its attention to “What”.

Nothing is drawn again: the picture is the lesson's own, packet by packet where its size stays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.media.flashes import flashes
from renders.media.mp4 import COMMENT, mux
from renders.media.webm import write_webm
from renders.progress import NullReporter, Reporter, Stages
from renders.publish import clip_pictures as drawn
from renders.publish import clip_sound
from renders.publish.clip_burned import Inset, burned_segment
from renders.publish.clip_file import FORMAT, ClipBeat, ClipFile, ClipManifest, ClipSource, Kind
from renders.publish.clip_texts import alt_of, text_of, write_texts
from renders.publish.excerpt import Excerpt
from renders.publish.places import FORMATS, MOVING, Format, Place, place_of
from renders.publish.products import writers
from renders.publish.snippets.writing import write_snippets
from renders.store import layout, places
from renders.store.cache import digest
from renders.values import one_of

CLIPS = "clips"  # the folder in a lesson's that clips go to
LONGEST = 120.0  # seconds of a GIF or a WebP, more than a chapter: what shows one may keep every picture


@dataclass(frozen=True)
class ClipOptions:
    """What is wanted of a clip; None: what the place has, or what suits the lesson.

    `place`: a name in `places.PLACES`. `height`: of an MP4, in pixels, instead of the lesson's own.
    `snippets`: whether texts to paste are written beside it.
    Raises `RequestError` for what is not known.
    """

    place: str = "blog"
    formats: tuple[Format, ...] = ()
    sound: bool | None = None
    loop: bool | None = None
    height: int | None = None
    snippets: bool = True

    def __post_init__(self) -> None:
        place_of(self.place)
        for made in self.formats:
            one_of("format", made, FORMATS)

    @property
    def to(self) -> Place:
        return place_of(self.place)


@dataclass(frozen=True)
class Clip:
    """A clip's folder, and what its `clip.json` says."""

    folder: Path
    about: ClipManifest

    def file(self, *kinds: Kind) -> Path | None:
        """The first file of one of these kinds, in their order."""
        name = self.about.first(*kinds)
        return self.folder / name if name else None

    @property
    def video(self) -> Path | None:
        return self.file("mp4")

    @property
    def poster(self) -> Path | None:
        return self.file("poster")


@dataclass(frozen=True)
class _Plan:
    """What is made of an excerpt."""

    excerpt: Excerpt
    options: ClipOptions
    name: str
    formats: tuple[Format, ...]
    sound: bool
    loop: bool

    @property
    def held(self) -> int:
        """For how many frames the last picture of a loop stays on."""
        return round(drawn.HOLD * self.excerpt.edition.manifest.fps) if self.loop else 0

    @property
    def title(self) -> str:
        return f"{self.excerpt.chapter.title}: {self.excerpt.edition.manifest.title}"

    @property
    def seconds(self) -> float:
        return self.excerpt.seconds + self.held / self.excerpt.edition.manifest.fps


def clip(
    edition: Edition,
    what: str,
    folder: Path | None = None,
    options: ClipOptions | None = None,
    reporter: Reporter | None = None,
) -> Clip:
    """Makes the clip of CHAPTER, CHAPTER:BEAT or CHAPTER:BEAT..BEAT in a folder, by default in the lesson's.

    Raises `RequestError` where the lesson has no such part, or the part is too long for what is asked for.
    """
    excerpt = Excerpt.of(edition, what)
    plan = _planned(excerpt, options or ClipOptions())
    target, reporter = folder or default_folder(excerpt, plan.options), reporter or NullReporter()
    with Stages(reporter).running("clip"), places.atomic_folder(target) as aside, _scratch() as scratch:
        files = dict(_made(plan, aside, scratch, reporter))
        about = _about(plan, files)
        if plan.options.snippets:
            pasted = write_snippets(about, text_of(excerpt), aside)
            files |= {path.relative_to(aside).as_posix(): _file(path, "snippet") for path in pasted}
            about = msgspec.structs.replace(about, files=files)
        about.save(aside)
    return Clip(target, about)


def default_folder(excerpt: Excerpt, options: ClipOptions) -> Path:
    """In the lesson's folder, told from clips for other places.

    Raises `RequestError` where a link there leads out of it.
    """
    folder = excerpt.edition.folder / CLIPS / f"{excerpt.slug}-{options.place}"
    if not folder.resolve().is_relative_to(excerpt.edition.folder.resolve()):
        raise RequestError(f"{folder}: leads out of the lesson's folder; name another with --out")
    return folder


def _planned(excerpt: Excerpt, options: ClipOptions) -> _Plan:
    excerpt.require_picture(layout.VIDEO, layout.TRACE)
    place, manifest = options.to, excerpt.edition.manifest
    formats = options.formats or place.formats
    if "webm" in formats and "mp4" not in formats:
        formats = (*formats, "mp4")  # for those that cannot play it
    silent = manifest.voice is not None and manifest.voice.engine == "silent"
    sound = (place.sound if options.sound is None else options.sound) and not silent
    loop = not sound if options.loop is None else options.loop
    if any(made in MOVING for made in formats) and excerpt.seconds > LONGEST:
        lasting = ", ".join(f"{b.name} {b.end - b.start:.1f} s" for b in excerpt.beats)
        raise RequestError(
            f"{excerpt.name}: lasts {excerpt.seconds:.0f} s, and a GIF or a WebP {LONGEST:.0f} s at most; "
            f"name some of its beats: {lasting}"
        )
    return _Plan(excerpt, options, excerpt.slug, formats, sound, loop)


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
        yield Path(place)


def _made(plan: _Plan, folder: Path, scratch: Path, reporter: Reporter) -> Iterator[tuple[str, ClipFile]]:
    """Makes all files but `clip.json`; yields each with its name."""
    excerpt = plan.excerpt
    for made in plan.formats:
        path = folder / f"{plan.name}.{made}"
        if made in MOVING:
            shape = drawn.fitting(excerpt, made, plan.options.to, plan.seconds, path, reporter)
            yield path.name, _file(path, made, shape.width, shape.height)
        elif made == "webm":
            shape = _webm(plan, path, reporter)
            yield path.name, _file(path, made, shape.width, shape.height, plan.seconds)
        else:
            shape, inset = _video(plan, path, scratch, reporter)
            yield path.name, _file(path, made, shape.width, shape.height, plan.seconds, inset)
    poster = folder / f"{plan.name}.png"
    width, height = drawn.write_poster(drawn.finished(excerpt, drawn.POSTER), poster)
    yield poster.name, _file(poster, "poster", width, height)
    alt, _ = alt_of(excerpt)
    for kind, path in write_texts(excerpt, alt, plan.name, folder, srt=plan.options.to.srt):
        yield path.name, _file(path, kind)


def _video(plan: _Plan, path: Path, scratch: Path, reporter: Reporter) -> tuple[drawn.Shape, Inset | None]:
    excerpt, manifest = plan.excerpt, plan.excerpt.edition.manifest
    place, picture = plan.options.to, scratch / "picture.mp4"
    shape, inset = drawn.shape_of(excerpt, plan.options.height), None
    burned = manifest.picture is not None and manifest.picture.burned
    if place.side or (place.burned and not burned):
        shape, inset = burned_segment(excerpt, shape, place.side, plan.held, picture, reporter)
        burned = True
    else:
        drawn.segment(excerpt, shape, plan.held, picture, reporter)
    heard = clip_sound.cut(excerpt, plan.seconds) if plan.sound else None
    sound = [] if heard is None else [clip_sound.write(excerpt, heard, scratch / "sound.m4a")]
    captions = [] if burned or not plan.sound else [(c.start, c.end, c.text) for c in excerpt.captions]
    mux(
        [picture],
        sound,
        captions,
        [],
        path,
        fps=manifest.fps,
        title=plan.title,
        language=excerpt.edition.locale.iso639_2,
        comment=COMMENT,
    )
    return shape, inset


def _webm(plan: _Plan, path: Path, reporter: Reporter) -> drawn.Shape:
    excerpt, fps = plan.excerpt, plan.excerpt.edition.manifest.fps
    shape = drawn.shape_of(excerpt, plan.options.height)
    with drawn.counted(reporter, excerpt, excerpt.span[1] - excerpt.span[0]) as told:
        write_webm(
            excerpt.edition.media,
            excerpt.span,
            (shape.width, shape.height),
            path,
            fps=fps,
            held=plan.held,
            sound=clip_sound.cut(excerpt, plan.seconds) if plan.sound else None,
            title=plan.title,
            told=told,
        )
    return shape


def _file(
    path: Path,
    kind: Kind,
    width: int | None = None,
    height: int | None = None,
    seconds: float | None = None,
    inset: Inset | None = None,
) -> ClipFile:
    size, sha256 = path.stat().st_size, digest(path)
    return ClipFile(
        kind=kind, bytes=size, sha256=sha256, width=width, height=height, seconds=seconds, inset=inset
    )


def _about(plan: _Plan, files: dict[str, ClipFile]) -> ClipManifest:
    excerpt, manifest = plan.excerpt, plan.excerpt.edition.manifest
    alt, told = alt_of(excerpt)
    read = [row for row in excerpt.rows if row.text is not None]
    return ClipManifest(
        format=FORMAT,
        name=plan.name,
        place=plan.options.place,
        source=ClipSource(
            title=manifest.title,
            prompt=manifest.prompt,
            model=manifest.model,
            model_sha256=manifest.model_sha256,
            trace=digest(excerpt.edition.folder / layout.TRACE),
            language=manifest.language,
            level=manifest.level,
        ),
        chapter=excerpt.chapter.name,
        title=excerpt.chapter.title,
        beats=tuple(ClipBeat(name=b.name, start=b.start, end=b.end, text=b.text) for b in excerpt.shifted),
        fps=manifest.fps,
        start=excerpt.start,
        seconds=plan.seconds,
        held=plan.held / manifest.fps,
        sound=plan.sound,
        loop=plan.loop,
        voice=manifest.voice if plan.sound else None,
        music=manifest.music if plan.sound else None,
        alt=alt,
        flashes=round(flashes(excerpt.edition.media, *excerpt.span, manifest.fps), 3),
        writers=writers(),
        numbers=(*told, *read),
        files=files,
    )
