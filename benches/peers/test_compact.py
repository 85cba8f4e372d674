"""The compact model means what MODEL.md means: random plans are fixed in it, and it agrees with the outside checker.

    RUNGS=path/to/rungs python -m unittest test_compact

A plan that the checker calls legal must be allowed and cost what the checker says; one that breaks a hard rule must be
forbidden.  (Optima of small instances are compared with `rungs plan` in README.md.)
"""
import os
import random
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from backends import highs
from compact import Compact, NotModelled
from model import INF, Talk
from reading import check

RUNGS = os.environ.get("RUNGS", str(Path(__file__).resolve().parents[2] / "target" / "release" / "rungs"))


def generate(people, *more):
    """The instance file's content, as the checker loads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.json"
        subprocess.run([RUNGS, "generate", "--profile", "operations", "--participants", str(people), *more, "-o", path],
                       check=True, capture_output=True)
        return check.load(path)


def price(compact, placements):
    """The model's optimum once every start is fixed as in the placements; None if it forbids them."""
    chosen = {(p["participant"], p["position"], p["from"], p["until"]) for p in placements}
    fixed = {s.column: float((s.person.id, s.position.id, s.worked[0], s.worked[-1] + 1) in chosen) for s in compact.starts}
    if sum(fixed.values()) < len(chosen):
        return None
    talk = Talk()
    talk.say = lambda *_, **__: None
    _, values, _ = highs(compact.model, INF, 1, 1, talk, fixed)
    return None if values is None else sum(c * v for c, v in zip(compact.model.cost, values))


class RandomPlan:
    """Random legal paths, person after person; `broken` collects (rule, placements) that break one hard rule only."""

    def __init__(self, data, seed):
        self.inst, self.dice, self.broken, self.load = check.Instance(data), random.Random(seed), [], Counter()
        self.placements, self.taken = [], Counter()
        for person in self.inst.participants.values():
            self.tries = 150
            path = self.extend(person, [], check.Path(self.inst, person, []).timeline)
            for p in path:
                p["mentors"] = self.mentors(person, p)
            path = [p for p in path if p["mentors"]] if all(p["mentors"] for p in path) else []
            while path and (wrong := self.wrong(self.placements + path)):
                if len(wrong) == 1 and wrong != ["pinned"]:
                    self.broken.append((wrong[0], self.placements + path))
                for p in path:
                    self.load.subtract((m["mentor"], m["from"]) for m in p["mentors"])
                path = []
            self.placements += path
            self.taken.update((p["position"], m["from"]) for p in path for m in p["mentors"])

    def wrong(self, placements):
        """Hard rules that the placements break, pins of people still to come aside."""
        here = {p["participant"] for p in placements}
        rules = check.evaluate(self.inst, placements).rules
        return [rule for rule, r in rules.items()
                if any(rule != "pinned" or text.split(":")[0] in here for text in r["breaches"])]

    def alone(self, person, path):
        """Hard rules of one path that it breaks (stretch by its limit), and the path walked."""
        walked, wrong = check.Path(self.inst, person, path), []
        for rule, find in check.PATH_RULES.items():
            find = check.too_far if rule == "stretch" else find
            if self.inst.rules[rule][0] == "hard" and rule != "pinned" and any(n > 0 for n, _ in find(self.inst, walked)):
                wrong.append(rule)
        return wrong

    def extend(self, person, path, line):
        """Depth-first: random placements from the first free period on; the longest path found, finished if possible."""
        if not line or self.tries <= 0:
            return path
        best = path
        for _ in range(80):
            if self.tries <= 0:
                break
            q = self.dice.choice(list(self.inst.positions.values()))
            skip = self.dice.random() < 0.05
            length = self.dice.randint(q.role.least, min(q.role.most, 12))
            worked = line[skip:skip + length]
            full = any(self.taken[q.id, t] >= q.seats[t] for t in worked)
            if not worked or full and self.dice.random() < 0.95:
                continue
            longer = path + [{"participant": person.id, "position": q.id, "from": worked[0], "until": worked[-1] + 1, "mentors": []}]
            wrong = self.alone(person, longer)
            if wrong:
                if len(wrong) == 1 and self.dice.random() < 0.02:
                    self.broken.append((wrong[0], longer))
                continue
            self.tries -= 1
            found = self.extend(person, longer, line[skip + length:])
            if not best or found[-1]["until"] > best[-1]["until"]:
                best = found
            if best[-1]["until"] > line[-1]:
                return best
        return best

    def mentors(self, person, p):
        """A mentor with capacity left for each period worked; [] if one is missing."""
        q, spans = self.inst.positions[p["position"]], []
        who, at_work = check.Record(person=person), check.Record(position=q, site=q.site, role=q.role)
        for t in check.Path(self.inst, person, [p]).placements[0].worked:
            free = [m for m in self.inst.mentors.values() if self.load[m.id, t] < m.capacity[t]
                    and check.suitable(self.inst, who, at_work, t, m)]
            if not free:
                return []
            spans.append({"mentor": self.dice.choice(free).id, "from": t, "until": t + 1})
        self.load.update((m["mentor"], m["from"]) for m in spans)
        return spans


