package web

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"kvit/internal/money"
)

// Tone is how urgent a mark or a notice is; it is never told by colour alone.
type Tone string

// Tones.
const (
	Quiet Tone = ""
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad-tone"
	Info  Tone = "info"
)

func (t Tone) icon() string {
	switch t {
	case OK:
		return "check"
	case Warn:
		return "clock"
	case Bad:
		return "alert"
	case Info:
		return "info"
	}
	return ""
}

// State is the mark of a thing's state: the same word in lists, pages, messages and the API.
type State struct {
	Word string
	Tone Tone
	Icon string // of the sprite; empty takes the tone's own
}

func (s State) icon() string {
	if s.Icon != "" {
		return s.Icon
	}
	return s.Tone.icon()
}

// Notice is a message on a page: what is, what follows, one thing to do.
type Notice struct {
	Tone  Tone
	Title string
	Text  string
	Link  *Link
	Told  bool // in the words of the centre's staff: they are not said in another language
}

// Field is one input with its label. ID is needed where a name stands on a page more than once. Type is text unless given; Width is s, m or empty for full.
type Field struct {
	ID, Name, Label, Hint, Value, Error string
	Type, InputMode, Autocomplete       string
	Accept                              string // of a file field
	Width                               string
	Optional, Multiple                  bool
	MaxLength                           int
	Last, Unit                          string // of a meter: its figure of before as a number, so that what a new one makes is told as it is typed
}

// id is unique on the page.
func (f Field) id() string {
	if f.ID != "" {
		return "f-" + f.ID
	}
	return "f-" + f.Name
}

func (f Field) kind() string {
	_, err := time.Parse(time.DateOnly, f.Value)
	if f.Type == "" || f.Type == "date" && f.Value != "" && err != nil { // a field of dates would drop what was typed
		return "text"
	}
	return f.Type
}

// describedBy lists the ids of hint and error, so that they are read with the field.
func (f Field) describedBy() string {
	switch {
	case f.Hint != "" && f.Error != "":
		return f.id() + "-hint " + f.id() + "-bad"
	case f.Hint != "":
		return f.id() + "-hint"
	case f.Error != "":
		return f.id() + "-bad"
	}
	return ""
}

// Choice is one of several answers.
type Choice struct {
	Value, Label, Hint string
	Chosen             bool
}

// Choices is a question with answers to choose from: radio buttons, a list, or boxes to tick.
type Choices struct {
	Name, Label, Hint, Error string
	Items                    []Choice
	Width                    string
}

// Tab is a view of a page with an address of its own.
type Tab struct {
	Title, Href string
	Current     bool
	Count       int
}

// Bar is one row of a bar list.
type Bar struct {
	Label string
	Sum   money.Amount
}

// BarList is a chart of horizontal bars: the title states the finding, every bar has its value in words.
type BarList struct {
	Title string
	Rows  []Bar
}

// width is the length of a bar in percent of the longest one; a sum below zero has no bar.
func (b BarList) width(row Bar) string {
	var top money.Amount
	for _, r := range b.Rows {
		top = max(top, r.Sum)
	}
	if top <= 0 || row.Sum <= 0 {
		return "0"
	}
	return strconv.Itoa(max(1, int(row.Sum*100/top))) + "%"
}

// Empty says what will appear here, when, and what can be done now.
type Empty struct {
	Title, Text string
	Link        *Link
}

// Failure is the page of an error.
type Failure struct {
	Page
	Status  int
	Message string
	Number  string // to read to the operator
}

// zeroClass greys a figure that says nothing.
func zeroClass(a money.Amount) string {
	if a == 0 {
		return "num zero"
	}
	return "num"
}

func plus(a money.Amount) string {
	if a > 0 {
		return "+"
	}
	return ""
}

// attrs are the attributes of an input that are there only when they say something.
func (f Field) attrs() templ.Attributes {
	a := templ.Attributes{}
	for name, value := range map[string]string{"inputmode": f.InputMode, "autocomplete": f.Autocomplete, "accept": f.Accept, "data-last": f.Last, "data-unit": f.Unit, "aria-describedby": f.describedBy()} {
		if value != "" {
			a[name] = value
		}
	}
	if f.Type != "file" && f.Type != "password" {
		a["value"] = f.Value
	}
	if f.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.Multiple {
		a["multiple"] = true
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// areaAttrs are those of a field of several lines, whose value is its content.
func (f Field) areaAttrs() templ.Attributes {
	a := f.attrs()
	delete(a, "value")
	return a
}

func (c Choices) attrs() templ.Attributes {
	if c.Error == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-describedby": "f-" + c.Name + "-bad", "aria-invalid": "true"}
}
