"""One forward pass with every tensor recorded, and the steps that follow it.

The tensors are the model's own: forward hooks on its modules take what flows between them, and inside
attention, where no module stands between scores and softmax, the model calls our function, which it finds
through transformers' `AttentionInterface` and which does the same arithmetic as its eager one.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import tokenizers
import torch
import transformers
from transformers import AttentionInterface, GPT2LMHeadModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from llmtrace import tokens as text
from llmtrace.errors import PromptError
from llmtrace.models import BUNDLED, LoadedModel, load_model
from llmtrace.sampling import Sampling
from llmtrace.trace import Array, Meta, Trace, block

_INTERFACE = "llmtrace"


class _Recorder:
    """Collects arrays under their names while a forward pass runs; `None` records nothing."""

    def __init__(self) -> None:
        self.tensors: dict[str, Array] = {}

    def put(self, name: str, tensor: torch.Tensor) -> None:
        """Takes a copy of a tensor without its batch axis."""
        self.tensors[name] = tensor.detach()[0].float().numpy().copy()


_recorder: _Recorder | None = None


def capture(
    prompt: str | Sequence[int],
    model: str | LoadedModel = BUNDLED,
    *,
    new_tokens: int = 4,
    sampling: Sampling | None = None,
) -> Trace:
    """Runs a model on a prompt (a text, or ids) and records every tensor of the pass.

    Then chooses `new_tokens` tokens, one distribution each; it stops early where the context is full.
    Raises `PromptError` and `ModelError`.
    """
    loaded = load_model(model) if isinstance(model, str) else model
    sampling = sampling or Sampling()
    if new_tokens < 1:
        raise PromptError(f"new tokens {new_tokens}: takes a whole number from 1")
    ids = _ids(prompt, loaded)
    steps = min(new_tokens, loaded.card.context - len(ids) + 1)

    with _attention(loaded.model), torch.no_grad():
        tensors = _forward(loaded.model, ids)
        tensors |= _generate(loaded.model, ids, tensors["logits"], sampling, steps)
        tensors["heads.attribution"] = _head_attribution(
            loaded.model, tensors, int(tensors["generated.token"][0])
        )

    tensors["tokens"] = np.array(ids, dtype=np.int32)
    spans: tuple[tuple[int, int], ...] = ()
    if loaded.tokenizer is not None:
        entries = text.vocabulary(loaded.tokenizer, loaded.card.vocabulary)
        tensors["vocabulary.bytes"] = np.frombuffer(b"".join(entries), dtype=np.uint8).copy()
        tensors["vocabulary.ends"] = np.cumsum([len(entry) for entry in entries], dtype=np.int32)
        spans = text.spans([entries[i] for i in ids])
    meta = Meta(
        model=loaded.card,
        prompt=prompt if isinstance(prompt, str) else None,
        spans=spans,
        sampling=sampling,
        dtype="float32",
        libraries={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "tokenizers": tokenizers.__version__,
            "numpy": np.__version__,
        },
    )
    return Trace(tensors, meta)


def _ids(prompt: str | Sequence[int], loaded: LoadedModel) -> list[int]:
    if isinstance(prompt, str):
        if not prompt.strip():
            raise PromptError('the prompt is empty; give a few words, like "What will be"')
        if loaded.tokenizer is None:
            raise PromptError(f"{loaded.card.name}: has no tokenizer, so give token ids with --ids 1,2,3")
        ids = text.encode(loaded.tokenizer, prompt)
    else:
        ids = list(prompt)
        if not ids:
            raise PromptError("no ids; give some, like --ids 2061,481,307")
    # A tokenizer may know more tokens than the model.
    wrong = [i for i in ids if not 0 <= i < loaded.card.vocabulary]
    if wrong:
        raise PromptError(f"id {wrong[0]}: {loaded.card.name} has ids 0 to {loaded.card.vocabulary - 1}")
    if len(ids) > loaded.card.context:
        raise PromptError(
            f"the prompt is {len(ids)} tokens long, and {loaded.card.name} reads at most "
            f"{loaded.card.context}; shorten it"
        )
    return ids


@contextmanager
def _attention(model: GPT2LMHeadModel) -> Iterator[None]:
    """Makes the model call our attention function; gives it back as it was."""
    before = model.config._attn_implementation
    AttentionInterface.register(_INTERFACE, _attend)
    AttentionMaskInterface.register(_INTERFACE, eager_mask)
    model.set_attn_implementation(_INTERFACE)
    try:
        yield
    finally:
        model.set_attn_implementation(before)


def _attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Causal attention (Vaswani et al. 2017, eq. 1) in GPT-2's eager arithmetic, each stage recorded."""
    scores = torch.matmul(query, key.transpose(-1, -2))  # (batch, head, query, key)
    scaled = scores * scaling
    length = query.shape[-2]
    if attention_mask is None:
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
    else:
        future = attention_mask[..., :length, :length] < 0
    masked = scaled.masked_fill(future, float("-inf"))
    pattern = torch.softmax(masked, dim=-1)
    context = torch.matmul(pattern, value)  # (batch, head, query, head width)
    if _recorder is not None:
        stages = {"q": query, "k": key, "v": value, "scores": scores, "scaled": scaled, "masked": masked}
        for name, tensor in {**stages, "pattern": pattern, "context": context}.items():
            _recorder.put(block(int(module.layer_idx), f"attn.{name}"), tensor)  # type: ignore[arg-type]
    return context.transpose(1, 2), pattern


