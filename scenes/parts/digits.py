"""How many digits numbers need so that a viewer reckons from them what stands there. Imports no manim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from scenes.forms import as_written

MOST = 5  # digits; where that many do not agree, the sum is better not set below its column


def agreeing_digits(
    operands: Sequence[float],
    result: float,
    combine: Callable[[Sequence[Decimal]], Decimal | int],
    shown: int | None = None,
    most: int = MOST,
) -> int | None:
    """The least number of digits, from 1, for which the shown operands give the shown result; or None.

    `combine` is what a viewer does with the operands: `sum`, or `math.prod`. `shown`: the digits of the
    result where they are fixed; otherwise it has as many as the operands.
    """
    for digits in range(1, most + 1):
        places = digits if shown is None else shown
        reckoned = Decimal(combine([as_written(operand, digits) for operand in operands]))
        if as_written(reckoned, places) == as_written(result, places):
            return digits
    return None
