// Package jobs says which work runs when, once, and again where it failed.
//
// A job wakes, a mark decides: a job names a kind of work and what it is about
// (an outlet, a period) and carries no data. It is written down in the caller's
// own transaction, so it exists exactly if what caused it exists.
//
// While a job of one kind and key waits, a second is not written. While one
// runs a second is, for what caused it may have happened after the running one
// had looked; it waits until that one has ended.
//
// The queue is River, on the same database as the archive; nothing of it is
// seen outside this package.
package jobs
