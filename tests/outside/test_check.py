"""Tiny instances with hand-computed expectations for check.py.  Run: python3 -m unittest (in this folder)."""
import contextlib
import copy
import hashlib
import io
import json
import os
import sys
import tempfile
import unittest
from datetime import date

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check  # noqa: E402
from check import Bad, Calendar, Instance, canonical, evaluate, label_span, sha256  # noqa: E402


def tiny(**changes):
    """Six half-years; roles r1..r4 of difficulty 2, 4, 6, 8 on rungs low (r1, r2) and high (r3, r4); sites A, B,
    C in Madrid, Barcelona, Madrid; positions a1..a4 at A, b1..b4 at B, c2 at C; one participant `ann`, whose
    track of 6 periods has no shape and enters at level 0."""
    roles = [{"id": f"r{n}", "stage": "low" if n < 3 else "high", "difficulty": 2 * n} for n in (1, 2, 3, 4)]
    data = {
        "format": "rungs/1", "name": "tiny",
        "calendar": {"start": "2026-01-01", "unit": "half", "count": 6},
        "competencies": [{"id": "lead", "levels": 3}, {"id": "plan", "levels": 3}],
        "stages": [{"id": "low"}, {"id": "high"}],
        "roles": roles,
        "sites": [{"id": "A", "region": "centre", "country": "ES", "lat": 40.0, "lon": -4.0},
                  {"id": "B", "region": "east", "country": "ES", "lat": 41.0, "lon": -4.0},
                  {"id": "C", "lat": 40.0, "lon": -4.0}],
        "positions": [{"id": s.lower() + r["id"][1], "role": r["id"], "site": s} for s in "AB" for r in roles]
        + [{"id": "c2", "role": "r2", "site": "C"}],
        "tracks": [{"id": "T", "length": 6, "entry_level": 0}],
        "cohorts": [{"id": "K", "track": "T", "start": 0}],
        "participants": [{"id": "ann", "cohort": "K"}],
    }
    data.update(changes)
    return copy.deepcopy(data)


def person(name, **fields):
    return {"id": name, "cohort": "K", **fields}


def role(data, name):
    return next(r for r in data["roles"] if r["id"] == name)


def position(data, name):
    return next(p for p in data["positions"] if p["id"] == name)


def plan(*placements):
    """Placements written as "ann a1 0 2"; "ann a1 0 2 m:0-1 n:1-2" adds mentor spans."""
    out = []
    for text in placements:
        who, where, first, until, *mentors = text.split()
        spans = [(m.split(":")[0], *m.split(":")[1].split("-")) for m in mentors]
        out.append({"participant": who, "position": where, "from": int(first), "until": int(until),
                    "mentors": [{"mentor": m, "from": int(a), "until": int(b)} for m, a, b in spans]})
    return out


def result(data, *placements):
    return evaluate(Instance(data), plan(*placements))


class Checks(unittest.TestCase):
    def measures(self, data, placements, **expected):
        """Each rule's measure (harder_than_last=... for harder-than-last)."""
        rules = result(data, *placements).rules
        for name, value in expected.items():
            self.assertAlmostEqual(rules[name.replace("_", "-")]["measure"], value, places=6, msg=name)

    def broken(self, data, placements, *expected):
        """Exactly these hard rules are broken."""
        rules = result(data, *placements).rules
        self.assertEqual({name for name, r in rules.items() if r["breaches"]}, set(expected))


