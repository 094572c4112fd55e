package register

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"kvit/internal/fault"
)

// Reconcile tells how a register of a bank, an acquirer or an agent is compared with our payments (formats.md 2.7, 3.10).
type Reconcile struct {
	Partner     string   `json:"partner,omitempty" yaml:"partner,omitempty"`           // whose register it is; the channel of the file's name by default
	Channel     string   `json:"channel,omitempty" yaml:"channel,omitempty"`           // of our payments it is about; the partner's code by default
	Begins      string   `json:"begins,omitempty" yaml:"begins,omitempty"`             // regular expression of how such a file begins, to know it by
	CompareOnly bool     `json:"compare_only,omitempty" yaml:"compare_only,omitempty"` // the payments came by another door: nothing is booked of it
	Refunds     bool     `json:"refunds,omitempty" yaml:"refunds,omitempty"`           // every row is money given back
	RefundType  []string `json:"refund_type,omitempty" yaml:"refund_type,omitempty"`   // values of the role type that mean money given back
	SkipType    []string `json:"skip_type,omitempty" yaml:"skip_type,omitempty"`       // values of the role type that are no payments of residents
	Day         string   `json:"day,omitempty" yaml:"day,omitempty"`                   // regular expression with a group: the day in a heading line or the file's name
	Order       *int     `json:"order,omitempty" yaml:"order,omitempty"`               // index of the payment order's number in the trailer line
	OrderDate   *int     `json:"order_date,omitempty" yaml:"order_date,omitempty"`     // and of its date
}

func (p *Profile) checkReconcile() *fault.Error {
	r := p.Reconcile
	if r == nil {
		return nil
	}
	for key, text := range map[string]string{"reconcile.begins": r.Begins, "reconcile.day": r.Day} {
		if re, err := regexp.Compile(text); err != nil || key == "reconcile.day" && text != "" && re.NumSubexp() < 1 {
			return wrong(key, "регулярное выражение; в day – с группой вокруг даты").Because(err)
		}
	}
	return nil
}

// ChannelOf is the channel a register's name tells: the letters it begins with, «sber» of «sber_1126.txt».
func ChannelOf(name string) string {
	base := strings.ToLower(path.Base(filepath.ToSlash(name)))
	i := strings.IndexFunc(base, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' || (r >= '0' && r <= '9') })
	if i > 0 {
		return base[:i]
	}
	return "register"
}
