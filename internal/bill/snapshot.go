package bill

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// StatusIssued is the status of a bill read from a snapshot: what was issued officially for a month.
const StatusIssued = "issued"

// States of an issued bill.
const (
	IssuedLive      = "issued"
	IssuedReplaced  = "replaced"
	IssuedWithdrawn = "withdrawn"
)

// Issued tells of an issued bill what the bill itself does not: its number, when it was issued, and what became of it.
type Issued struct {
	Month       string          `json:"month"`
	Number      string          `json:"number"`
	Version     int             `json:"version"`
	State       string          `json:"state"`
	Digest      string          `json:"digest"`
	PublishedAt string          `json:"publishedAt"`
	Run         int64           `json:"run,omitempty"`    // 0: issued by a person, apart from a run
	Reason      string          `json:"reason,omitempty"` // of a newer version
	ReplacedAt  string          `json:"replacedAt,omitempty"`
	WithdrawnAt string          `json:"withdrawnAt,omitempty"`
	Withdrawal  string          `json:"withdrawal,omitempty"` // its reason
	Published   calendar.Micros `json:"-"`
	Replaced    calendar.Micros `json:"-"`
	Withdrawn   calendar.Micros `json:"-"`
}

// fate is what became of the bill after it was issued, for its paper.
func (x *Issued) fate(zone *time.Location) string {
	switch x.State {
	case IssuedWithdrawn:
		return ", отозван " + x.Withdrawn.Time().In(zone).Format("02.01.2006")
	case IssuedReplaced:
		return ", заменён " + x.Replaced.Time().In(zone).Format("02.01.2006")
	}
	return ""
}

// snapshot is a row of bill_snapshot.
type snapshot struct {
	ref         Ref
	month       calendar.Month
	version     int
	supersedes  int
	run         int64
	publishedAt calendar.Micros
	publishedBy string
	reason      string
	number      string
	total       money.Amount
	advance     money.Amount
	digest      string
	body        []byte
	sums        map[int64]int64 // of a bill just made: what is due to each account's supplier
}

func (s *snapshot) name() string {
	return fmt.Sprintf("%d/%d/%d/%d", s.ref.Building, s.ref.Household, int(s.month), s.version)
}

// newSnapshot takes a bill as it is now for the month's version n.
func newSnapshot(b *Bill, month calendar.Month, version int, suppliers map[int64]supplier.Supplier) (*snapshot, error) {
	s := &snapshot{ref: Ref{b.BuildingID, b.HouseholdID}, month: month, version: version, supersedes: version - 1, publishedAt: b.Moment, total: b.Total, advance: b.Advance}
	s.number = numberOf(month, b.HouseholdID, version)
	s.sums = make(map[int64]int64, len(b.Suppliers))
	for i := range b.Suppliers {
		s.sums[b.Suppliers[i].AccountID] += int64(b.Suppliers[i].Due)
	}
	var err error
	s.body, s.digest, err = encodeBody(b, suppliers)
	return s, err
}

// numberOf is the number of an issued bill: month, household, and which version it is. Nothing has to be counted for it.
func numberOf(month calendar.Month, household int64, version int) string {
	number := fmt.Sprintf("К-%02d%02d-%s", month.Year()%100, month.Number(), account.HouseholdCode(household))
	if version > 1 {
		number += fmt.Sprintf("/%d", version)
	}
	return number
}

// stored is the form of a bill in a snapshot: what its JSON says, and what paper and pages say beside it.
type stored struct {
	*Bill
	Lines      []storedLine      `json:"lines"`
	Suppliers  []storedTotal     `json:"suppliers"`
	Recipients []storedRecipient `json:"recipients"`
	BuildingID int64             `json:"building"`
	Household  int64             `json:"householdId"`
	Code       string            `json:"household"`
	Moment     calendar.Micros   `json:"moment"`
	DueOn      calendar.Date     `json:"due"`
	Flat       string            `json:"flat,omitempty"`
	Room       string            `json:"room,omitempty"`
	Area       string            `json:"area,omitempty"`
	Residents  int               `json:"residents,omitempty"`
	ELS        string            `json:"els,omitempty"`
	Payer      string            `json:"payer,omitempty"`
}

