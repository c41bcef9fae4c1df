"""HTML from templates that escape whatever is put into them, under a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment(folder: Path = _TEMPLATES) -> Environment:
    """Of a folder's templates. Escapes every value; a missing field is an error, never an empty place."""
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return found


def rendered(template: str, *, style: str = "", scripts: tuple[str, ...] = (), **fields: Any) -> str:
    """A template filled in; `style` and `scripts` name files beside it, which are put inside."""
    own = {"style": _file(style) if style else "", "script": _script(scripts) if scripts else ""}
    hashes = {f"{kind}_hash": _hash(text) for kind, text in own.items()}
    inside = {kind: Markup(text) for kind, text in own.items()}
    return environment().get_template(template).render(**fields, **inside, **hashes)


def _script(names: tuple[str, ...]) -> str:
    """Scripts as one, whose names are no page's."""
    return "(() => {\n'use strict';\n" + "".join(map(_file, names)) + "})();\n"


@cache
def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline script or style (CSP level 2, 5.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
