package agent

import (
	"strconv"
	"strings"
)

// Forms of moments in answers.
const (
	sberMoment  = "02.01.2006_15:04:05"
	cyberMoment = "2006-01-02T15:04:05"
	plainMoment = "20060102150405"
)

// document is an answer being written: elements one after another, with a text before each.
type document struct {
	b      strings.Builder
	indent string
}

func begin(header, indent string) *document {
	d := &document{indent: indent}
	d.b.WriteString(`<?xml version="1.0" encoding="` + header + `"?>` + "\n<response>")
	return d
}

// put writes an element; its text may hold anything.
func (d *document) put(name, text string) *document {
	d.b.WriteString(d.indent + "<" + name + ">" + escaped(text) + "</" + name + ">")
	return d
}

// field writes an element with the two attributes of OSMP's additional fields.
func (d *document) field(name, title, text string) *document {
	d.b.WriteString(d.indent + "<" + name + ` name="` + title + `" type="disp">` + escaped(text) + "</" + name + ">")
	return d
}

func (d *document) raw(s string) *document {
	d.b.WriteString(d.indent + s)
	return d
}

func (d *document) end() []byte {
	if d.indent != "" {
		d.b.WriteByte('\n')
	}
	d.b.WriteString("</response>\n")
	return []byte(d.b.String())
}

// escaped is a text inside an element; signs that XML has no place for are dropped.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r >= ' ' && r != 0x7F && r < 0xFFFE || r > 0xFFFF || r == '\n' || r == '\t':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// paid tells whether the answer is about a payment that is with us.
func paid(q *Request, a *Answer) bool { return a.Number != "" && q.Command != Check }

// comment is empty where a check found the account: the dialects with «comment» show it as it is to the payer.
func comment(q *Request, a *Answer) string {
	if q.Command == Check && a.Outcome == OK {
		return ""
	}
	return words[a.Outcome]
}

func writeOSMP(d *Dialect, q *Request, a *Answer) []byte {
	out := begin("UTF-8", "\n").put("osmp_txn_id", q.Txn)
	if paid(q, a) {
		out.put("prv_txn", a.Number).put("sum", a.Sum.String())
	}
	out.put("result", strconv.Itoa(d.Code(a.Outcome)))
	if q.Command == Check && a.Outcome == OK {
		out.raw("<fields>").field("field1", "name", a.Payer).field("field2", "debt", a.Debt.String()).raw("</fields>")
	}
	return out.put("comment", comment(q, a)).end()
}

// sberWords are Sberbank's own words where its samples have them.
var sberWords = map[Outcome]string{Repeated: "Дублирование транзакции"}

func sberMessage(q *Request, a *Answer) string {
	switch {
	case a.Outcome == OK && q.Command == Check:
		return "Абонент найден"
	case a.Outcome == OK && q.Command == Pay:
		return "Платеж принят"
	case sberWords[a.Outcome] != "" && q.Command == Pay:
		return sberWords[a.Outcome]
	}
	return words[a.Outcome]
}

func writeSber(d *Dialect, q *Request, a *Answer) []byte {
	out := begin("utf-8", "\n    ")
	switch {
	case q.Command == Check && a.Outcome == OK:
		out.put("FIO", a.Payer).put("ADDRESS", a.Address).put("BALANCE", a.Debt.String())
		out.raw("<INFO>\n        " + escaped(a.Info) + "\n    </INFO>")
	case paid(q, a):
		out.put("EXT_ID", a.Number).put("REG_DATE", a.At.Format(sberMoment)).put("AMOUNT", a.Sum.String())
	}
	return out.put("CODE", strconv.Itoa(d.sberCode(q, a))).put("MESSAGE", sberMessage(q, a)).end()
}

// sberCode is 8 for a payment that came twice only: a status, or a cancel repeated, has nothing doubled.
func (d *Dialect) sberCode(q *Request, a *Answer) int {
	if a.Outcome == Repeated && q.Command != Pay {
		return d.Code(OK)
	}
	return d.Code(a.Outcome)
}

func writeSberCommand(d *Dialect, q *Request, a *Answer) []byte {
	out := begin("UTF-8", "")
	code := strconv.Itoa(d.Code(a.Outcome))
	switch {
	case q.Command == Check && a.Outcome == OK:
		return out.put("result", code).put("comment", comment(q, a)).put("fio", a.Payer).put("balance", a.Debt.String()).end()
	case paid(q, a):
		return out.put("ext_id", a.Number).put("reg_date", a.At.Format(plainMoment)).put("sum", a.Sum.String()).put("result", code).put("comment", comment(q, a)).end()
	}
	return out.put("result", code).put("comment", comment(q, a)).end()
}

func writeCyberPlat(d *Dialect, q *Request, a *Answer) []byte {
	out := begin("UTF-8", "").put("code", strconv.Itoa(d.Code(a.Outcome)))
	if paid(q, a) {
		out.put("authcode", a.Number).put("date", a.At.Format(cyberMoment))
	}
	if q.Command == Check && a.Outcome == OK {
		return out.put("message", strings.Trim(a.Payer+"; к оплате "+a.Debt.String(), "; ")).end()
	}
	return out.put("message", words[a.Outcome]).end()
}
