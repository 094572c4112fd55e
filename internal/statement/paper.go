package statement

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"kvit/internal/billpdf"
	"kvit/internal/calendar"
)

// void is the word across a paper that holds no more.
var void = map[State]string{Replaced: "ЗАМЕНЁН", Withdrawn: "ОТОЗВАН"}

// CheckURL is the address that tells whether a document is genuine; empty when nobody knows how the pages are reached.
func (m *Module) CheckURL(d *Document) string {
	if m.Bills.BaseURL == "" {
		return ""
	}
	return m.Bills.BaseURL + "/check/" + d.Number
}

// CheckHost is the address of the page of checks as people type it.
func (m *Module) CheckHost() string {
	if m.Bills.BaseURL == "" {
		return ""
	}
	return m.Bills.Host() + "/check"
}

// PDF writes the document as paper: what was kept, and across it what became of it. large is the large print of a bill.
func (m *Module) PDF(w io.Writer, d *Document, large bool) error {
	if bill := d.Content.Bill; bill != nil {
		paper := *bill
		paper.LargePrint, paper.CheckHost, paper.Void = large, m.CheckHost(), void[d.State]
		return billpdf.Render(w, []billpdf.Document{paper})
	}
	return billpdf.RenderPaper(w, m.paper(d))
}

func (m *Module) paper(d *Document) *billpdf.Paper {
	c := d.Content
	p := &billpdf.Paper{
		Title: c.Title, Number: PrintNumber(d.Number), Made: m.moment(d), Centre: c.Centre, Address: c.Address, Payer: c.Payer, Lead: c.Lead, Facts: c.Facts, Tables: c.Tables, Notes: c.Notes,
		CheckURL: m.CheckURL(d), CheckHost: m.CheckHost(), Digest: d.Digest, Void: void[d.State],
	}
	if d.State == Withdrawn {
		p.Notes = append([]string{"Документ отозван. " + d.Reason}, p.Notes...)
	}
	return p
}

// moment is when a document was made, in words and the region's time.
func (m *Module) moment(d *Document) string {
	at := d.MadeAt.Time().In(m.Zone)
	return fmt.Sprintf("%s %d года, %s", calendar.DateOf(at).Words(), at.Year(), at.Format("15:04"))
}

// FileName is what a downloaded document is called: no names, no sums.
func (d *Document) FileName() string {
	return "kvit-" + strings.ToLower(string(d.Kind)) + "-" + strconv.Itoa(int(d.To)) + "-" + d.Number + ".pdf"
}
