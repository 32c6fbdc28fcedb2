//! W as a Stateright model: hand-written step functions over a small state, each line one action.

use stateright::{Checker, HasDiscoveries, Model, Property, Representative};
use std::collections::BTreeSet;

const RUNNING: u8 = 0;
const COMPLETED: u8 = 1;

const SWEEPERS_MAX: usize = 4;
const WORKFLOWS_MAX: usize = 2;

/// The program counter of an actor that has ended; the others are numbered as the lines of W.
const END: u8 = 9;

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Workflow {
    status: u8,
    task: u8,
    task_queue: u8,
    lock: u8,
    decider: u8,
    completer: u8,
    observer: u8,
    /// What the observer read first; forgotten when it has ended.
    first: u8,
}

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
struct Sweeper {
    workflow: u8,
    pc: u8,
    /// The status that it is going to write; forgotten when it has acted on it.
    write: u8,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct State {
    workflows: [Workflow; WORKFLOWS_MAX],
    sweepers: [Sweeper; SWEEPERS_MAX],
    violated: bool,
}

/// Sweepers are alike: their order does not matter. The lock does not name its owner.
impl Representative for State {
    fn representative(&self) -> Self {
        let mut s = self.clone();
        s.sweepers.sort_unstable();
        s
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Actor {
    Sweeper(usize),
    Completer(usize),
    Observer(usize),
}

pub struct W {
    pub sweepers: usize,
    pub workflows: usize,
    /// Whether the sweepers are S, which look up before they lock, and not F.
    pub old: bool,
}

impl Model for W {
    type State = State;
    type Action = Actor;

    fn init_states(&self) -> Vec<State> {
        let workflow = Workflow {
            status: RUNNING,
            task: 0,
            task_queue: 0,
            lock: 0,
            decider: 1,
            completer: 1,
            observer: 1,
            first: 0,
        };
        let mut s = State {
            workflows: [workflow; WORKFLOWS_MAX],
            sweepers: [Sweeper {
                workflow: 0,
                pc: 1,
                write: 0,
            }; SWEEPERS_MAX],
            violated: false,
        };
        s.sweepers[self.sweepers..]
            .iter_mut()
            .for_each(|a| a.pc = END);
        vec![s]
    }

    fn actions(&self, s: &State, actions: &mut Vec<Actor>) {
        actions.extend(
            (0..self.sweepers)
                .filter(|&i| s.sweepers[i].pc != END)
                .map(Actor::Sweeper),
        );
        for (i, w) in s.workflows[..self.workflows].iter().enumerate() {
            if w.completer != END && (w.completer != 2 || w.lock == 0) {
                actions.push(Actor::Completer(i));
            }
            if w.observer != END {
                actions.push(Actor::Observer(i));
            }
        }
    }

    fn next_state(&self, s: &State, actor: Actor) -> Option<State> {
        let mut s = s.clone();
        match actor {
            Actor::Completer(i) => s.violated |= complete(&mut s.workflows[i]),
            Actor::Observer(i) => s.violated |= observe(&mut s.workflows[i]),
            Actor::Sweeper(i) => {
                let sweeper = &mut s.sweepers[i];
                let w = &mut s.workflows[sweeper.workflow as usize];
                let done = if self.old {
                    sweep_old(sweeper, w)
                } else {
                    sweep_fixed(sweeper, w)
                };
                if done {
                    let workflow = sweeper.workflow + 1;
                    let more = (workflow as usize) < self.workflows;
                    *sweeper = Sweeper {
                        workflow,
                        pc: if more { 1 } else { END },
                        write: 0,
                    };
                }
            }
        }
        Some(s)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing wrong is seen", |_: &W, s: &State| !s.violated),
            Property::always("an end is COMPLETED", |m: &W, s: &State| {
                s.sweepers.iter().any(|a| a.pc != END)
                    || s.workflows[..m.workflows]
                        .iter()
                        .any(|w| w.completer != END || w.observer != END)
                    || s.workflows[..m.workflows]
                        .iter()
                        .all(|w| w.status == COMPLETED)
            }),
        ]
    }
}

/// F: true after its last line.
fn sweep_fixed(a: &mut Sweeper, w: &mut Workflow) -> bool {
    a.pc = match a.pc {
        1 if w.lock == 1 => 2,
        1 => {
            w.lock = 1;
            3
        }
        2 => return true,
        3 if w.task == 1 => {
            a.write = COMPLETED;
            6
        }
        3 => {
            a.write = w.status;
            4
        }
        4 if w.task_queue == 1 => 6,
        4 => 5,
        5 => {
            w.task_queue = 1;
            6
        }
        6 => {
            w.status = a.write;
            7
        }
        7 => {
            if a.write == COMPLETED {
                w.decider = 0;
            }
            a.write = 0;
            8
        }
        _ => {
            w.lock = 0;
            return true;
        }
    };
    false
}

/// S: true after its last line.
fn sweep_old(a: &mut Sweeper, w: &mut Workflow) -> bool {
    a.pc = match a.pc {
        1 if w.task == 1 => {
            a.write = COMPLETED;
            4
        }
        1 => {
            a.write = w.status;
            2
        }
        2 if w.task_queue == 1 => 4,
        2 => 3,
        3 => {
            w.task_queue = 1;
            4
        }
        4 if w.lock == 1 => {
            a.write = 0;
            8
        }
        4 => {
            w.lock = 1;
            5
        }
        5 => {
            w.status = a.write;
            6
        }
        6 => {
            w.lock = 0;
            let completed = std::mem::take(&mut a.write) == COMPLETED;
            if completed {
                7
            } else {
                8
            }
        }
        7 => {
            w.decider = 0;
            return true;
        }
        _ => return true,
    };
    false
}

/// C: true if it sees what it must not.
fn complete(w: &mut Workflow) -> bool {
    match w.completer {
        1 => w.task = 1,
        2 => w.lock = 1,
        3 => {} // the read: what it tells is of no use
        4 => w.status = COMPLETED,
        5 => w.decider = 0,
        6 => w.lock = 0,
        _ => {
            w.completer = END;
            return w.status == RUNNING;
        }
    }
    w.completer += 1;
    false
}

/// O: true if it sees what it must not.
fn observe(w: &mut Workflow) -> bool {
    if w.observer == 1 {
        w.first = w.status;
        w.observer = 2;
        return false;
    }
    w.observer = END;
    std::mem::take(&mut w.first) == COMPLETED && w.status == RUNNING
}

/// Goes through all states, depth first, and prints how many there are.
pub fn check(m: W, symmetry: bool) {
    // Found or not, go on to the end: no set of names is ever found but one that is not there.
    let never = HasDiscoveries::AllOf(BTreeSet::from(["no such property"]));
    let builder = m.checker().threads(1).finish_when(never);
    let checker = if symmetry {
        builder.symmetry()
    } else {
        builder
    }
    .spawn_dfs()
    .join();
    println!(
        "states={} transitions={} violated={}",
        checker.unique_state_count(),
        checker.state_count() - 1,
        checker.discoveries().len()
    );
}
