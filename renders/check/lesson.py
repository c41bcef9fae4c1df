"""`verify`: all that can be proved of a trace's file or a lesson's folder, in one verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from llmtrace.checks import Identity, check
from llmtrace.trace import Trace
from renders.check.clip import source_of, wrong_clip
from renders.check.files import proved_files
from renders.check.look import wrong_look
from renders.check.page import lesson_of, pages_at, wrong_page
from renders.check.redraw import wrong_pictures
from renders.check.rerun import wrong_rerun
from renders.check.texts import wrong_texts
from renders.check.words import wrong_rows, wrong_words
from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.publish.clip_file import CLIP, ClipManifest
from renders.publish.kinds import article, is_product
from renders.values import chosen_chapters
from scenes.letters import shorten

_LINE = 300  # characters of what is said to be wrong


@dataclass(frozen=True)
class Verdict:
    """What was checked, a line for each thing that is wrong, and one for each that cannot be proved."""

    identities: list[Identity]
    readings: int
    slices: int
    wrong: list[str]
    unproved: list[str]

    @property
    def told(self) -> int:
        """How many identities the trace has the tensors for."""
        return sum(identity.error is not None for identity in self.identities)


def verify(
    path: Path,
    rerun: bool = False,
    model: str | None = None,
    redraw: Literal["last", "all"] | None = None,
    lesson: Path | None = None,
    look: bool = False,
    chapters: Sequence[str] = (),
) -> Verdict:
    """Checks a trace file, a lesson's folder with its trace, or what is made of it: a page, an .html, an
    article, a clip's folder, texts for YouTube.

    `lesson`: that of the clip or the page, when it is in no folder above.

    `rerun`: `model` runs again, or the one that the trace names. `redraw`: the beats' last frames are drawn
    again, or all. `look`: whether all of it can be read is looked at too.
    `chapters`: folders of chapters that are not ours, whose code is run where they are drawn again.

    Raises `TraceFileError` and `CheckError` when there is nothing that can be checked.
    """
    path = article(path)
    about = ClipManifest.load(path) if (path / CLIP).is_file() else None
    edition = _edition_of(path, about, lesson, chapters)
    trace = edition.trace if edition else Trace.load(path)
    try:
        identities = check(trace)
    except KeyError as error:
        raise CheckError(
            f"{path}: the trace lacks a tensor ({error.args[0]}); trace the prompt again"
        ) from None
    wrong = [f"{name}: is not as it was written: its checksum is another" for name in trace.changed()]
    wrong += [
        f"{i.name}: {i.formula}{f' in {i.place}' if i.place else ''}: off by {i.error:.2g}, "
        f"allowed {i.tolerance:.2g}"
        for i in identities
        if i.error is not None and not i.holds
    ]
    unproved: list[str] = []
    if edition and about is not None:
        wrong += wrong_clip(path, about, edition, unproved)
    elif edition:
        wrong += [*wrong_rows(edition), *wrong_words(edition), *proved_files(edition, unproved)]
        wrong += [line for page in pages_at(path) for line in wrong_page(page, edition)]
        wrong += wrong_texts(path, edition, unproved)
        if redraw:
            wrong += wrong_pictures(edition, redraw == "all", unproved)
        if look:
            wrong += wrong_look(edition, unproved)
    if look and (edition is None or about is not None):
        unproved.append(f"{path}: that it can be read, for only a lesson's folder is looked at")
    if rerun:
        wrong += wrong_rerun(trace, model)
    rows = about.numbers if about is not None else edition.rows if edition else ()
    texts = sum(row.text is not None for row in rows)
    lines = [shorten(" ".join(line.split()), _LINE) for line in wrong]
    return Verdict(identities, texts, len(rows) - texts, lines, list(dict.fromkeys(unproved)))


def _edition_of(
    path: Path, about: ClipManifest | None, lesson: Path | None, chapters: Sequence[str]
) -> Edition | None:
    """The lesson of what is checked; None for a trace's file."""
    if about is not None:
        edition: Edition | None = source_of(path, about, lesson)
    else:
        folder = (lesson or lesson_of(path)) if is_product(path) else path
        edition = Edition.load(folder) if folder.is_dir() else None
    if edition and chapters:
        own = {Path(folder).name: folder for folder in chosen_chapters(chapters) or ()}
        edition = replace(edition, own=own)
    return edition
