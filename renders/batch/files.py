"""The files that options name, written so that they mean the same wherever a lesson is made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llmtrace.meta import BUNDLED
from renders.errors import RequestError
from renders.values import chosen_chapters
from scenes import own


def anywhere(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as JSON keeps them, each relative path made absolute: a worker has a folder of its own.

    So is "~/…", which no shell has expanded in a table's cell. Raises `RequestError` for a relative path
    where nothing is. An absolute one may be there on the workers alone, and is left to them.
    """
    plain = {name: str(v) if isinstance(v, Path) else v for name, v in options.items()}
    if plain.get("model"):
        plain["model"] = _model(plain["model"])
    if plain.get("voice"):
        plain["voice"] = _voice(plain["voice"])
    for name in ("music", "trace"):
        if plain.get(name):
            plain[name] = _absolute(f"--{name}", plain[name])
    if plain.get("chapters"):
        plain["chapters"] = _chapters(plain["chapters"])
    return plain


def _chapters(listed: str) -> str | list[str]:
    """A text of names as it is; with a folder among them their list, since a path may have a comma in it."""
    chosen = chosen_chapters(listed) or ()
    return list(chosen) if any(map(own.is_folder, chosen)) else listed


def _model(name: str) -> str:
    """A folder's path; the names of models and the ids of a hub stay as they are."""
    if name != BUNDLED and (Path(name).is_dir() or name.startswith((".", "~")) or name.count("/") > 1):
        return _absolute("--model", name)
    return name


def _voice(name: str) -> str:
    """The files of a voice, which follow its kind and a colon, or are its whole name; other names stay."""
    kind, _, given = name.partition(":")
    if kind == "recordings":
        return f"{kind}:{_absolute('--voice', given)}"
    if kind == "kokoro":
        model, table, *speaker = given.split(",", 2) if "," in given else (given, "")
        files = [_absolute("--voice", file) for file in (model, table) if file]
        return f"{kind}:{','.join([*files, *speaker])}"
    return _absolute("--voice", name) if name.lower().endswith(".onnx") else name


def _absolute(option: str, path: str) -> str:
    path = os.path.expanduser(path)  # noqa: PTH111  (which leaves "~nobody" as it is)
    if Path(path).is_absolute():
        return path
    if not Path(path).exists():
        raise RequestError(f"{option} {path}: no such file or folder in {Path.cwd()}")
    return str(Path(path).absolute())
