"""`llm-lesson inspect`: what it lists, what it prints, and what it refuses in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from llmtrace.visible import visible
from renders.cli.main import main
from renders.inspect.selection import written


def inspect(*arguments: str | Path, path: Path = EXAMPLE) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["inspect", str(path), *map(str, arguments)], env={"COLUMNS": "200"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def printed(*arguments: str | Path, path: Path = EXAMPLE) -> str:
    status, out, err = inspect(*arguments, path=path)
    assert (status, err) == (0, "")
    return out


def parsed(*arguments: str) -> Any:
    return json.loads(printed(*arguments, "--json"))


def test_the_table_has_every_tensor_under_a_pattern(example: Trace) -> None:
    lines = printed("block.*.attn.*").splitlines()
    assert lines[-1].startswith("“What will be” · gpt2-pocket · 3 tokens")
    assert sorted(line.split()[0] for line in lines[1:-1]) == sorted(example.names("block.*.attn.*"))


def test_without_a_pattern_alike_tensors_share_a_row_and_rows_follow_the_path(example: Trace) -> None:
    rows = [line.split() for line in printed().splitlines()[1:-1]]
    names = [row[0] for row in rows]
    assert names.index("tokens") < names.index("embed.token") < names.index("block.*.resid_pre")
    assert (
        names.index("block.*.attn.q") < names.index("block.*.attn.pattern") < names.index("block.*.mlp.pre")
    )
    assert names.index("block.*.resid_post") < names.index("ln_f.mean") < names.index("logits")
    assert {name for pattern in names for name in example.names(pattern)} == set(example.names())
    (shared,) = (row for row in rows if row[0] == "block.*.attn.scores")
    scores = np.stack([example[f"block.{i:02d}.attn.scores"] for i in range(6)])
    assert shared[1:3] == ["6", "×"]
    assert [written(scores.min()), written(scores.max())] == shared[14:16]


def test_a_row_says_axes_shape_type_size_and_range(example: Trace) -> None:
    row = printed("block.01.attn.masked").splitlines()[1]
    masked = example["block.01.attn.masked"]
    finite = masked[np.isfinite(masked)]
    ends = written(finite.min()), written(finite.max())
    assert row.split()[:17] == [
        *("block.01.attn.masked", "H", "T", "T", "8", "×", "3", "×", "3", "float32", "288", "B"),
        *(*ends, "24", "×", "−∞"),
    ]


def test_the_table_as_json(example: Trace) -> None:
    rows = {row["name"]: row for row in parsed()["tensors"]}
    assert set(rows) == set(example.names())
    row = rows["block.01.attn.masked"]
    assert (row["axes"], row["shape"]) == (["H", "T", "T"], [8, 3, 3])
    assert (row["dtype"], row["bytes"]) == ("float32", 288)
    assert row["below"] == 24
    assert row["least"] == example["block.01.attn.scaled"][:, [0, 1, 1, 2, 2, 2], [0, 0, 1, 0, 1, 2]].min()


def test_part_of_a_name_finds_it() -> None:
    assert len(printed("pattern").splitlines()) == 2 + 6


@pytest.mark.parametrize(
    ("index", "where"),
    [
        ("0,2,1", np.s_[0, 2, 1]),
        ("-1,-1,-3", np.s_[-1, -1, -3]),
        ("0,1", np.s_[0, 1]),
        ("2", np.s_[2]),
        ("0:3,-1", np.s_[0:3, -1]),
        (":,0,1:", np.s_[:, 0, 1:]),
        ("1:100", np.s_[1:100]),
        (" 1 , -2: ", np.s_[1, -2:]),
        ("", np.s_[:]),
    ],
)
def test_an_index_is_numpys(example: Trace, index: str, where: Any) -> None:
    values = parsed("--name", "block.02.attn.pattern", "--index", index)["values"]
    np.testing.assert_array_equal(np.array(values, dtype=np.float32), example["block.02.attn.pattern"][where])


def test_a_single_number_is_printed_in_full(example: Trace) -> None:
    value = example["block.02.attn.pattern"][3, 2, 0]
    out = printed("--name", "block.02.attn.pattern", "--index", "3,-1,0")
    assert out == f"block.02.attn.pattern[3, 2, 0] = {value}\n"
    assert np.float32(out.split()[-1]) == value


def test_a_row_over_positions_has_its_tokens(example: Trace) -> None:
    lines = printed("--name", "block.02.attn.pattern", "--index", "3,2").splitlines()
    assert lines[0] == "block.02.attn.pattern[3, 2]: softmax, each row sums to 1; block 3, head 4"
    assert lines[1] == "T 3, float32"
    assert [line.split() for line in lines[3:]] == [
        [str(i), token, str(example["block.02.attn.pattern"][3, 2, i])]
        for i, token in enumerate(["What", "␣will", "␣be"])
    ]


@pytest.mark.parametrize("name", ["generated.token", "lens.02.token", "tokens", "weight.unembedding_token"])
def test_ids_are_printed_with_their_words(example: Trace, name: str) -> None:
    lines = printed("--name", name).splitlines()[2:]
    for line, token in zip(lines[1:], example[name].tolist(), strict=True):
        assert line.split()[1:] == [visible(example.token_bytes(token) or b""), str(token)]


def test_a_matrix_of_ids_is_one_of_words(example: Trace) -> None:
    said = printed("--name", "neighbours.token")
    for token in example["neighbours.token"][:, 0].tolist():
        assert visible(example.token_bytes(token) or b"") in said
    assert str(example["neighbours.token"][0, 0]) not in said
    assert "words stand for ids; --json has the ids" in said
    one = example["neighbours.token"][1, 2]
    assert printed("--name", "neighbours.token", "--index", "1,2").split()[-2:] == [
        str(one),
        visible(example.token_bytes(int(one)) or b""),
    ]


def test_a_range_keeps_the_labels_of_its_places() -> None:
    out = printed("--name", "block.02.attn.pattern", "--index", "0,1:3,2")
    assert [line.split()[:2] for line in out.splitlines()[3:]] == [["1", "␣will"], ["2", "␣be"]]


def test_a_matrix_has_labels_on_both_sides_and_says_what_is_cut(example: Trace) -> None:
    lines = printed("--name", "block.02.attn.masked", "--index", "1").splitlines()
    assert lines[2].split() == ["What", "␣will", "␣be"]
    row = example["block.02.attn.masked"][1, 1]
    assert lines[4].split() == ["␣will", written(row[0]), written(row[1]), "−∞"]
    wide = printed("--name", "embed.token")
    assert "of 256 along model width are shown" in wide


def test_all_heads_are_named() -> None:
    out = printed("--name", "block.02.attn.pattern")
    assert [line for line in out.splitlines() if line.startswith("head")] == [
        f"head {i + 1}" for i in range(8)
    ]


def test_a_long_vector_over_the_vocabulary_shows_its_largest(example: Trace) -> None:
    lines = printed("--name", "logits").splitlines()
    order = np.argsort(-example["logits"], kind="stable")
    assert [int(line.split()[0]) for line in lines[3:-1]] == order[:40].tolist()
    assert f"the 40 largest of {example.meta.model.vocabulary:,}" in lines[-1]


def test_numbers_as_json_are_exact_and_name_what_json_has_not() -> None:
    masked = parsed("--name", "block.02.attn.masked", "--index", "0,0")["values"]
    assert masked[1:] == ["-inf", "-inf"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--name", "block.2.attn.patern"], "did you mean block.02.attn.pattern"),
        (["--name", "xyzzy"], "lists them"),
        (["--name", "tokens", "--index", "3"], "axis T (positions) has 0 to 2, or -3 to -1"),
        (["--name", "tokens", "--index", "-4"], "has 0 to 2"),
        (["--name", "tokens", "--index", "0,0"], "2 indices for 1 axes; it has the axes T"),
        (["--name", "tokens", "--index", "one"], "whole numbers and ranges"),
        (["--name", "tokens", "--index", "0:1:2"], "whole numbers and ranges"),
        (["--name", "tokens", "--index", "0.5"], "whole numbers and ranges"),
        (["--name", "tokens", "--index", "0,"], "2 indices for 1 axes"),
        (["--name", "tokens", "--index", "2:1"], "holds nothing of axis T"),
        (["--name", "tokens", "--index", "5:9"], "holds nothing of axis T"),
        (["--index", "0"], "need --name"),
        (["--plot", "x.png"], "need --name"),
        (["zzz*"], "no tensor has such a name"),
        (["--name", "tokens", "--index", "0", "--plot", "x.png"], "is a single number"),
        (["--name", "tokens", "--plot", "/proc/no/x.png"], "name another file with --plot"),
    ],
)
def test_refusals(arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = inspect(*arguments)
    assert status == 2
    assert out == ""
    assert says in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_trace_is_named(tmp_path: Path) -> None:
    status, _, err = inspect(path=tmp_path / "none.safetensors")
    assert status == 2
    assert "no such trace" in err


def test_a_lessons_folder_serves_as_well(example: Trace, tmp_path: Path) -> None:
    example.save(tmp_path / "trace.safetensors")
    assert "token" in printed("tokens", path=tmp_path)


def test_a_plot_is_written_and_named(tmp_path: Path) -> None:
    file = tmp_path / "new" / "p.png"
    assert printed("--name", "block.02.attn.pattern", "--index", "0", "--plot", file).startswith(str(file))
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert picture.width > 300
    assert [path.name for path in file.parent.iterdir()] == ["p.png"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-3.0, "−3"), (0.25, "0.250"), (-12.345, "−12.35"),
        (123.45, "123.5"), (12345.6, "12,346"), (1e9, "1.00e9"), (1.5e-5, "1.50e−5"),
        (np.inf, "∞"), (-np.inf, "−∞"), (np.nan, "NaN"), (np.int32(50257), "50257"), (np.int32(-1), "−1"),
    ],
)  # fmt: skip
def test_written(value: float, text: str) -> None:
    assert written(value) == text
