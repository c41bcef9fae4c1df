"""Lessons from Python: what the commands do, with their options by the same names.

    from renders.api import check, make

    lesson = make("What will be", quality="draft", chapters=["tokens"], out="what-will-be")
    lesson.media                  # Path("what-will-be/lesson.mp4")
    lesson.manifest.chapters      # what is said, with the times of each word
    lesson.trace                  # every tensor: a llmtrace.Trace
    lesson                        # in a notebook: the video, with captions and chapters
    check(lesson.folder).wrong    # []: what is seen and spoken is what the trace says

`chapters=["tokens", "./my-chapter"]` takes a chapter of yours by its folder, and runs its code.

What is asked for is checked before any work. An error is a `renders.errors.LessonError`, an
`llmtrace.errors.TraceError`, a `voiceover.errors.VoiceError` or, of a chapter of yours, a
`scenes.errors.ChapterError`, whose message is one line: what, where, and the next step. `renders.edition`
describes what a lesson leaves in its folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from llmtrace.meta import BUNDLED
from renders.check import Verdict, verify
from renders.edition.edition import Edition
from renders.progress import NullReporter, Reporter
from renders.request import LessonRequest, VideoRequest, asked, job

__all__ = ["Edition", "Reporter", "Verdict", "check", "listen", "make"]

File = str | os.PathLike[str]


def make(
    prompt: str | Sequence[int] | None = None,
    *,
    trace: File | None = None,
    model: str = BUNDLED,
    level: str = "full",
    head: str | tuple[int, int] | None = None,
    query: int | str | None = None,
    key: int | str | None = None,
    chapters: str | Sequence[str] | None = None,
    language: str = "en",
    voice: str | None = None,
    speed: float = 1.0,
    music: File | None = None,
    new_tokens: int = 4,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int = 0,
    quality: str = "1080p",
    fps: int = 30,
    theme: str = "dark",
    burn_captions: bool = False,
    workers: int | None = None,
    out: File | None = None,
    progress: bool | Reporter = True,
) -> Edition:
    """Makes the narrated video of a prompt (a text, or token ids), or of a trace's file, in the folder `out`.

    `head`, as "3.2" or (3, 2), and `query` and `key`, a place or a word of the prompt, are counted from 1;
    without them the head is the one that carries most to the choice, the query the last token, and the key
    the one that it weighs most. `progress`: shown as fits a terminal, a notebook or a log; or not at all; or
    told to a reporter of yours.
    """
    request = job(
        prompt,
        trace=trace,
        model=model,
        level=level,
        head=head,
        query=query,
        key=key,
        chapters=chapters,
        language=language,
        voice=voice,
        speed=speed,
        music=music,
        new_tokens=new_tokens,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        quality=quality,
        fps=fps,
        theme=theme,
        burn_captions=burn_captions,
        workers=workers,
        out=out,
    )
    return _made(request, progress)


def _made(request: VideoRequest, progress: bool | Reporter) -> Edition:
    request.require_files()
    from renders.build import build
    from renders.publish.notebook import Lesson
    from renders.publish.products import publish

    with _told(progress) as reporter:
        return Lesson.of(publish(build(request, reporter).edition))


def listen(
    prompt: str | Sequence[int] | None = None,
    *,
    trace: File | None = None,
    model: str = BUNDLED,
    level: str = "full",
    head: str | tuple[int, int] | None = None,
    query: int | str | None = None,
    key: int | str | None = None,
    chapters: str | Sequence[str] | None = None,
    language: str = "en",
    voice: str | None = None,
    speed: float = 1.0,
    music: File | None = None,
    new_tokens: int = 4,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int = 0,
    out: File | None = None,
    progress: bool | Reporter = True,
) -> Edition:
    """Makes the lesson to listen to, M4A and MP3; the arguments are those of `make`."""
    fields = asked(
        prompt,
        trace=trace,
        model=model,
        level=level,
        head=head,
        query=query,
        key=key,
        chapters=chapters,
        language=language,
        voice=voice,
        speed=speed,
        music=music,
        new_tokens=new_tokens,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        out=out,
    )
    request = LessonRequest(**fields)
    request.require_files()
    from renders.listen import listen as heard
    from renders.publish.cover import cover
    from renders.publish.notebook import Lesson
    from renders.publish.products import publish

    with _told(progress) as reporter:
        return Lesson.of(publish(heard(request, reporter, cover)))


def check(lesson: File, *, rerun: bool = False, model: str | None = None, look: bool = False) -> Verdict:
    """Proves a lesson's folder or a trace's file: `wrong` has a line for each thing that is not as it says.

    `rerun`: also runs the model again, or `model`, and compares every tensor. `look`: also says what a viewer
    could not read.
    """
    return verify(Path(lesson), rerun, model, look=look)


@contextmanager
def _told(progress: bool | Reporter) -> Iterator[Reporter]:
    if not isinstance(progress, bool):
        yield progress
        return
    from renders.cli.reporters import reporter_for

    reporter = reporter_for(as_json=False) if progress else NullReporter()
    try:
        yield reporter
    finally:
        reporter.close()
