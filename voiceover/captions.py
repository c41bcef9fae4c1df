"""Captions: a beat's written text cut at phrases, and the files that hold them.

Limits after the BBC's and Netflix's subtitle guidelines: two lines of 42 characters, 1 to 7 seconds, and a
speed of at most 20 characters a second.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceover.atomic import atomic_file
from voiceover.errors import CaptionsUnwritableError
from voiceover.phrases import LINE, Unit, units_of
from voiceover.plain import plain_text
from voiceover.speech import Word
from voiceover.timing import TimedText

__all__ = [
    "LINE",
    "LINES",
    "LONGEST",
    "SHORTEST",
    "SPEED",
    "Caption",
    "captions_for",
    "write_srt",
    "write_vtt",
]

LINES = 2
SHORTEST, LONGEST = 1.0, 7.0
"""Seconds a caption is shown."""
SPEED = 20.0
"""Characters a second that can be read."""
_IDEAL = 3.5  # seconds: long enough to read at ease, short enough to stay with the picture
_LEAST = 0.1  # seconds that a caption has in any case, if the beat has them
_SRT_MARKUP = (
    ("-->", "→"),
    (r"<(?=[^\s\d])", "‹"),
    (r"(?<=[^\s\d])>", "›"),
    (r"\{", "("),
    (r"\}", ")"),
    (r"\\", "⧵"),
    (r"&(?=#?\w+;)", "＆"),
)


@dataclass(frozen=True)
class Caption:
    """A caption: shown from `start` to `end`, in seconds; `text` is plain text of one or two lines.

    `words`: the parts of `text` that are spoken in one go, such as "37 %", and when; joined by spaces and
    line breaks they are the text.
    """

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()


def captions_for(timed: TimedText, at: float, end: float | None = None) -> list[Caption]:
    """The captions of one beat whose speech begins `at` seconds.

    None overlaps the next or leaves [at, end]; `end` is the end of the speech where none is given. A text
    too long for its time keeps its lines short and is shown faster than `SPEED`. What is not spoken, such as
    brackets, is shown with the words beside it.
    """
    end = at + timed.seconds if end is None else end
    units = units_of(timed, at, end)
    if not units or end <= at:
        return []
    cuts = _cuts(units, end)
    begins = _apart([units[first].start for first, _ in cuts], end)
    captions: list[Caption] = []
    for (first, last), begin, limit in zip(cuts, begins, [*begins[1:], end], strict=True):
        own = units[first:last]
        lines = _lines([unit.text for unit in own])
        needed = begin + max(SHORTEST, len(" ".join(lines)) / SPEED)
        until = min(max(own[-1].end, needed), limit, begin + LONGEST)
        words = tuple(Word(u.text, max(u.start, begin), max(u.end, begin)) for u in own)
        captions.append(Caption(begin, until, "\n".join(lines), words))
    return captions


def _apart(begins: Sequence[float], end: float) -> list[float]:
    """The beginnings, moved as little as gives each caption `_LEAST` seconds, or its share of all."""
    least = min(_LEAST, (end - begins[0]) / len(begins))
    apart = list(begins)
    for index in range(1, len(apart)):
        apart[index] = max(apart[index], apart[index - 1] + least)
    latest = end
    for index in reversed(range(1, len(apart))):
        latest = apart[index] = min(apart[index], latest - least)
    return apart


def _lines(words: Sequence[str]) -> list[str]:
    """The words on one line, or on two as even as can be; more than two when they need it."""
    whole = " ".join(words)
    if len(whole) <= LINE:
        return [whole]
    splits: list[tuple[str, str]] = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    fitting = [ab for ab in splits if max(map(len, ab)) <= LINE]
    if fitting:
        above, below = min(fitting, key=_raggedness)
        return [above, below]
    return [*_lines(words[: len(words) // 2]), *_lines(words[len(words) // 2 :])]


def _raggedness(lines: tuple[str, str]) -> int:
    """How far two lines are from even; a break after a mark is worth 8 characters."""
    above, below = lines
    return abs(len(above) - len(below)) + 8 * (above[-1] not in ",;:.!?")


def _cuts(units: Sequence[Unit], end: float) -> list[tuple[int, int]]:
    """The cheapest way to cut units into captions, as (first, last + 1), by dynamic programming."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # cost of the first n units, and where the last caption starts
    for last in range(1, len(units) + 1):
        options = []
        for first in range(last - 1, -1, -1):
            texts = [unit.text for unit in units[first:last]]
            if len(" ".join(texts)) > LINES * LINE + 1 or len(lines := _lines(texts)) > LINES:
                break
            begin, length = units[first].start, len(" ".join(lines))
            said = units[last - 1].end - begin  # and then a pause, in which the caption may stay
            room = (units[last].start if last < len(units) else end) - begin
            cost = units[last - 1].cost + 0.5 * (len(lines) - 1) + 0.3 * abs(said - _IDEAL)
            cost += 30 * max(0.0, SHORTEST - room) + 4 * max(0.0, said - LONGEST)
            cost += 3 * max(0.0, length / SPEED - room)
            options.append((best[first][0] + cost, first))
        best.append(min(options))
    cuts: list[tuple[int, int]] = []
    last = len(units)
    while last:
        first = best[last][1]
        cuts.append((first, last))
        last = first
    return cuts[::-1]


def write_vtt(captions: Sequence[Caption], path: Path) -> None:
    """Write WebVTT (W3C): `&`, `<` and `>` become entities, so no tag, voice or `-->` can stand in it."""
    blocks = ["WEBVTT"]
    for number, caption in enumerate(captions, 1):
        text = _no_blank_lines(caption.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_clock(caption.start, '.')} --> {_clock(caption.end, '.')}\n{text}")
    _write(path, "\n\n".join(blocks) + "\n")


def write_srt(captions: Sequence[Caption], path: Path) -> None:
    """Write SubRip. It has no escapes, and players read tags, `{\\an8}`, `\\N` and entities: their marks
    become look-alikes (`‹` `›`, round brackets, `⧵`, `＆`) where they could be read so, and `-->` becomes
    `→`."""
    blocks = []
    for number, caption in enumerate(captions, 1):
        text = _no_blank_lines(caption.text)
        for pattern, harmless in _SRT_MARKUP:
            text = re.sub(pattern, harmless, text)
        blocks.append(f"{number}\n{_clock(caption.start, ',')} --> {_clock(caption.end, ',')}\n{text}\n")
    _write(path, "\n".join(blocks))


def _no_blank_lines(text: str) -> str:
    """A blank line would end the caption, and what follows it would be read as the next one."""
    lines = [plain_text(line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line) or "…"


def _clock(seconds: float, point: str) -> str:
    """12.3456 → "00:00:12.346"."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"


def _write(path: Path, text: str) -> None:
    try:
        with atomic_file(path) as aside:
            aside.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise CaptionsUnwritableError.of(path, error) from error