class Reading(Checks):
    def test_periods(self):
        months = Calendar({"start": "2027-01-31", "unit": "month", "count": 3})
        self.assertEqual([months.begin(i) for i in (-2, 1, 2)], [date(2026, 11, 30), date(2027, 2, 28), date(2027, 3, 31)])
        self.assertEqual(months.period("2027-02-27"), 0)
        self.assertEqual(months.period("2027-02-28"), 1)
        self.assertEqual(months.period("2027-02"), 1)
        self.assertEqual(months.period("2027-Q2"), 3)           # begins on 30 April
        halves = Calendar({"start": "2026-01-01", "unit": "half", "count": 6})
        self.assertEqual([halves.period(p) for p in ("2027", "2027-H2", "2025", "2026-Q2", "2028-12-31")], [2, 3, -2, 0, 5])
        july = Calendar({"start": "2026-07-15", "unit": "year", "count": 2})
        self.assertEqual([july.period(p) for p in ("2027", "2027-03", "2027-08", 5, -1)], [1, 0, 1, 5, -1])
        weeks = Calendar({"start": "2026-01-05", "unit": "week", "count": 9})
        self.assertEqual([weeks.period(p) for p in ("2026-W02", "2026-W03", "2026-01-04")], [0, 1, -1])
        self.assertEqual(label_span("2027-Q4"), (date(2027, 10, 1), date(2028, 1, 1)))
        self.assertEqual(list(halves.range({"from": "2027", "until": "2028"})), [2, 3])
        self.assertEqual(list(halves.range({"from": "2020"})), [0, 1, 2, 3, 4, 5])
        self.assertEqual(list(halves.range({"from": 4, "until": 2})), [])

    def test_canonical(self):
        data = {"b": [1.0, 2.5, None, True], "a": {"z": None, "é": "ü\n"}, "n": [1e-7, 1e21, 123456.0, -0.0, 0.001, 1e20]}
        text = '{"a":{"é":"ü\\n"},"b":[1,2.5,null,true],"n":[1e-7,1e+21,123456,0,0.001,100000000000000000000]}'
        self.assertEqual(canonical(data), text)
        self.assertEqual(sha256(data), hashlib.sha256(text.encode()).hexdigest())

    def test_refusals(self):
        for change in ({"participants": [person("ann", levle=2)]}, {"rules": {"seats": {"mode": "soft", "weight": 1}}},
                       {"rules": {"track": {"mode": "soft"}}}, {"rules": {"stretch": {"max_stp": 3}}},
                       {"participants": [person("ann"), person("ann")]},
                       {"participants": [person("ann", pinned=[{"position": "a1", "from": 4, "until": 8}])]},
                       {"people": [{"id": "x", "reports_to": "y"}, {"id": "y", "reports_to": "x"}]}):
            with self.assertRaises(Bad):
                Instance(tiny(**change))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "twice.json")
            with open(path, "w") as file:
                file.write('{"a": 1, "a": null}')
            with self.assertRaises(Bad):
                check.load(path)

    def test_defaults(self):
        data = tiny(difficulty={"people": 1, "scope": 2})
        data["roles"].append({"id": "r5", "stage": "low", "demands": {"people": 1, "scope": 0.5}})
        data["positions"].append({"id": "a5", "role": "r5", "site": "A", "difficulty_add": 0.25})
        del data["tracks"][0]["entry_level"]
        inst = Instance(data)
        self.assertEqual(inst.positions["a5"].difficulty, 2.25)      # 1 x 1 + 2 x 0.5 + 0.25
        self.assertEqual(inst.participants["ann"].level, 0)          # a1 at 2, less ideal_step 2
        self.assertEqual(inst.rules["mentoring"], ("off", 0))
        self.assertEqual(inst.rules["stability"], ("off", 0))
        inst = Instance(tiny(mentors=[{"id": "m"}], baseline=[]))
        self.assertEqual((inst.rules["mentoring"], inst.rules["stability"]), (("hard", 0), ("soft", 20)))


