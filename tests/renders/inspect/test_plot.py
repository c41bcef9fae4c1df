"""Pictures of tensors: every value has its colour, and what is left out or clipped is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from llmtrace.meta import EXAMPLE
from llmtrace.picture import thinned
from llmtrace.trace import Array, Trace
from renders.cli.main import main
from renders.inspect.canvas import Sheet
from renders.inspect.colours import cells, rgb, scale_for
from renders.inspect.heatmaps import Maps
from renders.inspect.plot import draw
from renders.inspect.selection import Selection
from scenes import style


def picture(selection: Selection) -> Array:
    with Image.open(io.BytesIO(draw(selection))) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def changed(example: Trace) -> Callable[..., Trace]:
    """The example with tensors replaced."""

    def change(**tensors: Any) -> Trace:
        named = {name.replace("__", "."): array for name, array in tensors.items()}
        return Trace({name: example[name] for name in example.names()} | named, example.meta)

    return change


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is put on a sheet."""
    texts: list[str] = []
    put = Sheet.text

    def text(self: Sheet, x: float, y: float, text: str, *rest: Any, **more: Any) -> None:
        texts.append(text)
        put(self, x, y, text, *rest, **more)

    monkeypatch.setattr(Sheet, "text", text)
    return texts


def colours(image: Array) -> set[tuple[int, ...]]:
    packed = np.unique(image.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1]))
    return {(pixel >> 16, pixel >> 8 & 255, pixel & 255) for pixel in packed.tolist()}


def test_a_signed_scale_is_the_ground_at_0_and_as_far_to_both_sides() -> None:
    scale = scale_for(np.array([-3.0, 0.0, 1.0]), style.INK)
    assert (scale.low, scale.high, scale.clipped) == (-3, 3, 0)
    found = scale.colours(np.array([-3.0, 0.0, 3.0, 3.0 * 100 / 127])).tolist()
    ends = [rgb(style.NEGATIVE), rgb(style.GROUND), rgb(style.POSITIVE)]
    assert found[:3] == [list(end) for end in ends]
    assert found[3] == list(rgb(style.mix(style.GROUND, style.POSITIVE, 100 / 127)))


def test_values_of_one_sign_run_from_the_ground_to_the_hue() -> None:
    scale = scale_for(np.array([0.5, 0.25]), style.PROBABILITY)
    assert (scale.low, scale.high) == (0, 0.5)
    assert scale.colours(np.array([0.0, 0.5])).tolist() == [
        list(rgb(style.GROUND)),
        list(rgb(style.PROBABILITY)),
    ]


def test_outliers_are_clipped_and_counted() -> None:
    values = np.append(np.linspace(-1, 1, 999), [500.0])
    scale = scale_for(values, style.INK)
    assert 0.9 < scale.high < 1
    assert scale.clipped == (np.abs(values) > scale.high).sum()
    assert (scale.least, scale.most) == (-1, 500)
    assert scale_for(values, style.INK, clip=False).high == 500
    assert scale.colours(np.array([500.0])).tolist() == [list(rgb(style.POSITIVE))]


@pytest.mark.parametrize("values", [np.array([np.nan, -np.inf]), np.zeros(3), np.array([np.inf])])
def test_a_scale_of_nothing(values: Array) -> None:
    scale = scale_for(values, style.INK)
    assert (scale.low, scale.high, scale.clipped) == (0, 0, 0)
    assert scale.colours(np.zeros(1)).tolist() == [list(rgb(style.GROUND))]


def test_thinned_keeps_the_largest_magnitude_of_each_tile() -> None:
    values = np.random.default_rng(0).standard_normal((7, 10)).astype(np.float32)
    small = thinned(values, 3, 4)
    assert small.shape == (3, 4)
    for row in range(3):
        for column in range(4):
            tile = values[row * 3 : row * 3 + 3, column * 3 : column * 3 + 3]
            assert small[row, column] == tile.flat[np.abs(tile).argmax()]
    assert thinned(values, 7, 10) is values


