"""The outlines of an SVG in fewer letters: cairo writes six digits behind a point, and every line as a curve.

Numbers are rounded to what can be seen, a curve that is straight becomes a line, and points count from the
last one (SVG 1.1, 8.3). What is rounded is where points are, not their distances: errors do not add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OUTLINE = re.compile(r' d="([^"]*)"')
_COUNTS = {"M": 2, "L": 2, "C": 6, "Z": 0}  # all that cairo writes, and how many numbers follow
_STRAIGHT = 5e-4  # of a curve's length: how far its handles may be off the line
_UNITS = 20.0  # manim's reach to 8: what has larger numbers is in pixels


def brief(svg: str) -> str:
    """The text of an SVG by cairo with its outlines written anew, none off by more than 0.01 pixels."""
    return _OUTLINE.sub(lambda found: f' d="{"".join(_rewritten(found[1].split()))}"', svg)


def _rewritten(words: list[str]) -> Iterator[str]:
    digits = 2 if any(abs(float(word)) >= _UNITS for word in words if word not in _COUNTS) else 4
    x = y = 0.0
    start, at = (x, y), 0
    while at < len(words):
        command = words[at]
        points = [round(float(word), digits) for word in words[at + 1 : at + 1 + _COUNTS[command]]]
        at += 1 + _COUNTS[command]
        if command == "Z":
            x, y = start
            yield "z"
            continue
        if command == "M":
            if at < len(words):  # a path of cairo's ends with a move
                start = points[0], points[1]
                yield "M" + _joined(points, digits)
        else:
            if command == "C" and _is_straight(x, y, points):
                command, points = "L", points[4:]
            steps = [value - (y if place % 2 else x) for place, value in enumerate(points)]
            yield command.lower() + _joined(steps, digits)
        x, y = points[-2:]


def _is_straight(x: float, y: float, points: list[float]) -> bool:
    across, up = points[4] - x, points[5] - y
    off = (abs((points[at] - x) * up - (points[at + 1] - y) * across) for at in (0, 2))
    return max(off) <= _STRAIGHT * (across * across + up * up)


def _joined(numbers: list[float], digits: int) -> str:
    """Numbers with a space between them where no sign parts them."""
    words = [_word(number, digits) for number in numbers]
    return words[0] + "".join(word if word.startswith("-") else f" {word}" for word in words[1:])


def _word(number: float, digits: int) -> str:
    word = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if word in ("-0", "") else word.replace("0.", ".", 1) if abs(number) < 1 else word
