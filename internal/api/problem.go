package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/fault"
	"kvit/internal/web"
)

// Problem is what a fault looks like to a program (RFC 9457); web writes it.
type Problem struct {
	web.Problem
	cause error
}

// Error is the text for the log.
func (p *Problem) Error() string { return p.cause.Error() }

// GetStatus is the status of the answer.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// huma keeps the makers of its errors, and that lists may be null, in package variables; nobody else in the program
// uses huma.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return problemOf(status, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := problemOf(status, errs)
		if c, ok := ctx.Context().Value(callKey{}).(*call); ok {
			c.err = p.cause
		}
		return p
	}
}

func problemOf(status int, errs []error) *Problem {
	cause := causeOf(status, errs)
	return &Problem{Problem: web.ProblemOf(cause, ""), cause: cause}
}

// causeOf is the fault an operation returned, or one of ours for what huma found wrong with the request.
func causeOf(status int, errs []error) error {
	switch {
	case status == http.StatusInternalServerError && len(errs) == 1:
		return errs[0]
	case status == http.StatusRequestEntityTooLarge:
		return &http.MaxBytesError{Limit: web.MaxBody}
	}
	if len(errs) == 0 {
		return fault.New(fault.Invalid, "request.invalid", "Запрос не разобран. Сверьте его с описанием: /api/openapi.json.")
	}
	detailed, ok := errs[0].(huma.ErrorDetailer)
	if !ok {
		return errs[0]
	}
	d := detailed.ErrorDetail()
	_, name, found := strings.Cut(d.Location, ".") // query.limit
	if !found {
		name = d.Location
	}
	return fault.Newf(fault.Invalid, "request.invalid", "%s: такого нет или значение не подходит. Сверьте с описанием: /api/openapi.json.", name).WithField(name).Because(errs[0])
}

type callKey struct{}

// call is the way of an answer out of huma: what huma would say of a fault is dropped, for web says it.
type call struct {
	http.ResponseWriter
	err error
}

// Unwrap lets http.ResponseController reach the connection.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// WriteHeader passes on unless there is a fault.
func (c *call) WriteHeader(status int) {
	if c.err == nil {
		c.ResponseWriter.WriteHeader(status)
	}
}

// Write passes on unless there is a fault.
func (c *call) Write(b []byte) (int, error) {
	if c.err != nil {
		return len(b), nil
	}
	return c.ResponseWriter.Write(b)
}
