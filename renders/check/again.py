"""What it takes to draw a lesson's chapters again, from its folder alone."""

from __future__ import annotations

from collections.abc import Iterator

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.shot import Quality, RenderTask, burned_captions
from renders.store import layout
from renders.timeline import journey
from scenes.lesson import ScheduledBeat, ScheduledChapter, write_lesson
from scenes.script import Handover


def drawn_by(edition: Edition, unproved: list[str]) -> Iterator[tuple[EditionChapter, RenderTask]]:
    """Each chapter with its task.

    Adds to `unproved` that the lesson has no picture, or what this version cannot draw as it was drawn.
    """
    manifest, before = edition.manifest, None
    if manifest.picture is None:
        has = "has no picture" if manifest.media == layout.SOUND else "does not say how its picture was drawn"
        unproved.append(f"{layout.LESSON}: the lesson {has}, so none is drawn again")
        return
    for chapter in manifest.chapters:
        task = _task(edition, chapter, before, follows=chapter is not manifest.chapters[-1])
        before = task.scheduled.chapter.leaves if task else None
        if task is None:
            unproved.append(f"{chapter.name}: this version tells it in other beats, so none is drawn again")
        else:
            yield chapter, task


def _task(
    edition: Edition, told: EditionChapter, before: Handover | None, *, follows: bool
) -> RenderTask | None:
    """What it takes to draw a chapter again; None when this version tells it in other beats."""
    manifest, size = edition.manifest, edition.manifest.picture
    lesson = write_lesson(edition.trace, edition.locale, [told.name])
    if size is None or not lesson.chapters:
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
    return RenderTask(
        trace=edition.folder / layout.TRACE,
        scheduled=ScheduledChapter(
            chapter, tuple(beats), before, *journey(chapter, before, follows=follows, fps=manifest.fps)
        ),
        captions=burned_captions(said, start, end, manifest.fps) if size.burned else None,
        quality=Quality(size.width, size.height, size.preset),
        fps=manifest.fps,
        segments={},
    )
