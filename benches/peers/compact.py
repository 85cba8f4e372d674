#!/usr/bin/env python3
"""The peer of `rungs`: the usual compact model of a rungs instance, solved by HiGHS or by OR-Tools CP-SAT.

    compact.py INSTANCE.json --solver highs|cpsat -o PLAN.json [--time-limit SECONDS] [--threads N] [--seed N]

No column generation and nothing from rungs: one time-indexed program over all participants, as a practitioner
would write it after reading MODEL.md (section numbers below are that file's).

* Starts.  A 0/1 column for each participant, position, start and length that this one person could work: gates
  that need nobody else (doors, seats of zero, credentials, mobility, bars, durations, pins) are used up here.
* Paths.  Per participant a flow of one unit over time x last position held: placement arcs carry the step and the
  move and are missing where a pair is not allowed, idle arcs carry an idle period.  A start takes exactly the arcs
  that enter its position at its time.  (Time x last site beside time x last role was tried: more columns, and a
  weaker relaxation: 1012 for 1034 at 20 people.)
* Mentoring.  Per period a flow from need classes (positions that the same mentors may serve) to mentors.
* All else is a row over those columns, with slacks where a rule is soft.

One description (`Model`) feeds both solvers, see backends.py.  Time is counted from the process's start, so building
the model is part of the run.  Progress goes to standard error as JSON lines with the keys of
`rungs plan --log-format jsonl`: event, seconds, incumbent, bound, gap.  Amounts are in the objective's points, moves
in the instance's currency, times in periods.  Exit 0: a plan was written; 3: the instance uses something that is not
modelled, all of it listed; 5: the limit was reached without a plan.
"""
import argparse
import json
import math
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from backends import SOLVERS
from model import INF, REAL, START, Model, Talk, elapsed
from planfile import document
from reading import check


class NotModelled(Exception):
    """The instance uses something that the compact model leaves out."""


# Rules that must be off; every other rule may have its default mode, or be off where that is soft.
ABSENT = ("waiting", "moves", "visibility", "stability", "peers")


def refuse(inst):
    """Raise NotModelled, with every reason, unless the compact model means what MODEL.md means."""
    reasons = []
    for rule, (mode, _) in inst.rules.items():
        usual = "hard" if rule == "mentoring" else check.RULES[rule][0]
        if rule in ABSENT and mode != "off":
            reasons.append(f"rule {rule} is {mode}: only off is modelled")
        elif rule not in ABSENT and mode != usual and not (mode == "off" and (usual == "soft" or rule == "mentoring")):
            reasons.append(f"rule {rule} is {mode}: only {usual} is modelled")
    for rule in ("track", "curriculum"):
        if inst.params[rule].minima != "finished":
            reasons.append(f"rule {rule}: minima {inst.params[rule].minima!r} is not modelled")
    if inst.params["fairness"].counts != ["preference"]:
        reasons.append("rule fairness: only `counts` [\"preference\"] is modelled")
    if inst.params["preference"].per != "period":
        reasons.append("rule preference: only `per` period is modelled")
    for p in inst.participants.values():
        if p.history or p.current:
            reasons.append(f"participant {p.id}: history and current are not modelled")
        if p.id in inst.mentors:
            reasons.append(f"participant {p.id}: a participant who mentors is not modelled")
        if not check.Path(inst, p, []).timeline:
            reasons.append(f"participant {p.id}: an empty timeline is not modelled")
        rungs = {inst.rung[s["stage"]] for s in p.track.stages} or set(inst.rung.values())
        last = {r.rung for r in inst.roles.values() if r.id in p.track.capstone}
        others = {r.rung for r in inst.roles.values() if r.rung in rungs and r.id not in p.track.capstone}
        if last and others and min(last) <= max(others):
            reasons.append(f"track {p.track.id}: a capstone that another role can follow is not modelled")
    if reasons:
        raise NotModelled("\n".join(dict.fromkeys(reasons)))


