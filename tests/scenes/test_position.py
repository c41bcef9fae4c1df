"""The values that are told reckon out, and the places that are compared are the right ones."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from prompts import PROMPTS

from llmtrace.trace import Trace
from scenes.focus import shown_positions, twice
from scenes.locale import Locale
from scenes.page import BODY
from scenes.position.seats import COLUMNS, SHOWN, swapped, told
from scenes.position.sums import TipToTail
from scenes.reading import Reader

Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")


def test_the_sum_that_is_told_adds_up(traced: Traced) -> None:
    for name in PROMPTS:
        trace = traced(name)
        row, (column, digits) = trace.length - 1, told(trace)
        read = Reader(trace, Locale("en"))
        texts = [
            read(f"embed.{part}", row, column).decimal(digits).text for part in ("token", "position", "sum")
        ]
        one, other, total = (Decimal(text.replace("−", "-")) for text in texts)
        assert float(one + other) == pytest.approx(float(total), abs=0.5 * 10.0 ** total.as_tuple().exponent)
        assert column < COLUMNS


def test_bars_go_tip_to_tail(traced: Traced) -> None:
    """The second begins where the first ends, and the sum is where the second ends."""
    trace = traced("three tokens")
    row = trace.length - 1
    sums = TipToTail(trace, row, COLUMNS, 0, BODY, ("#FFFFFF", "#FFFFFF"))
    zero = sums.zero.get_y()
    unit = sums.bars[0][0].height / abs(float(trace["embed.token"][row, 0]))
    for column in range(sums.count):
        one, total = (float(trace[f"embed.{part}"][row, column]) for part in ("token", "sum"))
        first, second, landing = sums.bars[0][column], sums.bars[1][column], sums.landings[column]
        ends = sorted((zero, zero + one * unit))
        assert (first.get_bottom()[1], first.get_top()[1]) == pytest.approx(ends, abs=0.021)
        ends = sorted((zero + one * unit, zero + total * unit))
        assert (second.get_bottom()[1], second.get_top()[1]) == pytest.approx(ends, abs=0.021)
        assert landing.get_y() == pytest.approx(zero + total * unit)
    assert sums.height <= BODY.height + 0.31


def test_the_places_of_a_word_that_stands_twice(traced: Traced) -> None:
    trace = traced("repeated")
    one, other = twice(trace) or (0, 0)
    ids = trace["tokens"].tolist()
    assert one < other
    assert ids[one] == ids[other]
    assert ids[one] not in ids[one + 1 : other]
    np.testing.assert_array_equal(trace["embed.token"][one], trace["embed.token"][other])
    assert twice(traced("three tokens")) is None


def test_two_words_that_differ_are_swapped(traced: Traced) -> None:
    """Both are shown: of a long prompt, its first tokens but one are not."""
    for name in ("repeated", "forty tokens"):
        read = Reader(traced(name), Locale("en"))
        one, other = swapped(read) or (0, 0)
        assert read.trace["tokens"][one] != read.trace["tokens"][other]
    assert swapped(Reader(traced("one token"), Locale("en"))) is None
    long = traced("forty tokens")
    tokens = long["tokens"].copy()
    tokens[0] = tokens[-1]  # the first that differs is a hidden one
    same = Reader(Trace({name: long[name] for name in long} | {"tokens": tokens}, long.meta), Locale("en"))
    shown, hidden = shown_positions(same, SHOWN)
    assert hidden is not None
    assert set(swapped(same) or (1,)) <= set(shown)
