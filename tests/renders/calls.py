"""What the tests have done in a process of its own: it must be where such a process finds it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


class Stubborn(Exception):  # noqa: N818
    """Takes two arguments, so that what is left of it in another process cannot be made again."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def squares(count: int, tell: Callable[[int], None]) -> tuple[int, int]:
    for number in range(count):
        tell(number * number)
    return count, os.getpid()


def raises(error: Exception, tell: Callable[[str], None]) -> None:
    tell("it begins")
    raise error


def raises_stubbornly(_tell: Callable[[str], None]) -> None:
    raise Stubborn("no ", "way")


def dies(tell: Callable[[int], None]) -> None:
    tell(1)
    os.kill(os.getpid(), signal.SIGKILL)


def waits(tell: Callable[[int], None]) -> None:
    tell(os.getpid())
    signal.pause()
