package view

import "kvit/internal/web"

// More are the pages that the menu has no room for.
type More struct {
	web.Page
	Groups []MoreGroup
}

// MoreGroup is a few of them about one thing.
type MoreGroup struct {
	Title string
	Links []MoreLink
}

// MoreLink is one page with what it is for.
type MoreLink struct {
	Title, Text, Href string
	Unread            int // messages behind it
}
