"""The outlines of lines of text and of formulas, as Typst sets them with the fonts that it carries.

Manim's own Typst object starts a compiler for every text, and reads a file for every SVG and a path for every
letter. Here one compiler sets all texts, and a glyph's path is read once, however often it stands in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import typst
from manim import VMobject
from manim.constants import SCALE_FACTOR_PER_FONT_POINT
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath
from manim.utils.typst_file_writing import TYPST_COMPILATION_FONT_SIZE, TYPST_TEMPLATE
from svgelements import Matrix
from svgelements import Path as SvgPath

from scenes.letters import faces, literal, machine_compiler, machine_faces, plain, right_to_left

Outline = npt.NDArray[np.float64]  # (points, 3): cubic curves of four points each, as a VMobject has them

SIZE = 48.0  # of the type that is set; manim's units for it
_STRUT = 2  # glyphs
_UNIT = SIZE * SCALE_FACTOR_PER_FONT_POINT  # of manim's, a unit of the SVG
_HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Line:
    """A text set at `SIZE`: its outlines from x = 0 on, and its line from `top` to `bottom` about y = 0."""

    outlines: tuple[Outline, ...]
    width: float
    top: float
    bottom: float


@lru_cache(maxsize=4000)
def line(text: str, font: str) -> Line:
    """Sets a text behind a strut: a box with "Hp", whose letters give the line's height.

    Nothing in the text is markup. What the font lacks is set in a font of the machine, shaped and in its own
    direction; what neither has leaves no outline.
    """
    if plain(text, font):
        glyphs = _set(f"#set text(font: {faces(font)}, fallback: false)\n#box[Hp] #{literal(text)}")
    else:
        way = "rtl" if right_to_left(text) else "ltr"
        head = f"#set text(font: {machine_faces(text, font)}, fallback: false)\n"
        glyphs = _set(f"{head}#box[Hp] #box(text(dir: {way}, {literal(text)}))", machine_compiler())
    top, bottom = glyphs[0][:, 1].max(), glyphs[1][:, 1].min()
    shown = glyphs[_STRUT:]
    if not shown:
        return Line((), 0.0, (top - bottom) / 2, (bottom - top) / 2)
    left = min(glyph[:, 0].min() for glyph in shown)
    right = max(glyph[:, 0].max() for glyph in shown)
    shift = (left, (top + bottom) / 2, 0.0)
    return Line(
        tuple(glyph - shift for glyph in shown), float(right - left), (top - bottom) / 2, (bottom - top) / 2
    )


@lru_cache(maxsize=100)
def formula(math: str) -> tuple[Outline, ...]:
    """The outlines of a formula in Typst's mathematical notation, set at `SIZE`, centred."""
    shapes = _set(f"$ {math} $")
    every = np.concatenate(shapes)
    middle = (every.min(0) + every.max(0)) / 2
    return tuple(shape - middle for shape in shapes)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def _set(body: str, compiler: typst.Compiler | None = None) -> list[Outline]:
    """The outlines of all glyphs and rules of a Typst text in manim's units, y upwards."""
    source = TYPST_TEMPLATE.format(text_size=TYPST_COMPILATION_FONT_SIZE, preamble="", body=body)
    svg: Any = (compiler or _compiler()).compile(source.encode(), format="svg")
    root = ElementTree.fromstring(svg)
    glyphs = {
        symbol.get("id", ""): path.get("d", "")
        for symbol in root.findall(".//{*}symbol")
        for path in symbol.findall("{*}path")
    }
    found: list[Outline] = []

    def walk(element: ElementTree.Element, outer: Matrix) -> None:
        for child in element:
            name = child.tag.rpartition("}")[2]
            here = Matrix(child.get("transform") or "") * outer
            if name == "g":
                walk(child, here)
            elif name == "use":
                here = Matrix(f"translate({child.get('x', 0)}, {child.get('y', 0)})") * here
                glyph = _outline(glyphs.get(child.get(_HREF, "").removeprefix("#"), ""))
                if len(glyph):
                    found.append(_placed(glyph, here))
            elif name == "path" and child.get("fill") == "none":
                found.append(_placed(_rule(child.get("d", ""), float(child.get("stroke-width", 0))), here))

    walk(root, Matrix())
    return found


def _placed(shape: Outline, at: Matrix) -> Outline:
    """A shape in the SVG's units, y downwards, where it belongs."""
    x, y, z = shape.T
    return np.stack([(x * at.a + y * at.c + at.e) * _UNIT, -(x * at.b + y * at.d + at.f) * _UNIT, z], axis=1)


@lru_cache(maxsize=4000)
def _outline(path: str) -> Outline:
    points: Outline = VMobjectFromSVGPath(SvgPath(path)).points
    return points


def _rule(path: str, width: float) -> Outline:
    """A level rule, such as that of a fraction or a root, as a shape of its own."""
    line = _outline(path)
    (left, y, _), (right, *_), half = line[0], line[-1], width / 2
    corners = [(left, y - half), (right, y - half), (right, y + half), (left, y + half), (left, y - half)]
    return np.asarray(VMobject().set_points_as_corners([(*corner, 0.0) for corner in corners]).points)
