// Package proposed is the fix, and its three measures one by one.
//
//   - LockFirst: the sweeper takes the lock, then looks the workflow up, repairs, decides on that model
//     and postpones before the release. A miss is postponed as 3.17.0 does, and releases nothing.
//   - AtomicRepair: one step reads the task and its queue again and pushes only if the task is SCHEDULED
//     and has no message.
//   - RemoveFirst: whoever ends a workflow takes it out of the decider queue before the lock is free.
//     completeWorkflow does not release, and nobody deletes a lock that another frame still holds.
//
// Proposed is the complete text of the fix, without a flag. Measures is the same text with a guard at
// each measure: none of them is 3.17.0, all of them are Proposed. What neither changes is 3.17.0's, but
// for an operator's retry and rerun, which Proposed has as the newest release has them.
//
// LockedOperators is Proposed with everything that an operator asks for under the lock.
package proposed
