// Package city writes Заокск, a town that does not exist: one month of supplier registers in their own formats,
// payments, an address register, requisites, and the right answer to all of it.
//
// Owns: invented streets, people, houses, accounts, layouts of suppliers, the damage done to rows on purpose,
// formats.json and truth.json. Does not own: reading any of it back; nothing here is shared with the intake, so
// that one cannot hide the errors of the other.
//
// Invariants: the same options give the same bytes; every sum of truth.json follows from the files by the rules
// of docs/formats/city.md; every damaged row has a record in truth.json with its place; an account stands in one
// household only. Figures of tariffs carry their status beside them: they make plausible sums and are no law.
package city
