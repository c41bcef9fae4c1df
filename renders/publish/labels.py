"""Words of the pages and files that are read, in every language: `words.toml` beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from scenes.locale import Locale
from scenes.template import Field, fields, parsed

_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def label(locale: Locale, key: str, **values: object) -> str:
    """Words such as "page.transcript" with their fields filled in."""
    parts = parsed(_WORDS[key][locale.language])
    return "".join(str(values[part.name]) if isinstance(part, Field) else str(part) for part in parts)


def words(locale: Locale, product: str) -> dict[str, str]:
    """All words of a product that have no field, by what stands behind its name and a point."""
    keys = (key for key in _WORDS if key.startswith(f"{product}."))
    plain = {key: text for key in keys if not fields(text := _WORDS[key][locale.language])}
    return {key.partition(".")[2]: text for key, text in plain.items()}
