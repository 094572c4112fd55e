package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// ours is a payment, or money given back, as our book has it.
type ours struct {
	Key     string   // of the client: stays the same in every installation that took the same files
	Public  string   // what people call it
	through string   // the channel it came by
	IDs     []string // under which the partner may know it
	Parent  []string // of money given back: of the payment it is of
	Day     calendar.Date
	Sum     money.Amount // negative: given back
	left    money.Amount // not met in a register yet
	met     bool
}

// Case is a difference with all that is known of it.
type Case struct {
	Key       string
	Partner   string
	Day       calendar.Date
	Cause     Cause
	Operation string
	OrderKey  string
	Ours      money.Amount
	Theirs    money.Amount
	OtherDay  calendar.Date
}

// identify names a case by what it is about, so that the next run finds it again.
func (c *Case) identify() {
	c.Key = strings.Join([]string{c.Partner, c.Day.String(), string(c.Cause), c.Operation, c.OrderKey}, "|")
}

// comparison is a partner's operations compared with ours, day by day.
type comparison struct {
	partner Partner
	days    map[calendar.Date]*Day
	cases   []Case
	ours    []*ours // not met, of all days
	theirs  []*Line // not met
}

// day is the row of a day.
func (c *comparison) day(d calendar.Date) *Day {
	if c.days[d] == nil {
		c.days[d] = &Day{Partner: c.partner.Code, Day: d}
	}
	return c.days[d]
}

// add counts a payment of ours.
func (d *Day) add(o *ours) {
	if d.channels == nil {
		d.channels = map[string]money.Amount{}
	}
	d.Ours += o.Sum
	d.channels[o.through] += o.Sum
}

func (c *comparison) add(x Case) {
	x.Partner = c.partner.Code
	x.identify()
	c.cases = append(c.cases, x)
}

// compareDay matches what stands under one day on both sides by the numbers the partner gives; what is left waits for the
// other days.
func (c *comparison) compareDay(day calendar.Date, mine []ours, theirs []Line) {
	d := c.day(day)
	byID := index(mine)
	for i := range mine {
		d.add(&mine[i])
	}
	for i := range theirs {
		x := &theirs[i]
		if x.Currency != "" {
			c.add(Case{Day: day, Cause: Currency, Operation: x.Operation, Theirs: x.Amount})
			continue
		}
		d.HasRegister = true
		d.Register += x.Amount
		d.Fee += x.Fee
		d.lines++
		c.meet(x, byID)
	}
	for i := range mine {
		c.rest(&mine[i])
	}
}

// rest files what of our payment no line met.
func (c *comparison) rest(o *ours) {
	switch {
	case !o.met:
		c.ours = append(c.ours, o)
	case o.left != 0:
		c.add(Case{Day: o.Day, Cause: SumDiffers, Operation: firstID(o), OrderKey: o.Key, Ours: o.Sum, Theirs: o.Sum - o.left})
	}
}

func firstID(o *ours) string {
	for _, id := range o.IDs {
		if id != o.Key {
			return id
		}
	}
	return o.Public
}

// index finds payments by the numbers they go under; money given back by those of its payment too.
func index(mine []ours) map[string][]*ours {
	byID := map[string][]*ours{}
	for i := range mine {
		o := &mine[i]
		o.left = o.Sum
		for _, id := range o.IDs {
			if id != "" {
				byID[id] = append(byID[id], o)
			}
		}
		for _, id := range o.Parent {
			if id != "" {
				byID[backID(id)] = append(byID[backID(id)], o)
			}
		}
	}
	return byID
}

// backID is a number of a payment under which money given back of it is looked for.
func backID(id string) string { return "back|" + id }

// ids are the numbers a line may be known to us by, surest first.
func (x *Line) ids() []string {
	if x.Amount < 0 && x.Parent != "" {
		return []string{x.OrderKey, x.Operation, backID(x.Parent), backID(x.Reference)}
	}
	return []string{x.OrderKey, x.Operation, x.Reference}
}

