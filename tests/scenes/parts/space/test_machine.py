"""The network on screen is the trace's: each face shows the tensor that its box stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes.parts.space.flight import BlockOpening, Flight, Lighting, Wave
from scenes.parts.space.machine import Machine
from scenes.parts.space.projector import View
from scenes.parts.texture import Texture
from scenes.reading import slice_of

pytestmark = pytest.mark.usefixtures("dry")
VIEW = View(azimuth=36, elevation=19, nearness=1 / 200)


@pytest.fixture
def trace(traced: Callable[..., Trace]) -> Trace:
    return traced("seven tokens")


@pytest.fixture
def machine(trace: Trace) -> Machine:
    return Machine(trace, VIEW, int(trace["weight.head"][0]))


def textures(machine: Machine) -> Iterator[tuple[str, str, Texture]]:
    for box in machine.boxes:
        for axis, side in box.sides.items():
            if isinstance(side, Texture):
                yield box.name, axis, side


def test_a_box_shows_its_own_tensor(machine: Machine, trace: Trace) -> None:
    shown = {name: side for name, _, side in textures(machine)}
    for site in machine.network.sites:
        if site.tensor:
            assert shown[site.name].drawn.source == site.tensor
    for side in shown.values():
        drawn = side.drawn
        assert slice_of(trace, drawn.source, *drawn.index).digest == drawn.digest
        finite = np.sort(side.cells.values[np.isfinite(side.cells.values)])  # type: ignore[attr-defined]
        assert (finite == np.sort(drawn.values.astype(np.float32), axis=None)).all()


def test_channels_go_down_and_tokens_toward_the_viewer(machine: Machine, trace: Trace) -> None:
    """Channel 0 is on top, head 1 above head 2, the first token furthest; queries toward the viewer too."""
    faces = {(name, axis): side.cells.values for name, axis, side in textures(machine)}  # type: ignore[attr-defined]
    stream = trace["block.00.resid_mid"]  # (position, channel)
    assert (faces["block.00.resid_mid", "x"] == stream.T).all()
    assert (faces["block.00.resid_mid.beam", "z"][:, 0] == stream[-1]).all()
    keys = trace["block.00.attn.k"]  # (head, position, channel)
    assert (faces["block.00.attn.k", "z"][32:64] == keys[1].T).all()
    assert (faces["block.00.attn.pattern.3", "y"] == trace["block.00.attn.pattern"][3]).all()
    pages, scores = faces["logits", "z"], trace["logits"]
    assert pages.shape == (-(-len(scores) // 256), 256)
    assert (pages.ravel()[: len(scores)] == scores).all()
    assert np.isnan(pages.ravel()[len(scores) :]).all()  # what is left of the last page


def test_the_shown_blocks_weights_are_real(machine: Machine, trace: Trace) -> None:
    block = int(trace["weight.head"][0])
    faces = {name: side.cells.values for name, _, side in textures(machine)}  # type: ignore[attr-defined]
    query = faces[f"block.{block:02d}.attn.w_q"]  # what it makes, what it takes
    assert query[40, 7] == trace["weight.block.q"][1, 7, 8]
    mixing = faces[f"block.{block:02d}.attn.w_o"]
    assert mixing[7, 40] == trace["weight.block.o"][1, 8, 7]
    up, down = faces[f"block.{block:02d}.mlp.up.2"], faces[f"block.{block:02d}.mlp.down.2"]
    assert up[40, 7] == trace["weight.block.up"][7, 2 * 256 + 40]
    assert down[40, 7] == trace["weight.block.down"][2 * 256 + 40, 7]
    pages = {f"attn.w_{x}" for x in "qkvo"} | {f"mlp.{way}.{n}" for way in ("up", "down") for n in range(4)}
    real = {name for name in faces if ".w_" in name or ".mlp.up." in name or ".mlp.down." in name}
    assert real == {f"block.{block:02d}.{page}" for page in pages}


def test_opened_and_closed_it_is_as_before(machine: Machine) -> None:
    before = [part.points.copy() for box in machine.boxes for part in box.submobjects]
    opened = machine.open(1.0).bounds()[1][:, 0].max()
    machine.open(0.0)
    assert opened > machine.bounds()[1][:, 0].max() + 60
    for points, part in zip(before, (p for box in machine.boxes for p in box.submobjects), strict=True):
        assert (part.points == points).all()


def test_a_flight_says_whether_boxes_change_their_order(machine: Machine) -> None:
    for azimuth, steady in ((60, True), (120, False)):
        flight = Flight(machine, View(azimuth=azimuth, elevation=19))
        flight.begin()
        assert flight.steady is steady
        flight.interpolate(1.0)
        assert machine.view.azimuth == pytest.approx(azimuth)


def test_a_far_flight_dips(machine: Machine) -> None:
    flight = Flight(machine, View(centre=(90, 0, 0), scale=4.0), dip=0.5, rate_func=lambda share: share)
    flight.begin()
    flight.interpolate(0.5)
    assert machine.view.scale == pytest.approx(2.0 * np.exp(-0.5))  # between 1 and 4 it would be 2
    flight.interpolate(1.0)
    assert machine.view.scale == pytest.approx(4.0)


def test_lighting_dims_what_is_not_meant(machine: Machine) -> None:
    lighting = Lighting(machine, {"logits": 1.0, "ln_f": 0.6}, rest=0.25, rate_func=lambda share: share)
    lighting.begin()
    assert len(lighting.ways) == len(machine.boxes) - 1
    lighting.interpolate(0.5)
    assert machine.box("ln_f").lit == pytest.approx(0.8)
    lighting.interpolate(1.0)
    assert [machine.box(name).lit for name in ("logits", "ln_f", "wte")] == [1.0, 0.6, 0.25]
    assert {side.lit for side in machine.box("wte").sides.values()} == {0.25}
    with pytest.raises(KeyError, match="no box has this name"):
        Lighting(machine, {"logit": 1.0})


def test_a_wave_lights_one_group_after_another(machine: Machine) -> None:
    machine.set_lit(0.2)
    wave = Wave(machine, [["wte"], ["ln_f", "logits"]], [1.0, 3.0])
    wave.begin()

    def lit() -> list[float]:
        return [machine.box(name).lit for name in ("wte", "ln_f", "logits", "probability")]

    wave.interpolate(0.25)
    assert lit() == pytest.approx([1.0, 0.2, 0.2, 0.2])
    wave.interpolate(0.625)
    assert lit() == pytest.approx([1.0, 0.6, 0.6, 0.2])
    wave.interpolate(1.0)
    assert lit() == pytest.approx([1.0, 1.0, 1.0, 0.2])
    with pytest.raises(KeyError, match="no box has this name"):
        Wave(machine, [["logit"]])


def test_an_opening_goes_its_way_with_the_view(machine: Machine) -> None:
    to = machine.framed(View(azimuth=39, elevation=21), (-6, -3, 6, 3), opening=1.0)
    opening = BlockOpening(machine, 1.0, to)
    opening.begin()
    opening.interpolate(1.0)
    assert machine.opening == 1.0
    assert machine.view == to
    flat = np.concatenate([part.points for box in machine.boxes for part in box.submobjects])
    assert np.abs(flat[:, 0]).max() <= 6 + 1e-6
    assert np.abs(flat[:, 1]).max() <= 3 + 1e-6


def test_some_boxes_are_framed(machine: Machine) -> None:
    view = machine.framed(VIEW, (-6, -3, 6, 3), lambda site: site.part == "out")
    assert view.scale > 3 * machine.framed(VIEW, (-6, -3, 6, 3)).scale
    with pytest.raises(ValueError, match="no box"):
        machine.framed(VIEW, (-6, -3, 6, 3), lambda _: False)


def test_boxes_are_found_by_name(machine: Machine) -> None:
    assert machine.box("logits").name == "logits"
    with pytest.raises(KeyError, match="no box has this name"):
        machine.box("logit")
