"""The prompts that lessons and scenes are tried with, from one token to more than fit in a row."""

from collections.abc import Iterable
from typing import Any

import pytest

PROMPTS = {
    "one token": "Once",
    "three tokens": "What will be",
    "seven tokens": "The old man went down to the",
    "twenty tokens": "It was a dark night and the old man went down to the sea to look for a small",
    "repeated": "The dog saw the dog that saw the dog",
    "forty tokens": "It was the best of times, it was the worst of times, it was the age of wisdom, "
    "it was the age of foolishness, it was the season of light, it was the",
    "hostile": '#strong[hi] <b>&amp;</b> \\n $x^2$ {0} 日本 😀 \u202eabc\x07 “q” "and" '
    "pneumonoultramicroscopicsilicovolcanoconiosis",
}
NUMBERS = " 2 + 2 = 4, said GPT-2 in 1999: 100%"


def sample(sweep: Iterable[str], *always: str) -> list[Any]:
    """A sweep's members for `parametrize`; those that are not `always` tried wait for --all."""
    return [one if one in always else pytest.param(one, marks=pytest.mark.wide) for one in sweep]
