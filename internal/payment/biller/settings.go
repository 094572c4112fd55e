package biller

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/agent"
)

// What the account of a request means.
const (
	ByHousehold = "household" // the code of a household: one for all its suppliers
	BySupplier  = "supplier"  // a number of the one supplier the agent is connected to
	ByAny       = "any"       // «supplier:number»
)

// What a payment pays.
const (
	PaysBasket  = "basket"  // all the household owes, split as a resident's payment
	PaysAccount = "account" // the account named and no other
)

// How an agent proves who it is.
const (
	AuthBasic = "basic" // login and password of HTTP
	AuthKey   = "key"   // the parameter key, or the header X-Agent-Key
	AuthHash  = "hash"  // md5 over parameters and the secret
	AuthIP    = "ip"    // by its addresses alone
)

// What becomes of a payment to an account nobody has.
const (
	UnknownRefused = "refuse" // the agent gives the money back to the payer
	UnknownKept    = "keep"   // the contract has us take all that was taken: the money waits until its account is found
)

// Values of Settings.Cancel that are no days.
const (
	cancelNever = -1
	cancelOpen  = -2 // until the money is paid out to suppliers
)

// States of an agent's contract.
const (
	Active = "active"
	Paused = "paused" // closed for technical reasons
	Closed = "closed" // the contract has ended; only repeats and questions are answered
)

// Settings are an agent as its contract has it.
type Settings struct {
	Code     string       `json:"code" yaml:"code"`
	Name     string       `json:"name" yaml:"name"`
	Dialect  string       `json:"dialect" yaml:"dialect"`
	State    string       `json:"state" yaml:"state"`
	Accounts string       `json:"accounts" yaml:"accounts"`
	Supplier string       `json:"supplier,omitempty" yaml:"supplier"`
	Pays     string       `json:"pays" yaml:"pays"`
	Pattern  string       `json:"pattern,omitempty" yaml:"pattern"` // of an account, agreed at connection
	Auth     string       `json:"auth" yaml:"auth"`
	Login    string       `json:"login,omitempty" yaml:"login"` // of AuthBasic; the code by default
	Hash     string       `json:"hash,omitempty" yaml:"hash"`   // of AuthHash: parameters in braces and {secret}
	IPs      []string     `json:"ips,omitempty" yaml:"ips"`
	Proxies  []string     `json:"proxies,omitempty" yaml:"proxies"` // of ours, whose word on the address is believed
	Zone     string       `json:"zone,omitempty" yaml:"zone"`       // of its clock; the region's by default
	Min      money.Amount `json:"min" yaml:"-"`
	Max      money.Amount `json:"max" yaml:"-"`
	Fee      string       `json:"fee,omitempty" yaml:"fee"`         // percent of a payment that the agent keeps
	Cancel   int          `json:"cancel" yaml:"-"`                  // days after its own in which a payment may be taken back; cancelNever, cancelOpen
	Unknown  string       `json:"unknown,omitempty" yaml:"unknown"` // what becomes of a payment to an account nobody has
	Rate     int          `json:"rate" yaml:"rate"`                 // requests a second
	KeepDays int          `json:"keepDays" yaml:"keep_days"`

	zone    *time.Location
	fee     decimal.Decimal
	ips     []netip.Prefix
	proxies []netip.Prefix
	pattern *regexp.Regexp
}

// Defaults and bounds of settings.
const (
	minDefault  = money.Amount(1_00)
	rateDefault = 50
	rateMax     = 10_000
	keepDefault = 3*365 + 30 // limitation, and a month
	keepMin     = 30
	keepMax     = 10 * 366
	cancelMax   = 30
	feeMax      = 20 // percent
)

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// entry is an agent as a file of agents writes it.
type entry struct {
	Settings `yaml:",inline"`
	Secret   string `yaml:"secret"`
	MinText  string `yaml:"min"`
	MaxText  string `yaml:"max"`
	Takeback string `yaml:"cancel"`
}

// settle reads the texts, fills in what is not said and checks the whole.
func (e *entry) settle(region *time.Location) error {
	s := &e.Settings
	if !codeForm.MatchString(s.Code) {
		return wrong(s, "code", "нужен код из латинских букв, цифр и дефисов, до 40 знаков")
	}
	s.fill()
	if err := e.sums(); err != nil {
		return err
	}
	if err := e.judge(); err != nil {
		return err
	}
	return s.prepare(region)
}

func (s *Settings) fill() {
	for _, x := range [...]struct {
		field *string
		word  string
	}{{&s.Name, s.Code}, {&s.State, Active}, {&s.Accounts, ByHousehold}, {&s.Auth, AuthBasic}, {&s.Unknown, UnknownRefused}} {
		if *x.field == "" {
			*x.field = x.word
		}
	}
	if s.Auth == AuthBasic && s.Login == "" {
		s.Login = s.Code
	}
	if s.Pays == "" {
		s.Pays = PaysAccount
		if s.Accounts == ByHousehold {
			s.Pays = PaysBasket
		}
	}
	if s.Rate == 0 {
		s.Rate = rateDefault
	}
	if s.KeepDays == 0 {
		s.KeepDays = keepDefault
	}
}

