#!/usr/bin/env python3
"""An outside checker for rungs plans, written from MODEL.md alone (standard library only).

    check.py INSTANCE.json PLAN.json [--json] [--rules-only]

Everything is recomputed from the instance and the plan's `placements` (with their `mentors`), then
compared with what the plan states.  The file follows MODEL.md: reading and defaults (section 2),
timeline and walk of a path (section 2), one function per rule (section 4), comparison (section 3).
Exit 0 and `ok objective ...` when all agrees and no hard rule is broken; else a line each and exit 1.
"""
import argparse
import hashlib
import json
import math
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from types import SimpleNamespace as Record

INF = math.inf
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}

# Rule id -> default mode, default weight (None: to be given when set to soft), parameters.  A rule not
# named here is hard, without a weight or parameters.  mentoring and stability: see Instance.read_rules.
PATH_IDS = ("timeline duration harder-than-last stretch no-repeat qualifies credentials after track curriculum"
            " breadth mobility barred pinned intensity coverage waiting preference moves relocation readiness"
            " visibility stability")
COUPLED_IDS = "seats housing arrivals demand mentoring budget together apart peers fairness pipeline"
HARD_ONLY = ("timeline", "duration", "seats")               # and without a measure
RULES = {rule: ("hard", None, {}) for rule in (PATH_IDS + " " + COUPLED_IDS).split()}
RULES.update({
    "harder-than-last": ("hard", None, {"min_step": 0.5}),
    "stretch": ("hard", 1, {"max_step": 4, "ideal_step": 2}),
    "track": ("hard", None, {"minima": "finished"}),
    "curriculum": ("hard", None, {"minima": "finished"}),
    "breadth": ("soft", 20, {}),
    "intensity": ("soft", 5, {"limit": 0.8, "run": 4}),
    "coverage": ("soft", 1000, {}),
    "waiting": ("off", None, {"counts_leave": False}),
    "preference": ("soft", 10, {"scale": "normalised", "per": "period"}),
    "moves": ("off", None, {}),
    "relocation": ("soft", 0.001, {}),
    "readiness": ("soft", 50, {}),
    "visibility": ("off", None, {"min": 1}),
    "stability": ("off", 20, {}),
    "demand": ("soft", 100, {}),
    "mentoring": ("off", None, {}),
    "peers": ("soft", 5, {"min": 2}),
    "fairness": ("soft", 5, {"counts": ["preference"], "of": "mean", "over": "cohort"}),
    "pipeline": ("soft", 200, {}),
})

class Bad(Exception):
    """A file that cannot be read as MODEL.md says."""

# ---------------------------------------------------------------- numbers, files, canonical form

def excess(value, limit):
    """How far `value` lies over `limit`; at most 1e-9 x max(1, |limit|) is none."""
    over = value - limit
    return over if math.isfinite(limit) and over > 1e-9 * max(1, abs(limit)) else 0

def shortfall(value, limit):
    """How far `value` lies under `limit`, with the same tolerance."""
    return limit - value if limit - value > 1e-9 * max(1, abs(limit)) else 0

def agree(a, b):
    """Equal to 1e-6 x max(1, |b|)."""
    return isinstance(a, (int, float)) and not isinstance(a, bool) and abs(a - b) <= 1e-6 * max(1, abs(b))

def load(path):
    """JSON with null fields left out; a field given twice is an error."""
    def fields(pairs):
        twice = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]
        if twice:
            raise Bad(f"{path}: field {twice[0]!r} given twice")
        return {key: value for key, value in pairs if value is not None}
    with open(path, encoding="utf-8") as file:
        return json.load(file, object_pairs_hook=fields)

def canonical(value):
    """Section 3's canonical text; numbers as ECMAScript writes them (1.0 as 1, 0.0000001 as 1e-7)."""
    if isinstance(value, dict):
        return "{%s}" % ",".join(canonical(k) + ":" + canonical(v) for k, v in sorted(value.items()) if v is not None)
    if isinstance(value, list):
        return "[%s]" % ",".join(map(canonical, value))
    if isinstance(value, float):
        number = Decimal(repr(value)).normalize()
        plain = not number or Decimal("1e-6") <= abs(number) < Decimal("1e21")
        return format(abs(number) if not number else number, "f" if plain else "e")
    return json.dumps(value, ensure_ascii=False)

def sha256(data):
    return hashlib.sha256(canonical(data).encode("utf-8")).hexdigest()

def only(item, names):
    """A misspelt field must not be ignored."""
    unknown = item.keys() - set(names.split())
    if unknown:
        raise Bad(f"unknown field {min(unknown)!r} in {canonical(item)[:60]}")
    return item

def fill(item, required, **defaults):
    """A record of an object's fields, absent ones at their default."""
    only(item, " ".join([required, *defaults]))
    missing = set(required.split()) - item.keys()
    if missing:
        raise Bad(f"field {min(missing)!r} missing in {canonical(item)[:60]}")
    return Record(**{**defaults, **item})

# ---------------------------------------------------------------- periods

