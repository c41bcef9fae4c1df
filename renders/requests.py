"""What a person asks for, turned into what the stages take, or refused in one line. Loads nothing heavy."""

from __future__ import annotations

from difflib import get_close_matches

from renders.errors import RequestError
from scenes.lesson import CHAPTERS

LATER = ("layernorm", "qkv", "softmax", "mlp", "blocks", "overview", "closing")
LEVELS = ("story", "math", "full")


def chosen_chapters(listed: str | None) -> tuple[str, ...] | None:
    """The chapters of a list like "tokens,attention"; None for all."""
    if listed is None:
        return None
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if not names:
        raise RequestError("--chapters: names no chapter; 'llm-lesson chapters' lists them")
    for name in names:
        if name in LATER:
            raise RequestError(f"chapter {name}: is not there yet; there are {', '.join(CHAPTERS)}")
        if name not in CHAPTERS:
            near = get_close_matches(name, CHAPTERS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(CHAPTERS)}"
            raise RequestError(f"chapter {name!r}: no such chapter; {hint}")
    return tuple(names)


def chosen_level(level: str) -> str:
    """The level, when it is there."""
    if level not in LEVELS:
        raise RequestError(f"level {level!r}: no such level; there are {', '.join(LEVELS)}")
    if level != "full":
        raise RequestError(f"level {level}: is not there yet; leave --level out for the full lesson")
    return level


def parsed_ids(text: str) -> list[int]:
    """Token ids written like "2061,481,307"."""
    try:
        return [int(part) for part in text.replace(",", " ").split()]
    except ValueError:
        raise RequestError(f"--ids {text!r}: takes whole numbers, like 2061,481,307") from None