type storedLine struct {
	Line
	AccountID  int64 `json:"accountId"`
	SupplierID int64 `json:"supplierId"`
	ServiceID  int64 `json:"serviceId"`

	BillMonth calendar.Month  `json:"billMonth"`
	Recorded  calendar.Micros `json:"recorded"`
}

type storedTotal struct {
	SupplierTotal
	Fresh      calendar.Micros `json:"fresh"`
	AccountID  int64           `json:"accountId"`
	SupplierID int64           `json:"supplierId"`
}

// storedRecipient is a supplier with the requisites the bill named.
type storedRecipient struct {
	supplier.Supplier
	ID int64 `json:"id"`
}

func encodeBody(b *Bill, suppliers map[int64]supplier.Supplier) (body []byte, digest string, err error) {
	s := stored{
		Bill: b, BuildingID: b.BuildingID, Household: b.HouseholdID, Code: b.Household, Moment: b.Moment, DueOn: b.DueOn,
		Flat: b.Flat, Room: b.Room, Area: b.Area, Residents: b.Residents, ELS: b.ELS, Payer: b.Payer,
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		s.Lines = append(s.Lines, storedLine{*l, l.AccountID, l.SupplierID, l.ServiceID, l.BillMonth, l.Source.Recorded})
	}
	named := map[int64]bool{}
	for i := range b.Suppliers {
		t := &b.Suppliers[i]
		s.Suppliers = append(s.Suppliers, storedTotal{*t, t.Fresh, t.AccountID, t.SupplierID})
		if !named[t.SupplierID] {
			named[t.SupplierID] = true
			s.Recipients = append(s.Recipients, storedRecipient{suppliers[t.SupplierID], t.SupplierID})
		}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil, "", fmt.Errorf("snapshot of a bill: %w", err)
	}
	return deflate(text), digestOfBody(text), nil
}

func digestOfBody(text []byte) string {
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:])
}

// deflaters are kept: making one costs more than a bill.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

func deflate(text []byte) []byte {
	var out bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&out)
	if _, err := w.Write(text); err != nil {
		panic(err) // into memory
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// bodyMax bounds what a body may unpack to.
const bodyMax = 16 << 20

// text unpacks the body.
func (s *snapshot) text() ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(s.body)), bodyMax))
	if err != nil {
		return nil, fmt.Errorf("bill %s: %w", s.number, err)
	}
	return text, nil
}

// bill reads the bill as it was shown.
func (s *snapshot) bill() (*Bill, error) {
	text, err := s.text()
	if err != nil {
		return nil, err
	}
	x := stored{Bill: &Bill{}}
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, fmt.Errorf("bill %s: %w", s.number, err)
	}
	b := x.Bill
	b.Status = StatusIssued
	b.BuildingID, b.HouseholdID, b.Household, b.Moment, b.DueOn = x.BuildingID, x.Household, x.Code, x.Moment, x.DueOn
	b.Flat, b.Room, b.Area, b.Residents, b.ELS, b.Payer = x.Flat, x.Room, x.Area, x.Residents, x.ELS, x.Payer
	x.restore(b)
	return b, nil
}

// restore gives the bill its lines, totals and recipients back.
func (x *stored) restore(b *Bill) {
	b.Lines, b.Suppliers, b.recipients = []Line{}, []SupplierTotal{}, map[int64]supplier.Supplier{}
	for i := range x.Lines {
		s := &x.Lines[i]
		l := s.Line
		l.AccountID, l.SupplierID, l.ServiceID, l.BillMonth, l.Source.Recorded = s.AccountID, s.SupplierID, s.ServiceID, s.BillMonth, s.Recorded
		b.Lines = append(b.Lines, l)
	}
	for i := range x.Suppliers {
		s := &x.Suppliers[i]
		t := s.SupplierTotal
		t.Fresh, t.AccountID, t.SupplierID = s.Fresh, s.AccountID, s.SupplierID
		b.Suppliers = append(b.Suppliers, t)
	}
	for _, r := range x.Recipients {
		r.Supplier.ID = r.ID
		b.recipients[r.ID] = r.Supplier
	}
}