class Calendar:
    """The horizon; resolves indices, labels and dates to period numbers (any integer)."""

    def __init__(self, data):
        self.start, self.unit, self.count = date.fromisoformat(data["start"]), data["unit"], data["count"]
        if self.unit != "week" and self.unit not in MONTHS:
            raise Bad(f"unknown calendar unit {self.unit!r}")

    def begin(self, i):
        """First day of period i: i units after `start`, the day cut to the month's length."""
        if self.unit == "week":
            return self.start + timedelta(weeks=i)
        year, month = divmod(self.start.year * 12 + self.start.month - 1 + i * MONTHS[self.unit], 12)
        following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
        return date(year, month + 1, min(self.start.day, (following - timedelta(days=1)).day))

    def containing(self, day):
        """The period that contains a day."""
        if self.unit == "week":
            return (day - self.start).days // 7
        i = ((day.year - self.start.year) * 12 + day.month - self.start.month) // MONTHS[self.unit]
        return i if self.begin(i) <= day else i - 1

    def period(self, value):
        """An index as it is; a date's period; of a label the first period that begins in its span."""
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
            return int(value)
        if isinstance(value, str):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return self.containing(date.fromisoformat(value))
            first, after = label_span(value)
            i = self.containing(first)
            return i + 1 if self.begin(i) < first and self.begin(i + 1) < after else i
        raise Bad(f"not a period: {value!r}")

    def span(self, value, also=""):
        """(from, until) of a range, a missing end being the horizon's; not clipped."""
        only(value, "from until " + also)
        return self.period(value.get("from", 0)), self.period(value.get("until", self.count))

    def range(self, value, also=""):
        """The horizon periods of a range (`also`: the fields it may have beside its ends)."""
        first, until = self.span(value, also)
        return range(max(0, first), max(0, first, min(until, self.count)))

    def ranges(self, values):
        """The set of periods in a list of ranges; all of the horizon if the list is absent."""
        return set(range(self.count)) if values is None else {t for v in values for t in self.range(v)}

    def per_period(self, value):
        """One number for each period."""
        if not isinstance(value, list):
            return [value] * self.count
        if len(value) != self.count:
            raise Bad(f"a per-period list of {len(value)} numbers; the horizon has {self.count} periods")
        return value

