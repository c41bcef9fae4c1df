"""What a language has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Catalogue:
    """One language's words. All catalogues have the same keys, and the same fields in each template.

    `beats` are what is said: a `{field}` is a reading; a `{*mark}` says nothing and names the word after it,
    which the picture waits for. `heard` says the same to one who sees no picture: a little more is explained,
    and nothing leans on what is shown. `labels` are what stands on screen. None of them holds a number.
    """

    language: str  # ISO 639-1, as in --language
    iso639_2: str  # the three letters that an MP4 wants
    name: str
    decimal: str  # between whole and fraction
    thousands: str  # between thousands
    percent: str  # what stands after a percentage, with its space
    quotes: tuple[str, str]
    sizes: tuple[str, str, str]  # a billion (10⁹), a million, a thousand
    a_token: str  # a token of a model without a tokenizer, by its {id}
    tokens: Mapping[str, str]  # tokens that a sentence names better than it quotes them
    titles: Mapping[str, str]
    beats: Mapping[str, str]
    heard: Mapping[str, str]
    labels: Mapping[str, str]