@pytest.mark.parametrize("hidden", [np.nan, -np.inf, np.inf])
def test_thinned_hides_nothing_that_is_no_number(hidden: float) -> None:
    values = np.ones((4, 4))
    values[1, 2] = hidden
    np.testing.assert_array_equal(thinned(values, 2, 2)[0, 1], hidden)


def test_cells_are_where_their_values_are() -> None:
    values = np.array([[-1.0, 0.5], [0.0, 1.0], [-np.inf, np.nan]])
    scale = scale_for(values, style.INK)
    image = cells(values, scale, 10, 8, gap=1)
    assert image.shape == (24, 20, 3)
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        tile = image[row * 8 : row * 8 + 7, column * 10 : column * 10 + 9]
        assert (tile == scale.colours(values[row, column])).all()
        assert (image[row * 8 + 7, column * 10] == rgb(style.GROUND)).all()
    assert colours(image[16:23, 0:9]) == {rgb(style.PANEL), rgb(style.LINE)}  # −∞: stripes
    assert colours(image[16:23, 10:19]) == {rgb(style.HIGHLIGHT)}


def test_the_colour_of_every_value_is_in_the_picture(example: Trace) -> None:
    selection = Selection(example, "block.02.attn.pattern")
    there = colours(picture(selection))
    scale = scale_for(selection.values, style.PROBABILITY)
    for value in selection.values.ravel():
        assert tuple(scale.colours(np.array(value)).tolist()) in there


def test_another_value_is_another_picture(example: Trace, changed: Callable[..., Trace]) -> None:
    pattern = example["block.02.attn.pattern"].copy()
    before = picture(Selection(example, "block.02.attn.pattern"))
    pattern[5, 2, 1] += 0.3
    after = picture(Selection(changed(block__02__attn__pattern=pattern), "block.02.attn.pattern"))
    assert before.shape == after.shape
    assert (before != after).any()


def test_the_same_tensor_is_the_same_picture(example: Trace) -> None:
    assert draw(Selection(example, "heads.attribution")) == draw(Selection(example, "heads.attribution"))


def test_every_kind_of_tensor_can_be_drawn(example: Trace) -> None:
    kinds = {(example.axes(name), example[name].dtype.name): name for name in example.names()}
    assert len(kinds) >= 12
    for name in kinds.values():
        image = picture(Selection(example, name))
        assert 300 < image.shape[1] < 2100, name
        assert 150 < image.shape[0] < 2100, name
        assert image.std() > 1, name


def test_heads_are_maps_with_tokens_on_both_sides(example: Trace, said: list[str]) -> None:
    draw(Selection(example, "block.02.attn.pattern"))
    assert said[0] == "block.02.attn.pattern"
    assert "rows: queries (T = 3)  ·  columns: keys (T = 3)  ·  maps: heads (H = 8)" in said[1]
    assert [text for text in said if text.startswith("head ")] == [f"head {i + 1}" for i in range(8)]
    assert said.count("␣will") == 16


def test_a_small_matrix_has_its_numbers(example: Trace, said: list[str]) -> None:
    draw(Selection(example, "block.02.attn.pattern", "1"))
    assert {f"{value:.2f}" for value in example["block.02.attn.pattern"][1].ravel()} <= set(said)
    assert "−∞" not in said


def test_infinity_has_its_place_in_the_legend(example: Trace, said: list[str]) -> None:
    draw(Selection(example, "block.02.attn.masked", "1"))
    assert said.count("−∞") == 1


def test_what_is_clipped_and_what_is_joined_is_said(changed: Callable[..., Trace], said: list[str]) -> None:
    stream = np.random.default_rng(0).standard_normal((3, 6000)).astype(np.float32)
    stream[1, 17] = 900
    draw(Selection(changed(block__02__mlp__pre=stream), "block.02.mlp.pre"))
    (beyond,) = (text for text in said if text.startswith("beyond the scale"))
    assert "of 18,000 values" in beyond
    assert "to 900" in beyond
    assert any(text.startswith("≥ ") for text in said)
    assert "a cell stands for 1 × 4 values and shows the one of largest magnitude" in said


