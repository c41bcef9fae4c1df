"""Terminals of all kinds: with encodings that lack our signs, and hardly wider than a letter."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from renders.cli.main import main
from renders.cli.reporters import LiveReporter
from renders.terminal import console, legible
from scenes.stage import EXAMPLE

PROMPT = "“für” 日本…"
COMMANDS: dict[str, tuple[list[str], int]] = {
    "make": (["make", PROMPT, "--model", "gpt3…", "--out", "OUT"], 2),
    "listen": (["listen", PROMPT, "--voice", "…", "--out", "OUT"], 2),
    "script": (["script", PROMPT], 0),
    "record-sheet": (["record-sheet", PROMPT, "--out", "OUT"], 0),
    "trace": (["trace", PROMPT, "--out", "OUT/…/t.safetensors"], 0),
    "check": (["check", str(EXAMPLE)], 0),
    "inspect": (["inspect", str(EXAMPLE)], 0),
    "inspect of one": (["inspect", str(EXAMPLE), "--name", "block.02.attn.pattern"], 0),
    "inspect of a vector": (["inspect", str(EXAMPLE), "--name", "logits"], 0),
    "clip": (["clip", "…", PROMPT], 2),
    "still": (["still", "…", PROMPT], 2),
    "publish": (["publish", "…"], 2),
    "post": (["post", "…/…"], 2),
    "feed": (["feed", "…", "--base-url", "https://example.org"], 2),
    "sheet": (["sheet", "…"], 2),
    "batch": (["batch", "…"], 2),
    "chapters": (["chapters"], 0),
    "models": (["models"], 0),
    "voices": (["voices"], 0),
    "doctor": (["doctor"], 0),
    "cache": (["cache"], 0),
    "bench": (["bench", "…"], 2),
    "help": (["make", "--help"], 0),
}


def test_every_command_is_tried() -> None:
    assert {arguments[0] for arguments, _ in COMMANDS.values()} == set(
        main.list_commands(click.Context(main))
    )


@pytest.mark.parametrize("case", COMMANDS)
@pytest.mark.parametrize("charset", ["ascii", "latin-1"])
def test_any_terminal_can_print_what_is_said(
    case: str, charset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, status = COMMANDS[case]
    monkeypatch.setenv("COLUMNS", {"ascii": "1", "latin-1": "2"}[charset])
    arguments = [argument.replace("OUT", str(tmp_path / "out")) for argument in arguments]
    done = CliRunner(charset=charset).invoke(main, arguments)
    assert done.exit_code == status, done.exception
    written = "utf-8" if charset == "ascii" else charset  # click takes ASCII for a mistake, and writes UTF-8
    assert done.stdout_bytes.decode(written) or done.stderr_bytes.decode(written)


@pytest.mark.parametrize(
    ("charset", "printed"),
    [
        ("ascii", 'f\\xfcr..."\\u65e5"x'),
        ("latin-1", 'für..."\\u65e5"×'),
        ("cp1252", "für…“\\u65e5”×"),
        ("utf-8", "für…“日”×"),
    ],
)
def test_signs_of_ours_are_typed_and_letters_are_told_apart(
    charset: str, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a prompt nothing is left out or guessed: ü is not u."""
    content = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(content, encoding=charset))
    legible()
    print("für…“日”×", flush=True)
    assert content.getvalue().decode(charset) == printed + "\n"


@pytest.mark.parametrize("columns", ["1", "2", "39"])
def test_progress_in_a_narrow_terminal(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    legible()
    reporter = LiveReporter(console(stderr=True))
    reporter.stage("frames")
    reporter.total(10, exact=False)
    reporter.drawn("tokens", 4)
    reporter.note("a remark")
    reporter.close()
