package reading

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Entry is a figure as a file or a program tells it.
type Entry struct {
	Supplier string `json:"supplier,omitempty" doc:"Code of the supplier; without it the token's own"`
	Account  string `json:"account,omitempty" doc:"The supplier's account number, as he prints it" example:"1600123456"`
	House    string `json:"house,omitempty" doc:"In place of the account: the house whose own meter it is, by its code, ФИАС number or address" example:"H0012"`
	Meter    string `json:"meter,omitempty" doc:"Number on the meter; may be left out where the service has one" example:"4471201"`
	Service  string `json:"service,omitempty" doc:"Code of the catalogue" example:"cold_water"`
	Zone     string `json:"zone,omitempty" doc:"Register by its name: day, night, peak, half_peak, or as printed on the device" example:"day"`
	Value    Text   `json:"value" doc:"Figure on the dial" example:"251.904"`
	Date     string `json:"date,omitempty" doc:"Day of the figure; today without it" example:"2026-11-23"`
	Confirm  string `json:"confirm,omitempty" enum:"right,rolled,replaced" doc:"Answer to a question: the figure is right, the dial rolled over, the meter was replaced"`
	Control  bool   `json:"control,omitempty" doc:"Read by the supplier's inspector: it holds against what the resident told"`
	Source   string `json:"source,omitempty" maxLength:"100" doc:"Who or what read it: device, call, person"`

	By   string `json:"-"` // who gives it, where the entries of a load are of many
	File string `json:"-"`
	Line int    `json:"-"`

	Period string `json:"-"` // the month of the figure, where no day is told: its last day, or today
	beside bool   // of a row with figures of several registers: those the meter lacks are filled with zeros
	err    error  // why it cannot be read
}

// Text is a number as it was written, digit by digit, whether as a number or as a text.
type Text string

// UnmarshalJSON reads a number or a text.
func (t *Text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		err := json.Unmarshal(b, &s)
		*t = Text(s)
		return err
	}
	*t = Text(bytes.TrimSpace(b))
	if *t == "null" {
		*t = ""
	}
	return nil
}

// Judged is what became of an entry.
type Judged struct {
	File    string  `json:"file,omitempty"`
	Line    int     `json:"line"`
	Account string  `json:"account"`
	House   string  `json:"house,omitempty"`
	Meter   string  `json:"meter,omitempty"`
	Service string  `json:"service,omitempty"`
	Zone    string  `json:"zone,omitempty"`
	Day     string  `json:"day,omitempty"`
	Value   string  `json:"value,omitempty"`
	State   State   `json:"state" enum:"taken,corrected,same,asked,noted,refused"`
	Code    string  `json:"code,omitempty"`
	Says    string  `json:"says,omitempty" doc:"What is asked or wrong, and what is to be known"`
	Doubts  []Doubt `json:"doubts,omitempty"`
	Month   string  `json:"month,omitempty" doc:"The bill it counts in"`
	Late    bool    `json:"late,omitempty" doc:"Not the bill of its own month any more"`
	Volume  string  `json:"volume,omitempty" doc:"Since the figure before"`
	Until   string  `json:"until,omitempty" doc:"Last day on which its author may correct it"`
	Receipt string  `json:"receipt,omitempty"`
}

// Tally counts verdicts of a file.
type Tally struct {
	File      string `json:"file"`
	Lines     int    `json:"lines"`
	Taken     int    `json:"taken"`
	Corrected int    `json:"corrected"`
	Same      int    `json:"same"`
	Asked     int    `json:"asked"`
	Noted     int    `json:"noted"`
	Refused   int    `json:"refused"`
}

// Outcome is what a load came to.
type Outcome struct {
	OK       bool     `json:"ok"`
	DryRun   bool     `json:"dryRun"`
	Files    []Tally  `json:"files"`
	Lines    []Judged `json:"lines"`
	Effect   *Effect  `json:"effect,omitempty"` // of a request about one household
	Repeated bool     `json:"repeated,omitempty"`
}

func (r *Outcome) add(v Judged, every bool) {
	if n := len(r.Files); n == 0 || r.Files[n-1].File != v.File {
		r.Files = append(r.Files, Tally{File: v.File})
	}
	t := &r.Files[len(r.Files)-1]
	t.Lines++
	switch v.State {
	case Taken:
		t.Taken++
	case Corrected:
		t.Corrected++
	case Same:
		t.Same++
	case Asked:
		t.Asked++
	case Noted:
		t.Noted++
	default:
		t.Refused++
	}
	if r.OK = r.OK && v.State != Refused && v.State != Asked; every || v.State == Refused || v.State == Asked || v.State == Noted {
		r.Lines = append(r.Lines, v)
	}
}

// figure reads the number and the day of an entry.
func (e *Entry) figure(today calendar.Date) (value decimal.Decimal, on calendar.Date, err error) {
	if e.err != nil {
		return 0, 0, e.err
	}
	value, err = decimal.Parse(string(e.Value))
	if err != nil {
		return 0, 0, invalid("reading.value", "%q – не показание. Ожидается число: 251 или 251,904.", e.Value).WithField("value")
	}
	on, err = e.day(today)
	return value, on, err
}

// day is the day of a figure: the one told, the last one of its month, or today.
func (e *Entry) day(today calendar.Date) (calendar.Date, error) {
	if e.Date == "" && e.Period == "" {
		return today, nil
	}
	if e.Date == "" {
		month, err := calendar.ParseMonth(e.Period)
		if err != nil {
			return 0, invalid("reading.date", "%q – не месяц. Ожидается 2026-11 или 11.2026.", e.Period).WithField("date")
		}
		return min(month.Last(), today), nil
	}
	on, err := calendar.ParseDate(e.Date)
	if n, whole := strconv.Atoi(e.Date); err != nil && whole == nil && n > serialMinDay && n < serialMaxDay {
		return calendar.FromSerial(n, false), nil
	}
	if err != nil {
		return 0, invalid("reading.date", "%q – не дата. Ожидается 2026-11-23 или 23.11.2026.", e.Date).WithField("date")
	}
	return on, nil
}

// Days as a spreadsheet counts them, of the years 1990 to 2100: where a cell is no date by its style.
const (
	serialMinDay = 32_874
	serialMaxDay = 73_050
)

// confirm reads the answer to a doubt.
func (e *Entry) confirm() (Confirm, error) {
	switch c := Confirm(e.Confirm); c {
	case Unasked, Right, Rolled, Replaced:
		return c, nil
	}
	return Unasked, fmt.Errorf("confirm %q: %w", e.Confirm, invalid("reading.confirm", "confirm %q неизвестен. Бывает: right, rolled, replaced.", e.Confirm))
}
