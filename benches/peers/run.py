#!/usr/bin/env python3
"""The side-by-side benchmark of `rungs` with its peers: one command, one protocol, written results.

    run.py [--sizes 20,50,100,200,500,1000] [--limit 300] [--tools rungs,highs,cpsat]
    run.py --growth [--growth-limit 100]
    run.py --published FOLDER --converter mss.py
    run.py --report                                 only writes RESULTS.md and the plots again

First part.  For every size the same `rungs generate --profile operations --tight 0.9` file goes to `rungs plan` and to
the compact model (compact.py) with HiGHS and with CP-SAT, one after another, nothing in parallel, each with the same
limit in seconds of wall clock from the process's start (the peers' model building is part of it).  A tool still
running `GRACE` seconds after its limit is killed and has no plan.  Each plan is audited by `rungs check` and by
tests/outside/check.py.  A gap is (incumbent - bound) / max(1, |incumbent|), both the tool's own; the times are those
at which a tool itself had reported a gap that small.  Peak memory is the child's maximal resident set (wait4); no tool
may take more than `MEMORY_SHARE` of the machine's.

Second part.  `rungs` alone until it has proven a gap of `GROWN`, on instances that grow in one way at a time: people from
200 to 20,000, positions and periods at 1,000 people (`GROWTH`).

Third part.  The published Medical Student Scheduling instances of a folder, converted and scored by the converter's
own script (which knows nothing of rungs), planned by `rungs` only: limit 120 s up to 40 students, 600 s above.

What was measured is kept in results/runs.json, results/growth.json and results/published.json, a later run replacing only
what it repeats; RESULTS.md and the plots are written from these files.
"""
import argparse
import csv
import importlib.metadata
import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

from model import gap

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS = HERE / "results"
TICK = 0.1                              # seconds between two recorded changes of a bound
GRACE = 60                              # seconds over its limit after which a tool is killed
MEMORY_SHARE = 0.8                      # of the machine's memory, for each tool
TOOLS = {"rungs": ("rungs", "#1b6ca8"), "highs": ("HiGHS, compact", "#d1495b"), "cpsat": ("CP-SAT, compact", "#e09f1f")}
GAPS = (0.05, 0.01, 0.001)
GROWN = 0.01
GROWTH_GAPS = {0.05: "#9ec5e8", 0.02: "#5a97cc", GROWN: "#1b6ca8"}
GROWTH = {                              # what grows: (people, further options of `rungs generate`) by size
    "people": {n: (n, []) for n in (200, 500, 1000, 2000, 5000, 10000, 20000)},
    "positions": {n: (1000, ["--positions", str(n)]) for n in (160, 216, 320, 390)},
    "periods": {n: (1000, ["--periods", str(n)]) for n in (6, 8, 12, 16, 20)},
}


# ---------------------------------------------------------------- one run

def measure(command, limit):
    """Runs a command that tells its progress as JSON lines on standard error.

    Returns {series: [[seconds, incumbent, bound]], done, model, peak_mb, exit, killed, talk}: `series` holds the best
    of both sides so far, `done` and `model` those events as they came, `talk` the last lines that were not JSON."""
    memory = int(MEMORY_SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)))
    late = threading.Event()

    def kill():
        late.set()
        os.killpg(child.pid, signal.SIGKILL)

    timer = threading.Timer(limit + GRACE, kill)
    timer.start()
    run = {"series": [], "done": None, "model": None, "talk": []}
    best, bound = None, None
    for line in child.stderr:
        try:
            event = json.loads(line)
            kind = event["event"]
        except (ValueError, TypeError, KeyError):
            run["talk"] = [*run["talk"], line.rstrip()][-5:]
            continue
        if kind in ("done", "model"):
            run[kind] = {key: value for key, value in event.items() if key != "output"}  # no paths of this machine
        if kind in ("progress", "done"):
            now = event.get("incumbent", event.get("objective"))
            best = now if best is None or now is not None and now < best else best
            now = event.get("bound")
            bound = now if bound is None or now is not None and now > bound else bound
            before = run["series"][-1] if run["series"] else [-1, None, None]
            seconds = event.get("seconds", limit)
            if before[1] != best or before[2] != bound and (kind == "done" or seconds >= before[0] + TICK):
                run["series"].append([seconds, best, bound])
    _, status, used = os.wait4(child.pid, 0)
    timer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return run | {"peak_mb": used.ru_maxrss / 1024, "exit": child.returncode, "killed": late.is_set()}


