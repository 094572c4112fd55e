package simulator

import (
	"net/url"
	"slices"
	"time"

	"kvit/internal/money"
)

// dialect is how the agent writes and reads one protocol.
type dialect struct {
	command, pays           string // the parameter, and its word for a payment
	txn, account, sum, date string
	form                    string   // of a moment
	code, number, moment    string   // elements of an answer, in small letters
	repeats, accepted       []string // codes to ask again after; codes of a payment that is done
	askTxn                  bool     // a check has a number of its own
}

var dialects = map[string]dialect{
	"osmp":         {"command", "pay", "txn_id", "account", "sum", "txn_date", "20060102150405", "result", "prv_txn", "", []string{"1", "90"}, []string{"0"}, true},
	"sber":         {"ACTION", "payment", "PAY_ID", "ACCOUNT", "AMOUNT", "PAY_DATE", "02.01.2006_15:04:05", "code", "ext_id", "reg_date", []string{"1"}, []string{"0", "8"}, false},
	"sber-command": {"command", "pay", "txn_id", "account", "sum", "txn_date", "20060102150405", "result", "ext_id", "reg_date", []string{"1", "90"}, []string{"0"}, false},
	"cyberplat":    {"action", "payment", "receipt", "number", "amount", "date", "2006-01-02T15:04:05", "code", "authcode", "date", []string{"-1", "8"}, []string{"0"}, false},
}

func (d *dialect) check(account string, sum money.Amount) url.Values {
	q := url.Values{d.command: {"check"}, d.account: {account}, d.sum: {sum.String()}}
	if d.askTxn {
		q.Set(d.txn, "1")
	}
	return q
}

func (d *dialect) pay(account, txn string, sum money.Amount, at time.Time) url.Values {
	return url.Values{d.command: {d.pays}, d.account: {account}, d.txn: {txn}, d.sum: {sum.String()}, d.date: {at.Format(d.form)}}
}

func (d *dialect) cancel(txn string) url.Values {
	return url.Values{d.command: {"cancel"}, d.txn: {txn}}
}

func (d *dialect) again(code string) bool { return slices.Contains(d.repeats, code) }

func (d *dialect) done(code string) bool { return slices.Contains(d.accepted, code) }