def label_span(text):
    """First day of a label's span and the first day after it."""
    found = re.fullmatch(r"(\d{4})(?:-(?:(H)([12])|(Q)([1-4])|(W)(\d\d)|(\d\d)))?", text)
    if not found:
        raise Bad(f"not a period: {text!r}")
    year, half, quarter, week, month = int(found[1]), found[3], found[5], found[7], found[8]
    if week:
        first = date.fromisocalendar(year, int(week), 1)
        return first, first + timedelta(days=7)
    months = 6 if half else 3 if quarter else 1 if month else 12
    offset = (int(half or quarter or month or 1) - 1) * months
    after = offset + months
    return date(year, offset + 1, 1), date(year + after // 12, after % 12 + 1, 1)

# ---------------------------------------------------------------- the instance, with its defaults

def bounds(value, least=0):
    """(min, max) of an optional {min, max}."""
    only(value or {}, "min max")
    return (value or {}).get("min", least), (value or {}).get("max", INF)

class Instance:
    """A rungs/1 instance with every default filled in; its lists are dicts by id."""

    def __init__(self, data):
        if data.get("format") != "rungs/1":
            raise Bad(f"format is {data.get('format')!r}, not 'rungs/1'")
        only(data, "format name currency calendar competencies stages difficulty roles sites positions people mentors"
                   " tracks targets cohorts participants groups relocation baseline rules")
        self.data, self.calendar = data, Calendar(data["calendar"])
        self.horizon = self.calendar.count
        self.read_rules(only(data.get("rules", {}), " ".join(RULES)))
        self.table("competencies", lambda c: fill(c, "id", name=None, levels=None))
        self.rung = {stage: i for i, stage in enumerate(self.table("stages", lambda s: fill(s, "id", name=None)))}
        self.relocation = fill(data.get("relocation", {}), "", base=0, per_km=0, commute_km=0, pairs=[], budget={})
        pairs = [only(p, "from to cost") for p in self.relocation.pairs]
        self.pairs = {frozenset((p["from"], p["to"])): p["cost"] for p in pairs}
        self.budget = fill(self.relocation.budget, "", total=INF, per_year={})
        self.roles = self.table("roles", self.read_role)
        self.sites = self.table("sites", self.read_site)
        self.positions = self.table("positions", self.read_position)
        self.read_people()
        self.mentors = self.table("mentors", self.read_mentor)
        self.tracks = self.table("tracks", self.read_track)
        self.targets = self.table("targets", self.read_target)
        self.cohorts = self.table("cohorts", self.read_cohort)
        self.participants = self.table("participants", self.read_participant)
        self.groups = self.table("groups", lambda g: fill(g, "id members kind", within="site"))
        self.baseline = defaultdict(dict)                   # participant -> period -> position
        for b in data.get("baseline", []):
            periods = self.calendar.range(b, "participant position")
            self.baseline[b["participant"]].update(dict.fromkeys(periods, b["position"]))

    def table(self, name, read):
        """A list of the instance as {id: record}."""
        records = {item.get("id", i): read(item) for i, item in enumerate(self.data.get(name, []))}
        if len(records) < len(self.data.get(name, [])):
            raise Bad(f"{name}: an id is given twice")
        return records

    def read_rules(self, given):
        """self.rules: id -> (mode, weight in the objective); self.params: id -> parameters."""
        self.rules, self.params = {}, {}
        for rule, (mode, weight, params) in RULES.items():
            if rule == "mentoring" and self.data.get("mentors"):
                mode = "hard"
            if rule == "stability" and "baseline" in self.data:
                mode = "soft"
            own = fill(given.get(rule, {}), "", mode=mode, weight=weight, **params)
            if own.mode not in ("hard", "soft", "off") or rule in HARD_ONLY and own.mode != "hard":
                raise Bad(f"rule {rule} cannot be {own.mode!r}")
            if own.mode == "soft" and own.weight is None:
                raise Bad(f"rule {rule} is set to soft without a weight")
            counts = own.mode == "soft" or own.mode == "hard" and rule == "stretch"
            self.rules[rule], self.params[rule] = (own.mode, own.weight if counts else 0), own

    def read_role(self, item):
        r = fill(item, "id stage", name=None, family=None, difficulty=None, demands=None, duration=None, starts=None,
                 requires={}, develops={}, after=[], not_right_after=[], intensity=0, visibility=0)
        if (r.difficulty is None) == (r.demands is None):
            raise Bad(f"role {r.id}: give either difficulty or demands")
        if r.demands is not None:
            r.difficulty = sum(self.data.get("difficulty", {})[name] * score for name, score in r.demands.items())
        r.rung, (r.least, r.most) = self.rung[r.stage], bounds(r.duration, 1)
        r.least = max(1, r.least)
        r.starts = None if r.starts is None else {self.calendar.period(p) for p in r.starts}
        return r

    def read_site(self, item):
        s = fill(item, "id", name=None, kind=None, country=None, region=None, lat=None, lon=None, requires=[],
                 open=None, housing=INF, arrivals=INF)
        s.open, s.housing = self.calendar.ranges(s.open), self.calendar.per_period(s.housing)
        s.arrivals = self.calendar.per_period(s.arrivals)
        return s

    def read_position(self, item):
        p = fill(item, "id role site", seats=1, demand=0, priority=1, manager=None, difficulty_add=0, support=0,
                 open=None)
        p.role, p.site = self.roles[p.role], self.sites[p.site]
        p.difficulty = p.role.difficulty + p.difficulty_add
        p.seats, p.demand = self.calendar.per_period(p.seats), self.calendar.per_period(p.demand)
        p.open = self.calendar.ranges(p.open) & p.site.open
        return p

    def read_people(self):
        """self.above: person -> everyone above them."""
        people = self.table("people", lambda p: fill(p, "id", name=None, reports_to=None))
        boss, self.above = {name: p.reports_to for name, p in people.items()}, {}
        for person in boss:
            chain, at = set(), boss[person]
            while at is not None and at not in chain:
                chain.add(at)
                at = boss.get(at)
            if person in chain:
                raise Bad(f"reporting lines: cycle at {person}")
            self.above[person] = chain

    def read_mentor(self, item):
        m = fill(item, "id", name=None, site=None, capacity=1, reach="site", stages=None, families=None, available=None)
        m.site = self.sites[m.site] if m.site is not None else None
        m.capacity, m.available = self.calendar.per_period(m.capacity), self.calendar.ranges(m.available)
        return m

    def read_track(self, item):
        t = fill(item, "id length", name=None, entry_level=None, stages=[], curriculum=[], capstone=[], breadth={})
        rungs = [self.rung[only(s, "stage placements periods")["stage"]] for s in t.stages]
        if rungs != sorted(set(rungs)):
            raise Bad(f"track {t.id}: stages not in the ladder's order")
        if t.entry_level is None:
            first = rungs[0] if rungs else 0
            easiest = min((p.difficulty for p in self.positions.values() if p.role.rung == first), default=None)
            t.entry_level = 0 if easiest is None else easiest - self.params["stretch"].ideal_step
        only(t.breadth, "families sites")
        return t

    def read_target(self, item):
        t = fill(item, "id", name=None, requires={}, experience=[], needed=[])
        if not isinstance(t.needed, list):
            t.needed = [{"by": self.horizon - 1, "count": t.needed}]
        t.needed = [(self.calendar.period(n["by"]), n["count"]) for n in t.needed if only(n, "by count")]
        return t

    def read_cohort(self, item):
        c = fill(item, "id track start", name=None)
        c.track, c.start = self.tracks[c.track], self.calendar.period(c.start)
        return c

    def read_participant(self, item):
        p = fill(item, "id cohort", name=None, home=None, target=None, level=None, competencies={}, credentials=[],
                 history=[], current=None, leave=[], extension=0, mobility={}, ratings={}, minds={}, carried=0,
                 curriculum=None, barred={}, pinned=[])
        p.cohort = self.cohorts[p.cohort]
        p.track = p.cohort.track
        p.target = self.targets[p.target] if p.target is not None else None
        if isinstance(p.home, dict):
            p.home = fill({"id": None, **p.home}, "id", lat=None, lon=None, country=None, region=None)
        elif p.home is not None:
            p.home = self.sites[p.home]
        p.history = [self.read_history(h) for h in p.history]
        if p.level is None:
            p.level = max((e.role.difficulty for e in p.history), default=p.track.entry_level)
        current = fill(p.current or {"position": None}, "position", worked=0)
        p.current, p.worked = self.positions[current.position] if p.current else None, current.worked
        if p.current and p.cohort.start > 0:
            raise Bad(f"participant {p.id}: `current` needs a cohort start at or before period 0")
        held = [fill({"id": c} if isinstance(c, str) else c, "id", **{"from": None}) for c in p.credentials]
        p.credentials = defaultdict(lambda: INF)            # credential -> held from this period on
        for c in held:
            since = getattr(c, "from")
            p.credentials[c.id] = min(p.credentials[c.id], -INF if since is None else self.calendar.period(since))
        p.leave = [(self.calendar.range(x, "pauses holds_seat"), x.get("pauses", True), x.get("holds_seat", False))
                   for x in p.leave]
        p.mobility = fill(p.mobility, "", max_moves=INF, max_km=INF, sites=None, regions=None, countries=None,
                          not_sites=[], min_stay=0)
        p.ratings = fill(p.ratings, "", roles={}, families={}, sites={}, regions={}, kinds={})
        p.minds = fill(p.minds, "", moves=1, waiting=1)
        p.curriculum = p.track.curriculum if p.curriculum is None else p.curriculum
        p.barred = fill(p.barred, "", roles=[], sites=[], positions=[])
        p.pinned = [(pin["position"], *self.calendar.span(pin, "position")) for pin in p.pinned]
        if any(not 0 <= first < until <= self.horizon for _, first, until in p.pinned):
            raise Bad(f"participant {p.id}: a pin outside the horizon")
        return p

    def read_history(self, item):
        h = fill(item, "role", site=None, periods=0)
        return Entry(self.roles[h.role], self.sites[h.site] if h.site is not None else None, h.periods, True)

# ---------------------------------------------------------------- distance

def distance(a, b):
    """Great-circle km; 0 between equal sites; None if unknown."""
    if a.id is not None and a.id == b.id:
        return 0.0
    if None in (a.lat, a.lon, b.lat, b.lon):
        return None
    la, lo, lb, lp = map(math.radians, (a.lat, a.lon, b.lat, b.lon))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, h)))

