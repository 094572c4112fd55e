// Package fault holds the one error type of Kvit.
//
// A fault says what kind of thing went wrong (which decides the HTTP status, the exit status and who has to
// act), a stable code for programs and tests, and a Russian sentence that may be shown to a person. The inner
// cause is for the log only and never reaches a page.
//
// Owns: kinds, codes as strings, places in files. Does not own: wording of pages, HTTP (package web).
package fault

import (
	"errors"
	"fmt"
)

// Kind tells who has to act on an error.
type Kind int

// Kinds of faults, with the HTTP status they become.
const (
	Internal        Kind = iota // our bug: 500
	Invalid                     // the input is wrong: 422
	Unauthenticated             // who are you: 401
	Forbidden                   // yours, but not permitted: 403
	NotFound                    // no such thing, or not for you to see: 404
	Conflict                    // state moved on, duplicate, closed: 409
	Limited                     // too much or too often: 429
	Unavailable                 // outside party or database is away: 503
	Gone                        // it was there and was removed as old: 410
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "limited", "unavailable", "gone"}

// String is the word used in logs.
func (k Kind) String() string { return kindNames[k] }

// HTTPStatus is the status code of an answer that carries a fault of this kind (RFC 9110).
func (k Kind) HTTPStatus() int {
	return [...]int{500, 422, 401, 403, 404, 409, 429, 503, 410}[k]
}

// Place is where in a file a fault lies. Pos counts Unit things (line, record, row, element, document) from one.
type Place struct {
	File string `json:"file,omitempty"`
	Pos  int    `json:"pos,omitempty"`
	Unit string `json:"unit,omitempty"`
}

// Error is the one error type. Message is Russian, says what to do and is safe to show to anyone who may see
// the operation; Cause is for the log.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Field   string
	Place   Place
	Cause   error

	where string // what Within put before the message
}

// New makes a fault of a kind with a stable code ("reading.below_previous") and a message for people.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Newf is New with a formatted message.
func Newf(kind Kind, code, format string, args ...any) *Error {
	return New(kind, code, fmt.Sprintf(format, args...))
}

// Within puts a place that is no row of a file (a file and a key in it) before the message, once.
func (e *Error) Within(where string) *Error {
	if e.where == where {
		return e
	}
	c := *e
	c.where, c.Message = where, where+". "+e.Message
	return &c
}

// Where is the place that Within put before the message.
func (e *Error) Where() string { return e.where }

// WithField names the input field at fault.
func (e *Error) WithField(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// At names the place in a file.
func (e *Error) At(p Place) *Error {
	c := *e
	c.Place = p
	return &c
}

// Because keeps the inner cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error is the text for logs and terminals: place, message, code and cause.
func (e *Error) Error() string {
	s := e.Message
	if e.Place.File != "" {
		s = fmt.Sprintf("%s: %s", e.Place.String(), s)
	}
	if e.Code != "" {
		s += " [" + e.Code + "]"
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// String is the file, and where in it when the place has a number.
func (p Place) String() string {
	if p.Pos == 0 && p.Unit == "" {
		return p.File
	}
	return fmt.Sprintf("%s, %s %d", p.File, p.Unit, p.Pos)
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// As finds the fault in a chain of errors; an error without one is an Internal fault.
func As(err error) *Error {
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return &Error{Kind: Internal, Code: "internal", Message: "Ошибка на нашей стороне. Данные сохранены, попробуйте позже.", Cause: err}
}

// KindOf is the kind of the fault in err; Internal when there is none.
func KindOf(err error) Kind { return As(err).Kind }

// CodeOf is the stable code of the fault in err.
func CodeOf(err error) string { return As(err).Code }

// Is tells whether err carries a fault of the kind.
func Is(err error, kind Kind) bool {
	var f *Error
	return errors.As(err, &f) && f.Kind == kind
}