def _forward(model: GPT2LMHeadModel, ids: list[int]) -> dict[str, Array]:
    """One recorded pass over the ids."""
    global _recorder
    recorder = _recorder = _Recorder()
    handles = list(_hooks(model, recorder))
    try:
        logits = model(torch.tensor([ids]), use_cache=False).logits  # (batch, T, V)
    finally:
        _recorder = None
        for handle in handles:
            handle.remove()
    recorder.put("logits", logits[:, -1])
    return recorder.tensors


def _hooks(model: GPT2LMHeadModel, recorder: _Recorder) -> Iterator[Any]:
    def output(name: str, module: Any) -> Any:
        def hook(_m: Any, _inputs: Any, result: Any) -> None:
            recorder.put(name, result[0] if isinstance(result, tuple) else result)

        return module.register_forward_hook(hook)

    def into(name: str, module: Any) -> Any:
        return module.register_forward_pre_hook(lambda _m, inputs: recorder.put(name, inputs[0]))

    def norm(name: str, module: Any) -> Any:
        """Layer norm is one fused operation: its inner steps (Ba et al. 2016, eq. 4) come from its input."""

        def hook(_m: Any, inputs: Any, result: torch.Tensor) -> None:
            mean = inputs[0].mean(-1, keepdim=True)
            std = (inputs[0].var(-1, unbiased=False, keepdim=True) + module.eps).sqrt()
            recorder.put(f"{name}.mean", mean[..., 0])
            recorder.put(f"{name}.std", std[..., 0])
            recorder.put(f"{name}.normalized", (inputs[0] - mean) / std)
            recorder.put(f"{name}.out", result)

        return module.register_forward_hook(hook)

    gpt2: Any = model.transformer  # torch types a submodule as Tensor | Module
    yield output("embed.token", gpt2.wte)
    yield output("embed.position", gpt2.wpe)
    yield into("embed.sum", gpt2.drop)
    for index, layer in enumerate(gpt2.h):
        yield into(block(index, "resid_pre"), layer)
        yield norm(block(index, "ln1"), layer.ln_1)
        yield into(block(index, "attn.concat"), layer.attn.c_proj)
        yield output(block(index, "attn.out"), layer.attn)
        yield into(block(index, "resid_mid"), layer.ln_2)
        yield norm(block(index, "ln2"), layer.ln_2)
        yield output(block(index, "mlp.pre"), layer.mlp.c_fc)
        yield output(block(index, "mlp.act"), layer.mlp.act)
        yield output(block(index, "mlp.out"), layer.mlp)
        yield output(block(index, "resid_post"), layer)
    yield norm("ln_f", gpt2.ln_f)


def _generate(
    model: GPT2LMHeadModel, ids: list[int], logits: Array, sampling: Sampling, steps: int
) -> dict[str, Array]:
    """Chooses `steps` tokens, the first from `logits`, (V), the others each from a pass of their own."""
    draws = sampling.draws(steps)
    ids, rows, probabilities, chosen = list(ids), [], [], []
    for step in range(steps):
        if step:
            logits = model(torch.tensor([ids]), use_cache=False).logits[0, -1].numpy()
        probability = sampling.distribution(logits).astype(np.float32)
        chosen.append(sampling.choose(probability, float(draws[step])))
        rows.append(logits)
        probabilities.append(probability)
        ids.append(chosen[-1])
    return {
        "generated.logits": np.stack(rows),
        "generated.probability": np.stack(probabilities),
        "generated.draw": draws,
        "generated.token": np.array(chosen, dtype=np.int32),
    }


def _head_attribution(model: Any, tensors: dict[str, Array], token: int) -> Array:
    """What each head carries from earlier tokens to the score of the chosen one: (block, head), in logits.

    Direct logit attribution (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"),
    taken over the earlier positions alone: Σ_{j<T-1} pattern[T-1, j] · v_j, through W_O and the final layer
    norm (its spread held as it was), onto the token's unembedding row minus the mean row. A one-token prompt
    has no earlier position, so there its own counts.
    """
    unembedding = model.lm_head.weight  # (V, D)
    direction = (unembedding[token] - unembedding.mean(0)) * model.transformer.ln_f.weight
    direction = (direction - direction.mean()) / float(
        tensors["ln_f.std"][-1]
    )  # layer norm takes out the mean
    result = []
    for index, layer in enumerate(model.transformer.h):
        pattern = tensors[block(index, "attn.pattern")][:, -1]  # (head, key)
        value = tensors[block(index, "attn.v")]  # (head, key, head width)
        earlier = slice(0, max(1, pattern.shape[1] - 1))
        carried = np.einsum("hj,hjk->hk", pattern[:, earlier], value[:, earlier])
        output = layer.attn.c_proj.weight.reshape(*carried.shape, -1)  # (head, head width, D)
        result.append(np.einsum("hk,hk->h", carried, (output @ direction).numpy()))
    return np.stack(result).astype(np.float32)
