"""The bundled model's recipe: text is cleaned, tokens keep GPT-2's ids, and twenty steps lower the loss."""

import json
import math
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, AutoTokenizer

from llmtrace.bundled import measure
from llmtrace.bundled.train import __main__ as train
from llmtrace.bundled.train import fit, loss, text

BOOK = """CHAPTER I.

“Good morning,” said the _old_ king--he was tired.
It rained.

* * *

'I see,' said Ann, 'that it's late.'
"""
MERGES = "#version: 0.2\nĠ t\nh e\nĠt he\ni n\n"


def small_data(folder: Path, extra: str = "") -> Path:
    books = folder / "sources" / "books"
    books.mkdir(parents=True)
    (folder / "sources" / "validation").mkdir()
    for name in ("april", "some-sentences"):
        (folder / "sources" / "validation" / f"{name}.txt").write_text(
            "It rained.\n\nWe ran.", encoding="utf-8"
        )
    paragraphs = [
        f"The {a} sat in the {b}, and the {b} was red."
        for a in ("cat", "dog", "king")
        for b in ("hat", "house")
    ]
    (books / "one.txt").write_text("\n\n".join([*paragraphs * 40, extra]), encoding="utf-8")
    merges = folder / "vocab.bpe"
    merges.write_text(MERGES, encoding="utf-8")
    text.prepare(folder / "sources", merges, 260, folder / "data")
    return folder / "data"