class OnePath(Checks):
    def test_ladder(self):
        """Steps 2, 2, 4 from level 0: stretch 0 + 0 + 2; full coverage; every period in which a site has one: peers."""
        placements = ["ann a1 0 2", "ann a2 2 4", "ann a4 4 6"]
        self.measures(tiny(), placements, stretch=2, harder_than_last=0, coverage=0, peers=6, preference=0)
        self.broken(tiny(), placements)
        self.assertAlmostEqual(result(tiny(), *placements).objective, 2 + 5 * 6)

    def test_steps_out_of_bounds(self):
        self.broken(tiny(), ["ann a3 0 6"], "stretch")               # step 6 > 4
        data = tiny()
        position(data, "a3")["support"] = 2
        self.broken(data, ["ann a3 0 6"])                            # step 6 <= 4 + 2
        self.broken(tiny(), ["ann a2 0 3", "ann b2 3 6"], "harder-than-last", "no-repeat")
        # back from r3 to r1: step -4, short of 0.5 by 4.5, and one rung down
        self.measures(tiny(participants=[person("ann", level=4)]), ["ann a3 0 3", "ann a1 3 6"], harder_than_last=5.5)
        # history's hardest role sets the level (6), its last the stage
        data = tiny(participants=[person("ann", history=[{"role": "r3", "site": "A", "periods": 2}])])
        self.measures(data, ["ann a4 0 6"], stretch=0, harder_than_last=0)
        self.measures(data, ["ann a2 0 6"], stretch=4, harder_than_last=2.5 + 1)
        soft = tiny(rules={"stretch": {"mode": "soft"}})
        self.broken(soft, ["ann a3 0 6"])
        self.measures(soft, ["ann a3 0 6"], stretch=4)

    def test_current(self):
        """Continued: nothing asked at entry, worked counts; ended: last of history and the placement before."""
        data = tiny(participants=[person("ann", current={"position": "a2", "worked": 1}, level=9)])
        role(data, "r2")["duration"] = {"min": 2, "max": 3}
        role(data, "r2")["starts"] = [5]
        self.broken(data, ["ann a2 0 2", "ann a3 2 6"])              # 3 periods in r2; step 6 - 4
        self.measures(data, ["ann a2 0 2", "ann a3 2 6"], stretch=0, no_repeat=0)
        self.broken(data, ["ann a2 0 3", "ann a3 3 6"], "duration")  # 4 > 3
        self.broken(data, ["ann a3 0 6"], "duration")                # ended after 1 < 2
        self.measures(data, ["ann a3 0 6"], stretch=0)               # against a2, not level 9
        self.broken(data, ["ann a2 1 4", "ann a3 4 6"], "duration", "timeline", "harder-than-last", "no-repeat")

    def test_timeline(self):
        for placements in (["ann a1 0 2", "ann a2 1 3"], ["ann a1 -1 2"], ["ann a1 4 7"], ["ann a1 2 2"]):
            self.broken(tiny(), placements, "timeline", *(["duration"] if placements == ["ann a1 2 2"] else []))
        off = tiny(rules={"no-repeat": {"mode": "off"}, "harder-than-last": {"mode": "off"}})
        self.broken(off, ["ann a1 0 2", "ann a1 2 4"], "timeline")   # no idle period between
        self.broken(off, ["ann a1 0 2", "ann a1 3 4"])
        data = tiny()
        data["sites"][0]["open"] = [{"from": 1}]
        self.broken(data, ["ann a1 0 2"], "timeline")
        self.broken(data, ["ann a1 1 2"])

    def test_leave(self):
        """Leave 2-3: the timeline is 0, 1, 4, 5; a placement may pause over it unless it does not pause."""
        data = tiny(participants=[person("ann", leave=[{"from": 2, "until": 4}])])
        role(data, "r1")["duration"] = {"max": 4}
        self.broken(data, ["ann a1 0 6"])                            # 4 worked
        self.measures(data, ["ann a1 0 6"], coverage=0, peers=4)
        self.broken(data, ["ann a1 0 3"], "timeline")                # ends in leave
        data["participants"][0]["leave"].append({"from": 3, "until": 4, "pauses": False})
        self.broken(data, ["ann a1 0 6"], "timeline")
        self.broken(data, ["ann a1 0 2", "ann a2 4 6"])
        self.assertEqual(Instance(data).participants["ann"].leave[1][1:], (False, False))

    def test_cut_and_finished(self):
        """A track of 8 in a horizon of 6 is cut: a last placement may be short, readiness and breadth are not asked."""
        data = tiny(targets=[{"id": "X", "requires": {"lead": 2}}], participants=[person("ann", target="X")])
        data["tracks"][0].update(breadth={"sites": 2})
        role(data, "r2")["duration"] = {"min": 4}
        self.broken(data, ["ann a1 0 4", "ann a2 4 6"], "duration")
        self.measures(data, ["ann a1 0 4", "ann a2 4 6"], readiness=2, breadth=1)
        data["participants"][0]["extension"] = 2
        self.broken(data, ["ann a1 0 4", "ann a2 4 6"])
        self.broken(data, ["ann a2 1 3", "ann a3 3 6"], "duration")
        self.measures(data, ["ann a1 0 4", "ann a2 4 6"], readiness=0, breadth=0)

    def test_qualifies_after(self):
        data = tiny(participants=[person("ann", competencies={"lead": 1})])
        role(data, "r1").update(develops={"plan": 2}, duration={"min": 2})
        role(data, "r2").update(requires={"lead": 2, "plan": 2}, after=[["r1", "r3"], ["r4"]], not_right_after=["r1"])
        self.measures(data, ["ann a1 0 2", "ann a2 2 4"], qualifies=1, after=2)      # lead; group r4, neighbour r1
        self.measures(data, ["ann a2 0 4"], qualifies=3, after=2)
        data["participants"][0]["history"] = [{"role": "r4"}, {"role": "r1"}]
        self.measures(data, ["ann a2 0 4"], qualifies=1, after=1)

    def test_credentials(self):
        data = tiny(participants=[person("ann", credentials=["x", {"id": "visa", "from": "2027"}])])
        data["sites"][1]["requires"] = ["visa", "x"]
        self.measures(data, ["ann b1 2 4"], credentials=0)
        self.measures(data, ["ann b1 1 4"], credentials=1)

    def test_no_repeat(self):
        off = {"harder-than-last": {"mode": "off"}}
        self.measures(tiny(rules=off), ["ann a1 0 1", "ann b1 1 2", "ann a1 3 4"], no_repeat=2)
        data = tiny(rules=off, participants=[person("ann", history=[{"role": "r1"}, {"role": "r1"}])])
        self.measures(data, [], no_repeat=0)
        self.measures(data, ["ann a1 0 1"], no_repeat=1)
        data = tiny(rules=off, participants=[person("ann", current={"position": "a1", "worked": 1})])
        self.measures(data, ["ann a1 0 1", "ann b1 1 2"], no_repeat=1)

    def test_track(self):
        shape = {"stages": [{"stage": "low", "placements": {"min": 1, "max": 1}, "periods": {"max": 3}},
                            {"stage": "high", "periods": {"min": 3}}], "capstone": ["r4"]}
        data = tiny(rules={"harder-than-last": {"mode": "off"}})
        data["tracks"][0].update(shape)
        self.measures(data, ["ann a2 0 3", "ann a4 3 6"], track=0)
        # placements in low 2 > 1, periods in low 4 > 3; high 2 < 3; capstone there
        self.measures(data, ["ann a1 0 2", "ann a2 2 4", "ann a4 4 6"], track=3)
        # out of order once (low after high), high 3 periods, low 3; last is no capstone
        self.measures(data, ["ann a3 0 3", "ann a1 3 6"], track=2)
        # unfinished: minima owing are coverage's: 1 idle + high 3 - 2 + capstone
        self.measures(data, ["ann a2 0 3", "ann a3 3 5"], track=0, coverage=1 + 1 + 1)
        self.measures(data, [], track=0, coverage=6 + 1 + 3 + 1)
        data["rules"]["track"] = {"minima": "everyone"}
        self.measures(data, ["ann a2 0 3", "ann a3 3 5"], track=2, coverage=1)
        self.measures(data, [], track=5, coverage=6)
        data["rules"]["track"] = {"mode": "off"}
        self.measures(data, [], coverage=6)

    def test_history_is_not_charged(self):
        """Two low placements of 5 periods are held: maxima 1 and 3 become 2 and 5; a third is charged 1 + its periods."""
        data = tiny(participants=[person("ann", level=3, history=[{"role": "r1", "periods": 2}, {"role": "r2", "periods": 3}])])
        data["tracks"][0]["stages"] = [{"stage": "low", "placements": {"max": 1}, "periods": {"max": 3}}, {"stage": "high"}]
        self.measures(data, ["ann a3 0 6"], track=0)
        self.measures(data, ["ann a2 0 2", "ann a3 2 6"], track=1 + 2)

    def test_curriculum(self):
        data = tiny()
        role(data, "r2")["family"] = "ops"
        role(data, "r3")["family"] = "ops"
        data["tracks"][0]["curriculum"] = [
            {"of": {"families": ["ops"], "regions": ["east"]}, "placements": {"min": 1}, "periods": {"min": 3, "max": 3}},
            {"each": "region", "placements": {"max": 1}}]
        self.measures(data, ["ann a1 0 3", "ann b2 3 6"], curriculum=0)
        self.measures(data, ["ann a1 0 1", "ann b2 1 6"], curriculum=2)              # 5 periods > 3
        self.measures(data, ["ann a1 0 1", "ann a2 1 6"], curriculum=1 + 3 + 1)      # none of the clause; centre twice
        self.measures(data, ["ann a1 0 3", "ann c2 3 6"], curriculum=1 + 3)          # C has no region: skipped
        self.measures(data, [], curriculum=0, coverage=6 + 4)
        data["participants"][0]["curriculum"] = []
        self.measures(data, [], coverage=6)

    def test_moves_and_relocation(self):
        """One degree of latitude = 6371.0088 x pi / 180 = 111.19508 km."""
        data = tiny(relocation={"base": 1000, "per_km": 2}, participants=[person("ann", home="A")],
                    rules={"moves": {"mode": "soft", "weight": 3}})
        self.measures(data, ["ann a1 0 2", "ann b2 2 4", "ann b3 4 6"], moves=1, relocation=1000 + 2 * 111.19508023)
        self.measures(data, ["ann b1 0 2", "ann c2 2 6"], moves=2, relocation=2000 + 4 * 111.19508023)
        data["participants"][0]["minds"] = {"moves": 0.5}
        data["relocation"]["pairs"] = [{"from": "B", "to": "A", "cost": 7}]
        self.measures(data, ["ann b1 0 6"], moves=0.5, relocation=7)
        data["relocation"]["commute_km"] = 112
        self.measures(data, ["ann b1 0 6"], moves=0, relocation=0)
        del data["sites"][1]["lat"]
        data["relocation"]["pairs"] = []
        self.measures(data, ["ann b1 0 6"], moves=0.5, relocation=1000)              # unknown: a move of 0 km
        data["participants"][0].pop("home")
        self.measures(data, ["ann b1 0 6"], moves=0, relocation=0)

    def test_mobility(self):
        limits = {"max_moves": 1, "max_km": 100, "regions": ["centre"], "not_sites": ["B"], "min_stay": 3}
        data = tiny(participants=[person("ann", home="A", mobility=limits)], rules={"mobility": {"mode": "soft", "weight": 1}})
        self.measures(data, ["ann a1 0 6"], mobility=0)
        # b: 111 km, region, refused = 3; a: fine; moves 2 > 1; stay 2 < 3
        self.measures(data, ["ann b1 0 2", "ann a2 2 6"], mobility=3 + 1 + 1)
        self.measures(data, ["ann c2 0 6"], mobility=1)              # C has no region; 0 km, no move
        data["participants"][0]["current"] = {"position": "b1", "worked": 1}
        self.measures(data, ["ann b1 0 2", "ann a2 2 6"], mobility=0)

    def test_barred_pinned(self):
        data = tiny(participants=[person("ann", barred={"roles": ["r1"], "sites": ["A"]},
                                         pinned=[{"position": "b2", "from": 2, "until": "2028-H2"}])])
        self.measures(data, ["ann a1 0 2", "ann b2 2 5"], barred=1, pinned=0)
        self.measures(data, ["ann b2 2 6"], barred=0, pinned=1)

    def test_intensity(self):
        data = tiny(rules={"intensity": {"run": 2, "mode": "soft", "weight": 5}})
        for name in ("r1", "r2"):
            role(data, name)["intensity"] = 0.8
        self.measures(data, ["ann a1 0 2", "ann a2 2 4"], intensity=2)
        self.measures(data, ["ann a1 0 2", "ann a2 3 5"], intensity=0)
        data["participants"] = [person("ann", leave=[{"from": 2, "until": 3}], current={"position": "a1", "worked": 2})]
        self.measures(data, ["ann a1 0 2", "ann a2 3 5"], intensity=4)

    def test_waiting_stability_visibility(self):
        data = tiny(rules={"waiting": {"mode": "soft", "weight": 1}, "visibility": {"mode": "soft", "weight": 1, "min": 2}},
                    baseline=[{"participant": "ann", "position": "a1", "until": 3}],
                    participants=[person("ann", leave=[{"from": 2, "until": 3}], minds={"waiting": 2}), person("bob")])
        role(data, "r2")["visibility"] = 0.5
        # ann: idle in 1; leave in 2; baseline a1 in 0, 1 and nothing in 3, 4, 5; visibility 0.5 x 3 of 2
        self.measures(data, ["ann a1 0 1", "ann a2 3 6"], waiting=2, stability=1 + 3, visibility=0.5)
        data["rules"]["waiting"]["counts_leave"] = True
        self.measures(data, ["ann a1 0 1", "ann a2 3 6"], waiting=4)
        self.measures(data, ["ann a1 0 1", "ann a2 3 5"], visibility=0)

    def test_preference(self):
        """Ratings: r1 and site A wanted (+2, +1), region east avoided (-2): from -2 (b2...) to 3 (a1)."""
        data = tiny(participants=[person("ann", ratings={"roles": {"r1": 2}, "sites": {"A": 1}, "regions": {"east": -2}})])
        self.measures(data, ["ann a1 0 2", "ann b2 2 5"], preference=3 * 5 / 5)
        self.measures(data, ["ann a1 0 2", "ann a2 2 5"], preference=3 * 2 / 5)
        data["rules"] = {"preference": {"scale": "raw", "per": "placement"}}
        self.measures(data, ["ann a1 0 2", "ann b2 2 5"], preference=5)

    def test_readiness_and_pipeline(self):
        data = tiny(targets=[{"id": "X", "requires": {"lead": 2}, "experience": [["r2", "r3"]],
                              "needed": [{"by": 5, "count": 3}, {"by": 3, "count": 1}]}],
                    cohorts=[{"id": "K", "track": "T", "start": 0}, {"id": "past", "track": "T", "start": "2022"}],
                    participants=[person("ann", target="X"), person("bob", target="X", competencies={"lead": 1}),
                                  {"id": "old", "cohort": "past", "target": "X", "history": [{"role": "r2"}]}])
        role(data, "r2")["develops"] = {"lead": 2}
        # ann ready at the end; bob lacks 1 level and 1 group; old (track ended at -2) is ready by history
        self.measures(data, ["ann a2 0 6"], readiness=2, pipeline=1, coverage=6)
        self.measures(data, [], readiness=3 + 2, pipeline=2)
        self.assertEqual(result(data).plan.paths[2].timeline, [])
        self.broken(data, ["old a3 0 2"], "timeline")


