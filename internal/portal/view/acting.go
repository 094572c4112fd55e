package view

import "kvit/internal/web"

// Acting asks why somebody of the centre acts for a resident.
type Acting struct {
	web.Page
	Address, Action, Back, Reason string
	Errors                        web.Errors
}
