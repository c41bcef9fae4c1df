"""Writes the snippets of a clip. Text of a prompt is inert in every one of them.

In Markdown, MDX, Liquid, Quarto and MyST a brace, a bracket or a quote may be a command. So of every text
each character but letters, digits and spaces stands as its number, `&#123;`, which all of them show as the
character and none reads as more. Hugo and Jekyll read the text from a file of data, and escape it themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from renders.publish.clip_file import ClipManifest
from renders.publish.markup import environment
from renders.store.atomic import atomic_file
from scenes.locale import Locale
from voiceover.plain import plain_text

FOLDER = "snippets"
_HERE = Path(__file__).parent
_SHOWN = 800  # pixels: how wide a README shows a picture

# By place: what is written there from a template, what is copied as it is, and what is said of the files.
_PASTED = {
    "html": "html.html",
    "markdown": "markdown.md",
    "mdx": "mdx.mdx",
    "hugo": "hugo.md",
    "jekyll": "jekyll.md",
    "github": "github.md",
    "wordpress": "wordpress.html",
    "ghost": "ghost.html",
    "quarto": "quarto.qmd",
    "myst": "myst.md",
}
_COPIED = {
    "hugo/layouts/shortcodes/llm-clip.html": "hugo-shortcode.html",
    "jekyll/_includes/llm-clip.html": "jekyll-include.html",
}
_DATA = ("hugo/data/llm_clips", "jekyll/_data/llm_clips")
_BESIDE = "{files}: beside the page."
_WHERE: dict[str, tuple[str, ...]] = {
    "html": ("Paste snippet.html into the page.", _BESIDE),
    "markdown": ("Paste snippet.md into the text.", _BESIDE),
    "mdx": (
        "Paste snippet.mdx into the text.",
        "{files}: into static/ (Docusaurus) or public/ (Astro, Next).",
    ),
    "hugo": (
        "Copy layouts/ and data/ into the site, once each; paste snippet.md into the text.",
        "{files}: into the folder of the page (a page bundle), or into static/.",
    ),
    "jekyll": (
        "Copy _includes/ and _data/ into the site, once each; paste snippet.md into the text.",
        "{files}: into assets/.",
    ),
    "github": (
        "Paste snippet.md into the README.",
        "{files}: beside the README.",
        "GitHub plays a video only where its MP4 was dragged into the editor on the web.",
    ),
    "wordpress": (
        "Upload {files} to the media library.",
        "Put the addresses that it shows in place of /wp-content/uploads/…, and paste snippet.html into the "
        "code editor.",
    ),
    "ghost": (
        "Upload {files}: videos and captions as files, pictures as images.",
        "Put the addresses that they get in place of /content/…, and paste snippet.html into an HTML card.",
    ),
    "quarto": (
        "Paste snippet.qmd into the text.",
        "{files}: beside it, and named under resources: in its head.",
    ),
    "myst": ("Paste snippet.md into the text.", _BESIDE),
}


def write_snippets(about: ClipManifest, text: str, folder: Path) -> Iterator[Path]:
    """Writes the snippets of a clip below `folder`; yields their paths. `text`: its text alternative."""
    said = _said(about, text)
    data = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    for target, template in _PASTED.items():
        path = f"{target}/snippet{Path(template).suffix}"
        yield _written(folder / FOLDER / path, _environment().get_template(template).render(c=said))
    for path, name in _COPIED.items():
        yield _written(folder / FOLDER / path, (_HERE / name).read_text(encoding="utf-8"))
    for place in _DATA:
        yield _written(folder / FOLDER / place / f"{about.name}.json", data)
    files = ", ".join(name for name, file in about.files.items() if file.kind in _UPLOADED)
    targets = [(name, [line.format(files=files) for line in lines]) for name, lines in _WHERE.items()]
    readme = _environment().get_template("README.txt").render(c=said, targets=targets)
    yield _written(folder / FOLDER / "README.txt", readme)


_UPLOADED = ("mp4", "webm", "webp", "gif", "poster", "vtt")


def _said(about: ClipManifest, text: str) -> dict[str, Any]:
    """What a snippet knows of its clip; each text is one line that can be seen."""
    locale = Locale(about.source.language)
    video = about.first("mp4")
    seen = about.files[about.first("mp4", "webp", "gif") or ""]
    return {
        "name": about.name,
        "alt": plain_text(about.alt),
        "text": [plain_text(part) for part in text.strip().split("\n\n")],
        "says": locale.label("clip.says"),
        "mp4": video,
        "webm": about.first("webm"),
        "moving": about.first("webp", "gif"),
        "poster": about.first("poster"),
        "vtt": about.first("vtt"),
        "width": seen.width,
        "height": seen.height,
        "shown": min(_SHOWN, seen.width or _SHOWN),
        "loop": about.loop,
        "sound": about.sound,
        "language": about.source.language,
        "language_name": locale.name,
    }


@cache
def _environment() -> Environment:
    made = environment(_HERE)
    made.filters |= {"inert": inert, "quoted": quoted}
    return made


def inert(text: str) -> Markup:
    """Text that is text wherever it stands: in HTML, in Markdown, in templates of site generators."""
    return Markup("".join(char if char.isalnum() or char == " " else f"&#{ord(char)};" for char in text))


def quoted(text: str) -> Markup:
    """The same as a string of YAML, whose escapes are others."""
    return Markup('"' + "".join(c if c.isalnum() or c == " " else f"\\U{ord(c):08X}" for c in text) + '"')


def _written(path: Path, text: str) -> Path:
    with atomic_file(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")
    return path
