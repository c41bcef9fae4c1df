"""How many digits numbers need so that a viewer reckons from them what stands there. Imports no manim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

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
        reckoned = combine([rounded(operand, digits) for operand in operands])
        if rounded(reckoned, places) == rounded(result, places):
            return digits
    return None


def rounded(value: float | Decimal | int, digits: int) -> Decimal:
    """A number as it is shown: to so many digits, as Python's own formatting rounds it."""
    exact = value if isinstance(value, Decimal) else Decimal(value)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN) + 0  # no −0
