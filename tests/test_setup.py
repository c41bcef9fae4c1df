"""The commands in bin/: what bin/lesson hands to the program, and that all that is needed is pinned."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from renders.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """bin/lesson in a place with a space in its name, with a set-up that does nothing and a program that
    prints its arguments, each between brackets."""
    root = tmp_path / "a place"
    executable(root / "bin/lesson", (ROOT / "bin/lesson").read_text())
    executable(root / "bin/setup", "#!/bin/sh\nexit 0\n")
    executable(root / ".venv/bin/llm-lesson", '#!/bin/sh\nprintf "[%s]\\n" "$@"\n')
    return root


def arguments(project: Path, *given: str) -> list[str]:
    """What the program gets when bin/lesson is called from another folder."""
    command = [str(project / "bin/lesson"), *given]
    printed = subprocess.run(command, cwd="/", capture_output=True, text=True, check=True).stdout
    return re.findall(r"\[(.*?)\]\n", printed, re.DOTALL)


@pytest.mark.parametrize(
    "prompt",
    ["What will be", "", " ", "$(touch x) `id`", "a \"b\" 'c' \\ *", "two\nlines", "checkers", "-", "été 🐈"],
)
def test_a_prompt_arrives_unchanged(project: Path, prompt: str) -> None:
    assert arguments(project, prompt, "--fps", "30") == [prompt, "--fps", "30"]


def test_a_command_of_the_program_is_passed_on(project: Path) -> None:
    assert arguments(project, "check", "renders/out/x") == ["check", "renders/out/x"]
    assert arguments(project, "make", "--", "check") == ["make", "--", "check"]
    assert arguments(project, "--", "--version") == ["--", "--version"]
    assert arguments(project) == ["--help"]


@pytest.mark.parametrize("asked", [["-h"], ["--help"], []])
def test_help_needs_no_set_up(tmp_path: Path, asked: list[str]) -> None:
    executable(tmp_path / "bin/lesson", (ROOT / "bin/lesson").read_text())
    executable(tmp_path / "renders/cli/main.py", (ROOT / "renders/cli/main.py").read_text())
    run = subprocess.run([tmp_path / "bin/lesson", *asked], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("Makes a lesson;")
    assert "Commands: " + ", ".join(COMMANDS) + "." in run.stdout
    assert not (tmp_path / ".venv").exists()


def test_a_link_to_the_command_works(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "lesson"
    link.symlink_to(project / "bin/lesson")
    assert subprocess.run([link, "models"], capture_output=True, text=True, check=True).stdout == "[models]\n"


def test_a_failed_set_up_stops_the_lesson(project: Path) -> None:
    executable(project / "bin/setup", "#!/bin/sh\nexit 2\n")
    done = subprocess.run([project / "bin/lesson", "Hi"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")


def test_every_dependency_is_pinned() -> None:
    def name(requirement: str) -> str:
        return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")

    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *project["dependency-groups"]["dev"],
    ]
    assert {name(requirement) for requirement in needed} <= {name(line) for line in lines}


def test_an_unknown_option_of_the_set_up_is_refused() -> None:
    done = subprocess.run([ROOT / "bin/setup", "--fast"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "--fast" in done.stderr
    assert done.stdout == ""


PIP = """#!/usr/bin/env bash
case $* in
    *"install --help"*) echo "--group" ;;
    *"index versions torch"*"--index-url"*) [[ $FAKE == cpu ]] && echo "torch ($TORCH+cpu)" ;;
    *"index versions torch"*) [[ $FAKE == mirror ]] && echo "torch ($TORCH+cpu)" ;;
esac
"""
PYTHON = f"""#!/usr/bin/env bash
case $* in
    "-m venv "*) for place; do :; done
        mkdir -p "$place/bin"; ln -sf "$0" "$place/bin/python"; echo "command = $place" >"$place/pyvenv.cfg"
        cp "$(dirname "$0")/pip" "$place/bin/pip" ;;
    *cairo*|*torch*) ;;
    *) exec {sys.executable} "$@" ;;
esac
"""


@pytest.mark.parametrize(
    ("fake", "downloads"), [("mirror", ["450 MB"]), ("cpu", ["200 MB", "250 MB"]), ("neither", ["3 GB"])]
)
def test_the_set_up_says_once_how_much_it_downloads(tmp_path: Path, fake: str, downloads: list[str]) -> None:
    """With a pip that finds PyTorch for the CPU on a mirror, on PyTorch's own index, or nowhere."""
    for name in ("bin/setup", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    executable(tmp_path / "fake/pip", PIP)
    executable(tmp_path / "fake/python", PYTHON)
    (torch,) = re.findall(r"^torch==(.*)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    settings = {"PYTHON": str(tmp_path / "fake/python"), "FAKE": fake, "TORCH": torch}
    done = subprocess.run(
        ["bash", tmp_path / "bin/setup"], env={**os.environ, **settings}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert re.findall(r"about ([\d.]+ [MG]B)", done.stderr) == downloads


def test_no_word_names_a_registry_where_we_are_not() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in tracked.stdout.split("\0"):
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".txt", ".yaml", "") and path.is_file():
            wrong = re.findall(r"install [^\n]*llm-lesson\[[^\n]*", path.read_text(errors="replace"))
            assert not wrong or path.samefile(__file__), (name, wrong)