def test_books_lose_furniture_and_keep_one_convention(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text(BOOK, encoding="utf-8")
    assert list(text.books(tmp_path)) == [
        '"Good morning," said the old king -- he was tired. It rained.\n'
        "'I see,' said Ann, 'that it's late.'"
    ]
    assert (
        text.double_quotes("'I see,' said Ann, 'that it's late.'") == '"I see," said Ann, "that it\'s late."'
    )


def test_a_cut_tokenizer_keeps_gpt2_ids_and_spells_anything(tmp_path: Path) -> None:
    (tmp_path / "vocab.bpe").write_text(MERGES, encoding="utf-8")
    tokenizer = text.make_tokenizer(tmp_path / "vocab.bpe", 260)
    assert tokenizer.encode("! the in").ids == [0, 258, 220, 259]
    assert tokenizer.token_to_id(text.END) == 260
    odd = "naïve 🙂\n\t–"
    assert tokenizer.decode(tokenizer.encode(odd).ids) == odd


def test_the_openings_are_in_no_training_text(tmp_path: Path) -> None:
    lines = text.openings(text.EVERYDAY)
    with pytest.raises(ValueError, match=r"books: the text holds openings that it must not.*birthday"):
        small_data(tmp_path, f"So she said: {lines[28][0].upper()} cake.")


def test_sentences_stand_in_lines_and_in_rows_and_validation_is_whole(tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text("\n\n".join(f"{n} is {n}." for n in range(24)), encoding="utf-8")
    documents = list(text.sentences(tmp_path))
    assert sorted(document.count("\n") for document in documents) == [0, 0, 5, 5]
    assert sorted(int(n) for document in documents for n in document.split()[::3]) == list(range(24))
    data = small_data(tmp_path)
    assert json.loads((data / "april.json").read_text(encoding="utf-8")) == ["It rained.\nWe ran."]
    assert json.loads((data / "some-sentences.json").read_text(encoding="utf-8")) == ["It rained.", "We ran."]


def test_half_of_the_windows_begin_a_paragraph(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    windows = fit.Windows(data, {"books": 1.0}, 9)
    ids, newline = np.load(data / "books.npy"), np.load(data / "newline.npy")
    assert set(newline) == {198, 260}  # GPT-2's line break, and the end of a text
    begins = {tuple(ids[i + 1 : i + 10]) for i in np.flatnonzero(np.isin(ids, newline)) if i + 10 <= len(ids)}
    drawn = windows.draw(7, 400)
    assert torch.equal(drawn, windows.draw(7, 400))
    assert 0.45 < np.mean([tuple(row) in begins for row in drawn.tolist()]) < 0.65


def test_the_loss_and_its_gradients_are_cross_entropys() -> None:
    torch.manual_seed(5)
    model = fit.new_model(261, width=32, blocks=1, heads=2, context=300)
    ids = torch.randint(0, 261, (2, 300))  # more tokens than `loss.ROWS`, no multiple of them
    expected = cross_entropy(model(ids[:, :-1]).logits.flatten(0, 1), ids[:, 1:].flatten())
    (2 * expected).backward()  # type: ignore[no-untyped-call]
    gradients = {name: p.grad for name, p in model.named_parameters()}
    model.zero_grad()  # sets them to None, so the ones above stay
    found = loss.loss_of(model, ids)
    (2 * found).backward()  # type: ignore[no-untyped-call]
    assert math.isclose(found.item(), expected.item(), rel_tol=1e-6)
    for name, p in model.named_parameters():
        assert torch.allclose(p.grad, gradients[name], atol=1e-6), name


def test_the_rate_rises_stays_and_falls_and_a_longer_run_changes_only_the_fall() -> None:
    rates = [fit.rate(step, 100, 300, 0.2) for step in range(100, 301)]
    assert rates[0] == 1 / fit.WARM
    assert set(rates[fit.WARM : 141]) == {1.0}
    assert np.allclose(np.diff(rates[141:]), -1 / 60)
    assert rates[-1] == 0
    assert rates[:141] == [fit.rate(step, 100, 900, 0.2) for step in range(100, 241)]


def test_twenty_steps_lower_the_loss_and_resume_and_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "EVERY", 10)
    data, keep, out = small_data(tmp_path), tmp_path / "keep", tmp_path / "out"
    plan = fit.Plan({"books": 1.0}, steps=20, batch=4, peak=1e-2, decay=0.1)
    torch.manual_seed(5)
    model = fit.new_model(261, width=32, blocks=2, heads=8, context=32)
    losses = fit.fit(model, data, keep, plan)
    assert len(losses) == 20
    assert abs(losses[0] - math.log(261)) < 0.5
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.5
    assert [path.stem for path in fit.checkpoints(keep)] == ["weights-000010", "weights-000020"]
    model = fit.new_model(261, width=32, blocks=2, heads=8, context=32)
    resumed = fit.fit(model, data, keep, fit.Plan({"books": 1.0}, steps=22, batch=4, peak=1e-2))
    assert len(resumed) == 2
    assert resumed[0] < losses[0]
    starts, log = (
        (keep / name).read_text(encoding="utf-8").splitlines() for name in ("starts.tsv", "log.tsv")
    )
    assert [line.split("\t")[1:3] for line in starts] == [["0", "0"], ["20", "2560"]]
    assert [line.split("\t")[:2] for line in log] == [[str(n), str(128 * n)] for n in range(1, 23)]
    fit.export(model, data, keep, out, last=2)
    mean = fit.mean_weights(fit.checkpoints(keep)[-2:])
    one, other = (fit.mean_weights([path])["wte.weight"] for path in fit.checkpoints(keep)[-2:])
    assert torch.allclose(mean["wte.weight"], (one + other) / 2)
    model = fit.new_model(261, width=32, blocks=2, heads=8, context=32)
    model.transformer.load_state_dict(mean)
    loaded = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
    ids = torch.tensor([AutoTokenizer.from_pretrained(out)("The cat sat").input_ids])
    assert loaded.config.activation_function == "gelu_new"
    assert torch.allclose(loaded(ids).logits, model.eval()(ids).logits, atol=2e-2)


def test_the_number_of_steps_may_be_changed_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, keep = small_data(tmp_path), tmp_path / "keep"
    model = fit.new_model(261, width=16, blocks=1, heads=2, context=16)
    write = fit.write

    def shorten(path: Path, *row: object) -> None:
        (keep / "steps").write_text("3", encoding="utf-8")
        write(path, *row)

    monkeypatch.setattr(fit, "write", shorten)
    assert len(fit.fit(model, data, keep, fit.Plan({"books": 1.0}, steps=50, batch=2, peak=1e-3))) == 3


def test_two_workers_take_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = [str(small_data(tmp_path)), "--steps", "3", "--batch", "4", "--mix", "books=1"]
    start += ["--shape", "16", "1", "2", "16", "--keep"]
    monkeypatch.setattr(sys, "argv", ["train", "fit", *start, str(tmp_path / "one")])
    train.main()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "llmtrace.bundled.train", "fit", *start, str(tmp_path / "two")]
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": "2"}  # as torchrun sets them
    both = [subprocess.Popen(command, env=os.environ | place | {"RANK": str(rank)}) for rank in range(2)]
    assert [worker.wait() for worker in both] == [0, 0]
    logs = [(tmp_path / name / "log.tsv").read_text("utf-8").splitlines() for name in ("one", "two")]
    alone, together = ([line.split("\t")[:3] for line in log] for log in logs)
    assert alone == together
    one, two = (fit.mean_weights(fit.checkpoints(tmp_path / name)) for name in ("one", "two"))
    assert all(torch.allclose(one[name], two[name], atol=2e-3) for name in one)


def test_muon_steps_equally_far_in_every_direction_of_the_gradient() -> None:
    torch.manual_seed(5)
    for rows, columns in ((16, 48), (48, 16), (16, 16)):
        left, right = (torch.linalg.qr(torch.randn(size, 16)).Q for size in (rows, columns))
        matrix = torch.nn.Parameter(torch.zeros(rows, columns))
        matrix.grad = left @ torch.diag(torch.linspace(0.2, 4.0, 16)) @ right.T
        fit.Muon([matrix], peak=0.1).step()
        step = -matrix.detach() / (0.1 * max(1, columns / rows) ** 0.5)
        along = torch.diag(left.T @ step @ right)  # how far it goes in each of the gradient's directions
        assert along.min() > 0.6
        assert along.max() < 1.3
        assert torch.allclose(left @ torch.diag(along) @ right.T, step, atol=1e-4)  # and in no other


def test_held_out_loss_counts_each_token_once(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    tokenizer = Tokenizer.from_file(str(data / "tokenizer.json"))
    model = fit.new_model(261, width=32, blocks=1, heads=2, context=16).eval()
    with torch.no_grad():
        model.transformer.wte.weight.zero_()  # then every next token has the same chance
    held = json.loads((data / "books.json").read_text(encoding="utf-8")) or [
        "The cat sat in the house and slept."
    ]
    size, nats, bits = measure.held_out(model, tokenizer, held)
    tokens = sum(len(tokenizer.encode(document).ids) for document in held)
    assert size == sum(map(len, held))
    assert math.isclose(nats, math.log(261), rel_tol=1e-5)
    assert math.isclose(bits, tokens * math.log2(261) / size, rel_tol=1e-5)


FUNCTION_WORDS = """
a an the my your his her its our their this that these those him me us them it he she we you they i
to of in on at by for with from into out up down off not no and or but so if as than what who how
when where is are was were be been am do does did have has had will would can could should may might
must very too just then there here
"""


@pytest.mark.parametrize("table", measure.OPENINGS)
def test_forty_openings_are_listed(table: Path) -> None:
    lines = text.openings(table)
    assert len({opening.lower() for opening, _ in lines}) == 40
    assert all(words for _, words in lines)


def test_everyday_openings_count_content_words_only() -> None:
    assert not {word for _, words in text.openings(text.EVERYDAY) for word in words} & set(
        FUNCTION_WORDS.split()
    )


def test_heads_measure_finds_a_uniform_head(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    tokenizer = Tokenizer.from_file(str(data / "tokenizer.json"))
    model = fit.new_model(261, width=16, blocks=1, heads=2, context=16).eval()
    model.set_attn_implementation("eager")
    with torch.no_grad():
        model.transformer.h[0].attn.c_attn.weight.zero_()  # queries and keys alike: attention is even
    table = measure.heads(model, tokenizer, ["the the"])  # ids: "the" is 2 tokens, then " the"
    count = len(tokenizer.encode("the the").ids)
    even = sum(1 / (i + 1) for i in range(2, count)) / (count - 2)
    assert torch.allclose(table[:2], torch.full((2, 1, 2), even))
