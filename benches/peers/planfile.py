"""From the chosen starts of the compact model to a rungs-plan/1 document; its numbers are the outside checker's."""
from collections import defaultdict

from model import GAP, gap
from reading import check


def assign_mentors(compact, chosen):
    """{(participant, period): mentor}: per period a matching by augmenting paths, last period's mentor tried first."""
    at_work, mentor_of, last = defaultdict(list), {}, {}
    for s in chosen:
        for t in s.worked:
            at_work[t].append(s)
    for t in sorted(at_work):
        mentees, mine = defaultdict(list), {}

        def seat(s, tried):
            """Finds a mentor for s, others making room; `tried` mentors are not asked again."""
            for m in sorted(compact.mentors(s.position, t), key=lambda m: (m != last.get(s.person.id), m)):
                if m in tried:
                    continue
                tried.add(m)
                leaver = None
                if len(mentees[m]) >= compact.inst.mentors[m].capacity[t]:
                    leaver = next((other for other in list(mentees[m]) if seat(other, tried)), None)
                    if leaver is None:
                        continue
                    mentees[m].remove(leaver)
                mentees[m].append(s)
                mine[s.person.id] = m
                return True
            return False

        for s in at_work[t]:
            if not seat(s, set()):
                raise RuntimeError(f"no mentor is left for {s.person.id} in period {t}")
        mentor_of.update({(person, t): m for person, m in mine.items()})
        last.update(mine)
    return mentor_of


def spans(s, mentor_of):
    """A placement's mentors as spans, broken where the mentor changes or work pauses."""
    out = []
    for t in s.worked:
        name = mentor_of[s.person.id, t]
        if out and out[-1]["mentor"] == name and out[-1]["until"] == t:
            out[-1]["until"] = t + 1
        else:
            out.append({"mentor": name, "from": t, "until": t + 1})
    return out


def document(compact, values, bound, solver):
    """The plan file of a solution: `values` of the model's columns, `bound` proven, `solver` as the file tells it."""
    inst = compact.inst
    chosen = [s for s in compact.starts if values[s.column] > 0.5]
    mentored = inst.rules["mentoring"][0] != "off"
    mentor_of = assign_mentors(compact, chosen) if mentored else {}
    placements = [{"participant": s.person.id, "position": s.position.id, "from": s.worked[0], "until": s.worked[-1] + 1,
                   "mentors": spans(s, mentor_of) if mentored else []} for s in chosen]
    result = check.evaluate(inst, placements)
    walked = {(path.person.id, v.start): v for path in result.plan.paths for v in path.placements}
    day = lambda t: inst.calendar.begin(t).isoformat()
    for p in placements:
        v = walked[p["participant"], p["from"]]
        p |= {"from_date": day(v.start), "until_date": day(v.until), "role": v.role.id, "site": v.site.id, "stage": v.role.stage,
              "difficulty": v.position.difficulty, "step": v.step, "move_km": v.km, "move_cost": v.cost}
    bound = min(max(0.0, bound), result.objective)
    proven = gap(result.objective, bound)
    return {
        "format": "rungs-plan/1",
        "instance": {"name": inst.data.get("name"), "sha256": check.sha256(inst.data)},
        "status": "optimal" if proven <= GAP else "feasible", "objective": result.objective, "bound": bound, "gap": proven,
        "rules": [{"id": rule, "mode": r["mode"], "measure": r["measure"], "weight": r["weight"],
                   "cost": r["weight"] * r["measure"]} for rule, r in result.rules.items()],
        "placements": placements,
        "unplaced": [{"participant": path.person.id, "from": first, "until": until, "reasons": []}
                     for path in result.plan.paths for first, until in path.idle_spans()],
        "solver": solver,
    }
