"""`overview`: the network in space. A flight along the stream rests at its stops, and explains there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, LaggedStart, Mobject, VGroup

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import focus
from scenes.journey import FRAME
from scenes.overview.beside import Beside
from scenes.overview.facts import meta, shown_block, shown_head
from scenes.overview.places import STOPS, Places
from scenes.page import TITLE, fit
from scenes.parts.chips import Chip
from scenes.parts.label import sentence, words
from scenes.parts.space.exit import Exit
from scenes.parts.space.flight import BlockOpening, Flight, Lighting, Wave
from scenes.parts.space.machine import Machine
from scenes.parts.space.notes import Curtain, named, scale, scrim
from scenes.parts.space.projector import View
from scenes.parts.space.room import Room
from scenes.parts.space.sizes import Sizes
from scenes.published import PUBLISHED
from scenes.reading import Reading
from scenes.stage import LessonScene

MOVE = 2.2  # seconds, the longest that the camera flies
PRODUCTS = 2  # in the room, that stand there as numbers
REST = 0.22  # of their colours, that boxes out of focus keep
NEAR = 0.4  # and those that are to be worked out next
ROOM = View(azimuth=30, elevation=25, nearness=1 / 90)
EXIT = View(azimuth=27, elevation=24, nearness=1 / 120)
EXIT_FRAME = (-6.7, -3.55, 6.65, 2.45)
SIZE_FRAME = (-6.2, -3.3, 6.2, 2.4)
ASKING_FRAME = (-3.2, -2.8, 6.4, 2.5)  # of its walls, with the products' numbers beside them
ROOM_FRAME = (-5.4, -3.4, 6.4, 2.55)


class Overview(LessonScene):
    chapter = "overview"

    def lay_out(self) -> None:
        self.f = focus(self.trace)
        self.machine = Machine(self.trace, STOPS["whole"].view, self.f.block)
        self.places = Places(self.machine, self.f.block)
        self.machine.look(self.places.view("whole"))
        self.beside = Beside(self, self.machine, self.places)
        self.noted: list[Mobject] = []  # beside the machine, at this stop
        self.hall: Mobject = VGroup()  # the room, or the exit, while it stands in the machine's place
        self.title = VGroup()
        share = self.read("meta.model.width", how="clipped").percent()
        self.legend = fit(scale(self.phrase("legend", share=share)), TITLE, UP + RIGHT)

    def whole(self, beat: BeatClock) -> None:
        before = self.scheduled.before
        if before is None or not before.station:
            self.machine.set_lit(0.0)
        else:
            self.machine.look(self.machine.framed(STOPS["whole"].view, FRAME))
        self.add(self.machine, scrim())
        count = self.read("meta.model.parameters", how="meta").integer()
        self.title = self._title("whole", *self.phrase("numbers", count=count))
        arriving = Lighting(self.machine, {}, rest=NEAR)
        beat.play(FadeIn(self.title), FadeIn(self.legend), arriving, share=0.06)
        beat.play(Flight(self.machine, self.places.view("whole")), share=0.1, most=1.2)
        beat.play(Wave(self.machine, self.places.columns()), share=0.35, most=2.4, at="stream")
        self._write(beat, *self.beside.whole(), share=0.15)

    def book(self, beat: BeatClock) -> None:
        self._visit(beat, "book", self._title("entry"))
        tokens, table, places, added = self.beside.book()
        self._write(beat, tokens, table, share=0.1, at="book")
        self._light(beat, 0.08, ["wte"], ["embed.token"])
        self._write(beat, places, share=0.05, at="place")
        self._light(beat, 0.08, self.places.paged, ["embed.position"])
        self._write(beat, added, share=0.05, at="sum")
        self._light(beat, 0.08, ["embed.sum"], ["block.00.resid_pre.beam"])

    def attention(self, beat: BeatClock) -> None:
        count, blocks = shown_block(self.read), meta(self.read, "blocks")
        self._visit(
            beat, "attention", self._title("one_block", *self.phrase("block", block=count, blocks=blocks))
        )
        pages, lengths, heads = self.beside.attention()
        self._write(beat, pages, lengths, share=0.06, at="pages")
        made = [self.places.starting(f"attn.{what}") for what in ("q", "k", "v")]
        self._light(
            beat, 0.2, self.places.starting("ln1"), self.places.starting("attn.w_"), *made, at="query"
        )
        self._write(beat, heads, share=0.06, at="heads")
        rest = [self.places.starting("attn.pattern"), self.places.starting("attn.context")]
        self._light(beat, 0.12, *rest)

    def room(self, beat: BeatClock) -> None:
        head, heads = shown_head(self.read), meta(self.read, "heads")
        title = self._title(
            "one_head", *self.phrase("head", head=head, heads=heads, block=shown_block(self.read))
        )
        hall = Room(self.read, self.f, ROOM)
        hall.look(hall.framed("asking", ASKING_FRAME))
        hall.entitle(
            q=named(self.label("queries"), style.QUERY),
            k=named(self.label("keys"), style.KEY),
            v=named(self.label("values"), style.VALUE),
            mix=named(self.label("mix"), style.VALUE),
        )
        self._change(beat, self.machine, hall, title)
        beat.play(hall.to(focus=1.0, shaft=1.0), share=0.12, most=2.4, at="fall")
        reckoned = hall.reckon(PRODUCTS)
        beat.play(FadeIn(reckoned), share=0.04, most=0.5)
        beat.play(hall.to(fallen=1.0), FadeOut(reckoned), share=0.06, at="sum")
        beat.play(hall.to(filled=1.0), share=0.1, most=2.4)
        beat.play(hall.to(stage=3.0), share=0.12, most=2.4, at="weights")
        whole = hall.framed("whole", ROOM_FRAME)
        beat.play(hall.to(whole, values=1.0), share=0.1, most=2.0, at="values")
        beat.play(hall.to(slid=1.0, weighed=1.0), share=0.06)
        beat.play(hall.to(mixed=1.0), share=0.06)
        self.hall = hall

    def mix(self, beat: BeatClock) -> None:
        count, blocks = shown_block(self.read), meta(self.read, "blocks")
        title = self._title("one_block", *self.phrase("block", block=count, blocks=blocks))
        self._change(beat, self.hall, self.machine, title)
        name, added = self.beside.mixing()
        self._write(beat, name, share=0.08, at="mix")
        self._light(
            beat, 0.2, self.places.starting("attn.w_o"), self.places.starting("attn.out", "attn.riser")
        )
        self._write(beat, added, share=0.08, at="added")
        self._light(beat, 0.1, [f"{self.places.part}.resid_mid", f"{self.places.part}.resid_mid.beam"])

    def think(self, beat: BeatClock) -> None:
        count, blocks = shown_block(self.read), meta(self.read, "blocks")
        self._visit(beat, "think", self._title("forward", *self.phrase("block", block=count, blocks=blocks)))
        up, bent, down = self.beside.thinking()
        self._write(beat, up, share=0.06, at="up")
        start = self.places.starting
        self._light(beat, 0.12, start("ln2"), start("mlp.up"), start("mlp.pre"))
        self._write(beat, bent, share=0.06, at="bent")
        self._light(beat, 0.08, start("mlp.act"))
        self._write(beat, down, share=0.06, at="down")
        self._light(beat, 0.12, start("mlp.down"), start("mlp.out", "mlp.riser"), start("resid_post"))

    def stack(self, beat: BeatClock) -> None:
        self._visit(beat, "whole", self._title("stacked"), rest=NEAR)
        early, late = self.beside.guesses()
        beat.play(Wave(self.machine, self.places.columns()), share=0.3, most=3.2, at="wave")
        key = sentence(self.label("so_far"), size=style.LABEL_SIZE)
        key.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)
        if early.submobjects:
            arriving = LaggedStart(*map(FadeIn, early), lag_ratio=0.3)
            beat.play(arriving, FadeIn(key), share=0.2, most=2.0, at="early")
        beat.play(FadeIn(late), share=0.08, at="late")
        self.noted = [early, late, key]

    def scores(self, beat: BeatClock) -> None:
        self._leave(beat)
        beat.play(Flight(self.machine, self.places.view("scores"), dip=0.12), share=0.18, most=MOVE)
        end = Exit(self.read, EXIT)
        end.look(end.framed("whole", EXIT_FRAME))
        count = meta(self.read, "vocabulary")
        end.entitle(
            table=named(self.label("again"), style.INK, style.TEXT_SIZE),
            scores=sentence(*self.phrase("scores", count=count), color=style.LOGIT),
            rest=sentence(*self.phrase("others", share=end.rest()), color=style.PROBABILITY),
        )
        self._change(beat, self.machine, end, self._title("next"))
        beat.play(end.to(lit=1.0), share=0.06, at="book")
        beat.play(end.to(scored=1.0), share=0.1, at="scores")
        beat.play(end.to(folded=1.0), share=0.1)
        beat.play(end.to(weighed=1.0, risen=1.0, named=1.0), share=0.14, most=2.4, at="standing")
        beat.play(end.to(drawn=1.0), share=0.06)
        self.hall = end

    def again(self, beat: BeatClock) -> None:
        self.machine.set_lit(NEAR).look(self.places.view("whole"))
        self._change(beat, self.hall, self.machine, self._title("loop"))
        chip = Chip(self.read("generated.token", 0).token(), style.LABEL_SIZE, style.PROBABILITY)
        chip.move_to((*self.beside.at("logits", 0.5, 0.5), 0))
        chip.shift((min(0.0, style.RIGHT - chip.get_right()[0]), 0, 0))
        beat.play(FadeIn(chip), share=0.06)
        x, y = self.beside.at("embed.token", 0.0, 1.0)
        flying: Any = chip.animate
        side = style.RIGHT - chip.width / 2
        to = min(max(x - 0.6, -side), side), y + 0.3, 0
        beat.play(flying(path_arc=0.9).move_to(to), share=0.2, at="back")
        beat.play(Wave(self.machine, self.places.columns()), share=0.2, most=1.8, at="round")
        self.noted = [chip]

    def size(self, beat: BeatClock) -> None:
        names = {"table": "tokens", "attention": "attention", "feed_forward": "feed_forward"}
        sizes = Sizes(self.read, {kind: self.label(key) for kind, key in names.items()})
        sizes.look(sizes.framed(1, SIZE_FRAME))
        self._leave(beat)
        self._change(beat, self.machine, sizes, self._title("how_big", self.label("scale")))
        self.remove(self.legend)
        count = len(sizes.models)
        beat.play(
            sizes.to(sizes.framed(count - 1, SIZE_FRAME), shown=count - 1.0), share=0.3, most=3.0, at="larger"
        )
        fold = self.read(f"{PUBLISHED}GPT-3", how="fold").integer()
        told = sentence(*self.phrase("fold", fold=fold), size=style.LABEL_SIZE)
        note = fit(VGroup(told), TITLE, UP + RIGHT)
        last = sizes.to(sizes.framed(count, SIZE_FRAME), shown=float(count))
        beat.play(last, FadeIn(note), share=0.2, most=2.4, at="largest")
        beat.close(FadeIn(Curtain()))
        self.remove(*self.mobjects)

    def _title(self, key: str, *aside: str | Reading) -> VGroup:
        """A stop's title at the top left, and what it is of dimmed beside it."""
        text = self.scheduled.chapter.title if key == "whole" else self.label(key)
        title = fit(words(text, style.TITLE_SIZE), TITLE, UP + LEFT)
        if not aside:
            return VGroup(title)
        beside = sentence(*aside, size=style.LABEL_SIZE).next_to(title, RIGHT, buff=0.4)
        return VGroup(title, beside.align_to(title, DOWN).shift(0.04 * UP))

    def _visit(self, beat: BeatClock, stop: str, title: VGroup, rest: float = REST) -> None:
        """Flies to a stop, which is then lit as far as it is to be worked out; all else is dimmed."""
        self._leave(beat)
        self.title = title
        view, opening = self.places.view(stop), STOPS[stop].opening
        move: Any = Flight(self.machine, view, dip=0.12)
        if opening != self.machine.opening:
            move = BlockOpening(self.machine, opening, view)
        beat.play(move, share=0.24, most=MOVE)
        lit = {} if stop == "whole" else self.places.lit(stop, NEAR)
        beat.play(FadeIn(title), Lighting(self.machine, lit, rest=rest), share=0.06, most=0.5)

    def _leave(self, beat: BeatClock) -> None:
        """Takes away what was written at a stop."""
        gone = [thing for thing in (*self.noted, self.title) if thing.submobjects]
        beat.play(*map(FadeOut, gone), share=0.04, most=0.4)
        self.noted, self.title = [], VGroup()

    def _light(self, beat: BeatClock, share: float, *groups: Sequence[str], at: str | None = None) -> None:
        """A wave of light through what is worked out."""
        there = [group for group in groups if group]
        beat.play(Wave(self.machine, there), share=share, most=2.4, at=at)

    def _write(self, beat: BeatClock, *notes: Mobject, share: float, at: str | None = None) -> None:
        beat.play(*map(FadeIn, notes), share=share, most=0.6, at=at)
        self.noted += notes

    def _change(self, beat: BeatClock, gone: Mobject, comes: Mobject, title: VGroup) -> None:
        """One world goes behind a curtain, and another comes from behind it."""
        curtain = Curtain()
        beat.play(FadeIn(curtain), share=0.05, most=0.5)
        noted = [part for one in self.noted for part in one.get_family()]  # what came one by one, too
        self.remove(gone, self.title, *noted, curtain)
        self.noted, self.title = [], title
        self.add(comes, title, curtain)
        beat.play(FadeOut(curtain), share=0.05, most=0.5)
