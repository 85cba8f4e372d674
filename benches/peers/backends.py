"""The two solvers of the compact model, each with (model, limit, threads, seed, talk) to (status, values or None, bound).

highspy and ortools clash when one process loads both (each brings its own HiGHS), so each is imported where it is used.
"""
import math

from model import FOLLOWS, GAP, INF, REAL, START, elapsed

GRID = 10_000               # CP-SAT counts costs and burdens in steps of 1 / GRID
WIDE = 20_000               # columns above which HiGHS does without probing
NO_PROBING = 1 << 15        # HiGHS's `presolve_rule_off` bit; its log advises it where probing eats the time limit


def highs(model, limit, threads, seed, talk, fixed=None):
    """A mixed-integer program by HiGHS (PyPI highspy).  `fixed` {column: value} is for tests."""
    import highspy
    import numpy as np
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": threads, "parallel": "on" if threads > 1 else "off", "random_seed": seed,
               "mip_rel_gap": GAP, "mip_abs_gap": 1e-9, "mip_feasibility_tolerance": 1e-7,
               "presolve_rule_off": NO_PROBING if len(model.cost) > WIDE else 0}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    lower, upper = np.zeros(len(model.cost)), np.array(model.upper)
    for column, value in (fixed or {}).items():
        lower[column] = upper[column] = value
    kinds = {START: highspy.HighsVarType.kInteger, FOLLOWS: highspy.HighsVarType.kImplicitInteger,
             REAL: highspy.HighsVarType.kContinuous}
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(model.cost), lower, upper
    lp.row_lower_, lp.row_upper_ = np.array(model.low), np.array(model.high)
    lp.integrality_ = [kinds[kind] for kind in model.kind]
    matrix = lp.a_matrix_
    matrix.format_, matrix.num_col_, matrix.num_row_ = highspy.MatrixFormat.kRowwise, lp.num_col_, lp.num_row_
    matrix.start_, matrix.index_ = np.array(model.first, dtype=np.int32), np.array(model.index, dtype=np.int32)
    matrix.value_ = np.array(model.value)
    if solver.passModel(lp) == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS does not take the model")
    del lp, matrix

    def told(event):
        talk.progress(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)

    for callback in (solver.cbMipLogging, solver.cbMipImprovingSolution, solver.cbMipInterrupt):
        callback.subscribe(told)
    solver.setOptionValue("time_limit", max(0.1, limit - elapsed()))
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    talk.progress(info.objective_function_value if found else None, info.mip_dual_bound)
    status = solver.modelStatusToString(solver.getModelStatus()).lower()
    return status, list(solver.getSolution().col_value) if found else None, info.mip_dual_bound


def whole_row(index, value, low, high, real):
    """Integer factors and bounds of a row, never looser than the row itself (all columns are >= 0)."""
    if real.isdisjoint(index) and all(v == int(v) for v in value):
        return [int(v) for v in value], low, high
    assert low == -INF or high == INF, "an equation with fractions"
    inward = math.ceil if low == -INF else math.floor
    return [int(v) if c in real else inward(v * GRID) for c, v in zip(index, value)], low * GRID, high * GRID


def cpsat(model, limit, threads, seed, talk):
    """An integer program by CP-SAT (PyPI ortools); a REAL column counts steps of 1 / GRID, costs are rounded to such."""
    from ortools.sat.python import cp_model
    cp, unlimited = cp_model.CpModel(), 1 << 60
    proto, real = cp.proto, {c for c, kind in enumerate(model.kind) if kind == REAL}
    for column, upper in enumerate(model.upper):
        proto.variables.add().domain.extend([0, math.floor(upper) * (GRID if column in real else 1)])
    for row, (low, high) in enumerate(zip(model.low, model.high)):
        part = slice(model.first[row], model.first[row + 1])
        index = model.index[part].tolist()
        value, low, high = whole_row(index, model.value[part].tolist(), low, high, real)
        linear = proto.constraints.add().linear
        linear.vars.extend(index)
        linear.coeffs.extend(value)
        linear.domain.extend([-unlimited if low == -INF else math.ceil(low - 1e-9),
                              unlimited if high == INF else math.floor(high + 1e-9)])
    costs = {c: round(cost * (1 if c in real else GRID)) for c, cost in enumerate(model.cost) if cost}
    proto.objective.vars.extend(list(costs))
    proto.objective.coeffs.extend(list(costs.values()))
    proto.objective.scaling_factor = 1 / GRID

    class Told(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self):
            talk.progress(self.objective_value, self.best_objective_bound)

    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = threads, seed
    solver.parameters.relative_gap_limit = GAP
    solver.parameters.max_time_in_seconds = max(0.1, limit - elapsed())
    solver.best_bound_callback = lambda bound: talk.progress(None, bound)
    status = solver.solve(cp, Told())
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    talk.progress(solver.objective_value if found else None, solver.best_objective_bound)
    return solver.status_name(status).lower(), list(solver.response_proto.solution) if found else None, solver.best_objective_bound


SOLVERS = {"highs": highs, "cpsat": cpsat}
