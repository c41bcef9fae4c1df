"""Captions: a beat's written text cut at phrases into cues, and the files that hold them.

Limits after the BBC's and Netflix's subtitle guidelines: two lines of 42 characters, 1 to 7 seconds, and a
speed of at most 20 characters a second.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceover.errors import CaptionsUnwritableError
from voiceover.languages import WORDINGS
from voiceover.speech import Word
from voiceover.spoken import spoken, spoken_words

__all__ = [
    "LINE",
    "LINES",
    "LONGEST",
    "SHORTEST",
    "SPEED",
    "Cue",
    "cues_for",
    "plain_text",
    "write_srt",
    "write_vtt",
]

LINE = 42
"""Characters a line."""
LINES = 2
SHORTEST, LONGEST = 1.0, 7.0
"""Seconds a cue is shown."""
SPEED = 20.0
"""Characters a second that can be read."""
_IDEAL = 3.5  # seconds: long enough to read at ease, short enough to stay with the picture
_PAUSE_CHARACTERS = {",": 3, ";": 5, ":": 5, ".": 7, "!": 7, "?": 7}  # a pause, in letters of speech
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
class Cue:
    """A caption: shown from `start` to `end`, in seconds; `text` is plain text of one or two lines.

    `words`: the parts of `text` that are spoken in one go, such as "37 %", and when; joined by spaces and
    line breaks they are the text.
    """

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """The smallest part of a text that is never cut: a word, or words that belong together such as "37 %"."""

    text: str
    said: tuple[str, ...]
    weight: float  # letters of its spoken form, with its pause
    cost: float  # of ending a cue after it: 0 at the end of a sentence


def cues_for(
    text: str, start: float, end: float, words: Sequence[Word] = (), language: str = "en"
) -> list[Cue]:
    """The cues of one beat.

    `text`: written form, in `language`. `start`, `end`: when its speech starts and ends, in seconds.
    `words`: the `Speech.words` of that text, in seconds from `start`; used when they are the words of the
    text's spoken form, otherwise time is shared out in proportion to spoken length. No cue overlaps the next
    or leaves [start, end]. A text too long for its time keeps its lines short and is shown faster than
    `SPEED`.
    """
    units = _units(text, language)
    if not units or end <= start:
        return []
    times = _times_from_words(units, start, end, words) or _times_by_length(units, start, end)
    cuts = _cuts(units, times, end)
    cues: list[Cue] = []
    for index, (first, last) in enumerate(cuts):
        lines = _lines([unit.text for unit in units[first:last]])
        limit = times[cuts[index + 1][0]][0] if index + 1 < len(cuts) else end
        begin, until = times[first][0], times[last - 1][1]
        needed = begin + max(SHORTEST, len(" ".join(lines)) / SPEED)
        until = min(max(until, needed), limit, begin + LONGEST)
        said = tuple(Word(units[i].text, *times[i]) for i in range(first, last))
        cues.append(Cue(begin, until, "\n".join(lines), said))
    return cues


def plain_text(text: str) -> str:
    """One line of visible text: no control characters, no marks that reverse its direction."""
    text = unicodedata.normalize("NFC", text)
    keep = "\u200d\u200c"  # they join letters and emoji
    kept = (c if c in keep or unicodedata.category(c)[0] not in "CZ" else " " for c in text)
    return " ".join("".join(kept).split())


def _units(text: str, language: str) -> list[_Unit]:
    plain = re.sub(r"(?<=\d) (?=%)|(?<=[−±≈√#]) (?=\d)", "\u00a0", plain_text(text))
    plain = re.sub(
        r"(?<![^ ])([‘“„(\[]) ", "\\1\u00a0", plain
    )  # an opening quote stays with what it opens: "‘ be’"
    parts = [part for word in plain.split(" ") for part in _broken(word)]
    units: list[_Unit] = []
    for index, part in enumerate(parts):
        said = spoken(part, language)
        last = part.rstrip("’”“\"')]»")[-1:]
        units.append(
            _Unit(
                part.replace("\u00a0", " "),
                tuple(spoken_words(said)),
                len(said) + 1 + _PAUSE_CHARACTERS.get(last, 0),
                _cost(last, parts[index + 1] if index + 1 < len(parts) else ".", language),
            )
        )
    return units


def _broken(word: str) -> list[str]:
    """A word longer than a line, in pieces of a line."""
    return [word[i : i + LINE] for i in range(0, len(word), LINE)]


def _cost(last: str, following: str, language: str) -> float:
    if last in tuple(".!?"):
        return 0.0
    if last in tuple(";:"):
        return 0.4
    if last in tuple(",…—–"):
        return 0.8
    return 2.0 if following.lower() in WORDINGS[language].joining else 4.0


def _times_by_length(units: Sequence[_Unit], start: float, end: float) -> list[tuple[float, float]]:
    """(start, end) of each unit, without gaps."""
    total = sum(unit.weight for unit in units)
    times, said = [], 0.0
    for unit in units:
        begin = start + (end - start) * said / total
        said += unit.weight
        times.append((begin, start + (end - start) * said / total))
    return times


def _times_from_words(
    units: Sequence[_Unit], start: float, end: float, words: Sequence[Word]
) -> list[tuple[float, float]] | None:
    """(start, end) of each unit from its spoken words; None when `words` are not the words of these units."""
    if not words or [w for unit in units for w in unit.said] != [word.text for word in words]:
        return None
    times: list[tuple[float, float]] = []
    index, now = 0, start
    for unit in units:
        own = words[index : index + len(unit.said)]
        index += len(own)
        begin = min(max(now, start + own[0].start), end) if own else now
        now = min(max(begin, start + own[-1].end), end) if own else now
        times.append((begin, now))
    return times


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


def _cuts(units: Sequence[_Unit], times: Sequence[tuple[float, float]], end: float) -> list[tuple[int, int]]:
    """The cheapest way to cut units into cues, as (first, last + 1), by dynamic programming."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # cost of the first n units, and where the last cue starts
    for last in range(1, len(units) + 1):
        options = []
        for first in range(last - 1, -1, -1):
            texts = [unit.text for unit in units[first:last]]
            if len(" ".join(texts)) > LINES * LINE + 1 or len(lines := _lines(texts)) > LINES:
                break
            begin, length = times[first][0], len(" ".join(lines))
            said = times[last - 1][1] - begin  # and then a pause, in which the cue may stay
            room = (times[last][0] if last < len(units) else end) - begin
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


