// Package record is the door of facts of charging that no supplier's register carries: what people and programs tell
// of houses, premises, people, services, meters, acts and breaches, as files and requests in the words of worked cases.
//
// Owns: the language of records (docs/formats/facts.md), their verdicts, table charge_request. Does not own: the facts
// (charge/fact), what they come to (charge), whose account is whose (account).
//
// Invariants: each record ends with one verdict and its place; told twice it changes nothing; another content of the
// same key supersedes, nothing is overwritten; of one building records are judged and written one load after another.
package record

import (
	"strconv"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
)

// Kind is what a record is about.
type Kind string

// Kinds of records, as files write them.
const (
	House        Kind = "house"
	Resource     Kind = "resource"
	Premises     Kind = "premises"
	Area         Kind = "area"
	Residents    Kind = "residents"
	Owners       Kind = "owners"
	Party        Kind = "party"
	Absence      Kind = "absence"
	Benefit      Kind = "benefit"
	Service      Kind = "service"
	Meter        Kind = "meter"
	Verification Kind = "verification"
	GasFactor    Kind = "gas_factor"
	Reading      Kind = "reading"
	Act          Kind = "act"
	Event        Kind = "event"
	Object       Kind = "object"
	Instalment   Kind = "instalment"
	Fine         Kind = "fine"
	Volume       Kind = "volume"

	Withdrawal Kind = "withdrawal" // of a fact named by the reference it is shown with
)

// Addressee is whom a record is about: an account of a supplier, a flat, or a whole house.
type Addressee struct {
	Supplier string `json:"supplier,omitempty"`
	Account  string `json:"account,omitempty"`
	House    string `json:"house,omitempty"`
	Flat     string `json:"flat,omitempty"`
	Room     string `json:"room,omitempty"`
}

// wholeHouse tells whether it is a house and no flat of it.
func (a *Addressee) wholeHouse() bool { return a.House != "" && a.Flat == "" && a.Account == "" }

// String is the addressee as people write it.
func (a *Addressee) String() string {
	switch {
	case a.Account != "":
		return a.Supplier + ":" + a.Account
	case a.Room != "":
		return a.House + ", кв. " + a.Flat + ", комн. " + a.Room
	case a.Flat != "":
		return a.House + ", кв. " + a.Flat
	}
	return a.House
}

// Item is one record: one fact of one addressee.
type Item struct {
	File string
	Line int
	Path string // key in the file: «services[0].meters[1]»
	Kind Kind
	To   Addressee

	service   string // of the catalogue
	seller    string // code of the supplier whose account takes it, where it is not the addressee's
	meter     string // serial number
	key       string // tells two facts of one kind and day apart
	recorded  calendar.Date
	month     calendar.Month
	withdraw  bool
	reason    string // why
	instead   bool   // ends what was told of this kind before
	ifMissing bool   // only so that what hangs on it has where to be
	leaf      *yaml.Node
	err       error // why it cannot be read
	serviceID int64 // as the supplier names it
	name      string
}

// State is how a record ended.
type State string

// States of records.
const (
	StateNew       State = "new"
	StateChanged   State = "changed"
	StateSame      State = "same"
	StateWithdrawn State = "withdrawn"
	StateRefused   State = "refused"
)

// Verdict is what became of a record.
type Verdict struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Key   string `json:"key,omitempty"`
	Fact  Kind   `json:"fact"`
	To    string `json:"to"`
	State State  `json:"state"`
	Code  string `json:"code,omitempty"`
	Says  string `json:"says,omitempty"` // what is wrong and what to do
	Late  string `json:"late,omitempty"` // the first month charged already that the fact changes
}

// FileReport tallies the records of a file.
type FileReport struct {
	File      string `json:"file"`
	Records   int    `json:"records"`
	New       int    `json:"new"`
	Changed   int    `json:"changed"`
	Same      int    `json:"same"`
	Withdrawn int    `json:"withdrawn"`
	Refused   int    `json:"refused"`
}

// Report is what a load came to. Records holds each verdict but those of facts known already.
type Report struct {
	OK       bool         `json:"ok"`
	DryRun   bool         `json:"dryRun"`
	Files    []FileReport `json:"files"`
	Records  []Verdict    `json:"records"`
	Late     int          `json:"late"` // facts about months charged already
	Repeated bool         `json:"repeated,omitempty"`
}

// add takes a verdict into the tallies of its file.
func (r *Report) add(v Verdict) {
	n := len(r.Files)
	for n > 0 && r.Files[n-1].File != v.File {
		n--
	}
	f := &r.Files[n-1]
	f.Records++
	switch v.State {
	case StateNew:
		f.New++
	case StateChanged:
		f.Changed++
	case StateSame:
		f.Same++
	case StateWithdrawn:
		f.Withdrawn++
	case StateRefused:
		f.Refused++
		r.OK = false
	}
	if v.Late != "" {
		r.Late++
	}
	if v.State != StateSame {
		r.Records = append(r.Records, v)
	}
}

// source tells where a fact comes from, in the words facts keep.
func (it *Item) source(by string) string {
	if it.File != "" {
		by += ":" + it.File + ":" + strconv.Itoa(it.Line)
	}
	if it.reason != "" {
		by += ": " + it.reason
	}
	return by
}

// day is when a fact of one day or month was; 0 where it is of no single one, or of a whole household.
func (it *Item) day() calendar.Date {
	if r := kinds[it.Kind].reach; r != ofService && r != ofAny || it.err != nil || it.leaf == nil {
		return 0
	}
	if it.month != 0 {
		return it.month.First()
	}
	var on struct {
		Date  calendar.Date  `yaml:"date"`
		Month calendar.Month `yaml:"month"`
	}
	if err := it.leaf.Decode(&on); err != nil || on.Date == 0 && on.Month == 0 {
		return 0 // its verdict says what is wrong
	}
	if on.Date != 0 {
		return on.Date
	}
	return on.Month.First()
}
