"""What a picture of a chapter shows, in one line for those who do not see it: an alternative text.

    [[alt]]
    en = "{arcs.query} gives {arcs.weight} of its attention to {arcs.key}."
    de = "{arcs.query} richtet {arcs.weight} seiner Attention auf {arcs.key}."

A chapter's `words.toml` has such lines in their order of preference. A field names a beat and one of its
readings, so that a line is told where its beats are, and its numbers are readings. Imports no manim.
"""

from __future__ import annotations

from collections.abc import Collection

import scenes
from scenes.chapter import load_chapter
from scenes.lesson import Beat, told
from scenes.reading import Reader, Reading
from scenes.script import Said
from scenes.template import fields

LONGEST = 150  # characters that are read aloud in one go


def alternative(chapter: str, read: Reader, beats: Collection[str]) -> Beat | None:
    """The first line of a chapter whose beats are all among `beats`; None where there is none that fits.

    Of a beat that is done several times it is the first.
    """
    if chapter not in scenes.CHAPTERS:  # no code is run that nobody has named
        return None
    folder = load_chapter(chapter)
    known: dict[str, Reading] = {}
    for writer in folder.script.beats:
        written, name = writer(read), writer.__name__
        said = written if isinstance(written, Said) else next(iter(written), None)
        first = name if isinstance(written, Said) else f"{name}1"
        if said is not None and first in beats:
            known |= {f"{name}.{field}": reading for field, reading in said.readings.items()}
    for line in folder.texts.alt:
        template = line[read.locale.language]
        if fields(template) <= known.keys():
            made = told("alt", template, known, read.locale)
            if len(made.text) <= LONGEST:
                return made
    return None
