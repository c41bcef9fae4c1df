"""What each chapter computes, as a formula: MathML for pages, SVG where that is taken out, and in words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from scenes.locale import Locale

_FORMULAS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("formulas.toml").read_text(encoding="utf-8")
)
_MATHML = re.compile(r"<math\b.*?</math>", re.DOTALL)


@dataclass(frozen=True)
class Formula:
    """A formula and its words, which stand for it where it cannot be seen."""

    typst: str
    said: str

    @property
    def mathml(self) -> str:
        """As HTML has it; Typst's own export."""
        return _mathml(self.typst)

    @property
    def svg(self) -> bytes:
        """As a picture without font and script, cut to the formula, in the colour of what is around it."""
        return _svg(self.typst)


def formula_of(chapter: str, locale: Locale) -> Formula | None:
    """The formula of a chapter; None where it has none, or where the story is told."""
    found = None if locale.level == "story" else _FORMULAS.get(chapter)
    return Formula(found["typst"], found[locale.language]) if found else None


@cache
def _mathml(math: str) -> str:
    page: Any = typst.Compiler(ignore_system_fonts=True).compile(f"$ {math} $".encode(), format="html")
    found = _MATHML.search(page.decode())
    assert found, f"Typst exports no MathML for {math}"
    return found[0]


@cache
def _svg(math: str) -> bytes:
    page = "#set page(width: auto, height: auto, margin: 4pt, fill: white)\n#set text(size: 18pt)\n"
    picture: Any = typst.Compiler(ignore_system_fonts=True).compile(
        f"{page}$ {math} $".encode(), format="svg"
    )
    return bytes(picture)
