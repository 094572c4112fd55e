package view

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Exchanges are the files exchanged with a supplier, or with all of them.
type Exchanges struct {
	web.Page
	All  bool // of all suppliers: the centre looks
	List []ExchangeRow
	Sent []ExchangeFileRow
}

// ExchangeRow is an exchange with its schedule.
type ExchangeRow struct {
	Supplier, Code, What, When, Folder string
	Next                               calendar.Micros
	State                              web.State
	Trouble                            string
	Noted                              []NotedFile
}

// ExchangeFileRow is a file that was made.
type ExchangeFileRow struct {
	Supplier, Code, Name, Href string
	Number                     int64
	Rows, Refused              int
	Sum                        money.Amount
	SentAt                     calendar.Micros
	State                      web.State
}

// ExchangeFile is one file: what became of it, and what the supplier refused.
type ExchangeFile struct {
	web.Page
	File     ExchangeFileRow
	Slot     calendar.Micros
	Answered calendar.Micros
	Again    int // rows refused before
	Open     int // refused rows not given again
	Trouble  string
	Refusals []RefusalRow
	Download string
	Action   string // POST; empty: may only look
	Key      string
	Said     string // what was just done
}

// RefusalRow is a row the supplier did not take.
type RefusalRow struct {
	Row             int
	Account, Reason string
	State           web.State
}

// about says what is in the file.
func (v *ExchangeFile) about() string {
	s := v.File.Name + ": строк " + spaced(v.File.Rows)
	if v.Again > 0 {
		s += ", из них переданы повторно " + spaced(v.Again)
	}
	if v.File.Sum != 0 {
		s += ", сумма " + v.File.Sum.Format()
	}
	return s
}

func numbered(n int64) string { return "№ " + strconv.FormatInt(n, 10) }

// NotedFile is a supplier's file that was not understood as a whole.
type NotedFile struct{ Name, Note string }
