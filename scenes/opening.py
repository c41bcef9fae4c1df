"""`opening`: the sentence with a blank, the model's card, and the promise."""

from __future__ import annotations

from bisect import bisect_left

from manim import (
    DOWN,
    LEFT,
    ORIGIN,
    RIGHT,
    UP,
    Arrow,
    Create,
    FadeIn,
    GrowArrow,
    LaggedStart,
    RoundedRectangle,
    VGroup,
    Write,
)

from scenes import style
from scenes.catalogue import label, line
from scenes.focus import focus
from scenes.letters import drawable
from scenes.parts.chips import Blank
from scenes.parts.label import Label, mono, number, words
from scenes.reading import Reading, reading
from scenes.stage import LessonScene

MOST_BLOCKS = 12  # a taller stack is drawn with a gap in it


class Opening(LessonScene):
    chapter = "opening"

    def construct(self) -> None:
        with self.beat("sentence") as beat:
            text, blank = prompt_with_blank(self)
            beat.play(FadeIn(text, shift=0.2 * UP), share=0.3)
            beat.play(Create(blank[0]), Write(blank.mark), share=0.3)

        with self.beat("model") as beat:
            stack = self._stack()
            promise = self._promise()
            beside = 2 * (stack.get_x() - promise.get_right()[0] - 0.5)  # where the promise is to stand
            small = min(0.75, 7.2 / text.width, beside / text.width, 1.2 / text.height)
            goes_in = Arrow(2.3 * DOWN, 1.65 * DOWN, buff=0, color=style.DIM, stroke_width=3)
            comes_out = Arrow(ORIGIN, 0.65 * UP, buff=0, color=style.PROBABILITY, stroke_width=3)
            goes_in.set_x(stack.get_x())
            comes_out.next_to(stack, UP, buff=0.12)
            beat.play(
                text.animate.scale(small).next_to(goes_in, DOWN, buff=0.15),
                blank.animate.scale(0.75).next_to(comes_out, UP, buff=0.15),
                share=0.15,
            )
            beat.play(GrowArrow(goes_in), share=0.06)
            beat.play(LaggedStart(*(FadeIn(b, shift=0.15 * UP) for b in stack), lag_ratio=0.25), share=0.2)
            beat.play(GrowArrow(comes_out), share=0.06)
            card = self._card()
            rows = LaggedStart(*(FadeIn(row, shift=0.2 * RIGHT) for row in card), lag_ratio=0.3)
            beat.play(rows, share=0.4, most=4)

        with self.beat("promise") as beat:
            beat.play(FadeIn(promise, shift=0.2 * UP), share=0.3)
            self.clear_all(beat)

    def _promise(self) -> VGroup:
        """One value of the trace with its address, in the corner."""
        f = focus(self.trace)
        value = reading(self.trace, f.tensor("pattern"), f.head, f.query, f.key).decimal(4)
        address = f"{f.tensor('pattern')}[{f.head}, {f.query}, {f.key}] = "
        shown = VGroup(
            mono(address, style.NUMBER_SIZE, style.DIM),
            number(value, style.NUMBER_SIZE, style.PROBABILITY),
        )
        return shown.arrange(RIGHT, buff=0.12).move_to(
            (style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT
        )

    def _card(self) -> VGroup:
        def row(field: str) -> VGroup:
            name = words(label(f"card.{field}"), style.LABEL_SIZE, style.DIM)
            value = reading(self.trace, f"meta.model.{field}", how="meta").integer()
            figure = number(value, style.LABEL_SIZE)
            figure.move_to((1.75, 0, 0), aligned_edge=LEFT).align_to(name, DOWN)
            return VGroup(name.move_to((0, figure.get_y(), 0), aligned_edge=LEFT), figure)

        name = number(reading(self.trace, "meta.model.name", how="meta").name(), style.TITLE_SIZE * 0.8)
        rows = [row(field) for field in ("blocks", "heads", "width", "vocabulary", "parameters")]
        for figure in rows:
            figure[1].set_x(-2.2, direction=LEFT)
            figure[0].set_x(-5.4, direction=LEFT)
        card = VGroup(name, *rows).arrange(DOWN, buff=0.3, aligned_edge=LEFT)
        return card.move_to((style.LEFT + 0.4, 0.6, 0), aligned_edge=LEFT)

    def _stack(self) -> VGroup:
        blocks = self.trace.meta.model.blocks
        shown = min(blocks, MOST_BLOCKS)
        height = min(0.55, 3.5 / shown)
        layers = VGroup()
        for index in range(shown):
            if blocks > shown and index == shown // 2:
                layers.add(mono("…", style.LABEL_SIZE, style.DIM))
                continue
            layers.add(
                RoundedRectangle(
                    width=3.6,
                    height=height * 0.78,
                    corner_radius=0.08,
                    stroke_color=style.DIM,
                    stroke_width=2,
                    fill_color=style.PANEL,
                    fill_opacity=1,
                )
            )
        return layers.arrange(UP, buff=height * 0.22).move_to((2.9, -1.5, 0), aligned_edge=DOWN)


class Shown(VGroup):
    """Lines of text that together show one reading."""

    def __init__(self, lines: list[Label], reading: Reading) -> None:
        super().__init__(*lines)
        self.reading = reading


def prompt_with_blank(scene: LessonScene, width: float = 12.0) -> tuple[VGroup, Blank]:
    """The prompt in as few lines as fit, and the blank after its last word; together centred."""
    trace = scene.trace
    if trace.meta.prompt is None:
        shown = reading(trace, "tokens", how="count").integer()
        pieces = ["".join(line("ids.one" if trace.length == 1 else "ids.many", count=shown.text))]
    else:
        shown = reading(trace, "meta.prompt", how="meta").name()
        pieces = shown.text.split(" ")
    drawn = sum(len(drawable(piece)) + 1 for piece in pieces)
    size = 60 if drawn <= 31 else 44 if drawn <= 91 else 34
    lines: list[Label] = []
    row = ""
    parts = [part for piece in pieces for part in _broken(drawable(piece), size, width)]
    for piece in parts:
        longer = f"{row} {piece}".strip()
        if row and words(longer, size).width > width:
            lines.append(words(row, size))
            longer = piece
        row = longer
    lines.append(words(row, size))
    text = Shown(lines, shown).arrange(DOWN, buff=size * 0.005, aligned_edge=LEFT)
    blank = Blank(size * 0.75)
    blank.next_to(lines[-1], RIGHT, buff=0.3)
    VGroup(text, blank).move_to((0, 0, 0))
    return text, blank


def _broken(word: str, size: float, width: float) -> list[str]:
    """A word, cut where it alone is longer than a line: as much in each part as fits."""
    if len(word) < 2 or words(word, size).width <= width:
        return [word]
    fits = bisect_left(range(2, len(word)), True, key=lambda end: words(word[:end], size).width > width) + 1
    return [word[:fits], *_broken(word[fits:], size, width)]
