//! `stress`: what may happen is drawn many times, the plan is replanned each time, and reserves are tried in the same draws.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;
use serde_json::json;

use super::args::StressArgs;
use super::explain::{failed, legal_plan};
use super::plan::{cores, listen_for_interrupt};
use super::{Exit, Halt, bytes, out, read_rows};
use crate::audit::measure;
use crate::brief::brief;
use crate::change::{Change, Changed, Rates, StageRates};
use crate::desk::{Done, Draw, Stress, Stressed, stress as draw, unfilled};
use crate::domain::{Case, Plan, PositionIx};
use crate::explain::{Place, Remedy, worth};
use crate::pricing::{Coupling, multipliers};
use crate::report::{Held, Look, stressed, stressed_svg};
use crate::solve::{Options, Stop};
use crate::words::{Index, Period};

/// Periods by which late starts are late, and that closures last, where no file says otherwise.
const LATE: u32 = 1;
const CLOSED: u32 = 2;

/// What one more of each place would save, by the prices of one replan.
type Worths = BTreeMap<Place, f64>;

/// Puts a plan under stress.
pub(super) fn stress(args: &StressArgs) -> Result<Exit, Halt> {
    let (raw, taken) = read_rows(&args.of.instance)?;
    let read = legal_plan(&args.of.instance, &args.of.plan, &taken)?;
    let (case, plan) = (&taken.case, &read.plan);
    let rates = rates(args, case)?;
    for output in args.output.iter().chain(&args.svg) {
        [&args.of.instance, &args.of.plan].into_iter().chain(&args.rates).try_for_each(|file| out::spare(file, output))?;
        out::try_out(output)?;
    }
    let stop = listen_for_interrupt(|| out::talk("stopping; the draws done by then are kept"));
    let options = super::whatif::options(&args.search, 1);
    let asked = Stress {
        raw: &raw,
        taken: &taken,
        plan,
        certificate: read.file.certificate.as_ref(),
        rates: &rates,
        draws: usize::from(args.draws),
        seed: args.search.seed.into(),
        reserve: &[],
    };
    let desk = Desk { threads: cores(args.search.threads), options: &options, stop: &stop, quiet: args.search.quiet };
    let draws = desk.run(&asked, "draws", priced)?;
    let mut held = Vec::new();
    for place in promising(case, plan, &draws).into_iter().take(usize::from(args.reserves)) {
        let remedy = Remedy::More(place, Period::new(0), Period::new(case.calendar.count), 1);
        let Some(reserve) = remedy.changes(case).filter(|_| !stop.asked()) else { continue };
        let again = desk.run(&Stress { reserve: &reserve, ..asked }, "draws with a reserve", |_, _| ())?;
        held.push(Held { words: remedy.words(case), draws: again.into_iter().map(|d| d.stressed).collect() });
    }
    let (empty, idle) = unfilled(case, plan);
    let before = Stressed { empty, idle, touched: 0, points: measure(case, &taken.policy, plan).objective(), proven: true };
    let outcomes: Vec<Option<Stressed>> = draws.iter().map(|d| d.stressed).collect();
    let text = stressed(case, before, &outcomes, (args.reserves > 0).then_some(&held[..]), &Look::default());
    if let Some(file) = &args.svg {
        out::write(file, &stressed_svg(case, before, &outcomes))?;
    }
    match &args.output {
        Some(file) => {
            out::write(file, &data(file, before, &draws, &held)?)?;
            out::as_it_stands(&text);
        }
        None => out::print(&text)?,
    }
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}

fn rates(args: &StressArgs, case: &Case) -> Result<Rates, Halt> {
    let all = StageRates { drop_out: args.drop_out, no_show: args.no_show, delay: args.delay, closure: args.closure };
    let rates = Rates::alike(case, all, LATE, CLOSED);
    let Some(file) = &args.rates else { return Ok(rates) };
    rates.read(case, &bytes(file)?).map_err(|problems| Halt::invalid(file, &problems))
}

/// How draws are run.
struct Desk<'a> {
    threads: usize,
    options: &'a Options,
    stop: &'a Stop,
    quiet: bool,
}

impl Desk<'_> {
    fn run<T: Send>(&self, asked: &Stress<'_>, things: &str, see: impl Fn(&Changed, &Done) -> T + Sync + Send) -> Result<Vec<Draw<T>>, Halt> {
        let bar: ProgressBar = super::whatif::bar(asked.draws, things, self.quiet);
        let work = || draw(asked, self.options, self.stop, &see, || bar.inc(1));
        let done = match rayon::ThreadPoolBuilder::new().num_threads(self.threads).build() {
            Ok(pool) => pool.install(work),
            Err(_) => work(),
        };
        bar.finish_and_clear();
        done.map_err(failed)
    }
}

