"""A model is called by its folder's name; a name that is none says so in one line, without loading torch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import pytest
from refused import LFS, change_config, refusal

from llmtrace.errors import HubError, UnknownModelError
from llmtrace.meta import BUNDLED
from llmtrace.models import load_model


def test_a_folder_is_called_by_its_own_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "sub").mkdir()
    link = folder.parent / "link"
    link.symlink_to(folder)
    named = {
        ".": "mine",
        "./": "mine",
        "sub/..": "mine",
        f"{folder}/": "mine",
        "../mine": "mine",
        str(link): "link",
    }
    assert {name: load_model(name).card.name for name in named} == named


def test_a_folder_of_the_hubs_cache_is_called_by_its_id(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "hub" / "models--someone--tiny-gpt2" / "snapshots"
    home.mkdir(parents=True)
    shutil.copytree(folder, home / "607a30d783dfa663")
    assert load_model(str(home / "607a30d783dfa663")).card.name == "someone/tiny-gpt2"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("models/my-gpt", "models/my-gpt2"),
        ("model/my-gpt2", "models/my-gpt2"),
        ("models/nothing", None),
        ("my-gpt2s", "my-gpt2"),
        ("./my-gpt2s", "my-gpt2"),
        ("models/my gpt2", "models/my-gpt2"),
    ],
)
def test_a_mistyped_folder_is_called_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, near: str | None
) -> None:
    def asked(*_: object, **__: object) -> str:
        raise AssertionError("asked the hub")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", asked)
    monkeypatch.chdir(folder.parent)
    shutil.copytree(folder, "models/my-gpt2")
    shutil.copytree(folder, "my-gpt2")
    said = refusal(name, UnknownModelError)
    assert said.startswith(f"{name}: no such ")
    assert "folder" in said
    assert f"did you mean {near}?" in said if near else "did you mean" not in said


def test_a_file_is_no_folder(folder: Path) -> None:
    path = folder / "model.safetensors"
    assert refusal(path, UnknownModelError) == f"{path}: is a file; give the folder that it is in"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("GatedRepoError", "log in with 'hf auth login'"),
        ("RepositoryNotFoundError", "the model hub has none of this name"),
        ("LocalEntryNotFoundError", "the model hub cannot be reached; check the network"),
        ("OfflineModeIsEnabled", "as HF_HUB_OFFLINE is set"),
    ],
)
def test_what_the_hub_says_is_said_in_our_words(
    monkeypatch: pytest.MonkeyPatch, kind: str, says: str
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise type(kind, (Exception,), {})("401 Client Error. (Request ID: Root=1-68)\nmany lines")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    said = refusal("someone/something", HubError)
    assert said.startswith("someone/something: there is no such folder, and the model hub ")
    assert says in said
    assert "Request ID" not in said
    assert said.endswith(f"or use --model {BUNDLED}, which needs neither")


def test_nothing_of_torch_is_loaded_for_an_error_that_needs_no_model(folder: Path) -> None:
    """Which is why such an error comes at once."""
    change_config(folder, n_head=3)
    lfs = folder.parent / "lfs"
    shutil.copytree(folder, lfs)
    (lfs / "model.safetensors").write_bytes(LFS)
    code = f"""
import sys
from llmtrace import Sampling, TraceError, capture, load_model
from llmtrace.known import KNOWN
for ask in (
    lambda: capture(""), lambda: capture([]), lambda: capture("x", new_tokens=0),
    lambda: capture("x", "gtp2"), lambda: capture("x", "no/such/folder"),
    lambda: capture("x", dtype="float17"), lambda: Sampling(temperature=-1),
    lambda: load_model({str(folder)!r}), lambda: load_model({str(lfs)!r}),
):
    try:
        ask()
    except TraceError:
        continue
    raise SystemExit("no error")
heavy = {{"torch", "transformers", "tokenizers", "huggingface_hub"}} & set(sys.modules)
raise SystemExit(f"loaded {{heavy}}" if heavy else 0)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert run.returncode == 0, run.stderr
