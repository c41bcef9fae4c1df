"""`heads.attribution` against an ablation: taking a head's part out of the last stream, spread held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace, block


def by_ablation(loaded: LoadedModel, trace: Trace) -> np.ndarray:
    """How far the chosen token's logit, over the mean of all, falls without each head's carried part."""
    model: Any = loaded.model
    gain = model.transformer.ln_f.weight.detach().double().numpy()
    shift = model.transformer.ln_f.bias.detach().double().numpy()
    unembedding = model.lm_head.weight.detach().double().numpy()  # (V, D)
    stream = trace[block(loaded.card.blocks - 1, "resid_post")][-1].astype(np.float64)  # (D)
    spread = float(np.sqrt(stream.var() + loaded.card.layer_norm_eps))
    token = int(trace["generated.token"][0])

    def advantage(x: np.ndarray) -> float:
        logits = unembedding @ ((x - x.mean()) / spread * gain + shift)
        return float(logits[token] - logits.mean())

    last, width = trace.length - 1, loaded.card.head_width
    result = np.zeros((loaded.card.blocks, loaded.card.heads))
    for b, layer in enumerate(model.transformer.h):
        pattern, value = trace[block(b, "attn.pattern")], trace[block(b, "attn.v")]
        projection = layer.attn.c_proj.weight.detach().double().numpy()  # (D, D)
        for h in range(loaded.card.heads):
            carried = np.zeros(loaded.card.width)
            for j in range(last) if last else (0,):
                for k in range(width):
                    carried += pattern[h, last, j] * float(value[h, j, k]) * projection[h * width + k]
            result[b, h] = advantage(stream) - advantage(stream - carried)
    return result


@pytest.mark.parametrize("which", ["bundled", "tiny"])
def test_attribution_is_what_ablation_takes_away(which: str, request: pytest.FixtureRequest) -> None:
    loaded = request.getfixturevalue(which)
    trace = request.getfixturevalue({"bundled": "trace", "tiny": "tiny_trace"}[which])
    expected = by_ablation(loaded, trace)
    np.testing.assert_allclose(trace["heads.attribution"], expected, atol=1e-4)
    assert np.abs(expected).max() > 0.1  # there is something to compare
    assert trace.best_head == np.unravel_index(expected.argmax(), expected.shape)


def test_of_one_token_its_own_part_counts(tiny: LoadedModel) -> None:
    trace = capture([9], tiny, new_tokens=1)
    np.testing.assert_allclose(trace["heads.attribution"], by_ablation(tiny, trace), atol=1e-4)
    assert (trace["heads.attribution"] != 0).all()