/// What one more of each place is worth by the prices of a replan: of the search for the fewest touched, where a period lost weighs
/// most, and of the search for the best plan after it.
fn priced(changed: &Changed, done: &Done) -> Worths {
    let told = brief(&changed.taken.case, &changed.taken.policy);
    let coupling = Coupling::new(&told);
    let fewest = done.prices.as_ref().map(|c| multipliers(&told, &coupling, c));
    let mut worths = Worths::new();
    for one in [fewest.as_ref(), done.solved.multipliers.as_ref()].into_iter().flatten().flat_map(|prices| worth(&told, &coupling, prices)) {
        if let Remedy::More(place @ (Place::Seats(_) | Place::Mentees(_)), ..) = one.remedy {
            *worths.entry(place).or_default() += one.price;
        }
    }
    worths
}

/// The places that would save most over all draws, by the prices; after them positions whose seats the plan has filled, those with
/// the most filled first.
fn promising(case: &Case, plan: &Plan, draws: &[Draw<Worths>]) -> Vec<Place> {
    let mut total = Worths::new();
    for (place, worth) in draws.iter().filter_map(|d| d.seen.as_ref()).flatten() {
        *total.entry(*place).or_default() += worth;
    }
    let mut order: Vec<(Place, f64)> = total.into_iter().filter(|(_, worth)| *worth > 0.0).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut places: Vec<Place> = order.into_iter().map(|(place, _)| place).collect();
    let at = |q, t| plan.paths.rows().iter().flatten().filter(|pl| pl.position == q && pl.covers(t)).count();
    let filled = |q: PositionIx| case.calendar.periods().filter(|t| at(q, *t) > 0 && at(q, *t) >= case.positions[q].seats[*t] as usize).count();
    let mut full: Vec<(usize, PositionIx)> = case.positions.ids().map(|q| (filled(q), q)).filter(|(periods, _)| *periods > 0).collect();
    full.sort_by_key(|(periods, q)| (std::cmp::Reverse(*periods), *q));
    places.extend(full.into_iter().map(|(_, q)| Place::Seats(q)).filter(|place| !places.contains(place)).collect::<Vec<_>>());
    places
}

/// The draws as CSV, one line a draw, or as JSON with their events, by the file's ending.
fn data(file: &Path, before: Stressed, draws: &[Draw<Worths>], held: &[Held]) -> Result<String, Halt> {
    if file.extension().is_some_and(|e| e == "json") {
        let numbers = |s: &Stressed| json!({"seat_periods_empty": s.empty, "periods_idle": s.idle, "touched": s.touched, "points": s.points, "fewest_proven": s.proven});
        let list = |all: &mut dyn Iterator<Item = (&Option<Stressed>, Option<&Vec<Change>>)>| {
            all.map(|(s, events)| json!({"events": events, "outcome": s.as_ref().map(numbers)})).collect::<Vec<_>>()
        };
        let reserves: Vec<_> = held.iter().map(|h| json!({"reserve": h.words, "draws": list(&mut h.draws.iter().map(|s| (s, None)))})).collect();
        let all = list(&mut draws.iter().map(|d| (&d.stressed, Some(&d.events))));
        return out::json(&json!({"before": numbers(&before), "draws": all, "reserves": reserves}));
    }
    let head = ["reserve", "draw", "outcome", "events", "seat_periods_empty", "periods_idle", "touched", "points", "fewest_proven"]
        .map(str::to_owned)
        .to_vec();
    let line = |reserve: &str, number: usize, events: usize, s: &Option<Stressed>| {
        let mut cells =
            vec![reserve.to_owned(), (number + 1).to_string(), if s.is_some() { "plan" } else { "no plan" }.to_owned(), events.to_string()];
        match s {
            Some(s) => cells.extend([s.empty.to_string(), s.idle.to_string(), s.touched.to_string(), s.points.to_string(), s.proven.to_string()]),
            None => cells.extend(std::iter::repeat_n(String::new(), 5)),
        }
        cells
    };
    let mut records = vec![head];
    records.extend(draws.iter().enumerate().map(|(i, d)| line("", i, d.events.len(), &d.stressed)));
    for h in held {
        records.extend(h.draws.iter().zip(draws).enumerate().map(|(i, (s, d))| line(&h.words, i, d.events.len(), s)));
    }
    out::csv(records)
}
