"""What a page's script is handed: times of words, captions, and which reading is shown when.

Times are whole milliseconds. Each reading, tensor, and way of reading is written once and then counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, TypeVar

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.errors import CheckError
from renders.publish.reading_text import Sentence, reading_of, sentences
from scenes.reading import Reading

MOST = 100_000  # readings of a page
Told = list[tuple[EditionChapter, list[list[Sentence]]]]
_Name = TypeVar("_Name", bound=Hashable)


def told(edition: Edition) -> Told:
    """Each chapter with the sentences of each of its beats."""
    return [
        (chapter, [sentences(edition, chapter.name, beat) for beat in chapter.beats])
        for chapter in edition.manifest.chapters
    ]


def page_data(edition: Edition, lesson: Told) -> dict[str, Any]:
    """All of it, ready to be written as JSON; raises `CheckError` where no browser would bear it."""
    if (shown := sum(row.text is not None for row in edition.rows)) > MOST:
        raise CheckError(
            f"{edition.folder}: has {shown:,} readings, and a page holds {MOST:,}; publish fewer chapters"
        )
    spoken = [sentence for _, beats in lesson for beat in beats for sentence in beat]
    readings, tensors, ways = dict[Reading, int](), dict[str, int](), dict[str, int]()
    spans = [
        [_counted(readings, one), first, last, *([1] if said else [])]
        for one, first, last, said in sorted(_spans(edition, spoken), key=lambda span: span[1:3])
    ]
    return {
        "sentences": [[_ms(s.start), _ms(s.end) - _ms(s.start), _word_times(s)] for s in spoken],
        "cues": [] if _burned(edition) else _cues(edition),
        "readings": [
            [
                one.text,
                _counted(tensors, one.source),
                list(one.index),
                _counted(ways, f"{one.how} · {one.form}"),
            ]
            for one in readings
        ],
        "tensors": list(tensors),
        "ways": list(ways),
        "shown": spans,
    }


def _word_times(sentence: Sentence) -> list[int]:
    """Of each piece: when it begins, counted from the sentence, and how long it is said."""
    start, times = _ms(sentence.start), list[int]()
    for run in sentence.runs:
        for piece in run.pieces:
            word = sentence.words[piece.word]
            times += [_ms(word.start) - start, _ms(word.end) - _ms(word.start)]
    return times


def _spans(edition: Edition, spoken: Sequence[Sentence]) -> Iterator[tuple[Reading, int, int, bool]]:
    """Each reading and from when to when it is on screen, or said; spans that touch are one."""
    begins = {(chapter.name, beat.name): beat.start for chapter, beat in edition.manifest.beats}
    screen = defaultdict[Reading, list[tuple[int, int]]](list)
    for row in edition.rows:
        if row.where == "screen" and row.text is not None and (row.chapter, row.beat or "") in begins:
            start = begins[row.chapter, row.beat or ""]
            screen[reading_of(row)].append((_ms(start + row.start), _ms(start + row.end)))
    for reading, spans in screen.items():
        yield from ((reading, first, last, False) for first, last in _joined(spans))
    for sentence in spoken:
        for reading, first, last in sentence.spoken:
            yield reading, _ms(first), _ms(last), True


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        elif first < last:
            joined.append((first, last))
    return joined


def _cues(edition: Edition) -> list[list[Any]]:
    captions = (caption for _, beat in edition.manifest.beats for caption in beat.captions)
    return [[_ms(one.start), _ms(one.end), one.text] for one in captions]


def _burned(edition: Edition) -> bool:
    return edition.manifest.picture is not None and edition.manifest.picture.burned


def _counted(places: dict[_Name, int], name: _Name) -> int:
    """The place of a name among those before, where it is added when it is new."""
    return places.setdefault(name, len(places))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
