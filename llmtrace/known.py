"""The models that go by a short name."""

from __future__ import annotations

from dataclasses import dataclass

from llmtrace.meta import BUNDLED


@dataclass(frozen=True)
class Known:
    """A model that goes by a short name. Parameters and bytes as its publisher states them."""

    name: str
    parameters: str
    download: str
    about: str
    licence: str
    language: str = "en"  # that it reads, ISO 639-1


KNOWN = (
    Known(
        BUNDLED,
        "9.0 M",
        "none",
        "ships with llm-lesson; trained by us on books, everyday sentences and children's stories",
        "MIT; its texts: public domain, CC0, CC BY, WordNet licence (bundled/CARD.md)",
    ),
    Known("distilgpt2", "82 M", "0.35 GB", "Hugging Face's distilled GPT-2", "Apache-2.0"),
    Known("gpt2", "124 M", "0.55 GB", "OpenAI's GPT-2 small", "MIT"),
    Known("gpt2-medium", "355 M", "1.5 GB", "OpenAI's GPT-2 medium", "MIT"),
    Known("gpt2-large", "774 M", "3.2 GB", "OpenAI's GPT-2 large", "MIT"),
    Known("gpt2-xl", "1.6 B", "6.4 GB", "OpenAI's GPT-2 XL", "MIT"),
)
