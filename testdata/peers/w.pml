/*
 * Workload W in Promela: F fixed sweepers, S old ones, and a completer and an observer for each of W workflows. A
 * sweeper sweeps one workflow and then the next. The lines of W stand behind the statements; each is one atomic step.
 *
 *   spin -DF=4 -DW=2 -a w.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan
 *
 * Its graph is that of an explicit model, state for state, but for one state before the processes run, and one behind
 * each end, where init has looked at it: 195 + 3, 1,048 + 3, 4,722 + 3 and 19,136 + 3 states for one to four F on one
 * workflow, 205,836 + 5 for two on two. What makes it so small:
 *   - a branch is part of the step that decides it, and not a step of its own;
 *   - locals are cleared when they are of no more use;
 *   - a process stays at its end: it does not die, which would be a step, and the last first;
 *   - a step that touches only locals would be merged with the one before it, so that a postpone writes the entry back.
 * All steps but these touch what others see, so that Spin's partial-order reduction leaves nothing out. Spin knows no
 * symmetry. The lock is a bit and names no owner.
 */

#ifndef F
#define F 4
#endif
#ifndef S
#define S 0
#endif
#ifndef W
#define W 1
#endif

#define RUNNING 0
#define COMPLETED 1

bit status[W], task[W], taskQueue[W], lock[W], decider[W] = 1;

proctype sweepFixed() {
  byte w;
  bit write;
end:
  do
  :: w < W && lock[w] ->                                          /* f1 */
     d_step { decider[w] = decider[w]; w++ }                      /* f2 */
  :: d_step { w < W && !lock[w] -> lock[w] = 1 };                 /* f1 */
     if
     :: d_step { task[w] -> write = COMPLETED }                   /* f3 */
     :: d_step { !task[w] -> write = status[w] };                 /* f3 */
        if
        :: taskQueue[w]                                           /* f4 */
        :: !taskQueue[w] ->                                       /* f4 */
           taskQueue[w] = 1                                       /* f5 */
        fi
     fi;
     status[w] = write;                                           /* f6 */
     d_step {                                                     /* f7 */
       if
       :: write == COMPLETED -> decider[w] = 0
       :: write == RUNNING -> decider[w] = decider[w]
       fi;
       write = 0
     };
     d_step { lock[w] = 0; w++ }                                  /* f8 */
  od
}

proctype sweepOld() {
  byte w;
  bit write;
end:
  do
  :: if
     :: d_step { w < W && task[w] -> write = COMPLETED }          /* s1 */
     :: d_step { w < W && !task[w] -> write = status[w] };        /* s1 */
        if
        :: taskQueue[w]                                           /* s2 */
        :: !taskQueue[w] ->                                       /* s2 */
           taskQueue[w] = 1                                       /* s3 */
        fi
     fi;
     if
     :: d_step { lock[w] -> write = 0 };                          /* s4 */
        d_step { decider[w] = decider[w]; w++ }                   /* s8 */
     :: d_step { !lock[w] -> lock[w] = 1 };                       /* s4 */
        status[w] = write;                                        /* s5 */
        if
        :: d_step { write == RUNNING -> lock[w] = 0 };            /* s6 */
           d_step { decider[w] = decider[w]; w++ }                /* s8 */
        :: d_step { write == COMPLETED -> lock[w] = 0; write = 0 };/* s6 */
           d_step { decider[w] = 0; w++ }                         /* s7 */
        fi
     fi
  od
}

proctype complete(byte w) {
  task[w] = 1;                                                    /* c1 */
  d_step { !lock[w] -> lock[w] = 1 };                             /* c2 */
  status[w] + task[w] >= 0;                                       /* c3 */
  status[w] = COMPLETED;                                          /* c4 */
  decider[w] = 0;                                                 /* c5 */
  lock[w] = 0;                                                    /* c6 */
  assert(status[w] != RUNNING);                                   /* c7 */
end:
  false
}

proctype observe(byte w) {
  bit first;
  first = status[w];                                              /* o1 */
  d_step { assert(!(first == COMPLETED && status[w] == RUNNING)); first = 0 } /* o2 */
end:
  false
}

init {
  byte i;
  atomic {
    do :: i < F -> run sweepFixed(); i++ :: else -> break od;
    i = 0;
    do :: i < S -> run sweepOld(); i++ :: else -> break od;
    i = 0;
    do :: i < W -> run complete(i); run observe(i); i++ :: else -> break od;
    i = 0
  }
  atomic {
    timeout ->
    do :: i < W -> assert(status[i] == COMPLETED); i++ :: else -> break od
  }
}
