// Package web is the HTTP plumbing and the design system that every page of Kvit shares.
//
// Owns: the table of routes, limits and deadlines of a request, security headers, form tokens, the one place
// where a fault becomes an answer, static files under a hash of their content, people's view settings (text
// size, theme, language), the layouts and the components of pages. Does not own: who may do what (package access
// supplies Identify and Allow), what a page says (portal/view, console/view).
//
// Invariants: a route without resource and action is not served; a page works without scripts and carries no
// inline style or script, so the policy of CSP holds; a request leaves one line in the log, with ids and without
// names, numbers of accounts or addresses; `next` leads to a local path only; no link is made from the Host
// header. The numbers are those of reliability.md S6–S9 and S16: body 1 MB (files 64 MB), header 16 KB, reading
// 10 s, writing 30 s.
package web
