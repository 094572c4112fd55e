// Package agent speaks the protocols by which banks and terminal networks pay to a biller (formats.md section 2): OSMP,
// Sberbank ЕПС with ACTION, Sberbank with command, and the CyberPlat kind.
//
// Owns: parameters in, XML out, the codes of each dialect. Does not own: accounts, money, who may ask. Invariants: what
// cannot be read is an outcome with a code of the dialect, never an error of HTTP; an outcome has one code in each
// dialect; an answer holds no sign that XML cannot carry.
package agent

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"kvit/internal/money"
)

// Command is what an agent wants.
type Command string

// Commands.
const (
	Check  Command = "check"  // may this account be paid to, and how much is due
	Pay    Command = "pay"    // the agent has taken the money
	Status Command = "status" // what became of a payment
	Cancel Command = "cancel" // the agent takes it back
)

// Outcome is what we say to a request, before a dialect gives it a number.
type Outcome int

// Outcomes. Of all but OK, Repeated, Later and Unfinished the agent stops repeating and gives the money back.
const (
	OK             Outcome = iota
	Repeated               // booked before, with the same data
	Later                  // a trouble of ours that passes: the agent repeats
	Unfinished             // begun, not known how it ends: the agent repeats
	BadAccount             // no account looks like this
	NoAccount              // looks right, is not there
	Inactive               // there, but not paid to any more
	Unchecked              // there, but what it owes cannot be told
	TooSmall               // sum below the least
	TooLarge               // sum above the most
	BadSum                 // not a sum
	BadTxn                 // not a number of an operation
	BadDate                // not a moment, or one that cannot be
	BadPhone               // not a telephone
	Forbidden              // by the rules of the contract
	Broken                 // closed for technical reasons
	OtherData              // the number was used with another sum or account
	UnknownCommand         // no such request
	NoPayment              // asked about a payment that is not there
	NotCancelled           // may not be taken back any more
	Cancelled              // was taken back before
	Stranger               // key, password or address are not the agent's

	outcomes // how many there are
)

// Done tells whether the payment is with us.
func (o Outcome) Done() bool { return o == OK || o == Repeated }

// Request is what was read of a request. At is a wall clock in the agent's zone.
type Request struct {
	Command Command
	Txn     string // the agent's number of the operation
	Account string
	Sum     money.Amount // 0 in a check: not known yet
	At      time.Time
}

// Answer is what we say. Names and addresses come masked.
type Answer struct {
	Outcome Outcome
	Number  string    // ours, of a payment
	At      time.Time // when we registered it, in the agent's zone
	Sum     money.Amount
	Payer   string
	Address string
	Info    string // who is paid and how much, without names
	Debt    money.Amount
}

// Params are the parameters of a request; names are in small letters. Of a repeated one the values are kept apart.
type Params map[string][]string

// ParamsOf reads urlencoded parameters: UTF-8, or cp1251 where the bytes are no UTF-8.
func ParamsOf(encoded ...string) (Params, bool) {
	p, whole := Params{}, true
	for _, text := range encoded {
		values, err := url.ParseQuery(text)
		whole = whole && err == nil
		for name, list := range values {
			for _, value := range list {
				name := strings.ToLower(name)
				p[name] = append(p[name], decoded(value))
			}
		}
	}
	return p, whole
}

func decoded(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	if text, err := charmap.Windows1251.NewDecoder().String(s); err == nil {
		return text
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// Get is the value of a parameter, ” when it is not given.
func (p Params) Get(name string) string {
	if list := p[name]; name != "" && len(list) > 0 {
		return strings.TrimSpace(list[0])
	}
	return ""
}

// clear tells whether every parameter has one meaning: given twice with two values it could pay two accounts.
func (p Params) clear() bool {
	for _, list := range p {
		for _, value := range list {
			if value != list[0] {
				return false
			}
		}
	}
	return true
}

// AccountMax is the longest account an agent may send, in signs.
const AccountMax = 200

var (
	txnForm   = regexp.MustCompile(`^[0-9]{1,20}$`)
	sumForm   = regexp.MustCompile(`^[0-9]{1,10}([.,][0-9]{1,2})?$`)
	phoneForm = regexp.MustCompile(`^\+?[0-9]{10,15}$`)
)

// Read reads a request of the dialect. An outcome other than OK says what is wrong with it; what could be read is there
// all the same.
func (d *Dialect) Read(p Params, zone *time.Location) (Request, Outcome) {
	q := Request{Account: p.Get(d.account), Txn: p.Get(d.txn)}
	command, known := d.commands[strings.ToLower(p.Get(d.command))]
	q.Command = command
	if !known || !p.clear() {
		return q, UnknownCommand
	}
	if target := p.Get(d.cancelled); command == Cancel && target != "" {
		q.Txn = target
	}
	if q.Txn == "" && command != Check || q.Txn != "" && !txnForm.MatchString(q.Txn) {
		return q, BadTxn
	}
	if command == Status || command == Cancel {
		return q, OK
	}
	if n := utf8.RuneCountInString(q.Account); n == 0 || n > AccountMax {
		return q, BadAccount
	}
	if phone := p.Get(d.phone); phone != "" && !phoneForm.MatchString(phone) {
		return q, BadPhone
	}
	if outcome := q.readSum(p.Get(d.sum)); outcome != OK || command == Check {
		return q, outcome
	}
	return q, q.readMoment(p.Get(d.date), d.dates, zone)
}

// readSum reads a sum in roubles; a check may leave it out.
func (q *Request) readSum(text string) Outcome {
	if text == "" && q.Command == Check {
		return OK
	}
	if !sumForm.MatchString(text) {
		return BadSum
	}
	sum, err := money.Parse(text)
	if err != nil {
		return BadSum
	}
	if q.Sum = sum; sum == 0 && q.Command == Pay {
		return TooSmall
	}
	return OK
}

func (q *Request) readMoment(text string, layouts []string, zone *time.Location) Outcome {
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			q.At = at
			return OK
		}
	}
	return BadDate
}
