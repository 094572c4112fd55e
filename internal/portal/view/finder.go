package view

import "kvit/internal/web"

// Finder asks for an address and shows what it may mean; it needs no script.
type Finder struct {
	Action, Query string
	Found         []web.Link // houses to choose from
	None          bool       // nothing like it is in the register
}