def within(a, b, reach):
    """Is b within `reach` (site, region, country, anywhere, km) of a?"""
    if reach == "anywhere":
        return True
    if a is None:
        return False
    if reach == "site":
        return a.id == b.id
    if reach in ("region", "country"):
        return getattr(a, reach) is not None and getattr(a, reach) == getattr(b, reach)
    km = distance(a, b)
    return km is not None and not excess(km, reach)

# ---------------------------------------------------------------- timeline and walk of a path

@dataclass
class Entry:
    """What counts of a path: an entry of history, or a placement of the plan."""
    role: Record
    site: Record            # None if history does not say
    periods: float          # worked, `current.worked` included
    completed: bool

@dataclass
class Placement(Entry):
    """A placement of the plan, as walked."""
    position: Record
    start: int
    until: int
    worked: list            # timeline periods
    continues: bool         # the continuation of `current`
    mentors: list           # [{mentor, from, until}]
    earlier: list = field(default_factory=list)   # entries before it, oldest first
    step: float = 0.0
    move: bool = False
    km: float = 0.0
    cost: float = 0.0

    @property
    def before(self):
        """The placement just before (history's last for the first), or None."""
        return self.earlier[-1] if self.earlier else None

    def mentor(self, t):
        """The one mentor in period t; None if there is none or more than one."""
        names = {m["mentor"] for m in self.mentors if m["from"] <= t < m["until"]}
        return names.pop() if len(names) == 1 else None

class Path:
    """One participant's timeline and placements, walked in time order."""

    def __init__(self, inst, person, placements):
        self.person, track = person, person.track
        self.track_end = person.cohort.start + track.length + person.extension
        self.cut = self.track_end > inst.horizon
        window = range(max(0, person.cohort.start), min(inst.horizon, self.track_end))
        self.leave, self.unpaused, self.holds = set(), set(), set()
        for periods, pauses, holds_seat in person.leave:
            periods = set(periods) & set(window)
            self.leave |= periods
            self.unpaused |= set() if pauses else periods
            self.holds |= periods if holds_seat else set()
        self.timeline = [t for t in window if t not in self.leave]
        self.last = self.timeline[-1] if self.timeline else None
        self.placements = [self.place(inst, p) for p in sorted(placements, key=lambda p: (p["from"], p["until"]))]
        self.continued = bool(self.placements) and self.begins_current(self.placements[0])
        ended = []
        if person.current:
            role = person.current.role
            ended = [Entry(role, person.current.site, person.worked, person.worked >= role.least)]
        self.held = person.history + ended                              # what is there without the plan
        self.history = person.history if self.continued else self.held  # `current`, if not continued, ended
        self.entries = self.history + self.placements
        for k, v in enumerate(self.placements):
            self.walk(inst, k, v)
        self.at = {t: v for v in self.placements for t in v.worked}
        self.idle = [t for t in self.timeline if t not in self.at]
        self.finished = not self.cut and bool(self.placements) and self.placements[-1].worked[-1:] == self.timeline[-1:]

    def place(self, inst, p):
        position = inst.positions[p["position"]]
        worked = [t for t in self.timeline if p["from"] <= t < p["until"]]
        return Placement(position.role, position.site, len(worked), False, position,
                         p["from"], p["until"], worked, False, p.get("mentors", []))

    def begins_current(self, first):
        """The first placement continues `current`: same position, from the first timeline period."""
        return first.position is self.person.current and first.start == next(iter(self.timeline), None)

    def walk(self, inst, k, v):
        """What depends on the placement before: step, move, completion."""
        v.earlier = self.history + self.placements[:k]
        v.continues = k == 0 and self.continued
        v.periods += self.person.worked if v.continues else 0
        v.completed = v.periods >= v.role.least
        if k:
            last = self.placements[k - 1].position.difficulty
        else:
            last = self.person.current.difficulty if self.person.current and not v.continues else self.person.level
        v.step = v.position.difficulty - last
        origin = v.site if v.continues else next((e.site for e in reversed(v.earlier) if e.site), self.person.home)
        if origin is not None and origin is not v.site and not within(origin, v.site, inst.relocation.commute_km):
            v.move, v.km = True, distance(origin, v.site) or 0.0
            price = inst.relocation.base + inst.relocation.per_km * v.km
            v.cost = inst.pairs.get(frozenset((origin.id, v.site.id)), price)

    def entered(self):
        """The placements of which entry is asked: all but the continuation."""
        return [v for v in self.placements if not v.continues]

    def idle_spans(self):
        """Maximal runs of idle periods, adjacent on the timeline."""
        spans, previous = [], None
        for t in self.timeline:
            if t not in self.at:
                if previous in self.at or previous is None:
                    spans.append([t, t + 1])
                spans[-1][1] = t + 1
            previous = t
        return [tuple(span) for span in spans]

def levels(person, entries):
    """Competency levels: the larger of the initial one and the `develops` of every completed role."""
    held = Counter(person.competencies)
    for e in entries:
        for name, level in e.role.develops.items() if e.completed else ():
            held[name] = max(held[name], level)
    return held

def missing_levels(requires, held):
    return sum(max(0, level - held[name]) for name, level in requires.items())

def missing_groups(groups, entries):
    """Groups of roles of which none is completed."""
    done = {e.role.id for e in entries if e.completed}
    return sum(1 for group in groups if not done & set(group))

# ---------------------------------------------------------------- rules read from one path (P)
# Each yields (amount, what is wrong); the measure is the sum of the amounts.

