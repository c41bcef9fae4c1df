"""What the commands print for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from renders.terminal import clock, megabytes, table

if TYPE_CHECKING:
    from llmtrace.checks import Identity
    from renders.store.cache import Usage
    from renders.timeline import Timeline


def identities(found: Sequence[Identity]) -> None:
    rows = [
        (i.name, i.formula, "", "not told: --only left out what it needs")
        if i.error is None
        else (i.name, i.formula, f"{i.error:.1e}", "holds" if i.holds else "FAILS")
        for i in found
    ]
    table(("of", "identity", "largest error", ""), rows)


def script(timeline: Timeline, pace: str) -> None:
    for timed in timeline.chapters:
        print(f"\n{timed.chapter.title}  [{timed.chapter.name}]")
        for b in timed.beats:
            print(f"  {clock(b.start / timeline.fps)}  {b.beat.text}")
    print(f"\n{clock(timeline.seconds)} in all, {pace}")


def cache(found: Sequence[Usage]) -> None:
    rows = [(u.kind, f"{u.entries:,}", megabytes(u.bytes), str(u.folder)) for u in found]
    total = sum(u.bytes for u in found)
    rows.append(("all", f"{sum(u.entries for u in found):,}", megabytes(total), ""))
    table(("kind", "entries", "MB", "place"), rows)


def bench(measured: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    from renders.bench.lesson import AT_MOST, LINES

    rows = []
    for name, (what, aim) in LINES.items():
        last = f"{before[name]:.2f}" if name in before else "–"
        rows.append((what, f"{measured[name]:.2f}", f"{'≤' if name in AT_MOST else '≥'} {aim:g}", last))
    table(("what", "measured", "aim", "last time"), rows)
    stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in measured["stages"].items())
    print(f"{measured['video']:.1f} s of video in {measured['wall']:.1f} s: {stages}")


def bench_trace(measured: dict[str, Any]) -> None:
    what = {
        "tracing": "12 tokens, less the writing: × plain forward pass",
        "tracing_pass": "the same of the pass alone, without lens, neighbours and map",
        "megabytes_12": "file of 12 tokens, MB",
        "megabytes_256": "file of 256 tokens, MB",
        "peak_gigabytes_1024": "peak memory, 1,024 tokens, patterns alone, GB",
        "open_milliseconds": "open any of them and read a tensor, ms",
    }
    limits = measured["limits"]
    table(
        ("what", "measured", "at most"),
        [(text, f"{measured[name]:.2f}", _limit(limits, name)) for name, text in what.items()],
    )


def bench_overview(measured: dict[str, Any]) -> None:
    what = {
        "made": "the network, made",
        "hold": "a second that it stands still",
        "flight": "a flight to a block, mean of its pictures",
        "back": "the flight back",
        "opening": "a block opens",
        "light": "light changes",
    }
    limits, rows = measured["limits"], []
    for shape in ("bundled", "small", "large"):
        for key, text in what.items():
            name = f"{shape}_{key}"
            rows.append((shape, f"{text}, ms", f"{measured[name]:.1f}", _limit(limits, name)))
    for name, text in {
        "arrival": "a chapter comes to its place, mean of its pictures, ms",
        "chapter_of_its_length": "the chapter alone, made: × its length",
        "chapter_gigabytes": "and the memory of all processes, GB",
    }.items():
        rows.append(("bundled", text, f"{measured[name]:.2f}", _limit(limits, name)))
    table(("shape", "what", "measured", "at most"), rows)


def bench_voice(measured: dict[str, Any]) -> None:
    what = {
        "of_real_time": "speaking: × real time, on one core",
        "master_seconds": f"mastering {clock(measured['script_seconds'])} minutes, s",
        "memory_mb": "peak memory, MB",
        "spoken_again": "sentences spoken again in a second run",
    }
    limits = measured["limits"]
    table(
        ("what", "measured", "at most"),
        [(text, f"{measured[name]:g}", f"{limits[name]:g}") for name, text in what.items()],
    )


def bench_publish(measured: dict[str, Any]) -> None:
    from renders.publish.verdict import bytes_told

    rows = []
    for cost in measured["costs"]:
        size, most = (None if cost[n] is None else bytes_told(cost[n]) for n in ("bytes", "bytes_most"))
        times = (cost[name] for name in ("processor", "clock", "seconds_most"))
        rows.append(
            (
                cost["what"],
                size or "",
                most or "",
                *("" if t is None else f"{t:.1f}" for t in times),
                cost["verdict"],
            )
        )
    table(("what", "size", "at most", "processor, s", "clock, s", "at most, s", ""), rows, whole=True)
    lesson, height = measured["lesson"], measured["height"]
    print(f"of “{lesson['title']}”, {clock(lesson['seconds'])} at {height}p, {lesson['fps']} frames a second")


def _limit(limits: Mapping[str, float], name: str) -> str:
    return f"{limits[name]:g}" if name in limits else ""


def batch(summed: dict[str, Any]) -> None:
    def row(one: dict[str, Any]) -> tuple[str, ...]:
        pace = "" if one["real_time_factor"] is None else f"{one['real_time_factor']:.2f}"
        plays = "" if one["plays"] is None else clock(one["plays"])
        tries = str(len(one["attempts"]))
        return one["name"], one["status"], plays, pace, tries, one["error"] or ""

    table(("name", "", "plays", "× real time", "tries", "error"), [row(one) for one in summed["prompts"]])