class CoupledPaths(Checks):
    def setUp(self):
        self.pair = tiny(participants=[person("ann", home="A"), person("bob", leave=[{"from": 2, "until": 3, "holds_seat": True}])])

    def test_seats(self):
        self.broken(self.pair, ["ann a1 0 2", "bob a1 1 2"], "seats")
        self.broken(self.pair, ["bob a1 0 4", "ann a1 2 3"], "seats")        # the seat is held over the leave
        self.broken(self.pair, ["bob a1 0 2", "ann a1 2 3"])
        position(self.pair, "a1")["seats"] = [1, 2, 1, 1, 1, 1]
        self.broken(self.pair, ["ann a1 0 2", "bob a1 1 2"])

    def test_demand_and_peers(self):
        position(self.pair, "a1").update(demand=2, priority=3, open=[{"until": 4}])
        # a1 open in 0..3: demand 2 each; ann works 0, 1: short 1 + 1 + 2 + 2
        self.measures(self.pair, ["ann a1 0 2"], demand=18, peers=2)
        self.measures(self.pair, ["ann a1 0 2", "bob a2 0 4"], demand=18, peers=1)   # A: 2, 2, -, 1

    def test_housing_and_arrivals(self):
        for site in self.pair["sites"]:
            site.update(housing=0, arrivals=0)
        self.pair["rules"] = {rule: {"mode": "soft", "weight": 1} for rule in ("housing", "arrivals")}
        # ann lives at A; bob nowhere: his 3 periods count; both begin at A as newcomers, ann's a2 is no arrival
        self.measures(self.pair, ["ann a1 0 2", "ann a2 2 3", "bob a3 0 4"], housing=3, arrivals=2)
        self.measures(self.pair, ["ann b1 0 2", "ann c2 2 3"], housing=2, arrivals=2)    # C is 0 km from home
        self.pair["participants"][0]["current"] = {"position": "a1", "worked": 2}
        self.measures(self.pair, ["ann a1 0 2"], arrivals=0)
        self.measures(self.pair, ["ann a2 0 2"], arrivals=0)

    def test_mentoring(self):
        data = tiny(participants=[person("ann"), person("bob")], rules={"mentoring": {"mode": "soft", "weight": 1}},
                    people=[{"id": "m", "reports_to": "boss"}, {"id": "boss", "reports_to": "top"}, {"id": "top"}],
                    mentors=[{"id": "m", "site": "A"}, {"id": "n", "site": "B", "reach": 120, "stages": ["low"]},
                             {"id": "top", "reach": "anywhere", "capacity": 9}])
        self.measures(data, ["ann a1 0 2 m:0-2", "bob a2 0 2 n:0-2"], mentoring=0)
        self.measures(data, ["ann a1 0 2 m:0-2", "bob a2 0 2 m:1-2"], mentoring=1 + 1)   # bob's 0; capacity in 1
        self.measures(data, ["bob b1 0 2 m:0-1 n:0-2"], mentoring=1)                     # two mentors in 0
        self.measures(data, ["bob a3 0 2 n:0-2"], mentoring=2)                           # not that stage
        position(data, "a1")["manager"] = "boss"
        self.measures(data, ["ann a1 0 2 m:0-1 top:1-2"], mentoring=2)                   # below and above the manager
        position(data, "a1")["manager"] = "m"
        self.measures(data, ["ann a1 0 2 n:0-2"], mentoring=0)

    def test_mentor_continuity(self):
        data = tiny(mentors=[{"id": "m", "reach": "anywhere"}, {"id": "n", "reach": "anywhere"}])
        self.assertEqual(result(data, "ann a1 0 3 m:0-1 n:1-3", "ann a2 4 6 m:4-6").continuity, 2)
        self.assertEqual(result(data, "ann a1 0 3 m:0-1 n:2-3", "ann a2 4 6 n:4-6").continuity, 0)

    def test_budget(self):
        data = tiny(relocation={"base": 10, "budget": {"total": 25, "per_year": {"2027": 5}}},
                    participants=[person("ann", home="A")])
        placements = ["ann b1 0 2", "ann a2 2 3", "ann b3 4 6"]      # 30 in all, 10 of them in 2027
        self.measures(data, placements, budget=5 + 5)
        self.broken(data, placements, "budget")

    def test_groups(self):
        groups = [{"id": "g", "kind": "together", "members": ["ann", "bob"]},
                  {"id": "h", "kind": "apart", "members": ["ann", "bob"], "within": "country"},
                  {"id": "i", "kind": "apart", "members": ["ann", "bob"], "within": 50}]
        # both work in 0, 1 and 3: A and B are apart but in one country, and 111 km apart
        self.pair["groups"] = groups
        self.measures(self.pair, ["ann a1 0 4", "bob b1 0 5"], together=3, apart=3)
        self.measures(self.pair, ["ann a1 0 4", "bob c2 0 5"], together=3, apart=3)      # no country; 0 km
        self.measures(self.pair, ["ann a1 0 1", "bob a2 0 5"], together=0, apart=2)

    def test_fairness(self):
        """Raw regret 2 a period in b1: ann 10 x 4 x 2 over 6 periods; bob carries 50 over 5 periods."""
        want = {"sites": {"A": 2}}
        data = tiny(participants=[person("ann", ratings=want), person("bob", carried=50, leave=[{"from": 0, "until": 1}])],
                    rules={"preference": {"scale": "raw"}})
        self.measures(data, ["ann b1 0 4"], fairness=80 / 6)
        self.measures(data, ["ann b1 0 2"], fairness=10)
        data["rules"]["fairness"] = {"of": "total", "counts": ["preference", "stretch", "coverage", "track"]}
        self.measures(data, ["ann b1 0 4"], fairness=50 + 5000)      # bob idle; ann 80 + 0 + 2000
        data["participants"][1]["cohort"] = "L"
        data["cohorts"].append({"id": "L", "track": "T", "start": 0})
        self.measures(data, ["ann b1 0 4"], fairness=5050 + 2080)


