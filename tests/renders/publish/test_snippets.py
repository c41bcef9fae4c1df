"""Snippets through the generators that they are for: what a prompt holds is shown, and nothing of it runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import liquid
import msgspec
import platformdirs
import pytest
from docutils.core import publish_parts
from hostile import HOSTILE
from markdown_it import MarkdownIt
from myst_parser.parsers.docutils_ import Parser

from renders.publish.clip_file import ClipFile, ClipManifest, ClipSource
from renders.publish.snippets.writing import FOLDER, inert, write_snippets
from scenes.letters import shorten
from voiceover.plain import plain_text

NAME = "what-will-be-output"
BENIGN = "What will be"
HERE = Path(__file__).parent
_PLAIN = {"bytes": 9, "sha256": "0" * 64}
Rendered = dict[str, str]  # the HTML that a snippet became, by its prompt


def about(prompt: str, moving: bool = False, loop: bool = True) -> ClipManifest:
    """A clip whose every text has a prompt in it."""
    kinds = {"webp": "webp", "png": "poster"} if moving else {"mp4": "mp4", "png": "poster", "vtt": "vtt"}
    files = {
        f"{NAME}.{ending}": ClipFile(kind=kind, width=640, height=360, **_PLAIN)  # type: ignore[arg-type]
        for ending, kind in kinds.items()
    }
    source = ClipSource(
        title=plain_text(prompt),
        prompt=None,
        model="gpt2",
        model_sha256="",
        trace="0" * 64,
        language="en",
        level="full",
    )
    content = {
        **{"format": 1, "name": NAME, "place": "blog", "chapter": "output", "title": "The next token"},
        **{"source": msgspec.to_builtins(source), "files": msgspec.to_builtins(files)},
        **{"beats": [{"name": "a", "from": 0.0, "to": 1.0, "text": "x"}], "fps": 30, "start": 0.0},
        **{"seconds": 1.0, "held": 0.0, "sound": not loop, "loop": loop, "voice": None, "music": None},
        **{"flashes": 0.0, "writers": "", "numbers": [], "alt": alt_of(prompt)},
    }
    return msgspec.convert(content, ClipManifest)


def alt_of(prompt: str) -> str:
    return f"Alt: {shorten(plain_text(prompt), 140)}."


def text_of(prompt: str) -> str:
    return f"Title\n\n{said(prompt)}\n\nEnd.\n"


def said(prompt: str) -> str:
    """As much of a prompt as a clip says."""
    return shorten(" ".join(plain_text(f"Said: {prompt}").split()), 400)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of snippets of each prompt."""
    folders = {}
    for number, prompt in enumerate([BENIGN, *HOSTILE]):
        folder = tmp_path_factory.mktemp(f"snippets{number}")
        list(write_snippets(about(prompt), text_of(prompt), folder))
        folders[prompt] = folder / FOLDER
    return folders


def read(folder: Path, path: str) -> str:
    return (folder / path).read_text("utf-8")


def each(written: dict[str, Path], render: Callable[[Path], str]) -> Rendered:
    return {prompt: render(folder) for prompt, folder in written.items()}


def tree(html: str) -> Element:
    return html5lib.parse(html, namespaceHTMLElements=False)  # type: ignore[no-any-return]


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Its elements with their attributes' names, in order."""
    return [
        (element.tag, tuple(sorted(element.attrib)))
        for element in tree(html).iter()
        if isinstance(element.tag, str)
    ]


def seen(html: str) -> str:
    return " ".join("".join(tree(html).itertext()).split())


def hold(rendered: Rendered, *, alt: str | None = "alt") -> None:
    """Every prompt has the elements of the harmless one, and is read as it was typed."""
    meant = shape(rendered[BENIGN])
    assert any(tag in ("video", "img") for tag, _ in meant)
    for prompt, html in rendered.items():
        assert shape(html) == meant, prompt
        assert said(prompt) in seen(html), prompt
        if alt:
            told = [e.attrib[alt] for e in tree(html).iter() if isinstance(e.tag, str) and alt in e.attrib]
            assert told, prompt
            assert set(told) == {alt_of(prompt)}, prompt


def markdown(text: str) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


def test_html(written: dict[str, Path]) -> None:
    hold(each(written, lambda folder: read(folder, "html/snippet.html")), alt="aria-label")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    for folder in written.values():
        for name in ("html", "ghost", "wordpress"):
            parser.parseFragment(read(folder, f"{name}/snippet.html"))


def test_ghost_and_wordpress(written: dict[str, Path]) -> None:
    hold(each(written, lambda folder: read(folder, "ghost/snippet.html")), alt="aria-label")
    hold(each(written, lambda folder: read(folder, "wordpress/snippet.html")), alt=None)
    for prompt, folder in written.items():
        text = read(folder, "wordpress/snippet.html")
        blocks = [line for line in text.splitlines() if line.startswith("<!-- wp:")]
        assert [block.split()[1] for block in blocks] == ["wp:video", "wp:details", *["wp:paragraph"] * 3]
        assert isinstance(json.loads(blocks[0].removeprefix("<!-- wp:video").removesuffix("-->")), dict)
        assert text.count("[") == text.count('"tracks":['), prompt  # no shortcode begins


def test_markdown_and_github(written: dict[str, Path]) -> None:
    hold(each(written, lambda folder: markdown(read(folder, "markdown/snippet.md"))))
    hold(each(written, lambda folder: markdown(read(folder, "github/snippet.md"))))


