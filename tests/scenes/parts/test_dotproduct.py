"""A dot product on screen: its steps are the products, its end the score, and its numbers can be reckoned."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import prod

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes.focus import focus
from scenes.forms import as_written, format_value
from scenes.locale import Locale
from scenes.parts.digits import agreeing_digits
from scenes.parts.dotproduct import DotProduct
from scenes.parts.label import Label
from scenes.parts.staircase import Staircase, unit_for
from scenes.reading import Reader, slice_of

Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")
EN = Locale("en")


def dot(trace: Trace, query: int | None = None, key: int | None = None) -> DotProduct:
    f = focus(trace)
    query, key = f.query if query is None else query, f.key if key is None else key
    q, k = slice_of(trace, f.tensor("q"), f.head, query), slice_of(trace, f.tensor("k"), f.head, key)
    total = Reader(trace, EN)(f.tensor("scores"), f.head, query, key).decimal()
    return DotProduct(Reader(trace, EN), q, k, total, 11.0, 5.4)


PROMPTS = ["one token", "three tokens", "seven tokens", "twenty tokens"]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_steps_are_the_products_and_come_to_the_score(prompt: str, traced: Traced) -> None:
    made, f, trace = dot(traced(prompt)), focus(traced(prompt)), traced(prompt)
    q, k = (trace[f.tensor(n)][f.head, p].astype(float) for n, p in (("q", f.query), ("k", f.key)))
    heights = [bar.get_top()[1] - bar.get_bottom()[1] for bar in made.steps.bars]
    assert np.allclose(heights, np.maximum(np.abs(q * k) * made.steps.unit, 0.018))
    assert made.steps.sums[-1] == pytest.approx(trace[f.tensor("scores")][f.head, f.query, f.key], rel=1e-5)
    for place, bar in enumerate(made.steps.bars):
        assert bar.get_x() == pytest.approx(made.one.place(place)[0])
        assert bar.get_x() == pytest.approx(made.other.place(place)[0])
    end = made.steps.place(len(q) - 1, made.steps.sums[-1])[1]
    assert made.total.get_y() == pytest.approx(end)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_it_stays_within_its_size_and_nothing_lies_on_the_total(prompt: str, traced: Traced) -> None:
    trace = traced(prompt)
    for key in range(trace.length):
        made = dot(trace, trace.length - 1, key)
        assert made.steps.get_bottom()[1] >= -5.4 - 0.02
        assert made.steps.get_right()[0] <= 11.0 + 1e-6
        left, right = made.total.get_left()[0], made.total.get_right()[0]
        low, high = made.total.get_bottom()[1], made.total.get_top()[1]
        for bar in made.steps.bars:
            apart = bar.get_left()[0] > right or bar.get_right()[0] < left
            assert apart or bar.get_bottom()[1] > high or bar.get_top()[1] < low


def texts(group: object) -> list[str]:
    if isinstance(group, Label):
        return [group.reading.text] if group.reading else []
    return [text for member in group.submobjects for text in texts(member)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_digits_that_are_shown_agree(prompt: str, traced: Traced) -> None:
    trace = traced(prompt)
    made = dot(trace)
    for place in range(trace.meta.model.head_width):
        shown = [
            Decimal(text.replace("−", "-").replace(",", ""))
            for text in texts(made.equation(Reader(trace, EN), place))
        ]
        values = [Reader(trace, EN)(s.source, *s.index, place).value for s in made.slices]  # type: ignore[arg-type]
        digits = agreeing_digits(values, prod(values), prod, shown=2)
        if digits is None:  # so small that no digits will do
            assert abs(prod(values)) < 1e-3
            assert len(shown) == 2
            continue
        one, other, product = shown
        assert as_written(one * other, 2) == product
        assert [one, other] == [as_written(value, digits) for value in values]
        for fewer in range(1, digits):  # none of fewer digits would do
            assert as_written(prod(as_written(value, fewer) for value in values), 2) != product


def test_a_product_is_read_from_both_tensors(traced: Traced) -> None:
    trace = traced("seven tokens")
    product = dot(trace)._product(Reader(trace, EN), 5).decimal(3)
    assert Reader(trace, EN).again(product.source, product.index, product.how, product.form) == product.text
    q, k = product.source.split(" × ")
    value = float(trace[q][product.index[:3]]) * float(trace[k][product.index[3:]])
    assert product.text == format_value(trace, EN, value, "decimal:3")


def test_digits_are_the_least_that_agree() -> None:
    def total(numbers: object) -> Decimal:
        return sum(numbers, Decimal(0))  # type: ignore[call-overload, no-any-return]

    assert agreeing_digits([2.7211, -3.4129], 2.7211 * -3.4129, prod, shown=2) == 3  # 2.72 × −3.41 is −9.28
    assert agreeing_digits([1.5, 1.26], 1.89, prod) == 2  # 1.5 × 1.3 is not 1.9
    assert agreeing_digits([2.24, 2.24], 4.48, total) == 2  # 2.2 + 2.2 is not 4.5
    assert agreeing_digits([0.24, 0.24], 0.48, total) == 1  # two digits that count are shown in any case
    assert agreeing_digits([1 / 3] * 3, 1.0, total) is None


def test_numbers_are_reckoned_with_as_they_are_shown(traced: Traced) -> None:
    trace = traced("seven tokens")
    for value in (0.125, 2.675, -0.5, 1e-9, -0.004, 0.0996, 345.6789, 12345.678901, 2.5e9):
        for digits in range(4):
            text = format_value(trace, EN, value, f"decimal:{digits}").replace("−", "-").replace(",", "")
            assert as_written(value, digits) == Decimal(text)


@pytest.mark.parametrize("down", [False, True])
def test_each_step_begins_where_the_last_one_ended(down: bool) -> None:
    values = [2.0, -3.0, 0.5, 4.0]
    stairs = Staircase(values, 0.5, unit_for(values, 3.0), down=down)
    axis = 0 if down else 1
    assert unit_for(values, 3.0) * (3.5 + 1.0) == pytest.approx(3.0)  # sums from −1 to 3.5
    ends = [0.0, *stairs.sums * stairs.unit]
    for bar, before, after in zip(stairs.bars, ends, ends[1:], strict=False):
        low, high = (
            bar.get_critical_point(side)[axis] for side in (np.array((-1, -1, 0)), np.array((1, 1, 0)))
        )
        assert (low, high) == pytest.approx((min(before, after), max(before, after)))
    stairs.scale(0.5).shift((1, 2, 0))
    for step, (bar, after) in enumerate(zip(stairs.bars, stairs.sums, strict=True)):
        top = stairs.place(step, after)
        assert np.isclose(bar.get_center()[1 - axis], top[1 - axis])
        assert np.min(np.abs(bar.points[:, axis] - top[axis])) < 1e-6


def test_vectors_of_two_lengths_are_refused(traced: Traced) -> None:
    trace = traced("three tokens")
    total = Reader(trace, EN)("logits", 0).decimal()
    q, wide = slice_of(trace, "block.01.attn.q", 0, 0), slice_of(trace, "block.01.resid_mid", 0)
    with pytest.raises(ValueError, match=r"attn\.q and block\.01\.resid_mid: \(32,\) against \(256,\)"):
        DotProduct(Reader(trace, EN), q, wide, total, 11.0, 5.4)
    part = slice_of(trace, "block.01.resid_mid", 0, (0, 32))
    with pytest.raises(ValueError, match="whole vectors"):
        DotProduct(Reader(trace, EN), q, part, total, 11.0, 5.4)
