"""What there is to choose from: for people in 80 columns, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from click.testing import CliRunner

from llmtrace.known import KNOWN
from renders.cli.main import main
from scenes import CHAPTERS
from voiceover.voices import voices


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("command", ["chapters", "models", "voices", "doctor", "cache"])
def test_a_list_fits_a_terminal_and_leaves_nothing_out(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run(command).splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("…" in line for line in lines if "sha256" not in line and "kokoro:…" not in line)
    letters = "".join("".join(lines).split())
    for row in json.loads(run(command, "--json")) if command != "cache" else []:
        assert "".join((row.get("name") or row["what"]).split()) in letters


def test_json_holds_what_the_lists_say() -> None:
    def rows(command: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(run(command, "--json"))
        return found

    assert [row["name"] for row in rows("chapters")] == list(CHAPTERS)
    assert rows("chapters")[0]["title"]["de"] == "Was kommt als Nächstes?"
    assert rows("models") == [asdict(model) for model in KNOWN]
    assert rows("voices") == json.loads(json.dumps([asdict(voice) for voice in voices()]))
    assert all(row["well"] == (not row["remedy"]) for row in rows("doctor"))


def test_licences_are_told_on_request() -> None:
    assert "GPL-3.0" not in run("voices")
    told = run("voices", "--licences")
    for voice in voices():
        assert f"{voice.name}: {voice.licence}" in told
    assert "MIT" not in run("models")
    told = run("models", "--licences")
    for model in KNOWN:
        assert f"{model.name}: {model.licence}" in told


def test_where_a_german_neural_voice_is_to_be_had() -> None:
    assert "de_DE" in run("voices")
    assert "https://" in run("voices")


def test_doctor_says_what_it_looks_at() -> None:
    from renders.cli.doctor import examine

    told: list[str] = []
    seen = [len(told) for _ in examine(told.append)]
    assert {"torch", "manim", "the model", "the voices"} <= set(told)
    assert seen == sorted(seen)
    assert len(set(seen)) > 5  # as it goes, not at the end
