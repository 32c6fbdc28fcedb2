// W as code that runs. Included once for each library, after a `use` of its `AtomicU8`, `Mutex`, `Arc` and `thread`.
// Every line of W is one operation on one of their objects, and so one place where they may switch. The workflow and
// its task are one byte, because s1, f3 and c3 read both at once: a library that looks for dependent operations sees
// one object where Fermata sees two.

use std::sync::atomic::Ordering::SeqCst;

/// The bits of a record.
const COMPLETED: u8 = 1;
const TASK_COMPLETE: u8 = 2;

/// The shared objects of one workflow.
struct Workflow {
    record: AtomicU8,
    task_queue: AtomicU8,
    decider: AtomicU8,
    lock: Mutex<()>,
}

impl Workflow {
    fn new() -> Self {
        Workflow {
            record: AtomicU8::new(0),
            task_queue: AtomicU8::new(0),
            decider: AtomicU8::new(1),
            lock: Mutex::new(()),
        }
    }

    fn status(&self) -> u8 {
        self.record.load(SeqCst) & COMPLETED
    }

    /// A blind write of the status.
    fn set_status(&self, status: u8) {
        if status == COMPLETED {
            self.record.fetch_or(COMPLETED, SeqCst);
        } else {
            self.record.fetch_and(!COMPLETED, SeqCst);
        }
    }

    fn remove(&self) {
        self.decider.store(0, SeqCst);
    }

    /// Touches the entry without changing it.
    fn postpone(&self) {
        self.decider.fetch_or(0, SeqCst);
    }

    fn push_if_absent(&self) {
        if self.task_queue.load(SeqCst) == 0 {
            self.task_queue.store(1, SeqCst);
        }
    }
}

fn sweep_fixed(w: &Workflow) {
    let Ok(held) = w.lock.try_lock() else {
        return w.postpone();
    };
    let record = w.record.load(SeqCst);
    let mut write = record & COMPLETED;
    if record & TASK_COMPLETE != 0 {
        write = COMPLETED;
    } else {
        w.push_if_absent();
    }
    w.set_status(write);
    if write == COMPLETED {
        w.remove();
    } else {
        w.postpone();
    }
    drop(held);
}

fn sweep_old(w: &Workflow) {
    let record = w.record.load(SeqCst);
    let mut write = record & COMPLETED;
    if record & TASK_COMPLETE != 0 {
        write = COMPLETED;
    } else {
        w.push_if_absent();
    }
    if let Ok(held) = w.lock.try_lock() {
        w.set_status(write);
        drop(held);
        if write == COMPLETED {
            return w.remove();
        }
    }
    w.postpone();
}

fn complete(w: &Workflow) {
    w.record.fetch_or(TASK_COMPLETE, SeqCst);
    let held = w.lock.lock().unwrap();
    w.record.load(SeqCst);
    w.set_status(COMPLETED);
    w.remove();
    drop(held);
    assert_eq!(w.status(), COMPLETED, "the completer's work is undone");
}

fn observe(w: &Workflow) {
    let first = w.status();
    let second = w.status();
    assert!(second >= first, "COMPLETED, then RUNNING");
}

/// One run of W.
pub fn run(sweepers: usize, workflows: usize, old: bool) {
    let all: Arc<Vec<Workflow>> = Arc::new((0..workflows).map(|_| Workflow::new()).collect());
    let mut actors = Vec::new();
    for _ in 0..sweepers {
        let all = all.clone();
        actors.push(thread::spawn(move || {
            all.iter()
                .for_each(if old { sweep_old } else { sweep_fixed })
        }));
    }
    for actor in [complete, observe] {
        for i in 0..workflows {
            let all = all.clone();
            actors.push(thread::spawn(move || actor(&all[i])));
        }
    }
    for actor in actors {
        actor.join().unwrap();
    }
    assert!(
        all.iter().all(|w| w.status() == COMPLETED),
        "RUNNING at the end"
    );
}
