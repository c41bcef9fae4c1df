"""What it takes to draw a lesson's chapters again, from its folder alone."""

from __future__ import annotations

from collections.abc import Iterator

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.publish.redrawn import task_of
from renders.shot import RenderTask
from renders.store import layout
from scenes import CHAPTERS


def drawn_by(edition: Edition, unproved: list[str]) -> Iterator[tuple[EditionChapter, RenderTask]]:
    """Each chapter with its task.

    Adds to `unproved` that the lesson has no picture, or what this version cannot draw as it was drawn.
    """
    manifest = edition.manifest
    if manifest.picture is None:
        has = "has no picture" if manifest.media == layout.SOUND else "does not say how its picture was drawn"
        unproved.append(f"{layout.LESSON}: the lesson {has}, so none is drawn again")
        return
    for chapter in manifest.chapters:
        if chapter.name not in (*CHAPTERS, *edition.own):
            unproved.append(
                f"{chapter.name}: its pictures, for it is no chapter of ours; "
                "--chapters FOLDER runs its code and draws it again"
            )
            continue
        task = task_of(edition, chapter)
        if task is None:
            unproved.append(f"{chapter.name}: this version tells it in other beats, so none is drawn again")
        else:
            yield chapter, task
