//! Workload W under Stateright, Shuttle and Loom. See `docs/performance.md`, "Beside peers".

mod model;

mod on_shuttle {
    use shuttle::sync::{atomic::AtomicU8, Arc, Mutex};
    use shuttle::thread;
    include!("programs.rs");
}

mod on_loom {
    use loom::sync::{atomic::AtomicU8, Arc, Mutex};
    use loom::thread;
    include!("programs.rs");
}

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler, UrwRandomScheduler};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;

const USAGE: &str = "usage: peers stateright|symmetry F|S SWEEPERS WORKFLOWS TIMES
       peers random|pct|urw F|S SWEEPERS WORKFLOWS RUNS
       peers loom F|S SWEEPERS WORKFLOWS";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| {
        args.get(i)
            .and_then(|a| a.parse::<usize>().ok())
            .expect(USAGE)
    };
    let old = args.get(1).expect(USAGE) == "S";
    let (sweepers, workflows) = (number(2), number(3));
    match args[0].as_str() {
        "stateright" | "symmetry" => {
            for _ in 0..number(4) {
                model::check(
                    model::W {
                        sweepers,
                        workflows,
                        old,
                    },
                    args[0] == "symmetry",
                );
            }
        }
        "random" => sample(
            RandomScheduler::new_from_seed(1, number(4)),
            sweepers,
            workflows,
            old,
        ),
        "pct" => sample(
            PctScheduler::new_from_seed(1, 3, number(4)),
            sweepers,
            workflows,
            old,
        ),
        "urw" => sample(
            UrwRandomScheduler::new_from_seed(1, number(4)),
            sweepers,
            workflows,
            old,
        ),
        "loom" => enumerate(sweepers, workflows, old),
        _ => panic!("{USAGE}"),
    }
}

/// Runs W under Shuttle, and prints the schedules and the places where it could switch.
fn sample(scheduler: impl Scheduler + 'static, sweepers: usize, workflows: usize, old: bool) {
    let steps = Arc::new(AtomicUsize::new(0));
    let sum = steps.clone();
    let schedules = shuttle::Runner::new(scheduler, Default::default()).run(move || {
        on_shuttle::run(sweepers, workflows, old);
        sum.fetch_add(shuttle::current::context_switches(), Relaxed);
    });
    println!("schedules={schedules} steps={}", steps.load(Relaxed));
}

/// Goes through all of W's executions under Loom, and prints how many there are.
fn enumerate(sweepers: usize, workflows: usize, old: bool) {
    let executions = Arc::new(AtomicUsize::new(0));
    let sum = executions.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = None;
    builder.check(move || {
        sum.fetch_add(1, Relaxed);
        on_loom::run(sweepers, workflows, old);
    });
    println!("executions={}", executions.load(Relaxed));
}
