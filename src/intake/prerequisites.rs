//! Roles that wait for each other: no one can ever begin any of them.

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::at::At;
use super::context::Context;
use crate::domain::{Case, Mode, Policy, RoleIx};
use crate::words::{Index, Table};

/// Notes every circle of prerequisites that nothing opens: an error if `after` is hard, else a warning.
pub(super) fn cycles(context: &mut Context<'_>, case: &Case, policy: &Policy) {
    let reachable = reachable(case);
    // A role that can't be reached waits for every role of a group of which none can be reached.
    let mut waits: DiGraph<(), ()> = DiGraph::new();
    for _ in case.roles.ids() {
        waits.add_node(());
    }
    for (ix, role) in case.roles.iter().filter(|(ix, _)| !reachable[*ix]) {
        for other in role.after.iter().filter(|g| g.iter().all(|r| !is_open(&reachable, *r))).flatten() {
            if other.index() < case.roles.len() {
                waits.add_edge((ix.index() as u32).into(), (other.index() as u32).into(), ());
            }
        }
    }
    let mut circles: Vec<Vec<RoleIx>> = tarjan_scc(&waits).into_iter().map(|c| c.iter().map(|n| RoleIx::new(n.index())).collect()).collect();
    circles.retain(|c: &Vec<RoleIx>| c.len() > 1 || waits.contains_edge((c[0].index() as u32).into(), (c[0].index() as u32).into()));
    circles.iter_mut().for_each(|c| c.sort_unstable());
    circles.sort_unstable();
    let top = At::top("roles");
    for circle in circles {
        let first = circle[0];
        let path = walk(&waits, &circle);
        let names: Vec<&str> = path.iter().map(|r| case.roles[*r].named.name.as_str()).collect();
        let (hard, circle) = (policy.named("after").mode == Mode::Hard, names.join(" comes after "));
        let what = if hard {
            format!("roles wait for each other, and none can ever begin: {circle}")
        } else {
            format!("roles wait for each other: {circle}")
        };
        let row = top.row(first.index(), None, &case.roles[first].named.id);
        let at = row.field("after");
        let problem = if hard { context.error("E405", &at, what) } else { context.warning("W110", &at, what) };
        problem.hint = Some("take one of them out of the other's 'after', or add a role to the group that can be met".to_owned());
    }
}

/// Which roles someone can come to: those held already, and those of whose every group one can be.
fn reachable(case: &Case) -> Table<RoleIx, bool> {
    let mut reachable = Table::new(vec![false; case.roles.len()]);
    for participant in case.participants.rows() {
        let current = participant.current.and_then(|c| case.positions.get(c.position)).map(|q| q.role);
        for role in participant.history.iter().map(|h| h.role).chain(current).filter(|r| r.index() < case.roles.len()) {
            reachable[role] = true;
        }
    }
    loop {
        let open: Vec<RoleIx> = (case.roles.iter())
            .filter(|(ix, role)| !reachable[*ix] && role.after.iter().all(|g| g.is_empty() || g.iter().any(|r| is_open(&reachable, *r))))
            .map(|(ix, _)| ix)
            .collect();
        if open.is_empty() {
            return reachable;
        }
        open.into_iter().for_each(|ix| reachable[ix] = true);
    }
}

/// Unknown roles were reported already, and are taken for open.
fn is_open(reachable: &Table<RoleIx, bool>, role: RoleIx) -> bool {
    reachable.get(role).copied().unwrap_or(true)
}

/// A closed walk through a strongly connected set: along the smallest successor until a role comes again.
fn walk(waits: &DiGraph<(), ()>, circle: &[RoleIx]) -> Vec<RoleIx> {
    let mut path = vec![circle[0]];
    loop {
        let here = path[path.len() - 1];
        let next = waits.neighbors((here.index() as u32).into()).map(|n| RoleIx::new(n.index())).filter(|r| circle.contains(r)).min();
        let Some(next) = next else { return path };
        if let Some(start) = path.iter().position(|r| *r == next) {
            path.push(next);
            return path.split_off(start);
        }
        path.push(next);
    }
}
