"""The likeliest tokens beside the staircase of all shares."""

from __future__ import annotations

import numpy as np
from manim import LEFT, RIGHT, DashedLine, VGroup

from scenes import style
from scenes.page import Region
from scenes.parts.chips import chip_label
from scenes.parts.label import number
from scenes.parts.mass import Mass
from scenes.reading import Reader

COLUMN, PITCH = -1.55, 0.39  # where the names stand, if there is room; and how far apart


def named_steps(read: Reader, graph: Mass, region: Region, room: float, count: int) -> VGroup:
    """So many tokens with their shares, in a column that leads to their steps.

    `region` has the staircase; what stands from `room` to its right is to stay free.
    """
    made = VGroup()
    for rank in range(count):
        ranked = read("generated.probability", 0, rank, how="ranked")
        share = read("generated.probability", 0, ranked.value).percent(1)
        name = chip_label(ranked.token(), style.LABEL_SIZE, style.INK, 8)
        figure = number(share, style.LABEL_SIZE, style.PROBABILITY)
        made.add(VGroup(name, figure).arrange(RIGHT, buff=0.2))
    left, heights = _column(graph, region, room, len(made), made.width)
    for line, step, y in zip(made, graph.blocks, heights, strict=False):
        start = np.array((step.get_right()[0] + 0.05, step.get_y(), 0.0))
        line.move_to((left, y, 0), aligned_edge=LEFT)
        leader = DashedLine(start, line.get_left() + 0.1 * LEFT, color=style.DIM, stroke_width=1.5)
        line.submobjects = [leader, VGroup(*line.submobjects)]
    return made


def _column(graph: Mass, region: Region, room: float, count: int, width: float) -> tuple[float, list[float]]:
    """Where so many names stand: each beside its step where there is room, and all below the line.

    Below a steep one there is room to go down, below a flat one none: there they stand above it.
    """
    heights, y = list[float](), region.bottom - PITCH / 3
    for step in graph.blocks[:count]:
        heights.append(y := max(step.get_y(), y + PITCH))
    left = max(COLUMN, graph.reaches(y + 0.25) + 0.1)
    if left + width < room:
        return left, heights
    ceiling = graph.above(COLUMN) - 0.25
    if ceiling - (count - 1) * PITCH < region.bottom + 0.2:
        low = graph.above(COLUMN + width) + 0.6
        if low + (count - 1) * PITCH + 0.17 < region.top:
            return COLUMN + 0.4, [low + place * PITCH for place in range(count)]
        return left, heights
    for place in reversed(range(count)):
        heights[place] = ceiling = min(heights[place], ceiling)
        ceiling -= PITCH
    return COLUMN, heights