class Start:
    """A participant could work `length` timeline periods in a position, from the timeline's `begin`-th."""
    __slots__ = ("person", "position", "begin", "end", "length", "worked", "column")

    def __init__(self, person, position, begin, worked, column):
        self.person, self.position, self.worked, self.column = person, position, worked, column
        self.begin, self.length = begin, len(worked)
        self.end = begin + self.length


def columns(starts):
    return [s.column for s in starts]


class Compact:
    """The compact model of an instance: `model`, and `starts`, to read a plan from.  `tallies`: sums of starts that many
    rows of one person ask for get columns of their own (in trials HiGHS did better with them, CP-SAT without)."""

    def __init__(self, inst, tallies=False):
        refuse(inst)
        self.inst, self.model, self.starts, self.tallies = inst, Model(), [], tallies
        self.weight = {rule: weight for rule, (_, weight) in inst.rules.items()}
        self.seats, self.work = defaultdict(list), defaultdict(list)        # position, period -> columns
        self.guests, self.newcomers = defaultdict(list), defaultdict(list)  # site, period -> columns
        self.at = defaultdict(list)                                         # grouped person, site, period -> columns
        self.spent = defaultdict(lambda: ([], []))                          # year -> columns, money
        self.ready = defaultdict(list)                                      # target -> (end of track, column)
        self.burdens = defaultdict(list)                                    # cohort -> (columns, regrets, carried, n)
        self.grouped = {m for g in inst.groups.values() for m in g.members}
        self.near, self.moves, self.classes = {}, {}, {}
        self.steps = {q.id: {p.id: c for p in inst.positions.values() if (c := self.step(p, q)) is not None}
                      for q in inst.positions.values()}
        for person in inst.participants.values():
            self.person(check.Path(inst, person, []))
        self.coupling()

    # ------------------------------------------------------------ prices of a pair

    def step_price(self, step, q):
        """What a step into q costs; None if not allowed."""
        harder, stretch = self.inst.params["harder-than-last"], self.inst.params["stretch"]
        if check.shortfall(step, harder.min_step) or check.excess(step, stretch.max_step + q.support):
            return None
        return self.weight["stretch"] * abs(step - stretch.ideal_step)

    def step(self, p, q):
        """What following position p by q costs, the move apart; None if not allowed."""
        if q.role is p.role or q.role.rung < p.role.rung or p.role.id in q.role.not_right_after:
            return None
        return self.step_price(q.difficulty - p.difficulty, q)

    def move(self, a, b):
        """(is a move, its cost) between a site or home and a site."""
        key = id(a), id(b)
        if key not in self.moves:
            relocation, answer = self.inst.relocation, (False, 0.0)
            if a is not None and a is not b and not check.within(a, b, relocation.commute_km):
                price = relocation.base + relocation.per_km * (check.distance(a, b) or 0.0)
                answer = True, self.inst.pairs.get(frozenset((a.id, b.id)), price)
            self.moves[key] = answer
        return self.moves[key]

    def mentors(self, q, t):
        """The mentors who can serve position q in period t."""
        if (q.id, t) not in self.classes:
            anyone = check.Record(person=check.Record(id=None))
            at_work = check.Record(position=q, site=q.site, role=q.role)
            self.classes[q.id, t] = frozenset(
                m.id for m in self.inst.mentors.values()
                if t in m.available and m.capacity[t] >= 1 and check.suitable(self.inst, anyone, at_work, t, m))
        return self.classes[q.id, t]

    # ------------------------------------------------------------ one participant

    def allowed(self, person, q):
        """Whether the person could ever be placed in q: track, bars, places."""
        out, limits, site = person.barred, person.mobility, q.site
        stages = [s["stage"] for s in person.track.stages]
        km = check.distance(person.home, site) if person.home else None
        return not (
            stages and q.role.stage not in stages
            or q.role.id in out.roles or site.id in out.sites or q.id in out.positions
            or limits.sites is not None and site.id not in limits.sites
            or limits.regions is not None and site.region not in limits.regions
            or limits.countries is not None and site.country not in limits.countries
            or site.id in limits.not_sites or km is not None and check.excess(km, limits.max_km))

    def possible(self, path):
        """Every (position, begin, worked periods) that passes the gates of this participant alone."""
        person, line = path.person, path.timeline
        pins = {(q, first, until) for q, first, until in person.pinned}
        for q in self.inst.positions.values():
            if not self.allowed(person, q):
                continue
            since = max((person.credentials[c] for c in q.site.requires), default=-INF)
            fits = [t in q.open and q.seats[t] >= 1 and since <= t
                    and (self.inst.rules["mentoring"][0] == "off" or bool(self.mentors(q, t))) for t in line]
            for begin, first in enumerate(line):
                if q.role.starts is not None and first not in q.role.starts:
                    continue
                for end in range(begin + 1, len(line) + 1):
                    last = line[end - 1]
                    if not fits[end - 1] or end - begin > q.role.most or any(first < t < last for t in path.unpaused):
                        break
                    if end - begin < q.role.least and not (path.cut and end == len(line)):
                        continue
                    if not path.cut and end == len(line) and person.track.capstone and q.role.id not in person.track.capstone:
                        continue                            # a finished path ends with a capstone
                    span = (q.id, first, last + 1)
                    if all(span == pin or last < pin[1] or pin[2] <= first for pin in pins):
                        yield q, begin, line[begin:end]

    def person(self, path):
        """Columns and rows of one participant."""
        inst, model, person, line, weight = self.inst, self.model, path.person, path.timeline, self.weight
        ratings = {q.id: check.rating(person, q) for q in inst.positions.values()}
        high, low = max(ratings.values()), min(ratings.values())
        unit = 1 if inst.params["preference"].scale == "raw" else (1 / (high - low) if check.excess(high, low) else 0)
        regret = {q: (high - rating) * unit for q, rating in ratings.items()}
        own, roles = [], defaultdict(list)
        for q, begin, worked in self.possible(path):
            own.append(Start(person, q, begin, worked,
                             model.column(weight["preference"] * regret[q.id] * len(worked), kind=START)))
            roles[q.role.id].append(own[-1])
        self.starts += own
        for pin in person.pinned:
            exact = [s for s in own if (s.position.id, s.worked[0], s.worked[-1] + 1) == pin]
            model.row((columns(exact), 1), low=1)
        for starts in roles.values():                       # no-repeat
            model.row((columns(starts), 1), high=1)
        moved = self.network(path, own)
        self.mobility(path, own, moved)
        self.entry(path, roles)
        self.bounds(path, own)
        self.intensity(path, own)
        if not path.cut:
            self.breadth(path, own)
            self.readiness(path, roles)
        self.burdens[person.cohort.id if inst.params["fairness"].over == "cohort" else "all"].append(
            (columns(own), [weight["preference"] * regret[s.position.id] * s.length for s in own], person.carried,
             len(line) if inst.params["fairness"].of == "mean" else 1))
        for s in own:
            q = s.position
            for t in s.worked:
                self.work[q.id, t].append(s.column)
                if person.id in self.grouped:
                    self.at[person.id, q.site.id, t].append(s.column)
            for t in range(s.worked[0], s.worked[-1] + 1):
                if t in s.worked or t in path.holds:
                    self.seats[q.id, t].append(s.column)
            if min(q.site.housing) < INF and not check.within(person.home, q.site, inst.relocation.commute_km):
                for t in s.worked:
                    self.guests[q.site.id, t].append(s.column)

    def network(self, path, own):
        """timeline, harder-than-last, stretch, coverage's idle periods, moves: a flow of one unit over
        (timeline index, last position held).  Returns the arcs that move, by timeline index."""
        model, person, line, inst = self.model, path.person, path.timeline, self.inst
        starting, ending = defaultdict(list), defaultdict(list)     # (index, position) -> starts
        for s in own:
            starting[s.begin, s.position.id].append(s)
        moved = [[] for _ in line]
        there = {None: []}                                          # last position held -> columns of flow into it
        for i, t in enumerate(line):
            for q in [q for begin, q in ending if begin == i]:
                there.setdefault(q, []).extend(columns(ending[i, q]))
            leaving = {p: [] for p in there}
            for name in [name for begin, name in starting if begin == i]:
                q, starts, arcs = inst.positions[name], starting[i, name], []
                for before in there:
                    p = inst.positions.get(before)
                    price = self.steps[name].get(before) if p else self.step_price(q.difficulty - person.level, q)
                    if price is None:
                        continue
                    moves, money = self.move(p.site if p else person.home, q.site)
                    arc = model.column(price + self.weight["relocation"] * money)
                    arcs.append(arc)
                    leaving[before].append(arc)
                    if moves:
                        moved[i].append(arc)
                    if money:
                        for year in ("total", str(inst.calendar.begin(t).year)):
                            self.spent[year][0].append(arc)
                            self.spent[year][1].append(money)
                    if q.site.arrivals[t] < INF and not (p and p.site is q.site):
                        self.newcomers[q.site.id, t].append(arc)
                if arcs:
                    model.row((arcs, 1), (columns(starts), -1), low=0, high=0)
                    for s in starts:
                        ending[s.end, name].append(s)
                else:                                               # nothing leads here
                    for s in starts:
                        model.upper[s.column] = 0
            for before, entering in there.items():
                idle = model.column()
                supply = 1 if before is None and i == 0 else 0
                model.row((entering, 1), (leaving[before] + [idle], -1), low=-supply, high=-supply)
                there[before] = [idle]
            rest = model.column(self.weight["coverage"])            # follows from the flow; helps both solvers
            model.row((columns(s for s in own if s.begin <= i < s.end), 1), ([rest], 1), low=1, high=1)
            model.row((sum(there.values(), []), 1), ([rest], -1), low=0, high=0)
        return moved

    def mobility(self, path, own, moved):
        """max_moves, and min_stay worked periods between two moves."""
        limits, n = path.person.mobility, len(path.timeline)
        if limits.max_moves < INF:
            self.model.row((sum(moved, []), 1), high=limits.max_moves)
        stay = limits.min_stay
        if stay <= min((s.position.role.least for s in own), default=0):
            return                                                  # every placement but the last is that long
        for i in range(n):
            self.model.row((sum(moved[i:i + math.ceil(stay)], []), 1), high=1)
            for j in range(i + 1, n):                               # moves at i and j and none between
                inside = [(s.column, min(s.end, j) - max(s.begin, i)) for s in own if s.begin < j and s.end > i]
                self.model.row(([c for c, _ in inside], [w for _, w in inside]), (moved[i] + moved[j], -stay),
                               (sum(moved[i + 1:j], []), stay), low=-stay)

    def entry(self, path, roles):
        """qualifies and after: whoever has begun a role by an index has completed what it asks by then."""
        model, sums = self.model, {}

        def by(names, end):
            """By timeline index, the columns of the starts in these roles that have begun (or ended) by then; with
            `tallies` one column that stands for their sum, which keeps the rows short."""
            if (names, end) not in sums:
                at, total, sums[names, end] = defaultdict(list), [], []
                for name in sorted(names):
                    for s in roles.get(name, ()):
                        at[s.end if end else s.begin].append(s.column)
                for i in range(len(path.timeline)):
                    total = total + at[i]
                    if self.tallies:
                        tally = model.column(upper=len(names))
                        model.row((total, 1), ([tally], -1), low=0, high=0)
                        total = [tally]
                    sums[names, end].append(total)
            return sums[names, end]

        for name, starts in roles.items():
            role = self.inst.roles[name]
            asked = [frozenset(r.id for r in self.inst.roles.values() if r.develops.get(competency, 0) >= level)
                     for competency, level in role.requires.items() if level > path.person.competencies.get(competency, 0)]
            for group in dict.fromkeys(asked + [frozenset(group) for group in role.after]):
                begun, done = by(frozenset([name]), False), by(group - {name}, True)
                for i in sorted({s.begin for s in starts}):
                    model.row((begun[i], 1), (done[i], -1), high=0)

    def bounds(self, path, own):
        """track and curriculum: maxima of everyone, minima of whoever finishes, coverage for what others owe."""
        model, person, coverage = self.model, path.person, self.weight["coverage"]
        finishing = columns(s for s in own if s.end == len(path.timeline))

        def clause(starts, clause, minima=True):
            for unit, size in (("placements", lambda s: 1), ("periods", lambda s: s.length)):
                least, most = check.bounds(clause.get(unit))
                part = columns(starts), [size(s) for s in starts]
                if sum(part[1]) > most:
                    model.row(part, high=most)
                if least > 0 and minima and not path.cut:
                    owed = model.column(coverage, upper=least)
                    model.row(part, ([owed], 1), low=least)
                    model.row(([owed], 1), (finishing, least), high=least)

        for stage in person.track.stages:
            clause([s for s in own if s.position.role.stage == stage["stage"]], stage)
        for item in person.curriculum:
            check.only(item, "of each placements periods")
            if "each" in item:
                facet = check.FACETS[check.EACH[item["each"]]]
                for value in sorted({facet(s.position) for s in own} - {None}):
                    clause([s for s in own if facet(s.position) == value], item, minima=False)
            else:
                of = item.get("of", {}).items()
                clause([s for s in own if all(check.FACETS[f](s.position) in ids for f, ids in of)], item)
        if person.track.capstone and not path.cut:
            owed = model.column(coverage)
            model.row((columns(s for s in own if s.position.role.id in person.track.capstone), 1), ([owed], 1), low=1)

    def intensity(self, path, own):
        rule = self.inst.params["intensity"]
        hard = [s for s in own if s.position.role.intensity >= rule.limit]
        for i in range(len(path.timeline) - rule.run):
            inside = [(s.column, min(s.end, i + rule.run + 1) - max(s.begin, i)) for s in hard
                      if s.begin <= i + rule.run and s.end > i]
            if inside:
                beyond = self.model.column(self.weight["intensity"])
                self.model.row(([c for c, _ in inside], [w for _, w in inside]), ([beyond], -1), high=rule.run)

    def breadth(self, path, own):
        model = self.model
        finishing = columns(s for s in own if s.end == len(path.timeline))
        for unit, wanted in path.person.track.breadth.items():
            seen = []
            for value in sorted({check.FACETS[unit](s.position) for s in own} - {None}):
                seen.append(model.column())
                model.row((seen[-1:], 1), (columns(s for s in own if check.FACETS[unit](s.position) == value), -1), high=0)
            short = model.column(self.weight["breadth"], upper=wanted)
            model.row((seen + [short], 1), (finishing, -wanted), low=0)

    def readiness(self, path, roles):
        model, target, weight, person = self.model, path.person.target, self.weight["readiness"], path.person
        if not target:
            return
        missing = []                                        # (worth, roles of which one is needed)
        for name, level in target.requires.items():
            held = person.competencies.get(name, 0)
            given = {r.develops.get(name, 0) for r in self.inst.roles.values()} | {level}
            for rung in sorted(x for x in given if held < x <= level):
                missing.append((rung - held, {r.id for r in self.inst.roles.values() if r.develops.get(name, 0) >= rung}))
                held = rung
        missing += [(1, set(group)) for group in target.experience]
        gaps = []
        for worth, group in missing:
            gaps.append(model.column(weight * worth))
            model.row((columns(s for r in sorted(group) for s in roles.get(r, ())), 1), (gaps[-1:], 1), low=1)
        ready = model.column()
        for gap in gaps:
            model.row(([ready, gap], 1), high=1)
        self.ready[target.id].append((path.track_end, ready))

    # ------------------------------------------------------------ all participants together

    def coupling(self):
        inst, model = self.inst, self.model
        for (q, t), inside in self.seats.items():
            model.row((inside, 1), high=inst.positions[q].seats[t])
        for (site, t), guests in self.guests.items():
            model.row((guests, 1), high=inst.sites[site].housing[t])
        for (site, t), arcs in self.newcomers.items():
            model.row((arcs, 1), high=inst.sites[site].arrivals[t])
        for year, limit in (("total", inst.budget.total), *inst.budget.per_year.items()):
            if limit < INF:
                model.row(self.spent[year], high=limit)
        for q in inst.positions.values():
            for t in sorted(q.open):
                if q.demand[t] > 0:
                    short = model.column(self.weight["demand"] * q.priority, upper=q.demand[t])
                    model.row((self.work[q.id, t], 1), ([short], 1), low=q.demand[t])
        if inst.rules["mentoring"][0] != "off":
            self.mentoring()
        for group in inst.groups.values():
            for a, b in combinations(dict.fromkeys(group.members), 2):
                self.pair(group, a, b)
        for cohort in self.burdens.values():                # fairness
            upper = max(((carried + sum(sorted(regrets)[-n:]) + max(regrets, default=0) * n) / n
                         for _, regrets, carried, n in cohort), default=0)
            largest = model.column(self.weight["fairness"], upper=math.ceil(upper) + 1, kind=REAL)
            for own, regrets, carried, n in cohort:
                model.row(([largest], n), (own, [-r for r in regrets]), low=carried)
        for target in inst.targets.values():                # pipeline
            for by, count in target.needed:
                if count > 0:
                    short = model.column(self.weight["pipeline"], upper=count)
                    model.row(([c for end, c in self.ready[target.id] if end <= by + 1] + [short], 1), low=count)

    def mentoring(self):
        """Per period: every need class is served by its mentors, within their capacity."""
        inst, needs = self.inst, defaultdict(list)          # (period, mentors) -> columns at work
        for (q, t), at_work in self.work.items():
            needs[t, self.mentors(inst.positions[q], t)] += at_work
        load = defaultdict(list)                            # (mentor, period) -> columns
        for (t, mentors), at_work in needs.items():
            served = []
            for m in sorted(mentors):
                served.append(self.model.column(upper=self.inst.mentors[m].capacity[t]))
                load[m, t].append(served[-1])
            self.model.row((served, 1), (at_work, -1), low=0, high=0)
        for (m, t), mentees in load.items():
            self.model.row((mentees, 1), high=self.inst.mentors[m].capacity[t])

    def pair(self, group, a, b):
        """together, apart: where a works at a site, b works at none that conflicts."""
        wrong, sites = group.kind == "apart", self.inst.sites
        of_b = defaultdict(list)
        for (who, site, t), cols in self.at.items():
            if who == b:
                of_b[t].append((site, cols))
        for (who, site, t), cols in list(self.at.items()):
            if who == a:
                against = [c for other, theirs in of_b[t] if check.within(sites[site], sites[other], group.within) == wrong for c in theirs]
                if against:
                    self.model.row((cols + against, 1), high=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("instance")
    parser.add_argument("--solver", choices=SOLVERS, required=True)
    parser.add_argument("-o", "--output", required=True, help="where the plan goes; written only if there is one")
    parser.add_argument("--time-limit", type=float, default=300, help="seconds, building the model included")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    talk = Talk()
    try:
        compact = Compact(check.Instance(check.load(args.instance)), tallies=args.solver == "highs")
    except (NotModelled, check.Bad) as error:
        print(f"not modelled: {error}", file=sys.stderr)
        return 3
    size = {"starts": len(compact.starts), **compact.model.size()}
    talk.say("model", **size)
    status, values, bound = SOLVERS[args.solver](compact.model, args.time_limit, args.threads, args.seed, talk)
    if values is None:
        talk.say("done", status=status, objective=None, bound=talk.bound, gap=None)
        return 5
    about = {"version": f"compact.py with {args.solver}", "method": "compact", "seed": args.seed,
             "options": {"time_limit_seconds": args.time_limit, "threads": args.threads},
             "seconds": elapsed(), "counts": size}
    plan = document(compact, values, bound, about)
    Path(args.output).write_text(json.dumps(plan, indent=1), encoding="utf-8")
    talk.say("done", status=status, objective=plan["objective"], bound=plan["bound"], gap=plan["gap"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