def timeline(inst, path):
    reached, previous = -1, None
    for v in path.placements:
        name, span = v.position.id, f"{v.position.id} [{v.start}, {v.until})"
        if not v.worked or (v.start, v.until - 1) != (v.worked[0], v.worked[-1]):
            yield 1, f"{span} does not begin and end in the timeline"
        if v.start < reached:
            yield 1, f"{span} overlaps the placement before"
        for t in v.worked:
            if t not in v.position.open:
                yield 1, f"{name} is closed in {t}"
        if v.role.starts is not None and v.start not in v.role.starts and not v.continues:
            yield 1, f"{name} may not begin in {v.start}"
        if any(v.start < t < v.until for t in path.unpaused):
            yield 1, f"{span} spans a leave that does not pause"
        if previous and previous.position is v.position and not any(previous.until <= t < v.start for t in path.idle):
            yield 1, f"{span} follows itself without an idle period"
        reached, previous = max(reached, v.until), v

def duration(inst, path):
    for v in path.placements:
        may_be_short = path.cut and v.until - 1 == path.last
        if v.periods < v.role.least and not may_be_short or v.periods > v.role.most:
            yield 1, f"{v.position.id} lasts {v.periods} of {v.role.least} to {v.role.most}"
    if path.person.current and not path.continued and path.person.worked < path.person.current.role.least:
        yield 1, f"current ended after {path.person.worked} of {path.person.current.role.least}"

def harder_than_last(inst, path):
    for v in path.entered():
        yield shortfall(v.step, inst.params["harder-than-last"].min_step), f"{v.position.id}: step {v.step:g}"
        if v.before:
            yield max(0, v.before.role.rung - v.role.rung), f"{v.position.id}: down to {v.role.stage}"

def stretch(inst, path):
    """The measure; its limit is `too_far`."""
    for v in path.entered():
        yield abs(v.step - inst.params["stretch"].ideal_step), v.position.id

def too_far(inst, path):
    for v in path.entered():
        yield excess(v.step, inst.params["stretch"].max_step + v.position.support), f"{v.position.id}: step {v.step:g}"

def no_repeat(inst, path):
    planned = Counter(v.role.id for v in path.entered())
    held = Counter(e.role.id for e in path.held)
    for role, n in planned.items():
        yield max(0, n + held[role] - max(1, held[role])), f"role {role} again"

def qualifies(inst, path):
    for v in path.entered():
        yield missing_levels(v.role.requires, levels(path.person, v.earlier)), f"{v.position.id}: levels missing"

def credentials(inst, path):
    held = path.person.credentials
    for v in path.placements:
        if any(held[c] > t for c in v.site.requires for t in v.worked):
            yield 1, f"{v.position.id}: credential missing"

def after(inst, path):
    for v in path.entered():
        yield missing_groups(v.role.after, v.earlier), f"{v.position.id}: `after` missing"
        if v.before and v.before.role.id in v.role.not_right_after:
            yield 1, f"{v.position.id}: right after {v.before.role.id}"

def out_of_bounds(path, clause, match):
    """(over, short) of a clause's placements and periods; a maximum is at least what is held already."""
    over = short = 0
    for unit, size in (("placements", lambda e: 1), ("periods", lambda e: e.periods)):
        least, most = bounds(clause.get(unit))
        n = sum(size(e) for e in path.entries if match(e))
        held = sum(size(e) for e in path.held if match(e))
        over += excess(n, max(most, held))
        short += shortfall(n, least)
    return over, short

def minima_asked(inst, path, rule):
    """Minima bind finished paths, or with "everyone" every uncut one."""
    return path.finished or inst.params[rule].minima == "everyone" and not path.cut

def stage_bounds(path):
    for s in path.person.track.stages:
        yield (*out_of_bounds(path, s, lambda e: e.role.stage == s["stage"]), s["stage"])

def capstone_missing(path):
    """The last placement, else the last entry of history, is not a capstone."""
    capstone = path.person.track.capstone
    return bool(capstone) and not (path.entries and path.entries[-1].role.id in capstone)

def track(inst, path):
    order = {s["stage"]: i for i, s in enumerate(path.person.track.stages)}
    for v in path.entered() if order else ():
        if v.role.stage not in order:
            yield 1, f"{v.position.id}: outside the track"
        elif any(order.get(e.role.stage, -1) > order[v.role.stage] for e in v.earlier):
            yield 1, f"{v.position.id}: out of the track's order"
    asked = minima_asked(inst, path, "track")
    for over, short, stage in stage_bounds(path):
        yield over, f"stage {stage}: over"
        yield short if asked else 0, f"stage {stage}: short"
    yield int(asked and capstone_missing(path)), "capstone missing"

FACETS = {"roles": lambda e: e.role.id, "families": lambda e: e.role.family, "stages": lambda e: e.role.stage,
          "sites": lambda e: e.site and e.site.id, "kinds": lambda e: e.site and e.site.kind,
          "regions": lambda e: e.site and e.site.region}
EACH = {"site": "sites", "family": "families", "kind": "kinds", "region": "regions"}

def clause_bounds(path):
    for i, clause in enumerate(path.person.curriculum):
        only(clause, "of each placements periods")
        if "each" in clause:
            facet = FACETS[EACH[clause["each"]]]
            for value in {facet(e) for e in path.entries} - {None}:
                yield out_of_bounds(path, clause, lambda e: facet(e) == value)[0], 0, f"clause {i}, {value}"
        else:
            of = only(clause.get("of", {}), " ".join(FACETS))
            match = lambda e: all(FACETS[f](e) in ids for f, ids in of.items())
            yield (*out_of_bounds(path, clause, match), f"clause {i}")

def curriculum(inst, path):
    asked = minima_asked(inst, path, "curriculum")
    for over, short, name in clause_bounds(path):
        yield over, f"{name}: over"
        yield short if asked else 0, f"{name}: short"

