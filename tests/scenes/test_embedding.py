"""The map of words: where its points are, that labels stay clear while it turns, and which words are near."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes.embedding.map import FROM, TO, Turn, WordMap
from scenes.embedding.near import links, nearest_pair
from scenes.embedding.scene import MAP
from scenes.locale import Locale
from scenes.reading import Reader

Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")


def boxes(words: WordMap) -> list[tuple[np.ndarray, np.ndarray]]:
    labels = [*words.chips, *words.names, *words.cosines]
    return [(one.get_corner((-1, -1, 0))[:2], one.get_corner((1, 1, 0))[:2]) for one in labels]


@pytest.mark.parametrize("prompt", ["one token", "three tokens", "twenty tokens", "hostile"])
def test_labels_stay_clear_of_each_other_while_it_turns(prompt: str, traced: Traced) -> None:
    words = WordMap(Reader(traced(prompt), Locale("en")), MAP)
    assert words.chips
    assert words.names
    for angle in np.linspace(FROM, TO, 6):
        words.turn(float(angle))
        for low, high in boxes(words):
            assert low[0] >= MAP.left - 0.01
            assert high[0] <= MAP.right + 0.01
            assert low[1] >= MAP.bottom - 0.01
            assert high[1] <= MAP.top + 0.01
        for (low, high), (under, over) in combinations(boxes(words), 2):
            shared = np.minimum(high, over) - np.maximum(low, under)
            assert shared.min() <= 0.01


def test_points_are_those_of_the_projection_turned(traced: Traced) -> None:
    """Heights are a mix of the second axis and of how near a point is; from the front the first is across."""
    trace = traced("three tokens")
    words = WordMap(Reader(trace, Locale("en")), MAP)
    own = [words._at[token] for token in dict.fromkeys(trace["tokens"].tolist())]
    words.turn(0.0)
    across = words.marks["own"].points.reshape(len(own), 16, 3)[:, ::4].mean(axis=1)[:, 0]
    axis = trace["projection.point"][own, 0].astype(float)
    slope = np.ptp(across) / np.ptp(axis)
    np.testing.assert_allclose(across - across[0], slope * (axis - axis[0]), atol=1e-6)


def test_a_turn_ends_at_its_angle(traced: Traced) -> None:
    words = WordMap(Reader(traced("three tokens"), Locale("en")), MAP)
    turn = Turn(words, TO, list(words.marks.values()))
    turn.begin()
    before = words.marks["own"].points.copy()
    turn.interpolate(0.5)
    assert FROM < words.angle < TO
    turn.interpolate(1.0)
    assert words.angle == TO
    assert not np.allclose(words.marks["own"].points, before)


def test_the_nearest_pair_is_of_two_words(traced: Traced) -> None:
    trace = traced("three tokens")
    place, rank = nearest_pair(trace) or (0, 0)
    cosine = trace["neighbours.cosine"]
    spelled = [
        (trace.token_bytes(int(token)) or b"").decode().strip()
        for token in (trace["tokens"][place], trace["neighbours.token"][place, rank])
    ]
    assert all(map(str.isalpha, spelled))
    assert spelled[0].casefold() != spelled[1].casefold()
    assert (place, rank) in links(trace)
    for other, n in links(trace):
        if cosine[other, n] > cosine[place, rank]:  # another way of writing one word, or no word
            ids = trace["tokens"][other], trace["neighbours.token"][other, n]
            one, two = ((trace.token_bytes(int(i)) or b"").decode(errors="replace").strip() for i in ids)
            assert one.casefold() == two.casefold() or not (one + two).isalpha()


def test_without_a_map_there_are_no_links(traced: Traced) -> None:
    trace = traced("three tokens")
    bare = Trace(
        {name: trace[name] for name in trace.names() if not name.startswith("projection")}, trace.meta
    )
    assert links(bare) == []
    assert nearest_pair(bare) is None
