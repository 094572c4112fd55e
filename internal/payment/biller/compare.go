package biller

import (
	"context"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/money"
)

// Kinds of differences between an agent's register and ours.
const (
	OnlyOurs       = "only_ours"   // booked here, not in the agent's register
	OnlyTheirs     = "only_theirs" // in the agent's register, never told of
	SumsDiffer     = "sum"
	AccountsDiffer = "account"
	Unread         = "unread" // a row nobody can read
)

// Difference is one operation that the two registers do not agree on.
type Difference struct {
	Kind    string       `json:"kind"`
	Txn     string       `json:"txn"`
	Number  string       `json:"number,omitempty"` // ours
	Account string       `json:"account"`
	Ours    money.Amount `json:"ours"`
	Theirs  money.Amount `json:"theirs"`
	Row     int          `json:"row,omitempty"` // of the agent's register
	Booked  bool         `json:"booked"`        // by this register
	Reason  string       `json:"reason,omitempty"`
}

// Comparison is an agent's register of a day beside ours.
type Comparison struct {
	Agent       string       `json:"agent"`
	Day         string       `json:"day"`
	OK          bool         `json:"ok"` // nothing differs, or what was missing is booked
	Matched     int          `json:"matched"`
	MatchedSum  money.Amount `json:"matchedSum"`
	Ours        money.Amount `json:"ours"`
	Theirs      money.Amount `json:"theirs"`
	Differences []Difference `json:"differences"`
}

// CompareRequest says what to compare.
type CompareRequest struct {
	Code    string
	Day     calendar.Date
	Path    string            // the agent's register
	Profile *register.Profile // how it is read; nil is guessed
	Book    bool              // book what was never told of
}

// Compare sets an agent's register of a day beside ours, by the agent's numbers. What is only theirs is booked when asked
// for, marked as known from the register.
func (m *Module) Compare(ctx context.Context, actor access.Actor, r *CompareRequest) (*Comparison, error) {
	action := "read"
	if r.Book {
		action = "manage"
	}
	if err := actor.Require("agent", action); err != nil {
		return nil, err
	}
	a, err := m.agentOf(ctx, r.Code)
	if err != nil {
		return nil, err
	}
	rows, unread, err := readTheirs(ctx, r)
	if err != nil {
		return nil, err
	}
	ours, err := m.around(ctx, a, r.Day)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Agent: a.Code, Day: r.Day.String(), Differences: unread}
	missing := c.match(ours, rows, r.Day)
	for i := range missing {
		if err := m.settleTheirs(ctx, actor, a, &missing[i], c, r.Book); err != nil {
			return nil, err
		}
	}
	c.OK = !slices.ContainsFunc(c.Differences, func(d Difference) bool { return !d.Booked })
	return c, nil
}

// theirs is an operation of the agent's register; a row that takes it back is counted in its sum.
type theirs struct {
	txn, account, clock string
	day                 calendar.Date
	sum                 money.Amount
	row                 int
}

// at is the moment of the operation by the agent's clock; noon when the register tells the day only.
func (t *theirs) at(zone *time.Location) time.Time {
	day := t.day.Time(zone)
	if clock, err := time.Parse("15:04:05", t.clock); err == nil {
		return day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute + time.Duration(clock.Second())*time.Second)
	}
	return day.Add(12 * time.Hour)
}

// readTheirs reads the agent's register, operation by operation in the order of the file.
func readTheirs(ctx context.Context, r *CompareRequest) (list []theirs, unread []Difference, err error) {
	f, done, err := register.OpenFile(r.Path)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	p := r.Profile
	if p == nil {
		guessed, _, err := register.GuessFile(f)
		if err != nil {
			return nil, nil, err
		}
		p = &guessed
	}
	place := map[string]int{}
	unread = []Difference{}
	_, err = register.Read(ctx, f, *p, register.Options{}, func(row *register.Row) error {
		if row.Quarantined() || row.Operation == "" {
			unread = append(unread, Difference{Kind: Unread, Account: row.Account, Theirs: row.Amount, Row: row.Pos, Reason: "В строке нет номера операции или её не разобрать."})
			return nil
		}
		i, known := place[row.Operation]
		if !known {
			i = len(list)
			place[row.Operation] = i
			list = append(list, theirs{txn: row.Operation, account: row.Account, clock: row.Time, day: row.Date, row: row.Pos})
			if list[i].day == 0 {
				list[i].day = r.Day
			}
		}
		list[i].sum += row.Amount
		return nil
	})
	return list, unread, err
}

// match sets the two lists beside each other and gives what is only theirs.
func (c *Comparison) match(ours []Operation, rows []theirs, day calendar.Date) (missing []theirs) {
	known := map[string]*Operation{}
	for i := range ours {
		known[ours[i].Txn] = &ours[i]
	}
	seen := map[string]bool{}
	for i := range rows {
		t := &rows[i]
		seen[t.txn] = true
		c.Theirs += t.sum
		o := known[t.txn]
		if o == nil {
			missing = append(missing, *t)
			continue
		}
		c.Ours += o.Sum
		c.judge(o, t)
	}
	for i := range ours {
		if o := &ours[i]; o.day == day && !seen[o.Txn] && o.Sum != 0 {
			c.Ours += o.Sum
			c.Differences = append(c.Differences, Difference{Kind: OnlyOurs, Txn: o.Txn, Number: o.Number, Account: o.Account, Ours: o.Sum})
		}
	}
	return missing
}

// judge sets an operation beside the agent's row of it.
func (c *Comparison) judge(o *Operation, t *theirs) {
	d := Difference{Txn: o.Txn, Number: o.Number, Account: o.Account, Ours: o.Sum, Theirs: t.sum, Row: t.row}
	switch {
	case o.Sum != t.sum:
		d.Kind = SumsDiffer
	case t.account != "" && match.FoldNumber(t.account) != match.FoldNumber(o.Account):
		d.Kind, d.Reason = AccountsDiffer, t.account
	default:
		c.Matched++
		c.MatchedSum += o.Sum
		return
	}
	c.Differences = append(c.Differences, d)
}

// settleTheirs notes an operation that only the agent knows, and books it when asked to.
func (m *Module) settleTheirs(ctx context.Context, actor access.Actor, a *Agent, t *theirs, c *Comparison, book bool) (err error) {
	if t.sum == 0 { // paid and taken back, both without us
		return nil
	}
	d := Difference{Kind: OnlyTheirs, Txn: t.txn, Account: t.account, Theirs: t.sum, Row: t.row}
	switch {
	case book && t.sum < 0:
		d.Reason = "Возврат платежа, которого у нас нет."
	case book:
		if d.Reason, err = m.bookFromRegister(ctx, a, t); err != nil {
			return err
		}
		if d.Booked = d.Reason == ""; d.Booked {
			c.Ours += t.sum
			err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
				return audit.Record(ctx, tx, m.Now(), actor.String(), "agent.booked_from_register", "agent:"+a.Code, map[string]any{"txn": t.txn, "sum": int64(t.sum)})
			})
		}
	}
	c.Differences = append(c.Differences, d)
	return err
}

// ProfileOf chooses the profile of a file among those of an onboarding sheet: the one that names it, else the only one.
func ProfileOf(list []register.Profile, name string) (*register.Profile, error) {
	for i := range list {
		if strings.EqualFold(list[i].File, name) {
			return &list[i], nil
		}
	}
	if len(list) != 1 {
		return nil, fault.Newf(fault.Invalid, "agent.profile", "Среди профилей нет файла %s. Укажите в профиле file или оставьте один.", name)
	}
	return &list[0], nil
}