func (e *entry) sums() (err error) {
	s := &e.Settings
	s.Min, s.Max = minDefault, payment.SumMax
	for _, x := range [...]struct {
		field, text string
		to          *money.Amount
	}{{"min", e.MinText, &s.Min}, {"max", e.MaxText, &s.Max}} {
		if x.text == "" {
			continue
		}
		if *x.to, err = money.Parse(x.text); err != nil {
			return wrong(s, x.field, "сумма не разобрана")
		}
	}
	if s.Min < 1 || s.Max < s.Min || s.Max > payment.SumMax {
		return wrong(s, "max", "наименьшая сумма – от копейки, наибольшая – не меньше её и не больше предела платежа")
	}
	return e.takeback()
}

func (e *entry) takeback() (err error) {
	switch s := &e.Settings; e.Takeback {
	case "", "until_payout":
		s.Cancel = cancelOpen
	case "same_day":
		s.Cancel = 0
	case "never":
		s.Cancel = cancelNever
	default:
		if s.Cancel, err = strconv.Atoi(e.Takeback); err != nil || s.Cancel < 0 || s.Cancel > cancelMax {
			return wrong(s, "cancel", "отмена – until_payout, never, same_day или число дней до 30")
		}
	}
	return nil
}

// judge holds the words to those there are, and together.
func (e *entry) judge() error {
	s := &e.Settings
	for _, x := range [...]struct {
		field, word string
		allowed     []string
	}{
		{"dialect", s.Dialect, agent.Names}, {"state", s.State, []string{Active, Paused, Closed}}, {"accounts", s.Accounts, []string{ByHousehold, BySupplier, ByAny}},
		{"pays", s.Pays, []string{PaysBasket, PaysAccount}}, {"auth", s.Auth, []string{AuthBasic, AuthKey, AuthHash, AuthIP}},
		{"unknown", s.Unknown, []string{UnknownRefused, UnknownKept}},
	} {
		if !slices.Contains(x.allowed, x.word) {
			return fault.Newf(fault.Invalid, "agent.word", "Агент %s: %s не бывает %q. Бывает: %s.", s.Code, x.field, x.word, strings.Join(x.allowed, ", ")).WithField(x.field)
		}
	}
	switch {
	case s.Accounts == ByHousehold && s.Pays == PaysAccount:
		return wrong(s, "pays", "код семьи – это все её счета: pays: basket")
	case (s.Accounts == BySupplier) != (s.Supplier != ""):
		return wrong(s, "supplier", "поставщик нужен там и только там, где accounts: supplier")
	case s.Auth == AuthHash && !strings.Contains(s.Hash, "{secret}"):
		return wrong(s, "hash", "нужна строка подписи с {secret}, например {account}{txn_id}{sum}{secret}")
	case s.Auth == AuthIP && (len(s.IPs) == 0 || e.Secret != ""):
		return wrong(s, "ips", "вход по адресу требует адресов и не знает секрета")
	case s.Rate < 1 || s.Rate > rateMax:
		return wrong(s, "rate", "запросов в секунду – от 1 до 10000")
	case s.KeepDays < keepMin || s.KeepDays > keepMax:
		return wrong(s, "keep_days", "запросы хранятся от 30 дней до 10 лет")
	}
	return nil
}

// prepare makes what requests need of the texts.
func (s *Settings) prepare(region *time.Location) (err error) {
	s.zone = region
	if s.Zone != "" {
		if s.zone, err = time.LoadLocation(s.Zone); err != nil {
			return wrong(s, "zone", "такого часового пояса нет")
		}
	}
	if s.Fee != "" {
		if s.fee, err = decimal.Parse(s.Fee); err != nil || s.fee < 0 || s.fee > decimal.FromInt(feeMax) {
			return wrong(s, "fee", "вознаграждение – процент от 0 до 20")
		}
	}
	if s.ips, err = prefixes(s.IPs); err != nil {
		return wrong(s, "ips", "адрес или сеть не разобраны: ждём 10.0.0.7 или 10.0.0.0/24")
	}
	if s.proxies, err = prefixes(s.Proxies); err != nil {
		return wrong(s, "proxies", "адрес или сеть не разобраны: ждём 10.0.0.7 или 10.0.0.0/24")
	}
	if s.Pattern != "" {
		if s.pattern, err = regexp.Compile(s.Pattern); err != nil {
			return wrong(s, "pattern", "выражение не разобрано")
		}
	}
	return nil
}

func prefixes(texts []string) (list []netip.Prefix, err error) {
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if addr, e := netip.ParseAddr(text); e == nil {
			p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("network %q: %w", text, err)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

func wrong(s *Settings, field, what string) error {
	return fault.Newf(fault.Invalid, "agent."+field, "Агент %s: %s.", s.Code, what).WithField(field)
}
