// Package store is the record: every link, article, reading, story, incident
// and letter this system knows, and the only SQL of the house.
//
// One set of statements with $n placeholders runs on SQLite (the default, one
// file in the data directory) and on PostgreSQL. What is asked is asked of a
// [View]: of the [Store], which answers what is committed, or of a [Tx], which
// also sees what it has itself written. What is written is written inside
// [Store.Do], a transaction that happens whole or not at all.
//
// Every insert or change of an article or a reading takes the next number of
// one counter, whose row stays locked until the transaction ends. So the order
// of the numbers is the order of the commits, and a reader that remembers the
// last number it has seen (a mark) never misses a change, on one machine and
// on many.
//
// Times are kept in milliseconds; the zero time is "unknown". Times come back
// in UTC. Text is kept as given, but for NUL bytes and broken UTF-8, which are
// removed.
package store
