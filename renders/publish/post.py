"""The lesson as an article: its words, its formulas, a clip of each chapter, and the voice alone on top.

An article has no script. Its clips lie in folders beside it, each with its own `clip.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.progress import NullReporter, Reporter, Stages
from renders.publish.clip import Clip, ClipOptions, clip
from renders.publish.clip_file import ClipManifest
from renders.publish.clip_texts import alt_of
from renders.publish.excerpt import Excerpt
from renders.publish.formulas import Formula, formula_of
from renders.publish.labels import words
from renders.publish.markdown import prose
from renders.publish.markup import rendered
from renders.publish.page import heading, picture
from renders.publish.reading_text import Run, Sentence, reading_of, runs_of, sentences
from renders.store import places
from renders.store.atomic import atomic_file
from renders.terminal import clock
from voiceover.plain import plain_text

Format = Literal["html", "md"]
FORMATS: tuple[Format, ...] = ("html", "md")
AUDIO, CLIPS, FORMULAS = "lesson.m4a", "clips", "formulas"


@dataclass(frozen=True)
class _Section:
    """A chapter of the article."""

    chapter: EditionChapter
    clip: Clip
    formula: Formula | None
    paragraphs: tuple[tuple[Run, ...], ...]

    @property
    def caption(self) -> tuple[Run, ...]:
        """What its clip shows, in words, with its readings."""
        told = [reading_of(row) for row in self.clip.about.numbers if row.where == "alt"]
        return runs_of(self.clip.about.alt, told)

    @property
    def fields(self) -> dict[str, Any]:
        """As templates have it."""
        about, name = self.clip.about, self.chapter.name
        video = about.first("mp4")
        size = about.files[video or ""]
        return {
            "id": places.slug(name),
            "title": plain_text(self.chapter.title),
            "clock": clock(self.chapter.start),
            "paragraphs": self.paragraphs,
            "caption": self.caption,
            "formula": self.formula,
            "mathml": Markup(self.formula.mathml) if self.formula else None,
            "video": _inside(name, about, "mp4"),
            "poster": _inside(name, about, "poster"),
            "captions": _inside(name, about, "vtt") if about.sound else None,
            "width": size.width,
            "height": size.height,
        }


def post(
    edition: Edition, out: Path | None = None, made: Format = "html", reporter: Reporter | None = None
) -> Path:
    """Writes the article and its files into a folder, by default `post` in the lesson's; returns its path.

    Raises `CheckError` for a lesson without a picture.
    """
    picture(edition)
    folder, reporter = out or edition.folder / "post", reporter or NullReporter()
    with places.atomic_folder(folder) as aside:
        for part in (CLIPS, FORMULAS):
            places.remove(folder / part)
        edition.track(aside / AUDIO)
        clips = list(_clips(edition, aside / CLIPS, reporter))
        if made == "html":
            chapters = zip(edition.manifest.chapters, clips, strict=True)
            text = _html(edition, [_section(edition, *part) for part in chapters])
        else:
            text = markdown(edition)
            _draw_formulas(edition, aside)
        with atomic_file(aside / f"post.{made}") as file:
            file.write_text(text, encoding="utf-8", newline="\n")
    return folder / f"post.{made}"


def _clips(edition: Edition, folder: Path, reporter: Reporter) -> Iterator[Clip]:
    """Makes a clip of each chapter."""
    manifest, options = edition.manifest, ClipOptions(sound=True, loop=False, snippets=False)
    with Stages(reporter).running("frames"):
        reporter.total(round(manifest.seconds * manifest.fps), exact=True)
        for chapter in manifest.chapters:
            yield clip(edition, chapter.name, folder / places.slug(chapter.name), options)
            reporter.drawn(chapter.name, round((chapter.end - chapter.start) * manifest.fps))


def _section(edition: Edition, chapter: EditionChapter, made: Clip) -> _Section:
    paragraphs = tuple(_paragraph(sentences(edition, chapter.name, beat)) for beat in chapter.beats)
    return _Section(chapter, made, formula_of(chapter.name, edition.locale), paragraphs)


def _paragraph(said: Sequence[Sentence]) -> tuple[Run, ...]:
    """Sentences as one text, each apart from the one before."""
    runs = list(said[0].runs)
    for sentence in said[1:]:
        first, *others = sentence.runs
        apart = replace(first.pieces[0], space=True)
        runs += [replace(first, pieces=(apart, *first.pieces[1:])), *others]
    return tuple(runs)


def _inside(chapter: str, about: ClipManifest, kind: Any) -> str:
    """The address of a clip's file, from the article."""
    return f"{CLIPS}/{places.slug(chapter)}/{about.first(kind)}"


def _html(edition: Edition, sections: Sequence[_Section]) -> str:
    fields = heading(edition) | {"sections": [section.fields for section in sections], "audio": AUDIO}
    return rendered("post.html", **fields, post=words(edition.locale, "post"), style="post.css")


def markdown(edition: Edition) -> str:
    """The article for a site that is written in Markdown; no text of it is markup there."""
    said, about = words(edition.locale, "post"), heading(edition)
    lines = [f"# {prose(about['kicker'])} “{prose(about['prompt'])}”", ""]
    lines += [prose("".join(str(part) for part in about["went_on"]) + " " + about["continuation"]), ""]
    lines += [f"**{prose(said['listen'])}:** [{AUDIO}]({AUDIO})", ""]
    for chapter in edition.manifest.chapters:
        excerpt = Excerpt.of(edition, chapter.name)
        alt, clip_of = prose(alt_of(excerpt)[0]), f"{CLIPS}/{places.slug(chapter.name)}/{excerpt.slug}"
        lines += [f"## {prose(chapter.title)}", "", f"[![{alt}]({clip_of}.png)]({clip_of}.mp4)", ""]
        lines += [f"*{prose(said['clip'])}: {alt}*", ""]
        for beat in chapter.beats:
            lines += [prose(_text(_paragraph(sentences(edition, chapter.name, beat)))), ""]
        if formula := formula_of(chapter.name, edition.locale):
            lines += [f"![{prose(formula.said)}]({_drawn(chapter)})", ""]
    lines += [prose(said["made"]), ""]
    return "\n".join(lines)


def _draw_formulas(edition: Edition, folder: Path) -> None:
    """Writes each chapter's formula as a picture, for an article in Markdown."""
    for chapter in edition.manifest.chapters:
        if formula := formula_of(chapter.name, edition.locale):
            (folder / FORMULAS).mkdir(exist_ok=True)
            (folder / _drawn(chapter)).write_bytes(formula.svg)


def _drawn(chapter: EditionChapter) -> str:
    """Where the picture of a chapter's formula is, from the article."""
    return f"{FORMULAS}/{places.slug(chapter.name)}.svg"


def _text(runs: Sequence[Run]) -> str:
    pieces = [piece for run in runs for piece in run.pieces]
    return " ".join("".join(" " * piece.space + piece.text for piece in pieces).split())
