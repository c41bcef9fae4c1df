"""Which command is meant, and that it loads no more than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import run

from renders.cli.main import COMMANDS, main
from renders.errors import RequestError
from renders.request import VideoRequest


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys; from renders.cli.main import main\n"
        f"try: main({[*command, '--help']!r})\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'torch', 'transformers', 'manim', 'piper'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "Usage:" in result.stdout


def test_what_needs_no_model_loads_none(tmp_path: Path) -> None:
    """Lists, and errors that can be known beforehand, are there at once: each in a process of its own."""
    unneeded = "{'torch', 'transformers', 'tokenizers', 'manim', 'piper', 'av', 'scipy', 'distributed'}"
    for command in (
        ["models"],
        ["voices"],
        ["chapters"],
        ["cache"],
        ["make", "Hi", "--chapters", "atention"],
        ["make", "Hi", "--model", "gpt3"],
        ["make", "Hi", "--music", "nowhere.mp3"],
        ["listen", "Hi", "--model", "./nowhere"],
        ["script", "Hi", "--ids", "1"],
        ["check", "nowhere"],
        ["inspect", "nowhere"],
        ["docter"],
        ["batch", "nowhere.csv"],
    ):
        code = (
            "import sys; from renders.cli.main import main\n"
            f"try: main({command!r})\n"
            "except SystemExit as end: pass\n"
            f"loaded = {unneeded} & set(sys.modules)\n"
            "assert not loaded, loaded"
        )
        result = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert result.returncode == 0, (command, result.stderr)
        assert result.stdout or result.stderr


@pytest.mark.parametrize(
    ("word", "meant"), [("docter", "doctor"), ("modles", "models"), ("lisen", "listen"), ("Check", "check")]
)
def test_a_misspelt_command_is_asked_about(word: str, meant: str) -> None:
    status, stdout, stderr = run(word, "--json")
    assert (status, stdout) == (2, "")
    assert stderr == (
        f"llm-lesson: {word}: is no command; did you mean {meant}? "
        f"If it is your prompt: llm-lesson make {word}\n"
    )


def test_a_command_that_comes_later_is_said_to() -> None:
    status, stdout, stderr = run("studio")
    assert (status, stdout, stderr.count("\n")) == (2, "", 1)
    assert stderr.startswith("llm-lesson: studio: the page to make lessons from comes later; ")
    assert "If it is your prompt: llm-lesson make studio" in stderr


@pytest.mark.parametrize(
    ("arguments", "prompt"),
    [
        (["What will be"], "What will be"),
        (["models of the world"], "models of the world"),
        (["Hello"], "Hello"),
        (["checkers"], "checkers"),
        (["--", "--version"], "--version"),
        (["--quality", "draft", "Hi"], "Hi"),
        (["make", "docter"], "docter"),
    ],
)
def test_what_is_no_command_is_a_prompt(
    arguments: list[str], prompt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = []

    def build(request: VideoRequest, _: object) -> None:
        prompts.append(request.prompt)
        raise RequestError("enough")

    monkeypatch.setattr("renders.build.build", build)
    assert run(*arguments)[2] == "llm-lesson: enough\n"
    assert prompts == [prompt]


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for target, arguments in (
        ("renders.build.build", ["make", "Hi"]),
        ("renders.listen.listen", ["listen", "Hi"]),
        ("llmtrace.capture", ["trace", "Hi", "--out", "t.safetensors"]),
    ):
        monkeypatch.setattr(target, stop)
        assert run(*arguments) == (130, "", "llm-lesson: stopped\n")


@pytest.mark.parametrize(
    ("line", "offers"),
    [("llm-lesson mo", "models"), ("llm-lesson make --qual", "--quality"), ("llm-lesson docter ", "doctor")],
)
def test_a_shell_completes_what_is_typed(line: str, offers: str) -> None:
    shell = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_LLM_LESSON_COMPLETE": "bash_complete"}
    done = CliRunner().invoke(main, env=shell, prog_name="llm-lesson")
    assert done.exit_code in (0, 1)
    assert done.stderr == ""
    assert f"plain,{offers}" in done.stdout