def time_to(series, wanted):
    """The first second at which the reported gap was `wanted` or less; None if never."""
    return next((t for t, best, bound in series if (g := gap(best, bound)) is not None and g <= wanted), None)


def audit(rungs, instance, plan):
    """("ok", the recomputed objective), or (what is wrong, None)."""
    inside = subprocess.run([rungs, "check", instance, plan, "--json"], capture_output=True, text=True)
    outside = subprocess.run([sys.executable, ROOT / "tests" / "outside" / "check.py", instance, plan], capture_output=True, text=True)
    found = json.loads(inside.stdout) if inside.stdout else {}
    if inside.returncode or not found.get("legal") or outside.returncode:
        return f"rungs check: exit {inside.returncode}; outside check: {outside.stdout.strip()[:200] or outside.returncode}", None
    return "ok", found["objective"]


def plan_command(rungs, instance, output, limit, method, seed=1):
    return [rungs, "plan", instance, "-o", output, "--method", method, "--log-format", "jsonl", "--time-limit", str(limit),
            "--seed", str(seed)]


def generate(args, people, instance, options=()):
    """Writes an operations instance."""
    subprocess.run([args.rungs, "generate", "--profile", "operations", "--participants", str(people), "--tight", "0.9",
                    "--seed", str(args.seed), *options, "-o", instance], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run_tool(tool, args, instance, plan, limit, extra=()):
    """Runs one tool on one instance, audits its plan, and returns what RESULTS.md tells of it."""
    plan.unlink(missing_ok=True)
    if tool == "rungs":
        command = [*plan_command(args.rungs, instance, plan, limit, args.method, args.seed), *extra]
    else:
        command = [sys.executable, HERE / "compact.py", instance, "--solver", tool, "-o", plan, "--time-limit", str(limit),
                   "--threads", str(args.threads), "--seed", str(args.seed)]
    run = measure([str(part) for part in command], limit)
    run |= {"limit": limit, "date": date.today().isoformat(), "objective": None, "audit": None}
    run["bound"] = run["series"][-1][2] if run["series"] else None
    if plan.exists() and not run["killed"]:
        run["audit"], run["objective"] = audit(args.rungs, instance, plan)
        run["bound"] = json.loads(plan.read_text(encoding="utf-8"))["bound"]
    run["gap"] = gap(run["objective"], run["bound"])
    return run


# ---------------------------------------------------------------- the three parts

def merge(name, measured):
    """Adds runs to a results file; returns the whole of it."""
    path = RESULTS / name
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if measured:
        kept |= measured
        path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return kept


def sizes(args):
    """Part one: every size, every tool."""
    for people in args.sizes:
        instance = args.work / f"operations-{people}.json"
        generate(args, people, instance)
        for tool in args.tools:
            print(f"{people} people, {tool}: up to {args.limit:g} s", flush=True)
            run = run_tool(tool, args, instance, args.work / f"operations-{people}.{tool}.plan.json", args.limit)
            print("   ", outcome(run), flush=True)
            merge("runs.json", {f"{people} {tool}": run | {"people": people, "tool": tool}})


def growth(args):
    """Part two: rungs alone, one thing growing at a time."""
    for what, grown in GROWTH.items():
        for size, (people, options) in grown.items():
            instance = args.work / f"growth-{what}-{size}.json"
            generate(args, people, instance, options)
            print(f"{size} {what}: up to {args.growth_limit:g} s", flush=True)
            plan = args.work / f"growth-{what}-{size}.plan.json"
            run = run_tool("rungs", args, instance, plan, args.growth_limit, ["--gap", str(GROWN)])
            print("   ", outcome(run), flush=True)
            merge("growth.json", {f"{what} {size}": run | {"what": what, "size": size}})


def published(args):
    """Part three: every *.dzn of the folder."""
    folder = Path(args.published)
    known_file = folder.parent / "known.csv"
    known = {row["instance"]: row for row in csv.DictReader(known_file.open())} if known_file.exists() else {}
    for source in sorted(folder.glob("*.dzn")):
        name, instance, plan = source.stem, args.work / f"{source.stem}.json", args.work / f"{source.stem}.plan.json"
        converted = subprocess.run([sys.executable, args.converter, "convert", source], check=True, capture_output=True, text=True).stdout
        instance.write_text(converted, encoding="utf-8")
        data = json.loads(converted)
        offset, students = int(re.search(r"MSS objective = (-?\d+) - objective", data["name"])[1]), len(data["participants"])
        limit = args.published_limits[students > 40]
        print(f"{name}, {students} students: up to {limit:g} s", flush=True)
        run = run_tool("rungs", args, instance, plan, limit)
        run |= {"students": students, "mss": None, "score": None, "mss_bound": None if run["bound"] is None else offset - run["bound"]}
        if run["objective"] is not None:
            scored = subprocess.run([sys.executable, args.converter, "score", source, plan], capture_output=True, text=True)
            run["score"] = scored.stdout.strip()[:200]
            if found := re.match(r"feasible: MSS objective (-?\d+)", run["score"]):
                run["mss"] = int(found[1])
        row = known.get(name, {})
        run["best_known"] = float(row["best_known_mss_objective"]) if row.get("best_known_mss_objective") else None
        run["proven_upper"] = float(row["proven_upper_bound"]) if row.get("proven_upper_bound") else None
        print("   ", outcome(run), "·", run["score"], flush=True)
        merge("published.json", {name: run})


# ---------------------------------------------------------------- RESULTS.md

def outcome(run):
    """One line on how a run ended."""
    if run["objective"] is not None:
        return f"objective {run['objective']:,.2f}, bound {run['bound']:,.2f}, gap {run['gap']:.4%}, peak {run['peak_mb']:,.0f} MB"
    return f"{failure(run)}, bound {run['bound']}, peak {run['peak_mb']:,.0f} MB"


def failure(run):
    if run["audit"] not in (None, "ok"):
        return "plan refused by the audit"
    if run["killed"]:
        return f"no plan (killed {GRACE} s after the limit)"
    return "no plan" if run["exit"] == 5 else f"no plan (exit {run['exit']})"


def number(value, form=",.1f"):
    return "–" if value is None else format(value, form)


def table(head, rows):
    align = "|".join(":--" if i < 2 else "--:" for i in range(len(head)))
    return "\n".join(["| " + " | ".join(head) + " |", "|" + align + "|", *("| " + " | ".join(row) + " |" for row in rows)])


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "unknown")
    gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores of {model}, {gib:.0f} GiB"