// meet finds the payment a line is about. A line of a payment that is met already to its whole sum is its repetition; one
// operation may be told in several lines, by account.
func (c *comparison) meet(x *Line, byID map[string][]*ours) {
	met := paired(x, byID)
	switch {
	case met == nil:
		c.theirs = append(c.theirs, x)
	case met.left == 0 && met.met:
		c.add(Case{Day: x.Day, Cause: Doubled, Operation: x.Operation, OrderKey: met.Key + occurrence(x.key), Theirs: x.Amount})
	default:
		met.met = true
		met.left -= x.Amount
	}
}

// paired is the payment a line is about: of those that go under one number the one of the same sum, the only one, or one that
// is met already; several others are left to surer numbers.
func paired(x *Line, byID map[string][]*ours) *ours {
	for _, id := range x.ids() {
		list := byID[id]
		if id == "" || len(list) == 0 {
			continue
		}
		list = slices.DeleteFunc(slices.Clone(list), func(o *ours) bool { return (o.Sum < 0) != (x.Amount < 0) })
		if i := slices.IndexFunc(list, func(o *ours) bool { return o.left == x.Amount }); i >= 0 {
			return list[i]
		}
		if len(list) == 1 {
			return list[0]
		}
		if i := slices.IndexFunc(list, func(o *ours) bool { return o.met && o.Sum == x.Amount }); i >= 0 {
			return list[i]
		}
	}
	return nil
}

// occurrence tells the third repetition from the second.
func occurrence(key string) string {
	if i := strings.LastIndexByte(key, '|'); i > 0 && strings.Count(key, "|") > 4 {
		return key[i:]
	}
	return ""
}

// compareLeft matches over days what was not met within one: a payment near midnight, money given back later. What is left
// then is only ours or only theirs.
func (c *comparison) compareLeft() {
	byID := map[string][]*ours{}
	for _, o := range c.ours {
		for id, list := range index([]ours{*o}) {
			for range list {
				byID[id] = append(byID[id], o)
			}
		}
	}
	var lost []*Line
	for _, x := range c.theirs {
		if o := elsewhere(x, byID); o != nil {
			c.across(o, x)
		} else {
			lost = append(lost, x)
		}
	}
	c.theirs = lost
	c.ours = slices.DeleteFunc(c.ours, func(o *ours) bool { return o.met })
}

// elsewhere is the payment of a line under another day.
func elsewhere(x *Line, byID map[string][]*ours) *ours {
	for _, id := range x.ids() {
		if id == "" {
			continue
		}
		for _, o := range byID[id] {
			if !o.met && (o.Sum < 0) == (x.Amount < 0) {
				return o
			}
		}
	}
	return nil
}

// across records a payment that both know under two days.
func (c *comparison) across(o *ours, x *Line) {
	o.met = true
	cause := WrongDay
	switch {
	case o.Sum != x.Amount:
		cause = SumDiffers
	case o.Sum < 0:
		cause = RefundDay
	}
	c.add(Case{Day: o.Day, Cause: cause, Operation: x.Operation, OrderKey: o.Key, Ours: o.Sum, Theirs: x.Amount, OtherDay: x.Day})
}

// alone makes cases of what only one side has. A line that repeats one met under another day is a repetition. Where no
// register of a day came, the day as a whole is the case.
func (c *comparison) alone(known func(*Line) (orderKey string), due func(calendar.Date) bool) {
	for _, x := range c.theirs {
		if key := known(x); key != "" {
			c.add(Case{Day: x.Day, Cause: Doubled, Operation: x.Operation, OrderKey: key, Theirs: x.Amount})
			continue
		}
		c.add(Case{Day: x.Day, Cause: OnlyTheirs, Operation: cmp.Or(x.Operation, x.Reference), OrderKey: x.OrderKey, Theirs: x.Amount})
	}
	missing := map[calendar.Date]money.Amount{}
	for _, o := range c.ours {
		if c.day(o.Day).HasRegister {
			c.add(Case{Day: o.Day, Cause: OnlyOurs, Operation: firstID(o), OrderKey: o.Key, Ours: o.Sum})
		} else {
			missing[o.Day] += o.Sum
		}
	}
	for day, sum := range missing {
		if c.partner.Register != NoRegisters && due(day) {
			c.add(Case{Day: day, Cause: NoRegister, Ours: sum})
		}
	}
}
