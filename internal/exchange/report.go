package exchange

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
)

// Report is what an intake has to tell; docs/schema/intake.schema.json describes its JSON.
type Report struct {
	Files      []FileReport `json:"files"`
	Issues     []Issue      `json:"issues"`
	Undeclared []string     `json:"undeclared,omitempty"` // found in a folder, no profile names them, not read
	DryRun     bool         `json:"dryRun,omitempty"`
}

// FileReport is the protocol of one file: rows = applied + repaired + ignored + quarantined.
type FileReport struct {
	ID          int64    `json:"id,omitempty"`
	File        string   `json:"file"`
	Supplier    string   `json:"supplier"`
	Purpose     string   `json:"purpose"` // charges, payments, statement
	Month       string   `json:"month,omitempty"`
	State       string   `json:"state"` // applied, judged (dry run), duplicate, refused
	DuplicateOf int64    `json:"duplicateOf,omitempty"`
	Encoding    string   `json:"encoding,omitempty"`
	Rows        int      `json:"rows"`
	Applied     int      `json:"applied"`
	Repaired    int      `json:"repaired"`
	Ignored     int      `json:"ignored"`
	Quarantined int      `json:"quarantined"`
	Control     *Control `json:"control,omitempty"`
	Refusal     *Refusal `json:"refusal,omitempty"`
}

// Control is the total a file prints of itself beside what its rows add up to.
type Control struct {
	File  money.Amount `json:"file"`
	Read  money.Amount `json:"read"`
	Equal bool         `json:"equal"`
}

// Refusal says why a file was refused whole; nothing of it is applied.
type Refusal struct {
	Code string `json:"code"`
	Hint string `json:"hint"`
	Pos  int    `json:"pos,omitempty"`
	Unit string `json:"unit,omitempty"`
}

// Issue is one thing a person or a program should know about a row. Type is the kind of defect, Code the stable
// rule that found it, Hint says in Russian what to do.
type Issue struct {
	File    string `json:"file"`
	Pos     int    `json:"pos"`
	Unit    string `json:"unit"`
	Code    string `json:"code"`
	Type    string `json:"type"`
	Verdict string `json:"verdict"`
	Account string `json:"account"`
	Field   string `json:"field"`
	Value   string `json:"value"`
	Now     string `json:"now,omitempty"`
	Hint    string `json:"hint"`
	No      int64  `json:"no,omitempty"`
	Row     string `json:"row,omitempty"`
	State   string `json:"issueState,omitempty"`
	Fix     *Mend  `json:"fix,omitempty"`
}

// Mend is what a person put in place of a row's value.
type Mend struct {
	Field string          `json:"field"`
	Value string          `json:"value"`
	By    string          `json:"by"`
	At    calendar.Micros `json:"-"`
	Time  string          `json:"at"` // At for programs: RFC 3339, UTC
}

// Clean tells whether every file was read to its end: quarantined rows are normal, refused files are not.
func (r *Report) Clean() bool {
	for i := range r.Files {
		if r.Files[i].State == StateRefused {
			return false
		}
	}
	return true
}
