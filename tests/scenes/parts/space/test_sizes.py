"""Cubes hold as many grains as models have numbers, cut by what they are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace
from scenes import style
from scenes.locale import Locale
from scenes.parts.label import Label
from scenes.parts.space.projector import crossing
from scenes.parts.space.sizes import Layers, Pose, Sizes
from scenes.published import MODELS, parameters
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")
FRAME = (-6.5, -3.4, 6.5, 2.9)
NAMES = {"table": "tokens", "attention": "attention", "feed_forward": "feed-forward"}


@pytest.fixture
def trace(traced: Callable[..., Trace]) -> Trace:
    return traced("three tokens")


def sizes_of(trace: Trace) -> Sizes:
    return Sizes(Reader(trace, Locale("en")), NAMES)


def test_volume_is_the_number_of_parameters(trace: Trace, model: LoadedModel) -> None:
    sizes = sizes_of(trace)
    assert [model.name for model in sizes.models[1:]] == [*MODELS]
    sizes.strike(Pose(6))
    grains = []
    for number, made in enumerate(sizes.models):
        boxes = {box.name.partition(".")[2]: box for box in sizes.boxes if box.name.startswith(f"{number}.")}
        volumes = {kind: float(np.prod(box.high - box.low)) for kind, box in boxes.items()}
        side = boxes["table"].high[0] - boxes["table"].low[0]
        assert sum(volumes.values()) == pytest.approx(side**3)  # it is a cube
        for kind, count in made.kinds.items():
            assert volumes[kind] / side**3 == pytest.approx(count / made.total)
        grains.append(made.total / side**3)
    assert np.ptp(grains) < 1e-9 * grains[0]  # one scale
    assert sizes.models[0].total == model.card.parameters


def test_labels_say_each_models_number_and_stand_apart(trace: Trace, model: LoadedModel) -> None:
    sizes = sizes_of(trace)
    for count in (1, 5, 6):
        sizes.strike(Pose(count), sizes.framed(count, FRAME))
        labels = [label for label in sizes._labels if label in sizes.submobjects]
        assert len(labels) == count
        for one, other in pairwise(labels):
            assert one.get_right()[0] < other.get_left()[0]
        for label in labels:
            assert label.get_left()[0] > style.LEFT - 0.4
            assert label.get_right()[0] < style.RIGHT + 0.4
            assert label.get_bottom()[1] > FRAME[1] - 0.05
    texts = [part.reading.text for part in sizes.get_family() if isinstance(part, Label) and part.reading]
    assert texts[1:] == [
        f"{model.card.parameters / 1e6:.2g} million",
        "124 million",
        "355 million",
        "774 million",
        "1.6 billion",
        "175 billion",
    ]
    assert sizes.holds().text == f"{sizes.models[-1].total / model.card.parameters:,.0f}"
    assert crossing(*sizes.bounds()) == []


@pytest.mark.parametrize("name", ["someone/a-model-with-a-long-name", "x"])
def test_a_long_name_takes_the_others_no_room(trace: Trace, name: str) -> None:
    card = replace(trace.meta.model, name=name, parameters=1_557_611_200)
    made = Trace({each: trace[each] for each in trace}, replace(trace.meta, model=card))
    sizes = sizes_of(made)
    sizes.strike(Pose(6), sizes.framed(6, FRAME))
    labels = sizes._labels
    assert labels[0].width > (3.0 if len(name) > 1 else 0.0)
    for one, other in pairwise(labels):
        assert one.get_right()[0] + 0.05 < other.get_left()[0]
    assert labels[0].get_left()[0] > FRAME[0] - 0.05
    assert labels[-1].get_right()[0] < FRAME[2] + 0.05


def test_a_published_shape_has_one_cube_and_another_build_is_not_cut(trace: Trace) -> None:
    shape = MODELS["GPT-2 small"]
    card = replace(
        trace.meta.model,
        width=shape.width,
        blocks=shape.blocks,
        mlp_width=shape.mlp_width,
        context=shape.context,
        vocabulary=shape.vocabulary,
        parameters=sum(parameters(shape).values()),
    )
    tensors = {name: trace[name] for name in trace.names()}
    own = sizes_of(Trace(tensors, replace(trace.meta, model=card)))
    assert len(own.models) == 5
    assert own.models[0].kinds == parameters(shape)
    other = replace(card, parameters=494_032_768)  # not what the shape gives: of another build
    uncut = sizes_of(Trace(tensors, replace(trace.meta, model=other)))
    assert [*uncut.models[0].kinds] == ["all"]  # and it comes first, though it is not the smallest
    assert [model.name for model in uncut.models[1:]] == [*MODELS]


def test_layers_seen_from_far_are_their_mean() -> None:
    near, far = Layers("#808080", 12).picture(), Layers("#808080", 12).picture(60)
    assert len(near) == 60
    assert len(far) == 1
    assert far[0, 0, 0] == pytest.approx(near[:, 0, 0].mean(), abs=0.6)