def test_quarto_by_its_fence(written: dict[str, Path]) -> None:
    def raw(folder: Path) -> str:
        (fence,) = (token for token in MarkdownIt().parse(read(folder, "quarto/snippet.qmd")))
        assert (fence.type, fence.info) == ("fence", "{=html}")
        return str(fence.content)

    hold(each(written, raw), alt="aria-label")
    for folder in written.values():
        assert "{{<" not in read(folder, "quarto/snippet.qmd")


def test_jekyll(written: dict[str, Path]) -> None:
    def page(folder: Path) -> str:
        include = read(folder, "jekyll/_includes/llm-clip.html")
        loader = liquid.DictLoader({"llm-clip.html": include})
        site = liquid.Environment(loader=loader)
        site.add_filter("relative_url", lambda url: str(url))
        data = json.loads(read(folder, f"jekyll/_data/llm_clips/{NAME}.json"))
        tag = read(folder, "jekyll/snippet.md")
        assert tag.strip() == f'{{% include llm-clip.html clip="{NAME}" %}}'
        # Jekyll's own tag hands its parameters on as `include`; that is all it adds to Liquid's.
        template = site.from_string(include)
        return markdown(template.render(site={"data": {"llm_clips": {NAME: data}}}, include={"clip": NAME}))

    hold(each(written, page), alt="aria-label")


def test_hugo(written: dict[str, Path], tmp_path: Path) -> None:
    if shutil.which("hugo") is None:
        pytest.skip("hugo is not installed (Debian's package hugo)")
    site = tmp_path / "site"
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "layouts" / "_default" / "single.html").write_text("{{ .Content }}")
    (site / "config.toml").write_text(
        'baseURL = "https://example.com/"\ndisableKinds = ["taxonomy", "term"]\n'
    )
    for number, folder in enumerate(written.values()):
        shutil.copytree(folder / "hugo" / "layouts", site / "layouts", dirs_exist_ok=True)
        data = site / "data" / "llm_clips" / f"{NAME}-{number}.json"
        data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "hugo" / "data" / "llm_clips" / f"{NAME}.json", data)
        page = site / "content" / f"p{number}" / "index.md"
        page.parent.mkdir(parents=True)
        (page.parent / f"{NAME}.mp4").write_bytes(b"0")
        tag = read(folder, "hugo/snippet.md").replace(NAME, f"{NAME}-{number}")
        page.write_text(f'---\ntitle: "x"\n---\n\n{tag}')
    command = ["hugo", "--quiet", "--source", str(site), "--disableKinds", "home,section,taxonomy,term,RSS"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    pages = {
        prompt: (site / "public" / f"p{number}" / "index.html").read_text("utf-8")
        for number, prompt in enumerate(written)
    }
    hold(pages, alt="aria-label")
    assert f'src="/p0/{NAME}.mp4"' in pages[BENIGN]  # the page's own file
    assert f'poster="/{NAME}.png"' in pages[BENIGN]  # one of static/


def test_mdx(written: dict[str, Path]) -> None:
    if shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    home = platformdirs.user_cache_path("llm-lesson-tests", appauthor=False) / "mdx"
    home.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "mdx").iterdir():
        shutil.copyfile(file, home / file.name)
    if not (home / "node_modules" / "@mdx-js" / "mdx").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=home, check=True)
    texts = [read(folder, "mdx/snippet.mdx") for folder in written.values()]
    made = subprocess.run(
        ["node", "render.mjs"], cwd=home, input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    pages = dict(zip(written, json.loads(made.stdout), strict=True))
    hold(pages, alt="aria-label")
    assert "playsinline" in pages[BENIGN].lower()
    assert "muted" in pages[BENIGN].lower() or "loop" in pages[BENIGN].lower()


@pytest.mark.filterwarnings("ignore:nodes.Node.traverse")  # said of how MyST uses docutils
def test_myst(written: dict[str, Path]) -> None:
    def page(folder: Path) -> str:
        settings = {
            "myst_enable_extensions": ["colon_fence", "substitution"],
            "raw_enabled": False,
            "file_insertion_enabled": False,
            "report_level": 2,
            "halt_level": 2,
        }
        text = read(folder, "myst/snippet.md")
        parts = publish_parts(text, parser=Parser(), writer="html5", settings_overrides=settings)
        return str(parts["body"])

    hold(each(written, page))


def test_a_picture_that_moves_needs_no_video(tmp_path: Path) -> None:
    list(write_snippets(about(BENIGN, moving=True), text_of(BENIGN), tmp_path))
    for path in ("html/snippet.html", "github/snippet.md", "mdx/snippet.mdx", "wordpress/snippet.html"):
        text = read(tmp_path / FOLDER, path)
        assert f"{NAME}.webp" in text
        assert "<video" not in text
        assert ".mp4" not in text
    assert f"{NAME}.webp" in read(tmp_path / FOLDER, "README.txt")


def test_nothing_plays_with_sound_by_itself_and_all_can_be_stopped(tmp_path: Path) -> None:
    for loop in (True, False):
        list(write_snippets(about(BENIGN, loop=loop), text_of(BENIGN), tmp_path / str(loop)))
        video = tree(read(tmp_path / str(loop) / FOLDER, "html/snippet.html")).find(".//video")
        assert video is not None
        assert "controls" in video.attrib
        assert ("muted" in video.attrib, "loop" in video.attrib) == (loop, loop)
        assert "autoplay" not in video.attrib
        track = video.find("track")
        assert track is not None
        assert ("default" in track.attrib) == (not loop)


def test_what_is_inert_has_letters_and_digits_alone() -> None:
    assert inert("a1 ß{<🙂") == "a1 ß&#123;&#60;&#128578;"
