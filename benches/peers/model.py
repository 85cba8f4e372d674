"""A minimisation that both solvers take, and the progress that both tell."""
import json
import math
import sys
import time
from array import array

BEGAN = time.monotonic()        # this module is the first that is loaded: the run began now
INF = math.inf
GAP = 1e-6                      # proven optimal, as MODEL.md section 3 says
START, FOLLOWS, REAL = 0, 1, 2  # kinds of column: a 0/1 decision; whole because the decisions are; not whole


def elapsed():
    return time.monotonic() - BEGAN


def gap(objective, bound):
    """MODEL.md section 3; None while either side is missing."""
    return None if objective is None or bound is None else max(0.0, (objective - bound) / max(1, abs(objective)))


class Model:
    """Columns (lower bound 0) and rows of a minimisation, in flat arrays."""

    def __init__(self):
        self.cost, self.upper, self.kind = array("d"), array("d"), array("b")
        self.low, self.high = array("d"), array("d")
        self.first, self.index, self.value = array("q", [0]), array("i"), array("d")

    def column(self, cost=0.0, upper=1.0, kind=FOLLOWS):
        self.cost.append(cost)
        self.upper.append(upper)
        self.kind.append(kind)
        return len(self.cost) - 1

    def row(self, *parts, low=-INF, high=INF):
        """low <= sum <= high over parts of (columns, factor), or (columns, list of factors)."""
        for columns, factor in parts:
            self.index.extend(columns)
            self.value.extend(factor if isinstance(factor, list) else [factor] * len(columns))
        self.first.append(len(self.index))
        self.low.append(low)
        self.high.append(high)

    def size(self):
        return {"columns": len(self.cost), "rows": len(self.low), "nonzeros": len(self.index)}


class Talk:
    """Progress as JSON lines on standard error, with the keys of `rungs plan --log-format jsonl`; keeps the best of
    both sides."""

    def __init__(self):
        self.incumbent, self.bound = None, None

    def say(self, event, **more):
        print(json.dumps({"event": event, "seconds": round(elapsed(), 3), **more}), file=sys.stderr, flush=True)

    def progress(self, incumbent=None, bound=None):
        """No measure is negative, so no bound below 0 is worth telling."""
        old = self.incumbent, self.bound
        if incumbent is not None and abs(incumbent) < 1e30:
            self.incumbent = min(incumbent, INF if self.incumbent is None else self.incumbent)
        if bound is not None and abs(bound) < 1e30:
            self.bound = max(0.0, bound, self.bound or 0.0)
        if old != (self.incumbent, self.bound):
            self.say("progress", incumbent=self.incumbent, bound=self.bound, gap=gap(self.incumbent, self.bound))
