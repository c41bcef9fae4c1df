"""`bench publish`: every product is made by its command and measured, and what is over a limit is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import commands
import pytest
from click.testing import CliRunner
from editions import edition_of
from films import film

from llmtrace.trace import Trace
from renders.bench import publish
from renders.bench.publish import Cost, page_sizes
from renders.cli.main import main


@pytest.fixture(scope="module")
def measured(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of a lesson, its stills left out, with commands that are called here."""
    folder = tmp_path_factory.mktemp("lesson") / "made"
    film(example, folder, ("tokens",))

    def ran(*arguments: str) -> tuple[float, float]:
        if arguments[0] == "still":
            Path(arguments[-1]).write_text("<svg/>")
        else:
            assert commands.run(*arguments)[0] == 0, arguments
        return 2.5, 9.0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "ran", ran)
        done = CliRunner().invoke(main, ["bench", "publish", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_product_has_its_bytes_and_seconds(measured: dict[str, Any]) -> None:
    costs = {cost["what"]: cost for cost in measured["costs"]}
    made = [what for what, cost in costs.items() if cost["processor"] is not None]
    assert sum(what.startswith("clip tokens") for what in made) == 8
    assert {
        "still tokens, svg",
        "publish: the page",
        "publish --one-file",
        "publish --youtube",
        "post",
    } < set(made)
    assert all(cost["bytes"] > 0 for cost in costs.values())
    page = costs["publish: the page"]
    assert (page["seconds_most"], page["verdict"]) == (2.0, "miss: seconds")
    assert costs["  its script"]["bytes"] <= 8_192
    assert not measured["ok"]


def test_it_prints_a_row_for_each(measured: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "measure", lambda *_: measured)
    done = CliRunner().invoke(main, ["bench", "publish"])
    assert done.exit_code == 0
    row = next(line for line in done.output.splitlines() if "publish: the page" in line)
    assert "miss: seconds" in row
    assert "of “What will be”" in done.output


def test_what_stands_still_and_what_flies_are_measured_apart(example: Trace, tmp_path: Path) -> None:
    edition = edition_of(example, tmp_path / "lesson", ("tokens", "overview"))
    parts = publish._parts(edition)
    tokens, _ = edition.manifest.chapters
    assert parts.beat in {f"tokens:{beat.name}" for beat in tokens.beats[1:-1]}
    assert [beat.partition(":")[0] for beat in parts.flying] == ["overview"]
    assert publish._parts(edition_of(example, tmp_path / "flat", ("tokens",))).flying == ()


@pytest.mark.parametrize(
    ("cost", "says"),
    [
        (Cost("a", 10, 10, 3.0, 9.0, 3.0), "pass"),
        (Cost("a", 11, 10, 3.0, 9.0, 3.0), "miss: size"),
        (Cost("a", 9, 10, 3.1, 3.0, 3.0), "miss: seconds"),
        (Cost("a", 11, 10, 3.1, 9.0, 3.0), "miss: size and seconds"),
        (Cost("a", 11, None, 3.1, 9.0), ""),
    ],
)
def test_a_verdict_is_by_the_limits(cost: Cost, says: str) -> None:
    assert cost.verdict == says


def test_a_page_is_weighed_in_parts() -> None:
    page = (
        "<style>a{}</style><div data-said>words</section>"
        '<script id="lesson" type="application/json">{"ü":1}</script><script>let a</script>'
    )
    sizes = page_sizes(page)
    assert (sizes["style"], sizes["transcript"], sizes["data"], sizes["script"]) == (3, 5, 8, 5)
    assert sizes["page"] == len(page.encode()) - 13
