// Package view holds the pages of residents: what each page shows (a struct) and how (a templ component).
//
// Owns: words, order and states of the pages P1, P2, P5, P6, P8, P9, P10 and R1, R3, R8, R9, R10 of ux.md. Does not own: facts,
// rules, permissions, addresses of pages – a handler fills the structs, hrefs included, and an empty href hides
// its link, so a page never leads to what does not exist.
//
// Invariants: sum, recipient and date stand before any button that moves money; every form carries the token and,
// where it changes something, its own key; sums are money.Amount to the last moment.
package view
