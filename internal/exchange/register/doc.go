// Package register turns a supplier's file of any kind into typed rows, and rows back into a supplier's file.
//
// What a file looks like is data: a Profile. The same profile reads charge registers, payment registers and
// statements (Read), writes registers of payments for the supplier (Write) and is proposed from a file alone
// (Guess). The vocabulary of a profile is the one of the onboarding sheet formats.json; docs/formats/profile.md
// describes it.
//
// Owns: profiles, roles, the meaning of a cell (money forms, dates, account padding), findings about a row,
// control totals. Does not own: the containers themselves (packages delim, dbf, xlsx, xmlrec, jsonrec, onec,
// zipped beside this one), whose account a row is, what is done with a row.
//
// Invariants: a file is read once, front to back, in constant memory; a bad row never stops a file; sums are
// whole kopecks and never pass through a float; raw sums add up every data row as it lies in the file.
package register