def breadth(inst, path):
    for unit, wanted in path.person.track.breadth.items() if path.finished else ():
        reached = len({FACETS[unit](e) for e in path.entries} - {None})
        yield max(0, wanted - reached), f"{unit}: {reached} of {wanted}"

def mobility(inst, path):
    limits, home = path.person.mobility, path.person.home
    allowed = ((limits.sites, "id"), (limits.regions, "region"), (limits.countries, "country"))
    moves = [k for k, v in enumerate(path.placements) if v.move]
    yield excess(len(moves), limits.max_moves), "too many moves"
    for v in path.entered():
        km = distance(home, v.site) if home else None
        if km is not None and excess(km, limits.max_km):
            yield 1, f"{v.position.id}: {km:.0f} km from home"
        for ids, what in allowed:
            if ids is not None and getattr(v.site, what) not in ids:
                yield 1, f"{v.position.id}: {what} not allowed"
        if v.site.id in limits.not_sites:
            yield 1, f"{v.position.id}: refused site"
    for a, b in zip(moves, moves[1:]):
        stay = sum(len(v.worked) for v in path.placements[a:b])
        yield shortfall(stay, limits.min_stay), f"only {stay} periods between two moves"

def barred(inst, path):
    out = path.person.barred
    for v in path.entered():
        if v.role.id in out.roles or v.site.id in out.sites or v.position.id in out.positions:
            yield 1, v.position.id

def pinned(inst, path):
    there = {(v.position.id, v.start, v.until) for v in path.placements}
    for pin in path.person.pinned:
        if pin not in there:
            yield 1, f"{pin} missing"

def intensity(inst, path):
    rule, current = inst.params["intensity"], path.person.current
    run = path.person.worked if current and current.role.intensity >= rule.limit else 0
    for t in path.timeline:
        run = run + 1 if t in path.at and path.at[t].role.intensity >= rule.limit else 0
        if run > rule.run:
            yield 1, f"period {t} is the {run}th in a row"

def coverage(inst, path):
    yield len(path.idle), f"idle in {path.idle}"
    if not path.cut and not path.finished:
        if inst.rules["track"][0] != "off" and inst.params["track"].minima == "finished":
            yield sum(short for _, short, _ in stage_bounds(path)), "owing to the track"
            yield int(capstone_missing(path)), "capstone owing"
        if inst.rules["curriculum"][0] != "off" and inst.params["curriculum"].minima == "finished":
            yield sum(short for _, short, _ in clause_bounds(path)), "owing to the curriculum"

def waiting(inst, path):
    end = max((v.until for v in path.placements), default=0)
    idle = path.idle + sorted(path.leave if inst.params["waiting"].counts_leave else ())
    yield path.person.minds.waiting * sum(1 for t in idle if t < end), "waits"

def rating(person, position):
    """Section 5: the sum of the ratings of role, family, site, region and kind."""
    site, role, r = position.site, position.role, person.ratings
    return (r.roles.get(role.id, 0) + r.families.get(role.family, 0) + r.sites.get(site.id, 0)
            + r.regions.get(site.region, 0) + r.kinds.get(site.kind, 0))

def preference(inst, path):
    rule, person = inst.params["preference"], path.person
    ratings = {p.id: rating(person, p) for p in inst.positions.values()}
    high, low = max(ratings.values(), default=0), min(ratings.values(), default=0)
    for v in path.placements:
        regret = high - ratings[v.position.id]
        if rule.scale == "normalised":
            regret = regret / (high - low) if excess(high, low) else 0
        yield regret * (len(v.worked) if rule.per == "period" else 1), v.position.id

def moves(inst, path):
    yield path.person.minds.moves * sum(v.move for v in path.placements), "moves"

def relocation(inst, path):
    for v in path.placements:
        yield v.cost, f"{v.position.id}: move"

def gaps(path):
    """What the target still asks: missing levels + groups."""
    target, held = path.person.target, levels(path.person, path.entries)
    return missing_levels(target.requires, held) + missing_groups(target.experience, path.entries)

def readiness(inst, path):
    if path.person.target and not path.cut:
        yield gaps(path), "not ready for the target"

def visibility(inst, path):
    seen = sum(e.role.visibility * e.periods for e in path.entries)
    yield shortfall(seen, inst.params["visibility"].min) if path.finished else 0, f"visibility {seen:g}"

def stability(inst, path):
    base = inst.baseline.get(path.person.id)
    for t in path.timeline if base is not None else ():
        if base.get(t) != (path.at[t].position.id if t in path.at else None):
            yield 1, f"period {t} differs"

# ---------------------------------------------------------------- rules that couple paths (C)

def seats(inst, plan):
    inside = defaultdict(set)
    for path in plan.paths:
        for v in path.placements:
            for t in v.worked + [t for t in path.holds if v.start < t < v.until]:
                inside[v.position.id, t].add(path.person.id)
    for (position, t), people in inside.items():
        yield excess(len(people), inst.positions[position].seats[t]), f"{position} in {t}: {len(people)} people"

def housing(inst, plan):
    guests = defaultdict(set)
    for path, v, t in plan.work:
        if not within(path.person.home, v.site, inst.relocation.commute_km):
            guests[v.site.id, t].add(path.person.id)
    for (site, t), people in guests.items():
        yield excess(len(people), inst.sites[site].housing[t]), f"{site} in {t}: {len(people)} people"

def arrivals(inst, plan):
    begun = Counter((v.site.id, v.start) for path in plan.paths for v in path.entered()
                    if v.worked and not (v.before and v.before.site is v.site))
    for (site, t), n in begun.items():
        yield excess(n, inst.sites[site].arrivals[t]) if 0 <= t < inst.horizon else 0, f"{site} in {t}: {n} newcomers"

