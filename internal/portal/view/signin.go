package view

import "kvit/internal/web"

// SignIn is P10 for staff: login and password, then the code of the device.
type SignIn struct {
	web.Page
	Action   string
	Login    string
	Next     string
	Errors   web.Errors
	Locked   string // «Слишком много попыток. Попробуйте в 14:20»; the form is not shown
	DemoHref string // of the demo's doors; empty outside a demo

	ResidentHref string // where residents sign in
}

// SignInCode is the second step: six digits of the application.
type SignInCode struct {
	web.Page
	Action string
	Next   string
	Login  string
	Errors web.Errors
	Locked string
}

// Doors is the demo's page: enter as somebody without a password. It exists only in a demo.
type Doors struct {
	web.Page
	Doors []Door
}

// Door lets in as one person.
type Door struct {
	Title, Text, Action, Icon string
	Name, Value               string // of the button's own field
}
