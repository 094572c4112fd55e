package view

import "kvit/internal/web"

// link makes a link unless there is nowhere to lead.
func link(title, href string) *web.Link {
	if href == "" {
		return nil
	}
	return &web.Link{Title: title, Href: href}
}
