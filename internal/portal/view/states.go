package view

import "kvit/internal/web"

// States is the page for reviewers of a demo: each state of each page, with a button that enters as the person who sees it.
type States struct {
	web.Page
	Action string
	Groups []StateGroup
}

// StateGroup are the states of one page.
type StateGroup struct {
	Title  string
	States []StateLink
}

// StateLink is one state. Token is the demo link of who sees it; empty for strangers.
type StateLink struct{ Title, Href, Token string }
