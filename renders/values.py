"""What is typed or handed over from Python → values, or one line that says what is wrong with it."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from llmtrace.suggest import did_you_mean
from renders.errors import RequestError
from scenes import CHAPTERS, own
from scenes.chapter import in_order
from scenes.errors import ChapterError


def chosen_chapters(listed: str | Iterable[str] | None) -> tuple[str, ...] | None:
    """The chapters of a list, or of a text like "tokens,attention", in a lesson's order; None for all.

    A chapter of one's own is named by its folder, like ./my-chapter; then they keep the order of the list.
    """
    if listed is None:
        return None
    names = [str(n).strip() for n in (listed.split(",") if isinstance(listed, str) else listed)]
    if not any(names):
        raise RequestError("chapters: none is named; 'llm-lesson chapters' lists them")
    chosen = list(dict.fromkeys(_chapter(name) for name in names if name))
    places = {Path(one).name: one for one in chosen}
    if len(places) < len(chosen):
        twice = next(one for one in chosen if places[Path(one).name] != one)
        raise RequestError(
            f"chapter {twice}: there is another one of this name; name one of the folders otherwise"
        )
    return tuple(in_order(chosen))


def _chapter(name: str) -> str:
    """A chapter of ours, or the path of a folder that has one."""
    if own.is_folder(name):
        try:
            return str(own.resolved(Path(name)))
        except ChapterError as error:
            raise RequestError(f"chapter {error}") from None
    if name not in CHAPTERS and Path(name).is_dir():
        raise RequestError(f"chapter {name!r}: no such chapter; if it is a folder of yours, name it ./{name}")
    one_of("chapter", name, CHAPTERS)
    return name


def parsed_ids(text: str) -> tuple[int, ...]:
    """Token ids written like "2061,481,307"."""
    try:
        return tuple(int(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise RequestError(f"--ids {text!r}: takes whole numbers, like 2061,481,307") from None


def ids(prompt: Any) -> tuple[int, ...]:
    try:
        return tuple(operator.index(number) for number in prompt)
    except TypeError:
        raise RequestError(f"prompt {prompt!r}: takes a text, or a list of token ids") from None


def one_of(what: str, value: Any, known: Iterable[str]) -> None:
    if value in (names := list(known)):
        return
    hint = did_you_mean(str(value), names, f"there are {', '.join(names)}")
    raise RequestError(f"{what} {value!r}: no such {what}; {hint}")


def number(what: str, value: Any, least: float, most: float | None = None, *, whole: bool = False) -> None:
    kind = "a whole number" if whole else "a number"
    right = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not right or not least <= value <= (most if most is not None else value):
        span = f"from {least:g}" + (f" to {most:g}" if most is not None else "")
        raise RequestError(f"{what} {value!r}: takes {kind} {span}")


def path(what: str, value: Any) -> Path | None:
    try:
        return None if value is None else Path(value)
    except TypeError:
        raise RequestError(f"{what} {value!r}: takes the path of a file or folder") from None


def parsed_head(value: Any) -> tuple[int, int] | None:
    """A block and a head of it, counted from 1, from "3.2" or a pair."""
    if value is None:
        return None
    written = re.fullmatch(r"\s*(\d{1,4})\s*[.,:]\s*(\d{1,4})\s*", value) if isinstance(value, str) else None
    try:
        index, head = map(int, written.groups()) if written else map(operator.index, value)
    except (TypeError, ValueError):
        raise RequestError(f"head {value!r}: takes a block and a head of it, from 1, like 3.2") from None
    if min(index, head) < 1:
        raise RequestError(f"head {index}.{head}: blocks and heads are counted from 1, like 3.2")
    return index, head


def parsed_token(what: str, value: Any) -> int | str | None:
    """A token of the prompt: its place, counted from 1, or its word."""
    if isinstance(value, str):
        if not value.strip():
            raise RequestError(f"{what}: is empty; name a token by its place, from 1, or by its word")
        value = int(value) if value.strip().isdecimal() else value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and value < 1:
        raise RequestError(f"{what} {value}: tokens are counted from 1")
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, str))):
        raise RequestError(f"{what} {value!r}: takes a token's place, from 1, or its word")
    return value
