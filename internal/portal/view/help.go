package view

import "kvit/internal/web"

// Help is P9: questions by topics, or those that a search found.
type Help struct {
	web.Page
	Query   string
	Asked   bool // something was searched for
	Topics  []HelpTopic
	BillRef string // of the page on how to read a bill
}

// HelpTopic are questions together.
type HelpTopic struct {
	Title     string
	Questions []HelpQuestion
}

// HelpQuestion is a question with its answer in paragraphs.
type HelpQuestion struct {
	ID, Title string
	Answer    []string
	Links     []web.Link
	Open      bool
}

// found tells whether a search found anything.
func (v *Help) found() bool { return len(v.Topics) > 0 }

// ReadBill is how a bill is read: a picture of a real one with numbers, and what they mean.
type ReadBill struct {
	web.Page
	Picture string
	Marks   []ReadMark
}

// ReadMark is one number of the picture.
type ReadMark struct{ Title, Text string }

// Accessibility says how pages are made for everybody.
type Accessibility struct {
	web.Page
	ServedBy string
}

// Privacy says what is stored and why.
type Privacy struct {
	web.Page
	Columns []string
	Rows    [][]string
}