class Agrees(unittest.TestCase):
    def compare(self, data, seed):
        plan = RandomPlan(data, seed)
        placed = check.evaluate(plan.inst, plan.placements)
        finished = sum(path.finished for path in placed.plan.paths)
        pinned = any(r["breaches"] for r in placed.rules.values())   # a pinned person may have found no path
        kinds, seen = {}, Counter(rule for rule, _ in plan.broken)
        for rule, placements in plan.broken:
            kinds.setdefault(rule, []).append(placements)
        for pins in (plan.inst.participants.values() if pinned else ()):
            pins.pinned = []                                        # legal without the pins, which test_pins looks at
        for tallies in (False, True):
            compact = Compact(plan.inst, tallies)
            with self.subTest("legal", tallies=tallies):
                self.assertAlmostEqual(price(compact, plan.placements), check.evaluate(plan.inst, plan.placements).objective, places=4)
            for rule, examples in kinds.items():
                for placements in examples[:3]:
                    with self.subTest("illegal", rule=rule, tallies=tallies):
                        self.assertIsNone(price(compact, placements))
        print(f"  {len(plan.inst.participants)} people: {len(plan.placements)} placements, {finished} paths finished; refused: {dict(seen)}")

    def test_small(self):
        for seed in (1, 2, 3):
            self.compare(generate(12, "--seed", str(seed)), seed)

    def test_large(self):
        self.compare(generate(120, "--seed", "4"), 4)

    def test_short_horizon(self):
        self.compare(generate(40, "--periods", "9", "--seed", "5"), 5)

    def test_tight_couplings(self):
        """Budget, housing, arrivals and groups made to matter."""
        data = generate(60, "--seed", "6")
        data["relocation"]["budget"] = {"total": 350_000, "per_year": {"2027": 150_000}}
        for site in data["sites"][::2]:
            site |= {"housing": 2, "arrivals": 1}
        names = [p["id"] for p in data["participants"]]
        data["groups"] = [{"id": f"g{i}", "members": names[3 * i:3 * i + 2], "kind": kind, "within": within} for i, (kind, within) in
                          enumerate([("together", "country"), ("apart", "region"), ("together", 500.0), ("apart", "site"),
                                     ("together", "region"), ("apart", "country")])]
        for p in data["participants"][::3]:
            p["mobility"] = {**p.get("mobility", {}), "max_moves": 2, "min_stay": 5}
        self.compare(data, 6)

    def test_pins(self):
        data = generate(12)
        plan = RandomPlan(data, 1)
        some = plan.placements[0]
        pinned = next(p for p in data["participants"] if p["id"] == some["participant"])
        pinned["pinned"] = [{name: some[name] for name in ("position", "from", "until")}]
        others = [p for p in plan.placements if p["participant"] not in {q["id"] for q in data["participants"] if q.get("pinned")}]
        for p in data["participants"]:
            if p is not pinned:
                p.pop("pinned", None)
        mine = [p for p in plan.placements if p["participant"] == some["participant"]]
        compact = Compact(check.Instance(data))
        self.assertIsNotNone(price(compact, others + mine))
        self.assertIsNone(price(compact, others))

    def test_what_is_not_modelled_is_refused(self):
        data = generate(10)
        data["rules"] |= {"peers": {"mode": "soft"}, "track": {"mode": "hard", "minima": "everyone"}}
        with self.assertRaises(NotModelled) as refusal:
            Compact(check.Instance(data))
        self.assertIn("peers", str(refusal.exception))
        self.assertIn("minima", str(refusal.exception))


if __name__ == "__main__":
    unittest.main()
