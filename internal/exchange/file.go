package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// States of a file.
const (
	StateReceived  = "received"
	StateJudged    = "judged"
	StateApplied   = "applied"
	StateDuplicate = "duplicate"
	StateRefused   = "refused"
)

// Purposes of a file.
const (
	PurposeCharges   = "charges"
	PurposePayments  = "payments"
	PurposeStatement = "statement"
	PurposeRegister  = "register" // of a partner, only compared with our payments
)

// file is one file of a batch on its way.
type file struct {
	id       int64
	order    int // declared order: of two files about one account and month the later declared one holds
	name     string
	path     string // where the bytes are
	digest   string
	size     int64
	purpose  string
	profile  register.Profile
	month    calendar.Month
	asked    calendar.Month // named by the sender for this file alone: the same bytes for another month are another file
	supplier int64
	recorded calendar.Micros

	state       string
	duplicateOf int64
	refusal     *fault.Error
	summary     register.Summary
	tally       tally
	findings    []finding
	dropped     int // findings over the bound, counted only
	judged      *spool
	mapped      *mapped // what the supplier's services are in the catalogue; nil: his rows make no facts of charging
	finished    bool    // its protocol is stored
}

// tally counts rows by verdict.
type tally struct{ Rows, Applied, Repaired, Ignored, Quarantined int }

// findingsMax bounds the findings kept of one file; the rest are counted.
const findingsMax = 200_000

func (f *file) find(x finding) {
	switch x.Verdict {
	case VerdictIgnored:
		f.tally.Ignored++
	case VerdictQuarantined:
		f.tally.Quarantined++
	}
	f.note(x)
}

// note keeps a finding that decides no verdict.
func (f *file) note(x finding) {
	if len(f.findings) >= findingsMax {
		f.dropped++
		return
	}
	f.findings = append(f.findings, x)
}

// close gives back what the file holds beside its protocol.
func (f *file) close() {
	if f.judged != nil {
		f.judged.close()
		f.judged = nil
	}
}

// measure finds size and SHA-256 of the bytes. A file that does not open is refused.
func (f *file) measure(ctx context.Context) error {
	r, err := os.Open(f.path)
	if err != nil {
		return f.refuse(fault.Newf(fault.Invalid, "file.missing", "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", f.name).Because(err))
	}
	defer r.Close()
	h := sha256.New()
	if f.size, err = io.Copy(h, contextReader{ctx, r}); err != nil {
		return fmt.Errorf("read %s: %w", f.name, err)
	}
	f.digest = hex.EncodeToString(h.Sum(nil))
	return nil
}

// contextReader stops a long copy when the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// profileText is the profile as stored and compared.
func (f *file) profileText() string {
	b, err := json.Marshal(f.profile)
	if err != nil {
		panic(fmt.Sprintf("profile of %s does not marshal: %v", f.name, err)) // the type is ours
	}
	return string(b)
}

func (f *file) report(supplier string) FileReport {
	r := FileReport{ID: f.id, File: f.name, Supplier: supplier, Purpose: f.purpose, State: f.state, DuplicateOf: f.duplicateOf,
		Encoding: f.summary.Encoding.Name, Rows: f.tally.Rows, Applied: f.tally.Applied, Repaired: f.tally.Repaired,
		Ignored: f.tally.Ignored, Quarantined: f.tally.Quarantined}
	if f.month.Valid() {
		r.Month = f.month.String()
	}
	if c := f.summary.Control; c.Found {
		r.Control = &Control{File: c.File, Read: c.Read, Equal: c.Equal}
	}
	if f.refusal != nil {
		r.Refusal = &Refusal{Code: f.refusal.Code, Hint: f.refusal.Message, Pos: f.refusal.Place.Pos, Unit: f.refusal.Place.Unit}
	}
	return r
}

// issues are the findings of a file as reported.
func (f *file) issues() []Issue {
	list := make([]Issue, len(f.findings))
	for i, x := range f.findings {
		list[i] = Issue{File: f.name, Pos: x.Pos, Unit: f.unitOf(x), Code: x.Code, Type: x.Type, Verdict: x.Verdict, Account: x.Account,
			Field: x.Field, Value: x.Value, Now: x.Now, Hint: x.Hint, Row: x.Row}
	}
	return list
}

func (f *file) unitOf(x finding) string {
	if x.Unit != "" {
		return x.Unit
	}
	return f.profile.Unit
}