def demand(inst, plan):
    working = defaultdict(set)
    for path, v, t in plan.work:
        working[v.position.id, t].add(path.person.id)
    for p in inst.positions.values():
        for t in p.open:
            n = len(working[p.id, t])
            yield p.priority * shortfall(n, p.demand[t]), f"{p.id} in {t}: {n} people"

def suitable(inst, path, v, t, mentor):
    """Available, in reach, for that stage and family, outside the reporting line."""
    boss = v.position.manager
    in_line = boss is not None and (
        mentor.id == boss or mentor.id in inst.above.get(boss, ()) or boss in inst.above.get(mentor.id, ()))
    return (t in mentor.available and within(mentor.site, v.site, mentor.reach)
            and (mentor.stages is None or v.role.stage in mentor.stages)
            and (mentor.families is None or v.role.family in mentor.families)
            and mentor.id != path.person.id and not in_line)

def mentoring(inst, plan):
    mentees = Counter()
    for path, v, t in plan.work:
        name = v.mentor(t)
        if name in inst.mentors and suitable(inst, path, v, t, inst.mentors[name]):
            mentees[name, t] += 1
        else:
            yield 1, f"{path.person.id} in {t}: no suitable mentor"
    for (name, t), n in mentees.items():
        yield excess(n, inst.mentors[name].capacity[t]), f"{name} in {t}: {n} mentees"

def mentor_continuity(plan):
    """Worked periods whose mentor differs from that of the worked period before."""
    changes = 0
    for path in plan.paths:
        chain = [path.at[t].mentor(t) for t in sorted(path.at)]
        changes += sum(1 for a, b in zip(chain, chain[1:]) if None not in (a, b) and a != b)
    return changes

def budget(inst, plan):
    costs = Counter()
    for path in plan.paths:
        for v in path.placements:
            costs["total"] += v.cost
            costs[str(inst.calendar.begin(v.start).year)] += v.cost
    for key, limit in [("total", inst.budget.total), *inst.budget.per_year.items()]:
        yield excess(costs[key], limit), f"{key}: {costs[key]:g} of {limit:g}"

def group_rule(kind, wrong):
    """together / apart: in every period two members both work, they are (not) within the distance."""
    def rule(inst, plan):
        at = {path.person.id: path.at for path in plan.paths}
        for group in inst.groups.values():
            for a, b in combinations(dict.fromkeys(group.members) if group.kind == kind else (), 2):
                for t in sorted(at[a].keys() & at[b].keys()):
                    if within(at[a][t].site, at[b][t].site, group.within) == wrong:
                        yield 1, f"{group.id}: {a} and {b} in {t}"
    return rule

together, apart = group_rule("together", False), group_rule("apart", True)

def peers(inst, plan):
    there = defaultdict(set)
    for path, v, t in plan.work:
        there[v.site.id, t].add(path.person.id)
    for (site, t), people in there.items():
        yield int(len(people) < inst.params["peers"].min), f"{site} in {t}: {len(people)} alone"

def fairness(inst, plan):
    rule, largest = inst.params["fairness"], defaultdict(float)
    for path in plan.paths:
        if path.timeline:
            burden = path.person.carried
            for counted in set(rule.counts) & PATH_RULES.keys():
                mode, weight = inst.rules[counted]
                if mode == "soft" or mode == "hard" and counted == "stretch":
                    burden += weight * plan.own[path.person.id][counted]
            cohort = path.person.cohort.id if rule.over == "cohort" else "all"
            largest[cohort] = max(largest[cohort], burden / (len(path.timeline) if rule.of == "mean" else 1))
    for cohort, burden in largest.items():
        yield burden, f"{cohort}: largest burden {burden:g}"

def pipeline(inst, plan):
    for target in inst.targets.values():
        ready = [path for path in plan.paths if path.person.target is target and not path.cut and gaps(path) == 0]
        for by, count in target.needed:
            n = sum(1 for path in ready if path.track_end <= by + 1)
            yield shortfall(n, count), f"{target.id} by {by}: {n} of {count}"

PATH_RULES = {rule: globals()[rule.replace("-", "_")] for rule in PATH_IDS.split()}
COUPLED_RULES = {rule: globals()[rule] for rule in COUPLED_IDS.split()}

# ---------------------------------------------------------------- evaluation

class Plan:
    """The paths of all participants; `work` lists (path, placement, period worked)."""

    def __init__(self, inst, placements):
        by_person = defaultdict(list)
        for p in placements:
            if p["participant"] not in inst.participants or p["position"] not in inst.positions:
                raise Bad(f"placement of unknown {p['participant']!r} in {p['position']!r}")
            by_person[p["participant"]].append(p)
        self.paths = [Path(inst, person, by_person[name]) for name, person in inst.participants.items()]
        self.work = [(path, v, t) for path in self.paths for v in path.placements for t in v.worked]
        self.own = {path.person.id: Counter() for path in self.paths}    # person -> rule -> measure

@dataclass
class Result:
    plan: Plan
    rules: dict             # id -> {mode, weight, measure, breaches}, the rules that are off left out
    objective: float
    continuity: int

