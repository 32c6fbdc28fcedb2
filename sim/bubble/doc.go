// Package bubble runs the code of actors that start goroutines, sleep, use contexts and wait for one another: in a
// bubble of testing/synctest, and so under go test only.
//
// Each run is one bubble. The Machine is outside; inside, one goroutine, the driver, does what the Machine orders:
// begins an operation, hands a goroutine the reply to its port call, lets the bubble's time pass. Then it waits until
// every other goroutine of the bubble is at rest, which the runtime tells, and answers with those that are held at a
// port call now and the operations that returned. The time stands still except where the Machine lets it pass.
//
// Not controlled: what goroutines do to shared memory between two port calls (the race detector sees that), which of
// several ready cases a select takes, the order of a map, what code does outside of the bubble. A replay that comes
// out otherwise is reported. A goroutine that waits in a way that tells nobody when it is at rest, for a mutex above
// all, ends the run as a Failure. A panic in a goroutine that the code started itself ends the process, as it does in
// production.
package bubble
