"""The wheel: what is installed on other machines has all that a lesson needs."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("llmtrace", "scenes", "voiceover", "renders")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("llm_lesson-*.whl")
    return made


def test_every_file_of_the_packages_is_in_it(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tracked = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    needed = {name for name in tracked if not name.startswith("renders/gallery/")}
    assert needed <= names
    assert {"llmtrace/bundled/model.safetensors", "llmtrace/bundled/example.safetensors"} <= names
    assert {"scenes/words.toml", "scenes/tokens/words.toml"} <= names
    assert not {name for name in names if name.startswith(("tests/", "renders/out", "renders/gallery"))}


def test_what_it_asks_for_is_what_we_test_with(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    assert {line.split()[-1] for line in lines if line.startswith("Provides-Extra")} == {
        "voice",
        "kokoro",
        "cluster",
    }
    assert "Classifier: Private :: Do Not Upload" in lines


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["chapters"], "attention"),
        (["voices"], "en_US-joe-medium"),
        (["check", "EXAMPLE"], "all is as the trace says"),
        (["listen", "Hi", "--chapters", "tokens", "--voice", "silent", "--out", "sound"], "lesson.m4a"),
        (["trace", "What will be", "--out", "t.safetensors"], "3 tokens"),
        (["script", "What will be", "--language", "de"], "Token"),
    ],
)
def test_it_runs_away_from_the_repository(wheel: Path, tmp_path: Path, command: list[str], says: str) -> None:
    installed = wheel.parent / "installed"
    if not installed.exists():
        zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import sys, llmtrace, scenes, voiceover, renders; from renders.cli.main import main; "
        "here = [m.__file__ for m in (llmtrace, scenes, voiceover, renders)]; "
        f"assert all(file.startswith({str(installed)!r}) for file in here), here; sys.exit(main())"
    )
    place = {"PYTHONPATH": str(installed), "LLM_LESSON_CACHE": str(tmp_path / "cache")}
    example = str(installed / "llmtrace" / "bundled" / "example.safetensors")
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *(example if word == "EXAMPLE" else word for word in command)],
        cwd=tmp_path,
        env={**os.environ, **place},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
