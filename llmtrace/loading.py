"""A folder → a model that is ready to run, with its tokenizer and its card."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel
from transformers import logging as transformers_logging

from llmtrace import tokens as text
from llmtrace.embedding import lengths
from llmtrace.errors import WeightsError
from llmtrace.folder import digest, one_line
from llmtrace.merges import Ranks, merge_ranks
from llmtrace.meta import ModelCard
from llmtrace.parts import card
from llmtrace.store import Array


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to run on the CPU in float32, its tokenizer (None when it has none) and its card."""

    model: PreTrainedModel
    tokenizer: Tokenizer | None
    card: ModelCard

    @cached_property
    def entries(self) -> list[bytes] | None:
        """The bytes of every token; None without a tokenizer."""
        return None if self.tokenizer is None else text.vocabulary(self.tokenizer, self.card.vocabulary)

    @cached_property
    def unembedding_mean(self) -> torch.Tensor:
        """The mean row of the unembedding, (D), kept: to read the whole table takes a good part of a pass."""
        with torch.no_grad():
            mean: torch.Tensor = self.model.get_output_embeddings().weight.mean(0)
        return mean

    @cached_property
    def embedding_lengths(self) -> Array:
        """The length of each row of the embedding, (V), kept for the same reason."""
        return lengths(self.model.get_input_embeddings().weight.detach().float().numpy())

    @cached_property
    def merge_ranks(self) -> Ranks:
        """The tokenizer's merges; see `llmtrace.merges`."""
        return {} if self.tokenizer is None else merge_ranks(self.tokenizer)


def load(folder: Path, name: str, shown: str) -> LoadedModel:
    """Loads what is in a folder; `name` is what it was asked for by, `shown` what its card says."""
    weights = sorted(folder.glob("*.safetensors"))
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        asked, there = _parameters(folder), _numbers(weights)
        if asked > 2 * there:  # before the loader takes the memory for them
            raise WeightsError(
                f"{name}: its config.json asks for {asked:,} parameters, and its weights have {there:,}; "
                "they do not belong together, so download the model again"
            )
        model, loading = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except WeightsError:
        raise
    except Exception as error:  # whatever a damaged folder makes the loader raise
        raise WeightsError(f"{name}: the model does not load ({one_line(error)})") from error
    missing = sorted(loading["missing_keys"])
    if missing:  # the loader would fill them with random numbers
        raise WeightsError(
            f"{name}: its weights lack {missing[0]}{f' and {len(missing) - 1} more' if missing[1:] else ''}, "
            f"which its config.json asks for; download the model again"
        )
    model.eval()
    return LoadedModel(model, _tokenizer(folder, name), card(model, shown, digest(weights)))


def _tokenizer(folder: Path, name: str) -> Tokenizer | None:
    try:
        if (folder / "tokenizer.json").is_file():
            return Tokenizer.from_file(str(folder / "tokenizer.json"))
        if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
            merges = BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt"))
            tokenizer = Tokenizer(merges)
            tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
            return tokenizer
    except Exception as error:  # tokenizers raises bare Exception
        raise WeightsError(f"{name}: its tokenizer cannot be read ({one_line(error)})") from error
    return None


def _parameters(folder: Path) -> int:
    """How many parameters a folder's config.json describes, counted without making them."""
    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    return sum(p.numel() for p in model.parameters())


def _numbers(weights: Sequence[Path]) -> int:
    """How many numbers the weights' files hold."""
    total = 0
    for path in weights:
        with safe_open(path, framework="np") as file:
            total += sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
    return total