def versions(rungs):
    """What the runs were made with, as `name version`."""
    ours = subprocess.run([rungs, "--version"], capture_output=True, text=True).stdout.strip()
    found = [ours]
    for package, name in (("highspy", "HiGHS"), ("ortools", "OR-Tools")):
        try:
            found.append(f"{name} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            pass
    return ", ".join(found)


def size_rows(runs):
    order = {tool: i for i, tool in enumerate(TOOLS)}
    runs = sorted(runs.values(), key=lambda r: (r["people"], order[r["tool"]]))
    best = {}
    for r in runs:
        if r["objective"] is not None:
            best[r["people"]] = min(r["objective"], best.get(r["people"], math.inf))
    for r in runs:
        times = [number(time_to(r["series"], g)) for g in GAPS] if r["objective"] is not None else ["–"] * len(GAPS)
        over = None if r["objective"] is None else r["objective"] / best[r["people"]] - 1
        yield [str(r["people"]), TOOLS[r["tool"]][0], *times, failure(r) if r["objective"] is None else f"{r['objective']:,.2f}",
               number(over, "+.2%"), number(r["bound"], ",.2f"), number(r["gap"], ".3%"), number(r["peak_mb"], ",.0f")]


def growth_rows(runs):
    for r in sorted(runs.values(), key=lambda r: (list(GROWTH).index(r["what"]), r["size"])):
        times = [number(time_to(r["series"], g)) for g in GROWTH_GAPS]
        yield [r["what"], f"{r['size']:,}", *times, number(r["gap"], ".2%"), number(r["peak_mb"], ",.0f")]


def exponent(runs):
    """Least-squares slope of the logarithms of the time to `GROWN` and of the size; None if some size did not get there."""
    points = [(math.log(r["size"]), math.log(t)) for r in runs if (t := time_to(r["series"], GROWN))]
    if len(points) < max(2, len(runs)):
        return None
    x, y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def published_rows(runs):
    for name, r in sorted(runs.items(), key=lambda item: (item[1]["students"], item[0])):
        mss, bound = r["mss"], r["mss_bound"]
        proven = None if mss is None or bound is None else max(0.0, bound - mss) / max(1, abs(mss))
        against = None if mss is None or not r["best_known"] else mss / r["best_known"] - 1
        yield [name, str(r["students"]), number(r["best_known"], ",.0f"), number(r["proven_upper"], ",.1f"),
               number(mss, ",.0f") if mss is not None else failure(r), number(against, "+.2%"), number(bound, ",.2f"),
               number(proven, ".3%"), number((r["done"] or {}).get("seconds")), f"{r['limit']:g}", number(r["peak_mb"], ",.0f")]


def report(args):
    """Writes RESULTS.md and the plots from the results files."""
    runs, grown, mss = merge("runs.json", {}), merge("growth.json", {}), merge("published.json", {})
    text = ["# Side by side: rungs and its peers", "",
            "Written by `run.py`; the protocol is in its docstring, the peers' model in `compact.py`.", ""]
    dates = sorted({r["date"] for r in [*runs.values(), *grown.values(), *mss.values()]})
    text += [f"- Date: {' to '.join(dict.fromkeys([dates[0], dates[-1]])) if dates else '–'}", f"- Machine: {machine()}",
             f"- Tools: {versions(args.rungs)}; the peers with {args.threads} threads", ""]
    if runs:
        limits = sorted({r["limit"] for r in runs.values()})
        text += ["## Operations pathway, by size", "",
                 "One instance per size: `rungs generate --profile operations --participants N --tight 0.9 --seed "
                 f"{args.seed}`. Limit {' or '.join(f'{x:g}' for x in limits)} s of wall clock each, model building included, one tool "
                 "at a time. Seconds to a gap: when the tool itself had proven that gap between its plan and its bound. "
                 "Every plan in the table passed `rungs check` and the outside checker; `over best` compares it with the "
                 "best plan of its size.", "",
                 table(["people", "tool", "s to 5 %", "s to 1 %", "s to 0.1 %", "objective", "over best", "bound", "gap", "peak MB"],
                       list(size_rows(runs))), "",
                 *(f"![Seconds to a gap of {100 * g:g} % against people](time-to-{100 * g:g}-percent.svg)\n" for g in GAPS)]
        for g in GAPS:
            (RESULTS / f"time-to-{100 * g:g}-percent.svg").write_text(plot_times(runs, g), encoding="utf-8")
        for people in sorted({r["people"] for r in runs.values()}):
            text += [f"![Gap over time, {people} people](gap-{people}.svg)", ""]
            (RESULTS / f"gap-{people}.svg").write_text(plot_gap(runs, people), encoding="utf-8")
    if grown:
        limits = sorted({r["limit"] for r in grown.values()})
        text += ["## Growth", "",
                 f"rungs alone, `--gap {GROWN:g}` and at most {' or '.join(f'{x:g}' for x in limits)} s; positions and periods at 1,000 "
                 "people (`--positions`, `--periods` of `rungs generate`). Seconds from the start of the search, networks included.", "",
                 table(["what", "size", "s to 5 %", "s to 2 %", f"s to {100 * GROWN:g} %", "gap", "peak MB"], list(growth_rows(grown))), ""]
        for what in GROWTH:
            if here := [r for r in grown.values() if r["what"] == what]:
                slope = exponent(here)
                text += [f"![Seconds against {what}](growth-{what}.svg)", "",
                         *([f"Time to {100 * GROWN:g} % grows with {what} to the power {slope:.2f} (least squares of logarithms).", ""] if slope else [])]
                (RESULTS / f"growth-{what}.svg").write_text(plot_growth(here, what), encoding="utf-8")
    if mss:
        text += ["## Published: Medical Student Scheduling", "",
                 "The instances of Akbarzadeh & Maenhout (2021, doi 10.1016/j.cor.2020.105209) and Zanazzo, Ceschia, Dovier & "
                 "Schaerf (2024, doi 10.1007/s10951-024-00806-z), planned by rungs and scored by the converter's own script. The "
                 "objective is maximised; `gap` is to our own bound, `against` compares with the best known solution.", "",
                 table(["instance", "students", "best known", "proven upper", "ours", "against", "our bound", "gap", "s", "limit", "peak MB"],
                       list(published_rows(mss))), ""]
    (RESULTS / "RESULTS.md").write_text("\n".join(text), encoding="utf-8")
    print(f"written: {RESULTS / 'RESULTS.md'}")


# ---------------------------------------------------------------- plots

class Plot:
    """A small SVG chart with logarithmic or linear axes; data in, pixels out."""
    WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 88, 24, 66, 52

    def __init__(self, title, x, y):
        """x, y: (label, lowest, highest, logarithmic, [(value, text)])."""
        self.x, self.y, self.keys = x, y, 0
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.WIDE} {self.HIGH}" font-family="sans-serif" font-size="12">',
                      f'<rect width="{self.WIDE}" height="{self.HIGH}" fill="#fff"/>',
                      f'<text x="{self.LEFT}" y="22" font-size="15" font-weight="bold">{title}</text>']
        for value, text in x[4]:
            at = self.across(value)
            self.line(at, self.TOP, at, self.HIGH - self.BOTTOM)
            self.text(at, self.HIGH - self.BOTTOM + 16, text, "middle")
        for value, text in y[4]:
            at = self.down(value)
            self.line(self.LEFT, at, self.WIDE - self.RIGHT, at)
            self.text(self.LEFT - 8, at + 4, text, "end")
        self.text((self.LEFT + self.WIDE - self.RIGHT) / 2, self.HIGH - 12, x[0], "middle")
        self.parts.append(f'<text transform="translate(16 {self.HIGH / 2}) rotate(-90)" text-anchor="middle">{y[0]}</text>')

    @staticmethod
    def share(axis, value):
        _, low, high, logarithmic, _ = axis
        value = min(max(value, low), high)
        return math.log(value / low) / math.log(high / low) if logarithmic else (value - low) / (high - low)

    def across(self, value):
        return self.LEFT + self.share(self.x, value) * (self.WIDE - self.LEFT - self.RIGHT)

    def down(self, value):
        return self.HIGH - self.BOTTOM - self.share(self.y, value) * (self.HIGH - self.TOP - self.BOTTOM)

    def line(self, x1, y1, x2, y2):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>')

    def text(self, x, y, text, anchor="start"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>')

    def key(self, name, colour, note=""):
        x, y = self.LEFT + 200 * self.keys, 46
        self.keys += 1
        self.parts.append(f'<rect x="{x}" y="{y - 9}" width="14" height="10" fill="{colour}"/>')
        self.text(x + 20, y, name + note)

    def path(self, points, colour):
        text = " ".join(f"{self.across(x):.1f},{self.down(y):.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="2.2"/>')

    def dot(self, x, y, colour, hollow=False):
        self.parts.append(f'<circle cx="{self.across(x):.1f}" cy="{self.down(y):.1f}" r="4.5" fill="{"#fff" if hollow else colour}" '
                          f'stroke="{colour}" stroke-width="2"/>')

    def times(self, mine, limit, colour, aside=1.0):
        """Sizes with the seconds that they took; hollow at the limit, and `aside` by that factor, where there are none."""
        if reached := [(n, t) for n, t in mine if t is not None]:
            self.path(reached, colour)
        for n, t in mine:
            self.dot(n * (aside if t is None else 1.0), limit if t is None else t, colour, hollow=t is None)

    def svg(self):
        return "\n".join([*self.parts, "</svg>", ""])


def plot_gap(runs, people):
    """Gap over time of every tool at one size: steps, from the first moment with a plan and a bound."""
    here = {r["tool"]: r for r in runs.values() if r["people"] == people}
    limit = max(r["limit"] for r in here.values())
    ticks = [(x, f"{x:g}") for x in (0.1, 1, 10, 60, 300, 1000, 3600) if 0.1 <= x <= limit]
    plot = Plot(f"Proven gap over time, {people} people", ("seconds (logarithmic)", 0.1, limit, True, ticks),
                ("gap (logarithmic)", 1e-6, 1, True, [(10.0 ** -k, f"{100 * 10.0 ** -k:g} %") for k in range(7)]))
    for tool, (name, colour) in TOOLS.items():
        if tool not in here:
            continue
        known = [(t, g) for t, best, bound in here[tool]["series"] if (g := gap(best, bound)) is not None]
        steps = [point for (t, g), (after, _) in zip(known, known[1:] + [(limit, None)]) for point in ((t, g), (max(t, after), g))]
        if steps:
            plot.path(steps, colour)
            plot.dot(*steps[-1], colour)
        plot.key(name, colour, "" if steps else " (no plan)")
    return plot.svg()


def plot_growth(runs, what):
    """Seconds to gaps of 5, 2 and 1 % against what grows; hollow at the limit: not reached."""
    sizes, limit = sorted({r["size"] for r in runs}), max(r["limit"] for r in runs)
    plot = Plot(f"Seconds to a proven gap against {what} (hollow: not within the limit)",
                (f"{what} (logarithmic)", sizes[0] / 1.2, sizes[-1] * 1.2, True, [(n, f"{n:,}") for n in sizes]),
                ("seconds (logarithmic)", 0.1, limit * 1.2, True, [(x, f"{x:g}") for x in (0.1, 1, 10, 60, 300) if x <= limit]))
    for wanted, colour in GROWTH_GAPS.items():
        plot.times(sorted((r["size"], time_to(r["series"], wanted)) for r in runs), limit, colour)
        plot.key(f"{100 * wanted:g} %", colour)
    return plot.svg()


def plot_times(runs, wanted):
    """Seconds to a gap against people; hollow at the limit: not reached."""
    people, limit = sorted({r["people"] for r in runs.values()}), max(r["limit"] for r in runs.values())
    lowest, highest = people[0] / 1.3, people[-1] * 1.3
    plot = Plot(f"Seconds to a proven gap of {100 * wanted:g} % (hollow: not within the limit)",
                ("people (logarithmic)", lowest, highest, True, [(n, str(n)) for n in people]),
                ("seconds (logarithmic)", 0.1, limit * 1.2, True, [(x, f"{x:g}") for x in (0.1, 1, 10, 60, 300, 1000, 3600) if x <= limit]))
    for i, (tool, (name, colour)) in enumerate(TOOLS.items()):
        mine = sorted((r["people"], time_to(r["series"], wanted) if r["objective"] is not None else None)
                      for r in runs.values() if r["tool"] == tool)
        plot.times(mine, limit, colour, 1 + 0.04 * (i - 1))         # side by side where several stand at the limit
        if mine:
            plot.key(name, colour)
    return plot.svg()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rungs", default=ROOT / "target" / "release" / "rungs", help="the built program")
    parser.add_argument("--sizes", default="20,50,100,200,500,1000", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--limit", default=300, type=float, help="seconds for each run of the first part")
    parser.add_argument("--tools", default=",".join(TOOLS), type=lambda text: text.split(","))
    parser.add_argument("--method", default="columns", help="of rungs plan")
    parser.add_argument("--threads", default=2, type=int, help="of the peers")
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--work", default=ROOT / "target" / "peers" / "work", type=Path, help="for instances and plans")
    parser.add_argument("--growth", action="store_true", help="rungs alone on instances that grow instead")
    parser.add_argument("--growth-limit", default=100, type=float, help="seconds for each of them")
    parser.add_argument("--published", metavar="FOLDER", help="plan the *.dzn instances there instead (known.csv beside the folder)")
    parser.add_argument("--converter", metavar="SCRIPT", help="mss.py, which converts and scores them")
    parser.add_argument("--published-limits", default="120,600", type=lambda text: [float(x) for x in text.split(",")],
                        help="seconds up to 40 students, and above")
    parser.add_argument("--report", action="store_true", help="measure nothing")
    args = parser.parse_args()
    if args.published and not args.converter:
        parser.error("--published needs --converter")
    if unknown := set(args.tools) - set(TOOLS):
        parser.error(f"unknown tools: {', '.join(sorted(unknown))}")
    args.rungs = str(Path(args.rungs).resolve())
    args.work.mkdir(parents=True, exist_ok=True)
    RESULTS.mkdir(exist_ok=True)
    if not args.report:
        (published if args.published else growth if args.growth else sizes)(args)
    report(args)


if __name__ == "__main__":
    main()
