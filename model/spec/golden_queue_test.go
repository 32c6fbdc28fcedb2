package spec_test

import (
	"testing"

	. "fermata/model/spec"
)

func TestTaskQueueHistories(t *testing.T) {
	judge(t, TaskQueue{}, Always(EpochClosed), queueHistories)
}

var queueHistories = []judged{
	{"two deliveries in one epoch", Violation, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-2  call 2 Pop workflow=w1 task=t1
		worker-3  call 3 Pop workflow=w1 task=t1
		worker-2  return 2 => done
		worker-3  return 3 => done`},
	{"a visibility timeout between them", Ok, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-2  call 2 Pop workflow=w1 task=t1
		worker-2  return 2 => done
		clock     call 3 Redeliver workflow=w1 task=t1
		clock     return 3 => none
		worker-3  call 4 Pop workflow=w1 task=t1
		worker-3  return 4 => done`},
	{"a poll times out before its ack", Ok, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-2  call 2 Poll workflow=w1 task=t1
		clock     call 3 Redeliver workflow=w1 task=t1
		clock     return 3 => none
		worker-3  call 4 Poll workflow=w1 task=t1
		worker-3  return 4 => done
		worker-2  return 2 => done`},
	{"the worker gives it back", Ok, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-2  call 2 Pop workflow=w1 task=t1
		worker-2  return 2 => done
		worker-2  call 3 Postpone workflow=w1 task=t1
		worker-2  return 3 => done
		worker-3  call 4 Pop workflow=w1 task=t1
		worker-3  return 4 => done`},
	{"a repair of what was not lost hands it out again", Violation, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-2  call 2 Poll workflow=w1 task=t1
		worker-2  return 2 => done
		sweeper-1 call 3 RepairPush workflow=w1 task=t1
		sweeper-1 return 3 => none
		worker-3  call 4 Poll workflow=w1 task=t1
		worker-3  return 4 => done`},
	{"a repair of what was lost", Ok, `
		sweeper-1 call 3 RepairPush workflow=w1 task=t1 missing
		sweeper-1 return 3 => none
		worker-3  call 4 Poll workflow=w1 task=t1
		worker-3  return 4 => done`},
	{"a postpone that finds no message", Violation, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-1  call 2 Poll workflow=w1 task=t1
		worker-1  return 2 => done
		worker-1  call 3 Postpone workflow=w1 task=t1
		worker-1  return 3 => none
		worker-1  call 4 Pop workflow=w1 task=t1
		worker-1  return 4 => done`},
	{"after the ack", Violation, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-2  call 2 Pop workflow=w1 task=t1
		worker-2  return 2 => done
		worker-2  call 3 Ack workflow=w1 task=t1
		worker-2  return 3 => done
		clock     call 4 Redeliver workflow=w1 task=t1
		clock     return 4 => none
		worker-3  call 5 Pop workflow=w1 task=t1
		worker-3  return 5 => done`},
	{"another task is another object", Ok, `
		worker-1  call 1 Push workflow=w1 task=t1
		worker-1  return 1 => none
		worker-1  call 2 Push workflow=w1 task=t2
		worker-1  return 2 => none
		worker-2  call 3 Pop workflow=w1 task=t2
		worker-2  return 3 => done
		worker-2  call 4 Pop workflow=w1 task=t1
		worker-2  return 4 => done`}}

func TestLockHistories(t *testing.T) {
	judge(t, Lock{}, Always(LockState{}), lockHistories)
}

var lockHistories = []judged{
	{"two owners", Violation, `
		a call 1 Acquire workflow=w1 owner=a
		b call 2 Acquire workflow=w1 owner=b
		a return 1 => done
		b return 2 => done`},
	{"the lease ends between them", Ok, `
		a     call 1 Acquire workflow=w1 owner=a
		a     return 1 => done
		clock call 2 Expire workflow=w1 owner=a
		clock return 2 => none
		b     call 3 Acquire workflow=w1 owner=b
		b     return 3 => done`},
	{"a try that fails while another holds it", Ok, `
		a call 1 Acquire workflow=w1 owner=a
		a return 1 => done
		b call 2 Acquire workflow=w1 owner=b
		b return 2 => none`},
	{"re-entrant", Ok, `
		a         call 1 Acquire workflow=w1 owner=a
		a         return 1 => done
		a         call 2 Acquire workflow=w1 owner=a
		a         return 2 => done
		a         call 3 Release workflow=w1 owner=a
		a         return 3 => none
		a         call 4 Release workflow=w1 owner=a
		a         return 4 => none
		b         call 5 Acquire workflow=w1 owner=b
		b         return 5 => done`},
	{"a try that fails on one's own lock", Violation, `
		a         call 1 Acquire workflow=w1 owner=a
		a         return 1 => done
		a         call 2 Acquire workflow=w1 owner=a
		a         return 2 => none`},
	{"a try that fails on a free lock", Violation, `
		b call 2 Acquire workflow=w1 owner=b
		b return 2 => none`},
	{"re-entrant, and held until the last release", Violation, `
		a call 1 Acquire workflow=w1 owner=a
		a return 1 => done
		a call 2 Acquire workflow=w1 owner=a
		a return 2 => done
		a call 3 Release workflow=w1 owner=a
		a return 3 => none
		b call 4 Acquire workflow=w1 owner=b
		b return 4 => done`},
	{"a release by another is an error without effect", Ok, `
		a call 1 Acquire workflow=w1 owner=a
		a return 1 => done
		b call 2 Release workflow=w1 owner=b
		b return 2 => error
		b call 3 Acquire workflow=w1 owner=b
		b return 3 => none`},
	{"a release by another that is no error", Violation, `
		a call 1 Acquire workflow=w1 owner=a
		a return 1 => done
		b call 2 Release workflow=w1 owner=b
		b return 2 => none`},
	{"a release by the owner that is one", Violation, `
		a call 1 Acquire workflow=w1 owner=a
		a return 1 => done
		a call 2 Release workflow=w1 owner=a
		a return 2 => error`},
	{"an acquire cut off holds the lock, or does not", Ok, `
		a call 1 Acquire workflow=w1 owner=a
		b call 2 Acquire workflow=w1 owner=b
		b return 2 => none
		clock call 3 Expire workflow=w1 owner=a
		clock return 3 => none
		b call 4 Acquire workflow=w1 owner=b
		b return 4 => done`}}