def test_many_heads_are_cut_and_it_is_said(changed: Callable[..., Trace], said: list[str]) -> None:
    many = np.ones((60, 3, 3), dtype=np.float32)
    draw(Selection(changed(block__02__attn__pattern=many), "block.02.attn.pattern"))
    assert "48 of 60 maps are shown; --index chooses others" in said
    assert "head 48" in said
    assert "head 49" not in said


def test_a_vector_over_the_vocabulary_is_its_largest(example: Trace, said: list[str]) -> None:
    draw(Selection(example, "logits"))
    best = int(example["logits"].argmax())
    assert f"the 24 largest of vocabulary (V = {example.meta.model.vocabulary:,})" in said[1]
    assert said[2] == Selection(example, "logits").label(0, best)


def test_a_long_vector_is_folded(example: Trace) -> None:
    maps = Maps(Selection(example, "vocabulary.bytes"))
    assert maps.described == f"bytes (B = {example['vocabulary.bytes'].size:,}), folded: 256 in a row"


def test_hostile_tokens_are_drawn_as_text(example: Trace, said: list[str]) -> None:
    entries = ['"#let x = 1', "\\", "😀", "\x1b[31m", "$y$", "日本"]
    ids = [2061, 481, 307]
    for three in (entries[:3], entries[3:]):
        texts = dict(zip(ids, three, strict=True))
        vocabulary = [texts.get(i, "a").encode() for i in range(example.meta.model.vocabulary)]
        tensors = {name: example[name] for name in example.names()} | {
            "vocabulary.bytes": np.frombuffer(b"".join(vocabulary), dtype=np.uint8),
            "vocabulary.ends": np.cumsum([len(entry) for entry in vocabulary], dtype=np.int32),
        }
        picture(Selection(Trace(tensors, example.meta), "block.02.attn.pattern", "0"))
    assert {'"#let␣x␣=␣1', "\\", "‹1F600›", "$y$", "‹65E5›‹672C›"} <= set(said)


def test_a_trace_of_ids_alone_has_numbers_for_tokens(example: Trace, said: list[str]) -> None:
    names = [name for name in example.names() if not name.startswith("vocabulary.")]
    bare = Trace({name: example[name] for name in names}, replace(example.meta, prompt=None))
    draw(Selection(bare, "embed.token"))
    assert "#2061" in said


def test_on_paper_it_has_the_colours_of_paper(example: Trace, tmp_path: Path) -> None:
    given = ["inspect", str(EXAMPLE), "--name", "block.02.attn.pattern", "--plot", str(tmp_path / "p.png")]
    assert CliRunner().invoke(main, [*given, "--theme", "light"]).exit_code == 0
    with style.themed("light"):
        ground, ink = rgb(style.GROUND), rgb(style.INK)
        assert (tmp_path / "p.png").read_bytes() == draw(Selection(example, "block.02.attn.pattern", None))
    pixels = np.asarray(Image.open(tmp_path / "p.png").convert("RGB"))
    assert tuple(pixels[0, 0]) == tuple(ground)
    assert (pixels == ink).all(axis=-1).any()
    assert not (pixels == rgb(style.GROUND)).all(axis=-1).any()  # the dark one


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--name", "logits", "--plot", "p.png", "--theme", "lihgt"], "did you mean light"),
        (["--name", "logits", "--theme", "light"], "give --plot FILE.png too"),
    ],
)
def test_a_theme_that_is_not(options: list[str], says: str, tmp_path: Path) -> None:
    with chdir(tmp_path):
        done = CliRunner().invoke(main, ["inspect", str(EXAMPLE), *options])
    assert done.exit_code == 2
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []
