package city

import (
	"fmt"
	"strconv"
	"strings"
)

// paymentsTruth is the right answer about payments.
type paymentsTruth struct {
	ByChannel  map[string]channelTotal `json:"by_channel"`
	BySupplier map[string]int64        `json:"by_supplier"`
	Files      []payFile               `json:"files"`
	Suspense   int64                   `json:"suspense"`
	Duplicates int64                   `json:"duplicates"`
	Clean      int64                   `json:"clean"`
	Statement  statementTruth          `json:"statement"`
}

type channelTotal struct {
	Lines int   `json:"lines"`
	Raw   int64 `json:"raw"`
}

type payFile struct {
	File  string `json:"file"`
	Lines int    `json:"lines"`
	Raw   int64  `json:"raw"`
}

// write writes the registers of payments and the bank statement.
func (c *cashbook) write(dir string) (*paymentsTruth, []*format, error) {
	p := &paymentsTruth{ByChannel: map[string]channelTotal{}, BySupplier: c.supplier}
	var formats []*format
	for i := range c.doors {
		sortPayments(c.lines[i])
		f, sum, err := c.writeDoor(dir, &c.doors[i], c.lines[i])
		if err != nil {
			return nil, nil, err
		}
		formats = append(formats, f)
		p.Files = append(p.Files, payFile{f.File, len(c.lines[i]), sum})
		p.ByChannel[c.doors[i].code] = channelTotal{len(c.lines[i]), sum}
		for _, line := range c.lines[i] {
			if d := line.defect; d != nil && d.Type == "pay_dup" {
				p.Duplicates += line.amount
			} else if d != nil && d.Type == "pay_unknown_account" {
				p.Suspense += line.amount
			}
		}
	}
	for _, sum := range c.supplier {
		p.Clean += sum
	}
	st, f, err := c.writeStatement(dir)
	p.Statement = st
	return p, append(formats, f), err
}

// commissionOf is the fee of a door, rounded half up by amount, negative for what is taken back.
func (d *door) commissionOf(amount int64) int64 {
	if amount < 0 {
		return -d.commissionOf(-amount)
	}
	return (amount*d.commission + 5000) / 10000
}

func (c *cashbook) writeDoor(dir string, d *door, list []payment) (*format, int64, error) {
	l := &d.layout
	o := &opened{layout: l, dir: dir, file: month(l.file, c.town.month)}
	fee := int64(0)
	for _, p := range list {
		o.totals.raw.Rows++
		o.totals.printed += p.amount
		fee += d.commissionOf(p.amount)
	}
	for _, h := range l.heading {
		o.headings = append(o.headings, o.fill(h, c.town))
	}
	o.trailer = strings.NewReplacer("{net}", sumCell(o.totals.printed-fee, l.money).text, "{fee}", sumCell(fee, l.money).text).Replace(o.fill(l.trailer, c.town))
	w, err := kinds[l.kind](o)
	if err != nil {
		return nil, 0, err
	}
	rec := &record{}
	for i := range list {
		rec.cells = c.cells(rec.cells[:0], d, &list[i])
		pos, err := w.put(rec)
		if err != nil {
			return nil, 0, err
		}
		c.place(&list[i], o.file, pos)
	}
	_, err = w.close()
	return payFormat(d, o), o.totals.printed, err
}

// place gives a damaged payment its place; the line before a repeated one is its twin.
func (c *cashbook) place(p *payment, file string, pos int) {
	if p.defect == nil {
		return
	}
	p.defect.at(file, pos)
	if p.defect.Type == "pay_dup" {
		p.defect.Twin = pos - 1
	}
}

func payFormat(d *door, o *opened) *format {
	l := &d.layout
	f := &format{File: o.file, Kind: l.kind, Encoding: l.encoding, Delimiter: l.delimiter, Money: l.money, Unit: l.unit}
	switch l.kind {
	case "csv":
		n := len(l.heading)
		f.HeaderRows = &n
		if l.trailer != "" {
			f.TrailerPrefix, _, _ = strings.Cut(l.trailer, l.delimiter)
			f.TrailerPrefix += l.delimiter
		}
	case "xlsx":
		f.HeaderRow = len(l.heading)
	}
	f.columnsOf(l.kind, l.columns)
	return f
}

func (c *cashbook) cells(dst []cell, d *door, p *payment) []cell {
	for i := range d.layout.columns {
		dst = append(dst, c.cell(d, d.layout.columns[i].role, p))
	}
	return dst
}

func (c *cashbook) cell(d *door, role string, p *payment) cell {
	money := d.layout.money
	switch role {
	case "date":
		return cell{text: c.stamp(d.date, p)}
	case "time":
		return cell{text: c.stamp(d.time, p)}
	case "ts":
		return cell{text: c.stamp(d.date+"T"+d.time+"+03:00", p)}
	case "operation":
		return cell{text: p.operation}
	case "supplier":
		return cell{text: p.supplier}
	case "account":
		return cell{text: p.account}
	case "net":
		return sumCell(p.amount-d.commissionOf(p.amount), money)
	case "commission":
		return sumCell(d.commissionOf(p.amount), money)
	case "-office":
		n, _ := strconv.Atoi(p.operation[len(p.operation)-2:])
		return cell{text: fmt.Sprintf("%04d", 1+n%8)}
	}
	return sumCell(p.amount, money)
}

func (c *cashbook) stamp(pattern string, p *payment) string {
	two := func(n int) string { return fmt.Sprintf("%02d", n) }
	return strings.NewReplacer("{dd}", two(p.day), "{hh}", two(p.hour), "{mm}", two(p.minute), "{ss}", two(p.second)).Replace(month(pattern, c.town.month))
}
