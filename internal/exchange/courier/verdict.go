package courier

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// verdict is what the supplier says of one row.
type verdict struct {
	event, operation, row, file, status, reason string
}

// whole tells whether it is about a file and not about a row.
func (v *verdict) whole() bool {
	return v.event == "" && v.operation == "" && (v.row == "" || v.row == "0")
}

// placed tells whether it names no number of ours, so that only the file it is about says what it means.
func (v *verdict) placed() bool { return v.event == "" && v.operation == "" }

// said is a file of answers as it was read.
type said struct {
	number, name string // of our file, as the name of the answer tells them
	verdicts     []verdict
	bad          int // rows that cannot be read
	badAt        int // the first of them
}

// Bounds of an answer: rows of one file, and how much of a reason is kept.
const (
	answerRowsMax = 500_000
	reasonMax     = 500
)

// readAnswer reads an answer by its profile. A row that cannot be read, or says nothing, is no verdict: it is counted.
func readAnswer(ctx context.Context, a *Answer, f *takenFile) (*said, error) {
	body, ok := f.body.(interface {
		io.ReaderAt
		io.ReadSeekCloser
	})
	if !ok {
		return nil, fault.Newf(fault.Internal, "courier.answer_lost", "Ответ %s не читается.", f.Name)
	}
	s := &said{}
	sum, err := register.Read(ctx, register.File{Name: f.Name, Data: body, Size: f.Size}, a.Profile, register.Options{MaxRows: answerRowsMax}, func(r *register.Row) error {
		v := verdictOf(r)
		if r.Quarantined() || v.status == "" {
			if s.bad++; s.bad == 1 {
				s.badAt = r.Pos
			}
			return nil
		}
		s.verdicts = append(s.verdicts, v)
		return nil
	})
	name := f.Name
	if sum.Member != "" {
		name = path.Base(sum.Member)
	}
	parts := a.Profile.FileParts(name)
	s.number, s.name = strings.TrimLeft(parts["number"], "0"), parts["name"]
	return s, err
}

func verdictOf(r *register.Row) verdict {
	return verdict{
		event: strings.TrimSpace(r.Extra["event"]), operation: strings.TrimSpace(r.Operation), row: strings.TrimSpace(r.Extra["row"]),
		file: strings.TrimSpace(r.Extra["file"]), status: strings.TrimSpace(r.Extra["status"]), reason: trimmed(r.Extra["reason"], reasonMax),
	}
}

// names tells whether the answer says which files of ours it is about: by its own name, or in each row.
func (s *said) names() bool {
	return s.number != "" || s.name != "" || len(s.verdicts) > 0 && !slices.ContainsFunc(s.verdicts, func(v verdict) bool { return v.file == "" })
}

// about tells whether a file of ours is one that the answer names.
func (s *said) about(number int64, name string) bool {
	if s.number == "" && s.name == "" {
		return slices.ContainsFunc(s.verdicts, func(v verdict) bool { return strings.EqualFold(stem(v.file), stem(name)) })
	}
	return (s.number == "" || s.number == strconv.FormatInt(number, 10)) && (s.name == "" || strings.EqualFold(stem(s.name), stem(name)))
}

// note is what the centre is told of an answer that was not understood as a whole.
func (s *said) note(unknown int) string {
	var notes []string
	if unknown > 0 {
		notes = append(notes, fmt.Sprintf("Строк, которых нет в наших файлах: %d из %d.", unknown, len(s.verdicts)))
	}
	if s.bad > 0 {
		notes = append(notes, fmt.Sprintf("Строк ответа, которые не разобрать: %d, первая из них – %d.", s.bad, s.badAt))
	}
	return strings.Join(notes, " ")
}
