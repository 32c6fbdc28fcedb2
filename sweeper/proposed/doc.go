// Package proposed is the fix, and its three measures one by one.
//
//   - LockFirst: the sweeper takes the lock, then looks the workflow up, repairs, decides on that model
//     and postpones before the release. A miss is postponed as 3.17.0 does, and releases nothing.
//     An operator's terminate, pause and resume lock first too, once, and are refused without the lock.
//   - AtomicRepair: one step reads the task and its queue again and pushes only if the task is SCHEDULED
//     and has no message.
//   - RemoveFirst: whoever ends a workflow takes it out of the decider queue before the lock is free.
//     completeWorkflow does not release, nobody deletes a lock that another frame still holds, and a
//     pause takes the workflow out before its release.
//
// Proposed is the complete text of the fix, without a flag. Measures is the same text with a guard at
// each measure: none of them is 3.17.0, all of them are Proposed. What neither changes is 3.17.0's.
package proposed
