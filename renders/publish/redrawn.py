"""What it takes to draw a chapter of an edition again, from its trace and the times that it was made with."""

from __future__ import annotations

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.shot import Quality, RenderTask, burned_captions
from renders.store import layout
from renders.timeline import journey
from scenes import CHAPTERS
from scenes.chapter import load_chapter
from scenes.lesson import ScheduledBeat, ScheduledChapter, write_lesson
from scenes.script import Handover


def task_of(
    edition: Edition, told: EditionChapter, size: Quality | None = None, *, burned: bool = True
) -> RenderTask | None:
    """A chapter's task, at the lesson's size or another; None when this version tells it in other beats.

    `burned`: with captions in the picture, where the lesson has them.
    """
    manifest, drawn = edition.manifest, edition.manifest.picture
    lesson = write_lesson(edition.trace, edition.locale, [edition.own.get(told.name, told.name)])
    if drawn is None or not lesson.chapters:
        return None
    chapter = lesson.chapters[0]
    if [beat.name for beat in chapter.beats] != [beat.name for beat in told.beats]:
        return None
    beats = (
        ScheduledBeat(beat, manifest.frames(kept), kept.marks)
        for beat, kept in zip(chapter.beats, told.beats, strict=True)
    )
    start, end = (round(time * manifest.fps) for time in (told.start, told.end))
    said = [caption.said for beat in told.beats for caption in beat.captions]
    before, follows = _before(edition, told), told is not manifest.chapters[-1]
    return RenderTask(
        trace=edition.folder / layout.TRACE,
        scheduled=ScheduledChapter(
            chapter, tuple(beats), before, *journey(chapter, before, follows=follows, fps=manifest.fps)
        ),
        captions=burned_captions(said, start, end, manifest.fps) if burned and drawn.burned else None,
        quality=size or Quality(drawn.width, drawn.height, drawn.preset, drawn.theme),
        fps=manifest.fps,
        segments={},
    )


def _before(edition: Edition, told: EditionChapter) -> Handover | None:
    """What the chapter before it leaves."""
    chapters = edition.manifest.chapters
    place = chapters.index(told)
    if place == 0 or (name := chapters[place - 1].name) not in (*CHAPTERS, *edition.own):
        return None
    return load_chapter(edition.own.get(name, name)).script.leaves
