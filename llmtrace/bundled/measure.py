"""What the card reports: held-out loss, two lists of forty openings, and what each head attends to.

`python -m llmtrace.bundled.measure MODEL DATA` prints it, for what `train prepare` held out in DATA.
"""

import json
import math
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import GPT2LMHeadModel

from llmtrace.bundled.train import text

OPENINGS = [text.EVERYDAY, text.EVERYDAY.with_name("openings.tsv")]  # content words only; older and generous
ARTICLE = "What will be the"  # GPT-2's next word is " answer"


@torch.no_grad()
def held_out(model: GPT2LMHeadModel, tokenizer: Tokenizer, documents: list[str]) -> tuple[int, float, float]:
    """Bytes, nats a token and bits a byte of whole documents, each begun with `text.END`.

    Windows of the model's context move on by half of it: all but a document's start has that much before it.
    """
    nats, tokens, context = 0.0, 0, model.config.n_positions
    for document in documents:
        ids = torch.tensor(tokenizer.encode(text.END + document).ids)
        done = 1  # the first token is given, not predicted
        for start in range(0, len(ids), context // 2):
            window = ids[start : start + context]
            if fresh := max(0, start + len(window) - done):
                logits = model(window[None, :-1], logits_to_keep=fresh).logits[0]  # (fresh, V)
                nats += cross_entropy(logits, window[-fresh:], reduction="sum").item()
                done += fresh
        tokens += done - 1
    size = sum(len(document.encode()) for document in documents)
    return size, nats / tokens, nats / math.log(2) / size


@torch.no_grad()
def next_tokens(model: GPT2LMHeadModel, tokenizer: Tokenizer, opening: str) -> list[tuple[str, float]]:
    """Every token and its probability after `opening`, most probable first."""
    chances = (
        model(torch.tensor([tokenizer.encode(opening).ids])).logits[0, -1].softmax(-1).sort(descending=True)
    )
    return [
        (tokenizer.decode([i]), p)
        for i, p in zip(chances.indices.tolist(), chances.values.tolist(), strict=True)
    ]


def openings(model: GPT2LMHeadModel, tokenizer: Tokenizer, table: Path) -> list[tuple[str, bool, str]]:
    """Each opening, whether a word listed for it before training is in the top five, and the top five."""
    rows = []
    for opening, words in text.openings(table):
        best = next_tokens(model, tokenizer, opening)[:5]
        shown = ", ".join(f'"{token}" {p:.1%}' for token, p in best)
        rows.append((opening, any(token.strip() in words for token, _ in best), shown))
    return rows


@torch.no_grad()
def heads(model: GPT2LMHeadModel, tokenizer: Tokenizer, documents: list[str], length: int = 64) -> Tensor:
    """Mean attention over the first `length` tokens of documents: (3, block, head).

    0: to the previous token; 1: to the first token, both over queries from the third on; 2: to tokens that
    followed earlier copies of the query's token, over queries with such (what an "induction" head does).
    """
    sums, counts = torch.zeros(3, model.config.n_layer, model.config.n_head), torch.zeros(3, 1, 1)
    for document in documents:
        ids = torch.tensor(tokenizer.encode(document).ids[:length])
        pattern = torch.cat(model(ids[None], output_attentions=True).attentions)  # (block, head, query, key)
        after = (ids[:, None] == ids).tril(-1).roll(1, 1)  # (query, key): key follows a copy of the query
        sums[0] += pattern.diagonal(-1, 2, 3)[..., 1:].sum(-1)
        sums[1] += pattern[..., 2:, 0].sum(-1)
        sums[2] += (pattern * after).sum((-1, -2))
        counts += torch.tensor([len(ids) - 2, len(ids) - 2, int(after.any(-1).sum())]).view(3, 1, 1)
    return sums / counts


def report(folder: Path, data: Path) -> None:
    """Print the card's tables for the model in `folder`, with what `prepare` held out in `data`."""
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    model.train(False)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    texts = {
        path.stem: json.loads(path.read_text()) for path in data.glob("*.json") if path.stem != "tokenizer"
    }
    for name, documents in sorted(texts.items()):
        size, nats, bits = held_out(model, tokenizer, documents)
        print(f"| {name} | {len(documents)}, {size:,} | {nats:.3f} | {bits:.3f} |", flush=True)
    for table in OPENINGS:
        rows = openings(model, tokenizer, table)
        for opening, good, shown in rows:
            print(f"| {opening} | {'yes' if good else '**no**'} | {shown} |")
        print(sum(good for _, good, _ in rows), "of", len(rows), "openings of", table.name)
    ranks = [token for token, _ in next_tokens(model, tokenizer, ARTICLE)]
    print(f'"{ARTICLE}" → {ranks[:5]}; " answer" is number {ranks.index(" answer") + 1}')
    print("attention to the previous token, the first, and what followed a copy; a row for each block:")
    print(heads(model, tokenizer, texts["books"]))


if __name__ == "__main__":
    report(*map(Path, sys.argv[1:]))
