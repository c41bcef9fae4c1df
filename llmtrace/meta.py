"""What a trace says of itself: kept as JSON in its file's header."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from llmtrace.errors import SettingError, TraceFileError
from llmtrace.sampling import Sampling

BUNDLED = "gpt2-pocket"  # the model that ships, and every default
BUNDLED_FOLDER = Path(__file__).parent / "bundled"
EXAMPLE = BUNDLED_FOLDER / "example.safetensors"  # a trace of it
FORMAT = 4
KEY = "llmtrace"  # in safetensors' metadata
SUMS = "llmtrace.crc32"  # of the metadata, then of the tensors in the order of their names; 8 digits each


@dataclass(frozen=True)
class ModelCard:
    """What is to be known of the model that a trace was taken from."""

    name: str
    sha256: str  # of the weights' files
    blocks: int
    heads: int
    width: int
    head_width: int
    mlp_width: int
    context: int
    vocabulary: int
    parameters: int
    activation: str
    layer_norm_eps: float
    score_scale: tuple[float, ...]  # what each block multiplies its scores by, usually 1/√K
    family: str = "gpt2"  # transformers' name of the architecture
    key_heads: int = 0  # heads of keys and values; 0 means as many as of queries
    windows: tuple[int, ...] = ()  # positions that a block's queries see at most; 0, or none given: all
    parallel: bool = False  # attention and feed-forward read the stream side by side
    ends: tuple[int, ...] = ()  # the ids that end a text: after one of them nothing more is chosen

    @property
    def layer_norm(self) -> bool:
        """Whether its norms are layer norms; else they are RMS norms."""
        return self.family in ("gpt2", "gpt_neox")

    @property
    def small_block(self) -> bool:
        """Whether one block's attention weights take a mebibyte at most: then all heads' are kept."""
        heads = 2 * (self.heads + (self.key_heads or self.heads))
        return 4 * heads * self.head_width * self.width <= 1 << 20

    @property
    def small_feed_forward(self) -> bool:
        """Whether a block's two feed-forward matrices take two mebibytes at most: then both are kept."""
        return not self.gated and 4 * 2 * self.width * self.mlp_width <= 2 << 20

    @property
    def rotary(self) -> bool:
        """Whether positions turn queries and keys; else they are a learned table."""
        return self.family != "gpt2"

    @property
    def gated(self) -> bool:
        """Whether its feed-forward has a gate."""
        return not self.layer_norm


class Info(NamedTuple):
    """One tensor of a trace, known without reading it."""

    name: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    about: str


@dataclass(frozen=True)
class Spelling:
    """How a tokenizer read a prompt, as far as the tokens' bytes, joined, are not its own."""

    added: tuple[int, ...] = ()  # the places of tokens that its template put in
    normalizers: tuple[str, ...] = ()  # by name, what changed the text before it was cut into tokens
    text: str | None = None  # the text as they left it; None: as it was
    unknown: int | None = None  # the id that stands for what the vocabulary lacks
    loose: bool = False  # white space between words may be dropped or put in


@dataclass(frozen=True)
class Meta:
    """A trace's metadata."""

    model: ModelCard
    prompt: str | None  # None when the trace was taken from ids
    spans: tuple[tuple[int, int], ...]  # each token's bytes in the prompt's UTF-8
    sampling: Sampling
    dtype: str  # in which numbers that are not whole are kept: float32 or float16
    libraries: dict[str, str] = field(default_factory=dict)
    steps: str = "first"  # which steps keep all tensors: first, last or all
    only: tuple[str, ...] = ()  # patterns of the names that were kept; empty for all
    spelling: Spelling = Spelling()
    query: int | None = None  # the place of the token that is looked at; None: the last one
    key: int | None = None  # and of the one that answers it; None: the one that it weighs most
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, header: str, path: Path) -> Meta:
        """Raises `TraceFileError`, naming `path`. Formats 1 to 3 are read too: they have less to say."""
        try:
            raw: dict[str, Any] = json.loads(header)
            if raw["format"] not in range(1, FORMAT + 1):
                raise TraceFileError(
                    f"{path}: format {raw['format']}, this version reads up to {FORMAT}; "
                    "trace the prompt again, or update llm-lesson"
                )
            raw["only"] = tuple(raw.get("only", ()))
            card = raw.pop("model")
            card["score_scale"] = tuple(card["score_scale"])
            card["windows"] = tuple(card.get("windows", ()))
            card["ends"] = tuple(card.get("ends", ()))
            spelling = raw.get("spelling") or {"loose": True}
            for name in ("added", "normalizers"):
                spelling[name] = tuple(spelling.get(name, ()))
            raw["spelling"] = Spelling(**spelling)
            if any(not isinstance(raw.get(name), int | None) for name in ("query", "key")):
                raise TypeError("query and key are places")
            raw["spans"] = tuple((start, end) for start, end in raw["spans"])
            raw["sampling"] = Sampling(**raw["sampling"])
            return cls(model=ModelCard(**card), **raw)
        except (KeyError, TypeError, ValueError, SettingError) as error:
            raise TraceFileError(f"{path}: its header is damaged ({error!r}); make the trace again") from None
