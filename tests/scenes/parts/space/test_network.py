"""The network's boxes are the model's tensors: each parameter has its cell, no box is in another's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from llmtrace.names import described
from llmtrace.trace import Trace
from scenes.parts.space.layout import WALL, WIDE, Shape
from scenes.parts.space.network import Network, network
from scenes.parts.space.projector import View, corners, crossing, faces, paint_order
from scenes.parts.space.stations import SEEN, STATIONS, among

# Widths, heads, blocks, feed-forward, vocabulary and context of the models, and what they have in parameters:
# counted in the weights' files (pocket's by its card, GPT-2's as in openai/gpt-2's issue 209).
SHAPES = {
    "pocket": (Shape(256, 8, 6, 1024, 16385, 256), 8_999_168),
    "small": (Shape(768, 12, 12, 3072, 50257, 1024), 124_439_808),
    "medium": (Shape(1024, 16, 24, 4096, 50257, 1024), 354_823_168),
    "large": (Shape(1280, 20, 36, 5120, 50257, 1024), 774_030_080),
    "XL": (Shape(1600, 25, 48, 6400, 50257, 1024), 1_557_611_200),
}
OPENINGS = np.linspace(0, 1, 11)
TOKENS = [1, 3, 7, 40]


def made(name: str, tokens: int) -> Network:
    shape, _ = SHAPES[name]
    return network(shape, tokens, detailed=shape.blocks // 2)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("detailed", [None, 0, 3])
def test_every_parameter_has_its_cell(name: str, detailed: int | None) -> None:
    shape, parameters = SHAPES[name]
    assert sum(site.cells for site in network(shape, 7, detailed).sites) == parameters


@pytest.mark.parametrize("tokens", TOKENS)
@pytest.mark.parametrize("name", SHAPES)
def test_each_dimension_has_one_length(name: str, tokens: int) -> None:
    built = made(name, tokens)
    for lows, highs in (built.closed, built.opened):
        lengths: dict[str, set[float]] = defaultdict(set)
        for site, size in zip(built.sites, highs - lows, strict=True):
            for letter, length in zip(site.axes, size, strict=True):
                lengths[letter].add(round(float(length), 9))
        assert lengths["D"] == {WIDE}
        assert lengths["V/D"] == {WALL[1]}
        assert lengths["T"] == {round(min(1.6, max(0.2, 8 / tokens)) * tokens, 9)}
        assert len(lengths["K"]) == 1


def test_boxes_are_named_once_and_come_of_each_other() -> None:
    built = made("pocket", 7)
    names = [site.name for site in built.sites]
    assert len(set(names)) == len(names)
    for site in built.sites:
        assert set(site.feeds) <= set(names), site
    fed = {name for site in built.sites for name in site.feeds}
    ends = {site.name for site in built.sites if site.kind == "riser"} | {"probability"}
    assert {name for name in names if name not in fed} == ends


@pytest.mark.parametrize("prompt", ["one token", "seven tokens"])
def test_a_box_has_the_axes_of_its_tensor(prompt: str, traced: Callable[..., Trace]) -> None:
    trace = traced(prompt)
    card = trace.meta.model
    built = network(Shape.of(card), trace.length, detailed=2)
    sizes = {"T": trace.length, "D": card.width, "K": card.head_width}
    shown = 0
    for site in built.sites:
        if not site.tensor:
            assert site.cells or site.kind in ("riser", "book"), site
            continue
        letters, _ = described(site.tensor)
        values = trace[site.tensor]
        where = tuple(i if isinstance(i, int) else slice(*i) for i in site.index)
        counts = sorted(values[where].shape)
        wanted = [sizes[letter] for letter in site.axes if letter in sizes]
        if (
            site.kind in ("heads", "wall") or site.name == "probability"
        ):  # all heads at once; folded into pages
            assert letters in (("H", "T", "K"), ("G", "T", "K"), ("V",), ("S", "V"))
        else:
            assert counts == sorted(wanted), site
        shown += 1
    assert shown > 200


@pytest.mark.parametrize("tokens", TOKENS)
@pytest.mark.parametrize("name", ["pocket", "small"])
def test_nothing_is_in_another_while_a_block_opens(name: str, tokens: int) -> None:
    built = made(name, tokens)
    for opening in OPENINGS:
        lows, highs = built.at(opening)
        pairs = [(built.sites[a].name, built.sites[b].name) for a, b in crossing(lows, highs)]
        assert not pairs, (opening, pairs[:6])


def hidden(lows: np.ndarray, highs: np.ndarray, order: list[int], view: View) -> list[tuple[int, int]]:
    """Pairs where a box is painted over one that is in front of it and that it overlaps on screen.

    In front: along every axis on which they are apart it is nearer to the eye.
    """
    rank = np.empty(len(order), int)
    rank[order] = np.arange(len(order))
    ahead = (highs[:, None] <= lows[None] + 1e-6).any(axis=-1)  # seen from where x, y and z are high
    behind = ahead & ~ahead.T
    wrong = np.argwhere(behind & (rank[:, None] > rank[None]))
    flat = view.project(faces(lows, highs, view.signs)).reshape(len(lows), -1, 2)
    least, most = flat.min(axis=1), flat.max(axis=1)
    return [
        (a, b)
        for a, b in wrong.tolist()
        if (np.minimum(most[a], most[b]) > np.maximum(least[a], least[b])).all()
    ]


@pytest.mark.parametrize("tokens", TOKENS)
@pytest.mark.parametrize("name", ["pocket", "small"])
def test_one_paint_order_holds_while_a_block_opens(name: str, tokens: int) -> None:
    """Sorted once, before it opens; from every angle that is looked from."""
    built = made(name, tokens)
    order = paint_order(*built.stations(), (1, 1, 1))
    for opening in OPENINGS:
        lows, highs = built.at(opening)
        for azimuth, elevation in ((30, 19), (39, 21), (52, 25)):
            wrong = hidden(lows, highs, order, View(azimuth=azimuth, elevation=elevation))
            assert not wrong, (opening, [(built.sites[a].name, built.sites[b].name) for a, b in wrong[:6]])


def test_closed_a_detailed_block_has_the_room_of_the_others() -> None:
    plain, detailed = network(SHAPES["pocket"][0], 7), network(SHAPES["pocket"][0], 7, 2)
    assert detailed.closed[1].max(axis=0) == pytest.approx(plain.closed[1].max(axis=0))
    for name in ("block.02.resid_mid", "block.03.ln1", "block.02.mlp.act.3", "logits"):
        one, other = plain.place(name), detailed.place(name)
        assert plain.closed[0][one] == pytest.approx(detailed.closed[0][other])
    assert detailed.opened[1][:, 0].max() > detailed.closed[1][:, 0].max() + 60
    with pytest.raises(KeyError, match="no box"):
        plain.place("block.02.attn.w_q")


def test_the_closed_network_fills_the_frame() -> None:
    """Its landscape is what 16:9 asks for, for few tokens and for many, shallow and deep."""
    for name, tokens in (("pocket", 3), ("pocket", 7), ("pocket", 40), ("small", 7)):
        built = network(SHAPES[name][0], tokens)
        view = View(azimuth=36, elevation=19, nearness=1 / (200 if name == "pocket" else 330))
        flat = view.fitted(*built.closed, (-6, -3, 6, 3))
        seen = flat.project(faces(*built.closed, flat.signs)).reshape(-1, 2)
        wide, high = np.ptp(seen, axis=0)
        assert 1.4 < wide / high < 2.6, (name, tokens, wide / high)


@pytest.mark.parametrize("tokens", [1, 7, 40])
@pytest.mark.parametrize("blocks", [1, 6, 12, 24, 48])
def test_no_box_comes_behind_the_eye(blocks: int, tokens: int) -> None:
    """Of 24 blocks most are to the right of the first, and as near to the eye as they are far."""
    made = network(Shape(768, 12, blocks, 3072, 50257, 1024), tokens, 0)
    lows, highs = made.closed
    every = corners(lows, highs)

    def nearest(view: View) -> float:
        """How much of the way from the centre to the eye the nearest box comes."""
        return float(((every - np.array(view.centre)) @ view.axes[2]).max()) * view.nearness

    views = []
    for station in STATIONS.values():
        shown = [n for n, site in enumerate(made.sites) if among(site.name, station.framed, 0)]
        views.append(SEEN.fitted(lows, highs, (-5.0, -3.0, 5.0, 3.0), shown))
        x, y = np.abs(views[-1].project(every[shown])).max(axis=(0, 1))
        assert x <= 5 + 1e-9
        assert y <= 3 + 1e-9
        assert max(x / 5, y / 3) == pytest.approx(1)  # it fills its frame all the same
    assert max(map(nearest, views)) <= 0.6 + 1e-9
    for start, end in product(views, views):
        assert max(nearest(start.between(end, share)) for share in np.linspace(0, 1, 9)) <= 0.6 + 1e-6
