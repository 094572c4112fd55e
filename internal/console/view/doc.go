// Package view holds the pages of suppliers and of the settlement centre: what each page shows (a struct) and how
// (a templ component).
//
// Owns: words, order and states of S1, S2, S3, S5 and C1, C2, C3 of ux.md and of the queue of doubtful joins. Does
// not own: facts, rules, permissions, addresses – a handler fills the structs, hrefs included, and an empty href
// hides its link.
//
// Invariants: a page's address is enough to come back to it, so filters are links and GET forms; every change is a
// POST with the form's token and key; an issue always says place, field, value and what to do.
package view
