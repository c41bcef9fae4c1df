"""Sources → clean documents → token ids: straight quotes, " -- " for dashes, a newline between paragraphs."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

END = "<|endoftext|>"
EVERYDAY = Path(__file__).parent / "everyday.tsv"  # openings that no training text may hold
DOCUMENT = 4000  # characters after which a book's run of paragraphs becomes a document
HELD_OUT = 100  # of so many documents of a source, the middle one is kept for measuring
PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "`": "'", "_": "", "…": "..."})


def clean(text: str) -> str:
    """One paragraph with our quotes, dashes and spaces, and without editors' brackets."""
    text = re.sub(r"\[[^\]]*\]", "", text.translate(PLAIN))
    text = re.sub(r"\s*(?:-{2,}|[—–])\s*", " -- ", text)
    return re.sub(r" +([,;:.!?])", r"\1", re.sub(r"\s+", " ", text)).strip()


def is_prose(text: str) -> bool:
    """Whether a paragraph has lower-case words and ends as sentences do: no heading, list or row of stars."""
    heading = re.match(r"(?i)chapter\b", text) or "*" in text or not re.search(r"[a-z]{2}", text)
    return not heading and text[-1] in ".!?\"':;,-)"


def double_quotes(text: str) -> str:
    """Dialogue in single quotes, as two of the books have it, in double ones; apostrophes stay."""
    text = re.sub(r"(^|[\s(\"-])'(?=\w)(?!tis\b|twas\b|em\b)", r'\1"', text)
    return re.sub(r"(?<=[,.!?;:-])'(?=$|[\s);,.-])", '"', text)


def books(folder: Path) -> Iterator[str]:
    """Runs of about `DOCUMENT` characters of paragraphs of each book."""
    for path in sorted(folder.glob("*.txt")):
        raw = path.read_text(encoding="utf-8").translate(PLAIN)
        single = len(re.findall(r"^'", raw, re.M)) > len(re.findall(r'^"', raw, re.M))
        blocks = [clean(block) for block in re.split(r"\n\s*\n", raw)]
        document = ""
        for text in [*(block for block in blocks if block and is_prose(block)), ""]:
            if document and (len(document) > DOCUMENT or not text):
                yield document
                document = ""
            document += "\n" * bool(document) + (double_quotes(text) if single else text)


def wordnet(folder: Path) -> Iterator[str]:
    """The examples in WordNet's entries as sentences, eight entries a document; definitions stay out."""
    entries = []
    for path in sorted(folder.glob("data.*")):
        for line in path.read_text(encoding="latin-1").splitlines():
            found = re.findall(r'"([^"]+)"', line.partition(" | ")[2])
            found = [clean(example) for example in found if example.count(" ") > 2]
            entries.append(" ".join(s[0].upper() + s[1:] + "." * (s[-1] not in ".!?\"'") for s in found))
    entries = list(filter(None, entries))
    random.Random(5).shuffle(entries)
    yield from ("\n".join(entries[start : start + 8]) for start in range(0, len(entries), 8))


def sentences(folder: Path) -> Iterator[str]:
    """Single sentences, six to a document: every other document has a line for each, the others are one."""
    lines = [path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.txt"))]
    found = [clean(line) for file in lines for line in file if line]
    random.Random(5).shuffle(found)
    for start in range(0, len(found), 6):
        yield (" " if start % 4 else "\n").join(found[start : start + 6])


def validation(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Texts that are never trained on: a book is one document; of a list of sentences each is one."""
    for path in sorted(folder.glob("*.txt")):
        parts = [clean(block) for block in path.read_text(encoding="utf-8").split("\n\n")]
        parts = list(filter(None, parts))
        yield path.stem, parts if path.stem.endswith("sentences") else ["\n".join(parts)]


def openings(path: Path) -> list[tuple[str, list[str]]]:
    """Each opening of a table and the next words that count."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(text, words.split()) for text, words in (line.split("\t") for line in lines)]


def make_tokenizer(merges: Path, size: int) -> Tokenizer:
    """GPT-2's byte-pair encoder (`merges`: its vocab.bpe) cut to its first `size` ids; `END` is the next id.

    Ids 0 to 255 are bytes, printable ones first, and each merge adds an id, so every id is GPT-2's own.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = [*map(chr, printable), *(chr(256 + n) for n in range(256 - len(printable)))]
    lines = merges.read_text(encoding="utf-8").splitlines()[1 : size - 255]
    pairs = [(left, right) for left, right in map(str.split, lines)]
    ids = {token: i for i, token in enumerate([*letters, *map("".join, pairs)])}
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(END, special=True)])
    return tokenizer


SOURCES = {"books": books, "modern": books, "children": books, "sentences": sentences, "wordnet": wordnet}


def prepare(sources: Path, merges: Path, size: int, data: Path) -> None:
    """Write to `data` the tokenizer, each source's training ids (.npy) and its held-out documents (.json).

    Raises ValueError if an opening of `everyday.tsv` is in the training text.
    """
    data.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(merges, size)
    tokenizer.save(str(data / "tokenizer.json"))
    before = [
        i for i in range(size + 1) if tokenizer.decode([i], skip_special_tokens=False).endswith(("\n", END))
    ]
    np.save(data / "newline.npy", np.array(before))
    for name, read in SOURCES.items():
        documents = list(read(sources / name))
        held = documents[HELD_OUT // 2 :: HELD_OUT]
        kept = [text for i, text in enumerate(documents) if i % HELD_OUT != HELD_OUT // 2]
        if found := [text for text, _ in openings(EVERYDAY) if text.lower() in "\n".join(kept).lower()]:
            raise ValueError(f"{name}: the text holds openings that it must not ({EVERYDAY.name}): {found}")
        random.Random(5).shuffle(kept)
        ids = [i for code in tokenizer.encode_batch([END + text for text in kept]) for i in code.ids]
        np.save(data / f"{name}.npy", np.array(ids, dtype=np.uint16))
        (data / f"{name}.json").write_text(json.dumps(held, indent=1), encoding="utf-8")
        print(f"{name}: {len(kept)} documents, {len(ids)} tokens; {len(held)} documents held out")
    for name, held in validation(sources / "validation"):
        (data / f"{name}.json").write_text(json.dumps(held, indent=1), encoding="utf-8")
        print(f"{name}: {len(held)} documents, none trained on")
