package tariff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/fault"
)

// Faults are everything wrong with a catalogue, in the order of files and lines.
type Faults []*fault.Error

// Error is the first fault and how many more there are.
func (f Faults) Error() string {
	switch len(f) {
	case 0:
		return "замечаний нет"
	case 1:
		return f[0].Error()
	}
	return fmt.Sprintf("%s (и ещё %d)", f[0].Error(), len(f)-1)
}

// Unwrap gives the faults to errors.As and errors.Is.
func (f Faults) Unwrap() []error {
	list := make([]error, len(f))
	for i := range f {
		list[i] = f[i]
	}
	return list
}

// err is nil when there are no faults.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// add notes a fault of a line; field is the key at fault.
func (f *Faults) add(p Place, field, code, format string, args ...any) {
	*f = append(*f, fault.Newf(fault.Invalid, code, format, args...).WithField(field).At(p.fault()))
}

// sort orders by file and line; faults of no line come first. Faults of one line have an order too: keys are compared
// in no order.
func (f Faults) sort() {
	slices.SortFunc(f, func(a, b *fault.Error) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Pos, b.Place.Pos),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
}

func (p Place) fault() fault.Place { return fault.Place{File: p.File, Pos: p.Line, Unit: "line"} }

// String is file:line.
func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Notice is something a reader did with a row that its author should know: left out, read by another rule.
type Notice struct {
	Place
	Message string `json:"message"`
}

// String is file:line and the message.
func (n Notice) String() string { return n.Place.String() + ": " + n.Message }

// MarshalJSON lists the faults by file, line, field, code and message.
func (f Faults) MarshalJSON() ([]byte, error) {
	type finding struct {
		Place
		Field   string `json:"field,omitempty"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	list := make([]finding, len(f))
	for i, x := range f {
		list[i] = finding{Place{x.Place.File, x.Place.Pos}, x.Field, x.Code, x.Message}
	}
	return json.Marshal(list)
}
