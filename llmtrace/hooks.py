"""The recording of one forward pass: hooks on the model's modules, and our function inside its attention."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

import numpy as np
import torch
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from llmtrace.errors import SettingError
from llmtrace.meta import ModelCard
from llmtrace.names import block, matches, wanted
from llmtrace.parts import Parts
from llmtrace.store import Array, Store

_INTERFACE = "llmtrace"
EXACT = ("generated.*", "heads.*")  # stay float32 in a float16 trace: the choice hangs on them


class Recorder:
    """Hands a pass's tensors on to a store, under their names.

    `only`: patterns of the names that are wanted; empty for all. `without`: names that are not, whatever the
    patterns say. `dtype`: float32 or float16. What later stages need of a pass is kept in `last`, whatever is
    wanted: each block's carried values and stream at the last position, what its neurons put out for the
    token at `query`, and the final norm's spread.
    """

    def __init__(
        self, store: Store, only: Sequence[str] = (), dtype: str = "float32", without: Collection[str] = ()
    ) -> None:
        self._store, self._only, self._dtype, self._without = store, tuple(only), dtype, without
        self._names: list[str] = []
        self.query = -1  # the place of the token that is looked at
        self.prefix: str | None = ""  # of the pass that runs; None records nothing
        self.keeps_last = False
        self.last: dict[str, torch.Tensor] = {}

    def wants(self, name: str) -> bool:
        return name not in self._without and wanted(name, self._only)

    def missed(self) -> list[str]:
        """The patterns that no tensor had a name for."""
        return [p for p in self._only if not any(matches(name, p) for name in self._names)]

    def put(self, name: str, array: Array) -> None:
        """One array that is wanted under its full name."""
        if not self.wants(name):
            return
        if array.dtype == np.float32 and self._dtype == "float16" and not _matches(name, EXACT):
            with np.errstate(over="ignore"):
                small = array.astype(np.float16)
            if np.isinf(small).sum() != np.isinf(array).sum():
                raise SettingError(f"{name}: has numbers that float16 cannot hold; leave --dtype out")
            array = small
        self._store.put(name, array)
        self._names.append(name)

    def take(self, name: str, tensor: torch.Tensor) -> None:
        """A tensor of the pass, (1, …), without its batch axis."""
        if self.prefix is not None and self.wants(self.prefix + name):
            self.put(self.prefix + name, tensor.detach()[0].float().numpy())

    def keep(self, name: str, tensor: torch.Tensor) -> None:
        """What a later stage needs of the first pass."""
        if self.keeps_last:
            self.last[name] = tensor.detach().clone()


_recorder: Recorder | None = None


@contextmanager
def recording(model: Any, card: ModelCard, recorder: Recorder, others: Iterable[Any] = ()) -> Iterator[None]:
    """Passes of the model are recorded while the block runs; then it is as it was.

    `others`: handles of hooks that are put on as they are asked for, and taken off with ours.
    """
    global _recorder
    before = model.config._attn_implementation
    training = [module for module in model.modules() if module.training]
    AttentionInterface.register(_INTERFACE, _attend)
    AttentionMaskInterface.register(_INTERFACE, eager_mask)
    with ExitStack() as stack:
        stack.callback(model.set_attn_implementation, before)
        model.set_attn_implementation(_INTERFACE)
        for module in training:
            module.training = False
            stack.callback(setattr, module, "training", True)
        for handle in chain(_hooks(Parts(model), card, recorder), others):
            stack.callback(handle.remove)
        _recorder = recorder
        try:
            yield
        finally:
            _recorder = None


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Causal attention (Vaswani et al. 2017, eq. 1) in the models' eager arithmetic, each stage recorded.

    Where several heads of queries share one of keys and values, those are repeated for each of them.
    """
    shared = query.shape[1] // key.shape[1]
    keys, values = (t.repeat_interleave(shared, 1) if shared > 1 else t for t in (key, value))
    scores = torch.matmul(query, keys.transpose(-1, -2))  # (batch, head, query, key)
    scaled = scores * scaling
    length = query.shape[-2]
    if attention_mask is None:
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
    else:
        future = attention_mask[..., :length, :length] < 0
    masked = scaled.masked_fill(future, float("-inf"))
    pattern = torch.softmax(masked, dim=-1)
    context = torch.matmul(pattern, values)  # (batch, head, query, head width)
    if _recorder is not None:
        index = int(module.layer_idx)
        stages = {"q": query, "k": key, "v": value, "scores": scores, "scaled": scaled, "masked": masked}
        for name, tensor in {**stages, "pattern": pattern, "context": context}.items():
            _recorder.take(block(index, f"attn.{name}"), tensor)
        earlier = slice(0, max(1, length - 1))  # a one-token prompt has no earlier position but its own
        carried = pattern[0, :, -1:, earlier] @ values[0, :, earlier]  # (head, 1, head width)
        _recorder.keep(f"carried.{index}", carried[:, 0])
    return context.transpose(1, 2), pattern