def evaluate(inst, placements):
    """Recompute every rule that is not off, and the objective, from the placements alone."""
    plan = Plan(inst, placements)
    rules = {}
    for rule, (mode, weight) in inst.rules.items():
        wrong = []                                          # (amount, text)
        for path in plan.paths if rule in PATH_RULES else ():
            own = list(PATH_RULES[rule](inst, path)) if path.timeline else []
            if rule == "timeline" and not path.timeline:    # nothing is asked of them, and nothing may be placed
                own = [(1, f"{v.position.id} outside an empty timeline") for v in path.placements]
            plan.own[path.person.id][rule] = sum(amount for amount, _ in own)
            wrong += [(amount, f"{path.person.id}: {text}") for amount, text in own]
        if rule in COUPLED_RULES and mode != "off":
            wrong = list(COUPLED_RULES[rule](inst, plan))
        measure = 0 if rule in HARD_ONLY else sum(amount for amount, _ in wrong)
        if rule == "stretch":
            asked = [path for path in plan.paths if path.timeline]
            wrong = [(over, f"{path.person.id}: {text}") for path in asked for over, text in too_far(inst, path)]
        breaches = [text for amount, text in wrong if amount > 0] if mode == "hard" else []
        if mode != "off":
            rules[rule] = {"mode": mode, "weight": weight, "measure": measure, "breaches": breaches}
    return Result(plan, rules, sum(r["weight"] * r["measure"] for r in rules.values()), mentor_continuity(plan))

# ---------------------------------------------------------------- comparison with what a plan states

def compare(inst, stated, result):
    """The disagreements between a rungs-plan/1 file and the recomputed result, a line each."""
    if stated.get("format") != "rungs-plan/1":
        yield f"format is {stated.get('format')!r}"
    about = stated.get("instance", {})
    if about.get("sha256") != sha256(inst.data):
        yield f"instance.sha256 is {about.get('sha256')}, recomputed {sha256(inst.data)}"
    if about.get("name") != inst.data.get("name"):
        yield f"instance.name is {about.get('name')!r}, the instance's {inst.data.get('name')!r}"
    yield from compare_numbers(stated, result)
    rows = Counter(row["id"] for row in stated.get("rules", []))
    yield from (f"rules: {rule} missing" for rule in result.rules if not rows[rule])
    yield from (f"rules: {rule} given {n} times" for rule, n in rows.items() if n > 1)
    for row in stated.get("rules", []):
        ours = result.rules.get(row["id"])
        if ours is None:
            yield f"rules: {row['id']} is off or unknown"
            continue
        if row.get("mode") != ours["mode"]:
            yield f"{row['id']}: mode is {row.get('mode')}, recomputed {ours['mode']}"
        absent = 0 if row["id"] in HARD_ONLY else None      # they have no measure
        cost = ours["weight"] * ours["measure"]
        for name, value in (("measure", ours["measure"]), ("weight", ours["weight"]), ("cost", cost)):
            if not agree(row.get(name, absent), value):
                yield f"{row['id']}: {name} is {row.get(name)}, recomputed {value}"
    yield from compare_placements(inst, stated, result)
    said = Counter((u["participant"], u["from"], u["until"]) for u in stated.get("unplaced", []))
    idle = Counter((path.person.id, *span) for path in result.plan.paths for span in path.idle_spans())
    yield from (f"unplaced: {span} is not an idle span" for span in (said - idle).elements())
    yield from (f"unplaced: {span} missing" for span in (idle - said).elements())

def compare_numbers(stated, result):
    """objective, bound, gap and status."""
    objective, bound, gap, status = (stated.get(name) for name in ("objective", "bound", "gap", "status"))
    if not agree(objective, result.objective):
        yield f"objective is {objective}, recomputed {result.objective}"
    if status not in ("optimal", "within-gap", "feasible"):
        yield f"status is {status!r}"
    if not all(isinstance(x, (int, float)) for x in (objective, bound, gap)):
        yield f"bound or gap missing: {bound}, {gap}"
        return
    if bound > objective + 1e-6 * max(1, abs(objective)):
        yield f"bound {bound} is over the objective {objective}"
    if not agree(gap, (objective - bound) / max(1, abs(objective))):
        yield f"gap is {gap}, recomputed {(objective - bound) / max(1, abs(objective))}"
    if (status == "optimal") != (gap <= 1e-6 * (1 + 1e-9)):
        yield f"status is {status} with a gap of {gap}"

def compare_placements(inst, stated, result):
    """The fields a placement carries for the reader's sake, and its mentor spans."""
    walked = {(path.person.id, v.position.id, v.start, v.until): v
              for path in result.plan.paths for v in path.placements}
    day = lambda t: inst.calendar.begin(t).isoformat()
    for p in stated["placements"]:
        key = (p["participant"], p["position"], p["from"], p["until"])
        v = walked[key]
        expected = {"from_date": day(v.start), "until_date": day(v.until), "role": v.role.id, "site": v.site.id,
                    "stage": v.role.stage, "difficulty": v.position.difficulty, "step": v.step,
                    "move_km": v.km, "move_cost": v.cost}
        for name, value in expected.items():
            if name == "step" and v.continues and name not in p:
                continue                                    # no step is asked of a continuation
            if not (agree(p.get(name), value) if isinstance(value, (int, float)) else p.get(name) == value):
                yield f"placement {key}: {name} is {p.get(name)}, recomputed {value}"
        for m in v.mentors:
            if m["mentor"] not in inst.mentors or not v.start <= m["from"] < m["until"] <= v.until:
                yield f"placement {key}: {m} is not a mentor's span inside it"

def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("instance")
    parser.add_argument("plan")
    parser.add_argument("--json", action="store_true", help="print {rule: {mode, weight, measure, breaches}}")
    parser.add_argument("--rules-only", action="store_true", help="do not compare with the plan's stated numbers")
    args = parser.parse_args(argv)
    try:
        inst, stated = Instance(load(args.instance)), load(args.plan)
        result = evaluate(inst, stated["placements"])
        problems = [f"hard rule {rule} broken: {text}" for rule, r in result.rules.items() for text in r["breaches"]]
        problems += [] if args.rules_only else compare(inst, stated, result)
    except (Bad, OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot check: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(result.rules, indent=1))
    for line in problems:
        print(line, file=sys.stderr if args.json else sys.stdout)
    if not problems and not args.json:
        print(f"ok objective {result.objective:.9g} mentor-continuity {result.continuity}")
    return 1 if problems else 0

if __name__ == "__main__":
    sys.exit(main())
