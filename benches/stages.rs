//! How long each stage takes on generated operations instances: intake, brief, networks, model, audit; lattices, pricing, rounds of
//! the column method and certificates; and whole exact solves on fixed sizes. `cargo bench` runs all; `cargo bench -- networks` one group.

use std::hint::black_box;
use std::sync::Mutex;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use rungs::audit::measure;
use rungs::brief::{Brief, brief};
use rungs::domain::Plan;
use rungs::generate::{Profile, Recipe, generate};
use rungs::intake::{Intake, intake};
use rungs::network::Network;
use rungs::pricing::{Coupling, Multipliers, Pricing, certificate, recompute};
use rungs::solve::{Listener, Method, Options, Stop, compile, solve, solve_by};

fn text(participants: usize) -> String {
    let recipe = Recipe::new(Profile::Operations, participants, 7);
    serde_json::to_string(&generate(&recipe)).expect("an instance is JSON")
}

fn taken(participants: usize) -> Intake {
    intake(text(participants).as_bytes()).expect("generated instances are valid")
}

fn stages(c: &mut Criterion) {
    let mut group = c.benchmark_group("stages");
    group.sample_size(10);
    for participants in [50, 500] {
        let json = text(participants);
        let Intake { case, policy, .. } = taken(participants);
        let told = brief(&case, &policy);
        let networks: Vec<Network> = case.participants.ids().take(50).map(|p| Network::new(&told, p, 2_000)).collect();
        let empty = Plan { paths: case.participants.ids().map(|_| Vec::new()).collect() };
        group.throughput(Throughput::Elements(participants as u64));
        group.bench_function(BenchmarkId::new("intake", participants), |b| b.iter(|| intake(black_box(json.as_bytes()))));
        group.bench_function(BenchmarkId::new("brief", participants), |b| b.iter(|| brief(black_box(&case), &policy)));
        group.bench_function(BenchmarkId::new("audit", participants), |b| b.iter(|| measure(&case, &policy, black_box(&empty))));
        group.throughput(Throughput::Elements(50));
        let first_fifty = || case.participants.ids().take(50);
        group.bench_function(BenchmarkId::new("networks", participants), |b| {
            b.iter(|| first_fifty().map(|p| Network::new(black_box(&told), p, 2_000)).collect::<Vec<_>>());
        });
        if participants == 50 {
            group.bench_function(BenchmarkId::new("model", participants), |b| b.iter(|| compile(&told, black_box(&networks))));
        }
    }
    group.finish();
}

/// The column method's parts: lattices, one pricing of everyone, its first rounds (lattices, pricing and the master each time), a
/// certificate checked.
fn columns(c: &mut Criterion) {
    let mut group = c.benchmark_group("columns");
    group.sample_size(10);
    for participants in [50, 200, 1_000] {
        let Intake { case, policy, .. } = taken(participants);
        let told = brief(&case, &policy);
        let coupling = Coupling::new(&told);
        let pricing = Pricing::new(&told, &coupling, &|| false).expect("nothing ends it");
        // Prices that bite: a tenth of a point for every unit of every row.
        let multipliers = Multipliers(vec![0.1; coupling.rows.len()]);
        let prices = pricing.prices_of(&multipliers);
        let everyone: Vec<usize> = (0..pricing.len()).collect();
        let stated = certificate(&told, &coupling, &multipliers, None);
        group.throughput(Throughput::Elements(participants as u64));
        group.bench_function(BenchmarkId::new("lattices", participants), |b| b.iter(|| Pricing::new(black_box(&told), &coupling, &|| false)));
        group.bench_function(BenchmarkId::new("pricing", participants), |b| b.iter(|| pricing.all(black_box(&everyone), &prices)));
        // The same by what it goes over and reads: see `memory` for what the machine reads.
        let sizes = pricing.sizes();
        for (name, throughput) in [("arcs", Throughput::Elements(sizes.touched as u64)), ("bytes", Throughput::Bytes(sizes.bytes() as u64))] {
            group.throughput(throughput);
            group.bench_function(BenchmarkId::new(format!("pricing, {name}"), participants), |b| {
                b.iter(|| pricing.all(black_box(&everyone), &prices))
            });
        }
        group.throughput(Throughput::Elements(participants as u64));
        for rounds in [1, ROUNDS] {
            let name = if rounds == 1 { "first round".to_owned() } else { format!("first {rounds} rounds") };
            group.bench_function(BenchmarkId::new(name, participants), |b| b.iter(|| first_rounds(&told, rounds)));
        }
        group.bench_function(BenchmarkId::new("certificate", participants), |b| b.iter(|| recompute(&told, black_box(&stated), None)));
    }
    group.finish();
}

/// How fast all threads together read memory in order: what no pricing can exceed.
fn memory(c: &mut Criterion) {
    let mut group = c.benchmark_group("memory");
    group.sample_size(10);
    let numbers = vec![1u64; 1 << 26];
    group.throughput(Throughput::Bytes(8 << 26));
    group.bench_function("read", |b| b.iter(|| black_box(&numbers).par_chunks(1 << 20).map(|part| part.iter().sum::<u64>()).sum::<u64>()));
    group.finish();
}

/// Rounds of the column method that are timed: a ninth of what they take beyond the first is one round.
const ROUNDS: u64 = 10;

fn first_rounds(told: &Brief<'_>, rounds: u64) {
    let stop = Stop::default();
    let asked = stop.clone();
    let listener: Listener<'_> = Mutex::new(Box::new(move |progress| {
        if progress.nodes >= rounds {
            asked.ask();
        }
    }));
    solve_by(Method::Columns, told, &Options::default(), None, &listener, &stop).expect("HiGHS runs");
}

fn exact(c: &mut Criterion) {
    let mut group = c.benchmark_group("exact");
    group.sample_size(10);
    for participants in [5, 10, 20] {
        let Intake { case, policy, .. } = taken(participants);
        let told = brief(&case, &policy);
        let options = Options { gap: 0.01, ..Options::default() };
        group.bench_function(BenchmarkId::from_parameter(participants), |b| {
            b.iter(|| {
                let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
                solve(&told, &options, None, &silent, &Stop::default()).expect("HiGHS runs")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, stages, memory, columns, exact);
criterion_main!(benches);
