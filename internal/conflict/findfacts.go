package conflict

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
)

// facts are what parties told of a building's households beside their registers.
type facts struct {
	areas, residents map[int64][]Claim
}

// teller tells who told a fact: a supplier's program, or the centre. What a register brought stands in the claims of its
// accounts, and a decision of ours is nobody's claim: false.
func (t *town) teller(source string) (c Claim, ok bool) {
	by, rest, _ := strings.Cut(source, ":")
	switch by {
	case "file", "decided":
		return c, false
	case "api":
		code, _, _ := strings.Cut(rest, ":")
		return Claim{Who: code, Supplier: t.ids[code], Source: source}, true
	}
	return Claim{Who: Centre, Source: source}, true
}

func (t *town) factsOf(b *building) *facts {
	f := &facts{map[int64][]Claim{}, map[int64][]Claim{}}
	for i := range b.set.Premises {
		p := &b.set.Premises[i]
		if c, ok := t.teller(p.Source); ok && p.Area > 0 {
			f.areas[p.Household] = []Claim{c.saying(p.Area.String(), p.RecordedAt)}
		}
	}
	for i := range b.set.Rare {
		x := &b.set.Rare[i]
		if a, ok := x.AreaOf(); ok && x.From <= t.today && a.Area > 0 {
			if c, told := t.teller(x.Source); told { // the day's area stands in place of the one without a day
				f.areas[x.Household] = []Claim{c.saying(a.Area.String(), x.RecordedAt)}
			}
		}
	}
	t.stays(b, f)
	return f
}

// stays counts who lives in each household by what was told beside registers.
func (t *town) stays(b *building, f *facts) {
	persons := map[int64]int64{}
	for i := range b.set.Stays {
		x := &b.set.Stays[i]
		c, ok := t.teller(x.Source)
		if !ok || x.Kind != fact.Resident && x.Kind != fact.Temporary || !x.Holds(t.today) {
			continue
		}
		persons[x.Household] += int64(max(0, x.Persons))
		f.residents[x.Household] = []Claim{c.saying(countText(persons[x.Household]), x.RecordedAt)}
	}
}

func (c Claim) saying(value string, at calendar.Micros) Claim {
	c.Value, c.Said, c.At = value, value, at
	return c
}

// saidMeter is a meter as one party tells of it.
type saidMeter struct {
	Claim
	id      int64
	service string
	serial  string
	digits  uint8
	until   calendar.Date // verified
}

// meters compares what parties say of the meters of a household: which there are, and of one meter its digits and the
// term of its verification.
func (f *finder) meters(household int64, members []account.Member) {
	list := f.saidMeters(members)
	numbers := map[string]map[string]*Claim{} // by service and party
	for i := range list {
		m := &list[i]
		if numbers[m.service] == nil {
			numbers[m.service] = map[string]*Claim{}
		}
		if c := numbers[m.service][m.Who]; c == nil {
			first := m.saying(m.serial, m.At)
			numbers[m.service][m.Who] = &first
		} else if !slices.Contains(listed(c.Value), m.serial) {
			all := append(listed(c.Value), m.serial)
			slices.Sort(all)
			c.Value, c.At = strings.Join(all, ", "), max(c.At, m.At)
			c.Said = c.Value
		}
	}
	for _, service := range slices.Sorted(maps.Keys(numbers)) {
		var claims []Claim
		for _, c := range numbers[service] {
			claims = append(claims, *c)
		}
		f.add(household, MeterNumber, service, claims)
	}
	f.eachMeter(household, list)
}

func (f *finder) eachMeter(household int64, list []saidMeter) {
	slices.SortStableFunc(list, func(a, b saidMeter) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.serial, b.serial))
	})
	for from := 0; from < len(list); {
		to := from
		var digits, verified []Claim
		for ; to < len(list) && list[to].service == list[from].service && list[to].serial == list[from].serial; to++ {
			m := &list[to]
			if m.digits != 0 {
				digits = append(digits, m.saying(countText(int64(m.digits)), m.At))
			}
			if m.until != 0 {
				verified = append(verified, m.saying(m.until.String(), m.At))
			}
		}
		object := list[from].service + "/" + list[from].serial
		f.add(household, MeterDigits, object, digits)
		f.add(household, Verified, object, verified)
		from = to
	}
}

// saidMeters gives the meters of accounts as each party told of them last. A register that brought a meter is its
// account's supplier speaking.
func (f *finder) saidMeters(members []account.Member) (list []saidMeter) {
	type key struct {
		meter int64
		who   string
	}
	at := map[key]int{}
	for i := range f.b.meters {
		m := &f.b.meters[i]
		of := slices.IndexFunc(members, func(a account.Member) bool { return a.AccountID == m.AccountID })
		if of < 0 || m.Serial == "" || m.Service == "" || !m.Holds(f.today) {
			continue
		}
		c, ok := f.teller(m.Source)
		switch a := &members[of]; {
		case strings.HasPrefix(m.Source, "decided:"):
			continue
		case !ok:
			c = Claim{Who: f.suppliers[a.SupplierID].Code, Supplier: a.SupplierID, AccountID: a.AccountID, Account: a.Number, Source: m.Source}
		default:
			c.AccountID, c.Account = a.AccountID, a.Number
		}
		c.At = m.RecordedAt
		x := saidMeter{Claim: c, id: m.ID, service: m.Service, serial: serialText(m.Serial), digits: m.Digits, until: m.VerifiedBy}
		k := key{m.ID, c.Who}
		if n, again := at[k]; again {
			list[n] = x
		} else {
			at[k], list = len(list), append(list, x)
		}
	}
	f.verifications(list)
	return list
}

// verifications puts in the terms of verification that were told apart from the meter.
func (f *finder) verifications(list []saidMeter) {
	for i := range f.b.set.Rare {
		x := &f.b.set.Rare[i]
		if x.Kind != fact.KindVerification {
			continue
		}
		for k := range list {
			m := &list[k]
			v, ok := x.VerificationOf(m.id)
			c, told := f.teller(x.Source)
			if !told {
				c.Who = m.Who
			}
			if ok && c.Who == m.Who && !strings.HasPrefix(x.Source, "decided:") {
				m.until = max(m.until, v.Until)
			}
		}
	}
}
