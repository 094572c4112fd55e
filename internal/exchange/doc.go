// Package exchange is the door for files and bulk API: suppliers' registers, payments and statements come in,
// registers of payments go out.
//
// A batch of files is read once (stage), judged row by row (judge), its accounts are given buildings (locate),
// and then everything known about a building is written in one go, building by building (apply). Nothing is
// applied before every file of the batch has been read to its end.
//
// Rows of suppliers whose services are mapped into the catalogue also become facts of charging of the building
// (chargefacts.go), in the transaction of its charges.
//
// A program's file is a delivery: stored with its bytes at once, taken in later as a batch of its own; its number becomes
// the number of the file.
//
// Owns: tables intake_batch, intake_file, intake_issue, intake_delivery, intake_profile; the spool of a running
// batch. Does not own: file formats (packages below it), accounts, charges, matching rules, payments.
//
// Invariants: rows = applied + repaired + ignored + quarantined; each row of the last three has an issue; the
// same bytes twice change nothing; the order of lines and files says nothing; a batch that was killed continues
// from its last building to the same end. DESIGN.md says why it is so.
package exchange
