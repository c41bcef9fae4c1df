"""A model's name → a loaded model: the bundled one, a local folder, or a hub id."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
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
from llmtrace.errors import FamilyError, HubError, UnknownModelError, WeightsError
from llmtrace.families import FAMILIES, card
from llmtrace.merges import Ranks, merge_ranks
from llmtrace.trace import Array, ModelCard

BUNDLED = "gpt2-pocket"
BUNDLED_FOLDER = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class Known:
    """A model that goes by a short name. Parameters and bytes as its publisher states them."""

    name: str
    parameters: str
    download: str
    about: str


KNOWN = (
    Known(
        BUNDLED,
        "6.9 M",
        "none",
        "ships with llm-lesson; trained by us on old books, WordNet's sentences and small stories",
    ),
    Known("distilgpt2", "82 M", "0.35 GB", "Hugging Face's distilled GPT-2, Apache-2.0"),
    Known("gpt2", "124 M", "0.55 GB", "OpenAI's GPT-2 small, MIT"),
    Known("gpt2-medium", "355 M", "1.5 GB", "OpenAI's GPT-2 medium, MIT"),
    Known("gpt2-large", "774 M", "3.2 GB", "OpenAI's GPT-2 large, MIT"),
    Known("gpt2-xl", "1.6 B", "6.4 GB", "OpenAI's GPT-2 XL, MIT"),
)
# What is fetched from a hub: data alone, never code, and no pickled weights.
_WANTED = [
    "config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
]


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


def load_model(name: str = BUNDLED) -> LoadedModel:
    """Loads a decoder by its short name, its folder or its hub id; raises `ModelError`.

    No code from a model's folder or repository is ever run, and only safetensors weights are read.
    """
    folder = _folder(name)
    config = _config(folder, name)
    if config.get("model_type") not in FAMILIES:
        raise FamilyError(
            f"{name}: its architecture is {config.get('model_type', 'unknown')!r}, and those that are traced "
            f"are {', '.join(FAMILIES)}; try --model {BUNDLED}"
        )
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise WeightsError(
            f"{name}: no *.safetensors in {folder}; pickled weights are not read, so convert them "
            "with transformers' save_pretrained first"
        )
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
        raise WeightsError(f"{name}: the model does not load ({_one_line(error)})") from error
    missing = sorted(loading["missing_keys"])
    if missing:  # the loader would fill them with random numbers
        raise WeightsError(
            f"{name}: its weights lack {missing[0]}{f' and {len(missing) - 1} more' if missing[1:] else ''}, "
            f"which its config.json asks for; download the model again"
        )
    model.eval()
    shown = name if name in {known.name for known in KNOWN} else folder.name if Path(name).is_dir() else name
    return LoadedModel(model, _tokenizer(folder, name), card(model, shown, _digest(weights)))


def _folder(name: str) -> Path:
    if name == BUNDLED:
        return BUNDLED_FOLDER
    if Path(name).is_dir():
        return Path(name)
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or not name.strip():
        raise UnknownModelError(
            f"{name}: no such folder; 'llm-lesson models' lists the models that have a name"
        )
    known = [model.name for model in KNOWN]
    if "/" not in name and name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "'llm-lesson models' lists the models that have a name"
        raise UnknownModelError(f"{name}: no such model or folder; {hint}")
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars

    if not os.environ.get("LLM_LESSON_PROGRESS"):
        disable_progress_bars()
    try:
        return Path(snapshot_download(name, allow_patterns=_WANTED))
    except Exception as error:  # the hub client's errors have no common base
        raise HubError(
            f"{name}: cannot be fetched from the model hub ({_one_line(error)}); "
            f"check the name and the network, or use --model {BUNDLED}, which needs neither"
        ) from error


def _config(folder: Path, name: str) -> dict[str, object]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeightsError(f"{name}: no config.json in {folder}, so it is no model folder") from None
    except (OSError, ValueError) as error:
        raise WeightsError(f"{name}: {folder / 'config.json'} cannot be read ({_one_line(error)})") from None
    if not isinstance(config, dict):
        raise WeightsError(f"{name}: {folder / 'config.json'} does not hold a model's configuration")
    return config


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
        raise WeightsError(f"{name}: its tokenizer cannot be read ({_one_line(error)})") from error
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


def _digest(weights: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def _one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