class Comparing(Checks):
    def stated(self, data):
        """A plan as a solver would state it: ann a1 [0, 2), idle, a2 [3, 6)."""
        rules = [{"id": name, "mode": r["mode"], "weight": r["weight"], "measure": r["measure"],
                  "cost": r["weight"] * r["measure"]} for name, r in result(data, "ann a1 0 2", "ann b2 3 6").rules.items()]
        rows = plan("ann a1 0 2", "ann b2 3 6")
        rows[0].update(from_date="2026-01-01", until_date="2027-01-01", role="r1", site="A", stage="low", difficulty=2, step=2,
                       move_km=0, move_cost=0)
        rows[1].update(from_date="2027-07-01", until_date="2029-01-01", role="r2", site="B", stage="low", difficulty=4, step=2,
                       move_km=111.19508, move_cost=0)
        # coverage 1 x 1000 + peers 5 x 5
        return {"format": "rungs-plan/1", "instance": {"name": "tiny", "sha256": sha256(data)}, "status": "within-gap",
                "objective": 1025, "bound": 820, "gap": 0.2, "rules": rules, "placements": rows,
                "unplaced": [{"participant": "ann", "from": 2, "until": 3, "reasons": []}]}

    def run_main(self, data, stated, *options):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name, value in (("i.json", data), ("p.json", stated)):
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "w", encoding="utf-8") as file:
                    json.dump(value, file)
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                code = check.main([*paths, *options])
            return code, out.getvalue()

    def test_agreement(self):
        data = tiny()
        self.assertEqual(self.run_main(data, self.stated(data)), (0, "ok objective 1025 mentor-continuity 0\n"))
        code, out = self.run_main(data, {"placements": plan("ann a1 0 2")}, "--rules-only", "--json")
        self.assertEqual((code, json.loads(out)["coverage"]), (0, {"mode": "soft", "weight": 1000, "measure": 4, "breaches": []}))
        self.assertEqual(self.run_main(data, {"placements": plan("ann a3 0 6")}, "--rules-only")[0], 1)

    def test_disagreements(self):
        data = tiny()
        changes = [lambda s: s.update(objective=1026), lambda s: s.update(bound=1030, gap=-5 / 1025), lambda s: s.update(gap=0.1),
                   lambda s: s.update(status="optimal"), lambda s: s["instance"].update(sha256="0"),
                   lambda s: s["unplaced"].clear(), lambda s: s["unplaced"][0].update(until=4), lambda s: s["rules"].pop(),
                   lambda s: s["rules"][3].update(cost=1), lambda s: s["rules"].append({"id": "waiting", "mode": "soft"})]
        changes += [lambda s, f=f: s["placements"][1].pop(f) for f in
                    ("from_date", "until_date", "role", "site", "stage", "difficulty", "step", "move_km", "move_cost")]
        for change in changes:
            stated = self.stated(data)
            change(stated)
            code, out = self.run_main(data, stated)
            self.assertEqual(code, 1)
            self.assertTrue(out.strip(), "no line printed")

    def test_idle_spans_run_over_leave(self):
        data = tiny(participants=[person("ann", leave=[{"from": 2, "until": 3}])])
        self.assertEqual(result(data, "ann a1 4 5").plan.paths[0].idle_spans(), [(0, 4), (5, 6)])


if __name__ == "__main__":
    unittest.main()
