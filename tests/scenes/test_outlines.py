"""Texts and formulas are set as manim's own Typst objects set them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import Typst, config

from scenes import outlines, style
from scenes.letters import faces, literal

pytestmark = pytest.mark.usefixtures("dry")


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config, "media_dir", str(tmp_path))


@pytest.mark.parametrize("font", [style.SERIF, style.MONO])
@pytest.mark.parametrize("text", ["the fish", "0.42 −7", ' x "y" ', "‹1F600›é␣≤", "fi ffl AV"])
def test_outlines_are_manims(text: str, font: str) -> None:
    source = f"#set text(font: {faces(font)}, fallback: false)\n#box[Hp] #{literal(text)}"
    manims = [glyph.points for glyph in Typst(source, font_size=outlines.SIZE).submobjects[2:]]
    ours = outlines.line(text, font).outlines
    apart = [one - other for one, other in zip(ours, manims, strict=True)]
    assert np.allclose(np.concatenate(apart), apart[0][0], atol=1e-9)  # but for where the line begins


def test_a_formula_is_centred_and_has_its_rules() -> None:
    whole = np.concatenate(outlines.formula("a / b"))
    assert np.allclose(whole.min(0) + whole.max(0), 0)
    plain, fraction = (outlines.formula(math) for math in ("a b", "a / b"))
    assert len(fraction) == len(plain) + 1
    widths, heights = zip(*(np.ptp(shape, axis=0)[:2] for shape in fraction), strict=True)
    rule = int(np.argmin(heights))
    assert widths[rule] > 5 * heights[rule] > 0


def test_a_font_that_is_not_there_sets_nothing() -> None:
    with pytest.raises(IndexError):
        outlines.line("x", "No Such Font")
