"""A model's name → its folder, fetched from a hub where it must be; torch is not needed for that."""

from __future__ import annotations

import os
import re
from pathlib import Path

from llmtrace.errors import HubError, UnknownModelError
from llmtrace.known import KNOWN
from llmtrace.meta import BUNDLED, BUNDLED_FOLDER
from llmtrace.suggest import did_you_mean, nearest

# What is fetched from a hub: data alone, never code, and no pickled weights.
_WANTED = [
    *("config.json", "generation_config.json", "*.safetensors", "*.safetensors.index.json"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("vocab.json", "merges.txt", "vocab.txt", "tokenizer.model"),
]
_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")  # of an owner's model
_LIST = "'llm-lesson models' lists the models that have a name"
# Why the hub does not give a model, by the names of its client's errors.
_WHY = {
    "GatedRepoError": "the model hub asks for leave on the model's page; then log in with 'hf auth login'",
    "RepositoryNotFoundError": "the model hub has none of this name that all may see; check the name",
    "LocalEntryNotFoundError": "the model hub cannot be reached; check the network",
    "OfflineModeIsEnabled": "the model hub is not asked, as HF_HUB_OFFLINE is set; download it elsewhere",
}


def find(name: str) -> Path:
    """A model's folder, by its short name, path or hub id; raises `UnknownModelError` and `HubError`."""
    if name == BUNDLED:
        return BUNDLED_FOLDER
    path = Path(os.path.expanduser(name.strip() or "no name"))  # noqa: PTH111  (which leaves "~nobody" as it is)
    if path.is_dir():
        return path
    known = [model.name for model in KNOWN]
    if name not in known and (wrong := _no_folder(name, path, known)):
        raise UnknownModelError(f"{name}: {wrong}")
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars

    if not os.environ.get("LLM_LESSON_PROGRESS"):
        disable_progress_bars()
    try:
        return Path(snapshot_download(name, allow_patterns=_WANTED))
    except Exception as error:  # the hub client's errors have no common base
        why = _WHY.get(type(error).__name__) or f"the model hub does not give it ({_first_line(error)})"
        here = "" if name in known else "there is no such folder, and "
        raise HubError(f"{name}: {here}{why}, or use --model {BUNDLED}, which needs neither") from error


def shown(name: str) -> str:
    """What a model is called: a folder by its own name, a hub's by its id, all others by theirs."""
    path = Path(os.path.expanduser(name))  # noqa: PTH111
    if name in {known.name for known in KNOWN} or not path.is_dir():
        return name
    parts = Path(os.path.abspath(path)).parts  # noqa: PTH100  (a link keeps the name that its owner gave it)
    if parts[-2:-1] == ("snapshots",) and parts[-3].startswith("models--"):  # a hub's own cache
        return parts[-3].removeprefix("models--").replace("--", "/")
    return parts[-1].strip("/") or "the model"


def _no_folder(name: str, path: Path, known: list[str]) -> str | None:
    """Why a name can only be that of a folder that is not there; None where it may be a hub id."""
    if path.is_file():
        return "is a file; give the folder that it is in"
    near = _near(path)
    if _HUB_ID.fullmatch(name) and not path.parent.is_dir():
        return f"no such folder; did you mean {near}?" if near else None
    if "/" not in name and name.strip():
        hint = f"did you mean {near}?" if near else did_you_mean(name, known, _LIST)
        return f"no such model or folder; {hint}"
    return f"no such folder; {f'did you mean {near}?' if near else _LIST}"


def _near(path: Path) -> str | None:
    """The folder of a model whose path is nearly this one."""
    near = Path(path.anchor) if path.anchor else Path()
    for part in path.relative_to(path.anchor).parts if path.anchor else path.parts:
        if not (near / part).is_dir():
            there = [child.name for child in _children(near)]
            if not (found := nearest(part, there, cutoff=0.7)):
                return None
            part = found[0]
        near = near / part
    return str(near) if (near / "config.json").is_file() else None


def _children(folder: Path) -> list[Path]:
    try:
        return [child for child in folder.iterdir() if child.is_dir()]
    except OSError:
        return []


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