def write_vtt(cues: Sequence[Cue], path: Path) -> None:
    """Write WebVTT (W3C): `&`, `<` and `>` become entities, so no tag, voice or `-->` can stand in a cue."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues, 1):
        text = _no_blank_lines(cue.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{text}")
    _write(path, "\n\n".join(blocks) + "\n")


def write_srt(cues: Sequence[Cue], path: Path) -> None:
    """Write SubRip. It has no escapes, and players read tags, `{\\an8}`, `\\N` and entities: their marks
    become look-alikes (`‹` `›`, round brackets, `⧵`, `＆`) where they could be read so, and `-->` becomes
    `→`."""
    blocks = []
    for number, cue in enumerate(cues, 1):
        text = _no_blank_lines(cue.text)
        for pattern, harmless in _SRT_MARKUP:
            text = re.sub(pattern, harmless, text)
        blocks.append(f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{text}\n")
    _write(path, "\n".join(blocks))


def _no_blank_lines(text: str) -> str:
    """A blank line would end the cue, and what follows it would be read as the next one."""
    lines = [plain_text(line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line) or "…"


def _clock(seconds: float, point: str) -> str:
    """12.3456 → "00:00:12.346"."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"


def _write(path: Path, text: str) -> None:
    """Write beside, then rename, so that no half of a file is left."""
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, "utf-8", newline="\n")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise CaptionsUnwritableError(path, error) from error
