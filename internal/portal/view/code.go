package view

import "kvit/internal/web"

// Code asks for the payment code of a supplier's own paper.
type Code struct {
	web.Page
	Text   string
	Errors web.Errors
}
