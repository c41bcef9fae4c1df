"""Sampling against transformers' own warpers, and the choice against the distribution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from llmtrace.errors import SettingError
from llmtrace.sampling import Sampling, softmax, stages

SETTINGS = [
    (1.0, None, None),
    (0.7, None, None),
    (2.5, None, None),
    (1.0, 1, None),
    (1.0, 40, None),
    (0.8, 10_000, None),
    (1.0, None, 0.9),
    (1.0, None, 0.05),
    (1.0, None, 1.0),
    (1.3, 50, 0.8),
    (0.3, 7, 0.999),
]


def reference(logits: np.ndarray, temperature: float, top_k: int | None, top_p: float | None) -> np.ndarray:
    warpers = LogitsProcessorList([TemperatureLogitsWarper(temperature)])
    if top_k is not None:
        warpers.append(TopKLogitsWarper(top_k))
    if top_p is not None:
        warpers.append(TopPLogitsWarper(top_p))
    scores = warpers(torch.zeros(1, 1, dtype=torch.long), torch.tensor(logits[None].astype(np.float64)))
    return scores.softmax(-1)[0].numpy()


@pytest.mark.parametrize(("temperature", "top_k", "top_p"), SETTINGS)
@pytest.mark.parametrize("which", ["real", "spread", "tied"])
def test_distribution_is_that_of_transformers(
    trace: object, which: str, temperature: float, top_k: int | None, top_p: float | None
) -> None:
    generator = np.random.default_rng(5)
    logits = {
        "real": trace["logits"],  # type: ignore[index]
        "spread": generator.normal(scale=4, size=300).astype(np.float32),
        "tied": np.repeat(generator.normal(size=60).astype(np.float32), 5),
    }[which]
    ours = stages(logits, temperature, top_k, top_p)[0]
    theirs = reference(logits, temperature, top_k, top_p)
    np.testing.assert_array_equal(np.sort(ours) > 0, np.sort(theirs) > 0)
    if which == "tied":  # of equal tokens either may be cut
        ours, theirs = np.sort(ours), np.sort(theirs)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-15)
    assert Sampling(temperature, top_k, top_p).stages(logits)[0].sum() == pytest.approx(1, abs=1e-12)


def test_top_k_keeps_all_that_tie_with_the_last() -> None:
    logits = np.array([3.0, 1.0, 1.0, 1.0, 0.0])
    assert (stages(logits, top_k=2)[0] > 0).tolist() == [True, True, True, True, False]
    np.testing.assert_allclose(stages(logits, top_k=2)[0], reference(logits, 1.0, 2, None))


@pytest.mark.parametrize(("top_p", "kept"), [(0.2, 1), (0.25, 1), (0.5, 2), (0.6, 3), (1.0, 4)])
def test_top_p_keeps_the_smallest_set_that_reaches_it(top_p: float, kept: int) -> None:
    logits = np.zeros(4)
    assert np.count_nonzero(stages(logits, top_p=top_p)[0]) == kept
    assert np.count_nonzero(reference(logits, 1.0, None, top_p)) == kept


def test_the_likeliest_token_survives_every_cut() -> None:
    logits = np.random.default_rng(2).normal(size=50)
    for setting in ({"top_k": 1}, {"top_p": 1e-9}, {"temperature": 1e-3}, {"temperature": 1e-320}):
        probability = stages(logits, **setting)[0]  # type: ignore[arg-type]
        assert probability.argmax() == logits.argmax()
        assert probability.max() == pytest.approx(1)


def test_softmax_of_minus_infinity_is_exactly_zero() -> None:
    rows = softmax(np.array([[0.0, -np.inf], [1e4, 1e4]], dtype=np.float32))
    assert rows.tolist() == [[1.0, 0.0], [0.5, 0.5]]


def test_greedy_takes_the_likeliest_and_shows_the_plain_softmax() -> None:
    greedy = Sampling(temperature=0, top_k=1, top_p=0.1, seed=9)
    logits = np.array([0.0, 2.0, 1.0])
    np.testing.assert_array_equal(greedy.stages(logits)[0], softmax(logits))
    assert {greedy.choose(softmax(logits), draw) for draw in (0.0, 0.5, 0.999)} == {1}


def test_draws_take_each_token_as_often_as_it_is_likely() -> None:
    probability = np.array([0.0, 0.5, 0.0, 0.3, 0.2, 0.0], dtype=np.float32)
    sampling = Sampling(temperature=1)
    counts = np.zeros(6)
    for draw in (np.arange(1000) + 0.5) / 1000:
        counts[sampling.choose(probability, float(draw))] += 1
    np.testing.assert_allclose(counts / 1000, probability, atol=1.1e-3)


def test_a_token_without_probability_is_never_drawn() -> None:
    sampling = Sampling(temperature=1)
    probability = np.array([0.0, 0.4, 0.6, 0.0], dtype=np.float32)
    assert sampling.choose(probability, 0.0) == 1
    assert sampling.choose(probability, float(np.nextafter(1, 0))) == 2


def test_seeds() -> None:
    np.testing.assert_array_equal(Sampling(seed=4).draws(3), Sampling(seed=4).draws(8)[:3])
    assert (Sampling(seed=4).draws(3) != Sampling(seed=5).draws(3)).all()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"temperature": -0.1}, "temperature -0.1"),
        ({"temperature": float("nan")}, "temperature nan"),
        ({"temperature": float("inf")}, "temperature inf"),
        ({"top_k": 0}, "top-k 0"),
        ({"top_p": 0.0}, "top-p 0.0"),
        ({"top_p": 1.01}, "top-p 1.01"),
        ({"top_p": float("nan")}, "top-p nan"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_settings_that_make_no_sense(setting: dict[str, float], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        Sampling(**setting)  # type: ignore[arg-type]