def _hooks(parts: Parts, card: ModelCard, recorder: Recorder) -> Iterator[Any]:
    """Puts the hooks on and gives their handles."""
    take, family = recorder.take, parts.family

    def output(name: str, module: Any, shown: Callable[[Any], torch.Tensor] = lambda t: t) -> Any:
        def hook(_m: Any, _inputs: Any, result: Any) -> None:
            take(name, shown(result[0] if isinstance(result, tuple) else result))

        return module.register_forward_hook(hook)

    def into(name: str, module: Any) -> Any:
        def hook(_m: Any, inputs: Any, named: Any) -> None:
            take(name, inputs[0] if inputs else named["hidden_states"])

        return module.register_forward_pre_hook(hook, with_kwargs=True)

    yield output("embed.token", parts.embedding)
    if family.positions and family.embedding_sum:
        yield output("embed.position", getattr(parts.body, family.positions))
        yield into("embed.sum", getattr(parts.body, family.embedding_sum))
    if family.rotary:
        yield _rotary(getattr(parts.body, family.rotary), recorder)
    for index, layer in enumerate(parts.blocks):
        attention, (ln1, ln2) = parts.attention(index), parts.norms(index)
        mlp = layer.mlp

        def named(name: str, index: int = index) -> str:
            return block(index, name)

        yield into(named("resid_pre"), layer)
        yield _norm(named("ln1"), ln1, recorder)
        for letter in "qk" if family.rotary else "":
            yield output(named(f"attn.{letter}_unrotated"), *_unrotated(attention, letter, card.head_width))
        yield into(named("attn.concat"), getattr(attention, family.projection))
        yield output(named("attn.out"), attention)
        if not getattr(layer, "use_parallel_residual", False):  # else both read the stream side by side
            yield into(named("resid_mid"), ln2)
        yield _norm(named("ln2"), ln2, recorder)
        yield output(named("mlp.gate" if family.up else "mlp.pre"), getattr(mlp, family.expansion))
        yield output(named("mlp.act"), getattr(mlp, family.activation))
        if family.up:
            yield output(named("mlp.up"), getattr(mlp, family.up))
            yield into(named("mlp.gated"), getattr(mlp, family.contraction))
        yield _keep_fired(index, getattr(mlp, family.contraction), recorder)
        yield output(named("mlp.out"), mlp)
        yield output(named("resid_post"), layer)
        yield layer.register_forward_hook(_keep_stream(index, recorder))
    yield _norm("ln_f", parts.final_norm, recorder)


def _unrotated(attention: Any, letter: str, width: int) -> tuple[Any, Callable[[torch.Tensor], torch.Tensor]]:
    """The module that makes queries or keys, and how its output becomes (1, heads, T, K)."""

    def heads(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.reshape(*tensor.shape[:2], -1, width).transpose(1, 2)

    def of_three(tensor: torch.Tensor) -> torch.Tensor:  # head by head, its query, key and value
        by_head = tensor.reshape(*tensor.shape[:2], -1, 3, width)
        return by_head[..., "qkv".index(letter), :].transpose(1, 2)

    for name in (f"{letter}_norm", f"{letter}_proj"):  # Qwen 3 norms each head's queries and keys
        if hasattr(attention, name):
            return getattr(attention, name), heads
    return attention.query_key_value, of_three


def _keep_fired(index: int, contraction: Any, recorder: Recorder) -> Any:
    """What the block's neurons put out for the token that is looked at, (F)."""

    def hook(_m: Any, inputs: Any) -> None:
        recorder.keep(f"fired.{index}", inputs[0][0, recorder.query])

    return contraction.register_forward_pre_hook(hook)


def _keep_stream(index: int, recorder: Recorder) -> Callable[..., None]:
    def hook(_m: Any, _inputs: Any, result: Any) -> None:
        stream = result[0] if isinstance(result, tuple) else result
        recorder.keep(f"stream.{index}", stream[0, -1])

    return hook


def _norm(name: str, module: Any, recorder: Recorder) -> Any:
    """A norm is one operation: its inner steps are worked out again from its input, layer norm's by the same
    kernel without its gain.

    Layer norm (Ba et al. 2016, eq. 4) takes out the mean, RMS norm (Zhang & Sennrich 2019, eq. 4) does not.
    """
    layer = isinstance(module, torch.nn.LayerNorm)

    def hook(_m: Any, inputs: Any, result: torch.Tensor) -> None:
        x = inputs[0]
        if layer:
            normalized, mean, inverse = torch.native_layer_norm(
                x, module.normalized_shape, None, None, module.eps
            )
            size = inverse.reciprocal()
            recorder.take(f"{name}.mean", mean[..., 0])
            recorder.take(f"{name}.std", size[..., 0])
            recorder.take(f"{name}.normalized", normalized)
        else:
            size = (x.pow(2).mean(-1, keepdim=True) + module.variance_epsilon).sqrt()
            recorder.take(f"{name}.rms", size[..., 0])
            recorder.take(f"{name}.normalized", x / size)
        recorder.take(f"{name}.out", result)
        if name == "ln_f":
            recorder.keep("size", size[0, -1, 0])

    return module.register_forward_hook(hook)


def _rotary(module: Any, recorder: Recorder) -> Any:
    def hook(_m: Any, _inputs: Any, result: tuple[torch.Tensor, torch.Tensor]) -> None:
        recorder.take("rotary.cos", result[0])
        recorder.take("rotary.sin", result[1])

    return module.register_forward_hook(hook)
