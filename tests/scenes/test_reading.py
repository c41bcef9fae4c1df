"""A reading: which value, in which words; and that it can be made again from what it says of itself."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest

from llmtrace.trace import Trace, block
from scenes.forms import FORM
from scenes.how import HOW, TIMES, strongest
from scenes.locale import Locale
from scenes.reading import Reader, Reading, slice_of

PROBABILITY = "generated.probability"
EN = Locale("en")


@pytest.mark.parametrize(
    ("source", "index", "how", "value"),
    [
        ("logits", (1,), "at", -1234.5),
        (PROBABILITY, (0, 1), "at", 0.25),
        (PROBABILITY, (1,), "size", 4),
        (PROBABILITY, (0,), "size", 2),
        (PROBABILITY, (), "count", 8),
        ("heads.attribution", (0,), "argmax", 1),
        ("heads.attribution", (1,), "argmax", 1),
        (PROBABILITY, (0, 0), "ranked", 0),
        (PROBABILITY, (0, 1), "ranked", 1),  # ties come in the order of their ids
        (PROBABILITY, (0, 2), "ranked", 2),
        (PROBABILITY, (1, 0), "ranked", 3),
        (PROBABILITY, (0, 0), "rest", 0.5),
        (PROBABILITY, (0, 0, 2), "rest", 0.25),
        (PROBABILITY, (0, 0, 1, 2, 3), "rest", 0.0),
        ("heads.attribution", (), "largest", 3.0),
        ("heads.attribution", (), "total", -0.5),
        ("heads.attribution", (0,), "total", -2.0),
        ("heads.attribution", (0, 2), "span", 2),
        ("heads.attribution", (1, 9), "span", 2),
        ("heads.attribution", (0, 0), "span", 0),
        ("tokens", (2,), "place", 2),
        ("tokens", (1, 4), "beside", 5),
        ("tokens", (1, -1), "beside", 0),
        ("tokens", (0, 2), "spelled", "é\n"),
        ("tokens", (2, 3), "spelled", "\ufffd"),  # bytes that are no character
        ("heads.attribution", (2,), "column", 2),
        ("meta.model.parameters", (), "meta", 1_234_567),
        ("meta.model.mlp_width", (), "pages", 2),
        ("meta.model.vocabulary", (), "pages", 3),  # the last one not full
        ("meta.prompt", (), "words", 2),
        ("meta.prompt", (), "characters", 3),  # "a b": spaces as they are shown
        (PROBABILITY, (10,), "number", 10),
        (PROBABILITY, (0, 1), "mass", 0.5),
        (PROBABILITY, (0, 3), "mass", 1.0),
        (PROBABILITY, (0, 1), "beyond", 0.5),
        (PROBABILITY, (0, 5), "nucleus", 1),  # half of the whole is one token's
        (PROBABILITY, (0, 6), "nucleus", 2),
        (PROBABILITY, (0, 10), "nucleus", 3),
        ("heads.attribution × logits", (0, 0, 4), "product", -3.0 * 0.999),
    ],
)
def test_how(made_up: Trace, source: str, index: tuple[int, ...], how: str, value: float) -> None:
    assert Reader(made_up, EN)(source, *index, how=how).value == value


def test_the_bound_of_a_colour_scale_is_a_percentile_of_what_is_finite(made_up: Trace) -> None:
    bound = Reader(made_up, EN)("block.00.attn.masked", how="bound").value
    assert bound == pytest.approx(np.percentile([1, 4, 2], 98))


def test_a_table_may_have_a_scale_of_its_own_up_to_its_strongest(made_up: Trace) -> None:
    bound = Reader(made_up, EN)("block.00.attn.masked", 0, 1, how="strongest").value
    assert bound == pytest.approx(np.percentile([4, 2], 95))
    assert Reader(made_up, EN)("generated.probability", 0, how="strongest").value == pytest.approx(0.4625)
    assert Reader(made_up, EN)("meta.model.width", how="clipped").percent().text == "5%"
    assert strongest(np.zeros(4)) == strongest(np.full(2, np.inf)) == 1.0


def test_an_agreement_is_the_cosine_of_two_rows(made_up: Trace) -> None:
    read, source = Reader(made_up, EN), "heads.attribution"
    one, other = made_up[source].astype(np.float64)
    expected = (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())
    assert read(source, 0, 1, how="agreement").value == pytest.approx(expected)
    assert read(source, 1, 1, how="agreement").value == pytest.approx(1.0)


def test_softmax_goes_by_gaps_heights_and_a_temperature(made_up: Trace) -> None:
    read, source = Reader(made_up, EN), "heads.attribution"
    row = made_up[source][1].astype(np.float64)  # three entries, the second the largest
    assert read(source, 1, 0, how="gap").value == row[0] - row[1]
    assert read(source, 1, 1, how="gap").value == 0
    assert read(source, 1, 0, how="height").value == pytest.approx(np.exp(row[0] - row[1]))
    assert read(source, 1, how="heights").value == pytest.approx(np.exp(row - row[1]).sum())
    assert read(source, 5, how="tenths").value == 0.5
    assert read(source, 1, how="above").value == 2
    assert read(source, 1, how="mean").value == pytest.approx(0.5)
    assert read(source, 1, how="spread").value == pytest.approx(np.sqrt(((row - 0.5) ** 2).mean()))
    cold = np.exp(row / 0.5)
    assert read(source, 1, 0, 5, how="tempered").value == pytest.approx(cold[0] / cold.sum())


def test_how_many_numbers_a_trace_holds(made_up: Trace) -> None:
    total = sum(made_up[name].size for name in made_up.names())
    assert Reader(made_up, EN)("trace", how="values").value == total > 0


def test_what_each_part_of_the_stream_writes_adds_up_to_the_logit(traced: Callable[..., Trace]) -> None:
    trace = traced("three tokens")
    read, last = Reader(trace, EN), trace.length - 1
    blocks = range(trace.meta.model.blocks)
    parts = ["embed.sum", *(block(i, f"{part}.out") for i in blocks for part in ("attn", "mlp"))]
    total = sum(read(part, last, how="written").value for part in parts)
    total += read("ln_f.bias", how="shifted").value
    likeliest = read("generated.logits", 0, 0, how="ranked").value
    assert total == pytest.approx(float(trace["generated.logits"][0, likeliest]), rel=1e-4)


def test_a_published_models_parameters_are_counted_from_its_shape(made_up: Trace) -> None:
    read = Reader(made_up, EN)
    assert read("published.GPT-3", how="parameters").rounded().text == "175 billion"
    assert read("published.GPT-3", how="fold").value == 174_604_259_328 // 1_234_567
    with pytest.raises(KeyError):
        read("published.GPT-9", how="parameters")


def test_a_heads_measures_are_means_of_its_weights(traced: Callable[..., Trace]) -> None:
    trace = traced("repeated")  # "The dog saw the dog that saw the dog"
    source, head = block(1, "attn.pattern"), 2
    pattern, tokens = trace[source][head].astype(np.float64), trace["tokens"].tolist()
    later = range(2, len(tokens))
    copies = {q: [k for k in range(q) if tokens[k] == tokens[q]] for q in later}
    wanted = {
        "previous": np.mean([pattern[q, q - 1] for q in later]),
        "first": np.mean([pattern[q, 0] for q in later]),
        "itself": np.mean([pattern[q, q] for q in later]),
        "copy": np.mean([sum(pattern[q, k] for k in same) for q, same in copies.items() if same]),
    }
    read = Reader(trace, EN)
    for how, value in wanted.items():
        assert read(source, head, how=how).value == pytest.approx(value)
    single = traced("three tokens")  # no word stands twice
    assert Reader(single, EN)(source, head, how="copy").value == 0


def test_what_the_mask_keeps_from_a_query_and_how_deep_scores_go(traced: Callable[..., Trace]) -> None:
    trace = traced("three tokens")
    read, source = Reader(trace, EN), block(1, "attn.scaled")
    row = np.exp(trace[source][2, 0].astype(np.float64))
    assert read(source, 2, 0, how="ahead").value == pytest.approx(row[1:].sum() / row.sum())
    assert read(source, 2, trace.length - 1, how="ahead").value == 0
    scores = trace[source][2].astype(np.float64)
    gaps = scores.max(axis=1, keepdims=True) - scores
    assert read(source, 2, how="depth").value == pytest.approx(np.percentile(gaps, 95))


def test_how_far_a_vector_moves(traced: Callable[..., Trace]) -> None:
    trace = traced("three tokens")
    read, before, after = Reader(trace, EN), block(0, "resid_pre"), block(0, "resid_mid")
    a, b = trace[before][1].astype(np.float64), trace[after][1].astype(np.float64)
    assert read(before, 1, how="norm").value == pytest.approx(np.sqrt((a**2).sum()))
    angle = (a @ b) / np.sqrt((a @ a) * (b @ b))
    assert read(f"{before}{TIMES}{after}", 1, how="cosine").value == pytest.approx(angle)


def test_every_way_is_tried_above() -> None:
    tried = {
        "at", "size", "count", "argmax", "ranked", "rest", "bound", "strongest", "product", "largest", "span",
        "beside", "characters", "agreement", "column", "meta", "pages", "clipped",
        "place", "spelled", "total", "words",
        "gap", "height", "heights", "tempered", "tenths", "mean", "spread", "above", "written", "shifted",
        "parameters", "fold",
        "previous", "first", "itself", "copy", "ahead", "depth", "norm", "cosine",
        "number", "mass", "beyond", "nucleus", "values",
    }  # fmt: skip
    assert set(HOW) == tried


def test_a_reading_says_where_it_comes_from(made_up: Trace) -> None:
    assert Reader(made_up, EN)(PROBABILITY, 1, 3).percent(1) == Reading(
        text="99.1%", source=PROBABILITY, index=(1, 3), how="at", form="percent:1"
    )


def test_methods_and_forms_are_the_same_things(made_up: Trace) -> None:
    value = Reader(made_up, EN)("tokens", 0)
    made = (value.percent(1), value.decimal(3), value.compact(), value.integer(), value.id(), value.ordinal())
    for one in (*made, value.word(), value.token(), value.name()):
        assert Reader(made_up, EN).again(one.source, one.index, one.how, one.form) == one.text
    assert {one.form.partition(":")[0] for one in made} <= set(FORM)


def test_reread_notices_another_tensor(made_up: Trace) -> None:
    was = Reader(made_up, EN)("heads.attribution", 0, 1).decimal()
    tensors = {name: made_up[name].copy() for name in made_up.names()}
    tensors["heads.attribution"][0, 1] += 0.01
    changed = Trace(tensors, made_up.meta)
    assert Reader(changed, EN).again(was.source, was.index, was.how, was.form) != was.text


@pytest.mark.parametrize(
    ("source", "index", "how", "form", "error"),
    [
        ("no.such", (0,), "at", "decimal:2", KeyError),
        ("logits", (99,), "at", "decimal:2", IndexError),
        ("logits", (0,), "guessed", "decimal:2", KeyError),
        ("logits", (0,), "at", "roman", KeyError),
    ],
)
def test_reread_of_what_is_not_there(
    made_up: Trace, source: str, index: tuple[int, ...], how: str, form: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        Reader(made_up, EN).again(source, index, how, form)


def test_cells_are_a_slice_of_the_tensor(made_up: Trace) -> None:
    drawn = slice_of(made_up, "heads.attribution", 1, (0, 2))
    assert drawn.values.tolist() == [0.5, 2.0]
    assert (drawn.source, drawn.index) == ("heads.attribution", (1, (0, 2)))
    assert drawn.digest == slice_of(made_up, "heads.attribution", 1, (0, 2)).digest
    assert drawn.digest != slice_of(made_up, "heads.attribution", 0, (0, 2)).digest


def test_a_copy_of_a_reading_is_the_reading(made_up: Trace) -> None:
    one = Reader(made_up, EN)("tokens", 0).id()
    assert copy.deepcopy(one) == one
