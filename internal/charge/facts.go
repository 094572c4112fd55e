package charge

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// Facts tells what a run went by for some services of an account, by their codes, with the sources. What was recorded
// after the month had been charged before is marked late: it is why the month is corrected.
func (m *Module) Facts(ctx context.Context, building, account int64, services []string, month calendar.Month, run *Run) (list []why.Fact, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		set, err := fact.Gather(ctx, tx, building, run.FactsAt)
		if err != nil {
			return err
		}
		household, err := fact.HouseholdOf(ctx, tx, building, account)
		if err != nil {
			return err
		}
		since, err := chargedBefore(ctx, tx, building, month, run)
		if err != nil {
			return err
		}
		t := telling{set: set, account: account, household: household, services: services, month: month, after: since}
		t.tell()
		list = t.list
		return saySources(ctx, tx, list)
	})
	return list, err
}

// saySources puts where facts come from into words.
func saySources(ctx context.Context, tx *db.Tx, facts []why.Fact) (err error) {
	var words fact.SourceWords
	for i := range facts {
		if facts[i].Source, err = words.Say(ctx, tx, facts[i].Source); err != nil {
			return err
		}
	}
	return nil
}

// chargedBefore is up to when facts were known as a month was charged by another run; 0 when by none.
func chargedBefore(ctx context.Context, tx *db.Tx, building int64, month calendar.Month, run *Run) (at calendar.Micros, err error) {
	err = tx.QueryRowContext(ctx, "SELECT facts_at FROM charge_building WHERE building_id = $1 AND month = $2 AND part = 0 AND run_id <> $3", building, int64(month), run.ID).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return at, db.Fold(err)
}

// telling puts facts of one account into words.
type telling struct {
	set                *fact.Set
	account, household int64
	services           []string
	month              calendar.Month
	after              calendar.Micros
	list               []why.Fact
}

func (t *telling) tell() {
	for i := range t.set.Premises {
		if p := &t.set.Premises[i]; p.Household == t.household {
			t.add("Площадь", comma(p.Area)+" м²", &p.Head)
		}
	}
	for i := range t.set.Stays {
		if s := &t.set.Stays[i]; s.Household == t.household && t.holds(s.Term) {
			t.add(stayWords[s.Kind], fmt.Sprintf("%d чел.%s", s.Persons, termWords(s.Term)), &s.Head)
		}
	}
	for i := range t.set.Subscriptions {
		if s := &t.set.Subscriptions[i]; s.AccountID == t.account && t.asked(s.Service) && t.holds(s.Term) {
			t.add("Услуга", serviceWords(s), &s.Head)
		}
	}
	for i := range t.set.Meters {
		if x := &t.set.Meters[i]; x.AccountID == t.account && t.asked(x.Service) && t.holds(x.Term) {
			t.add("Счётчик", meterWords(x), &x.Head)
		}
	}
	for _, r := range t.set.Uses() {
		if t.asked(r.Service) && r.Month == t.month {
			t.add("Дом за "+r.Month.Word(), houseWords(&r), &r.Head)
		}
	}
	t.tellRare()
}

// tellRare tells acts, breaches of quality, benefits and what else is rare.
func (t *telling) tellRare() {
	for i := range t.set.Rare {
		r := &t.set.Rare[i]
		own := r.Household == 0 || r.Household == t.household
		if own && (r.AccountID == 0 || r.AccountID == t.account) && (r.Service == "" || t.asked(r.Service)) && r.From <= t.month.Last() {
			text := "весь срок"
			if r.From > 1 {
				text = "с " + r.From.Dotted()
			}
			t.add(cmp.Or(rareWords[r.Kind], r.Kind), text, &r.Head)
		}
	}
}

func (t *telling) add(name, value string, h *fact.Head) {
	t.list = append(t.list, why.Fact{Name: name, Value: value, Source: h.Source, Recorded: h.RecordedAt, Late: t.after != 0 && h.RecordedAt > t.after})
}

func (t *telling) asked(service string) bool { return slices.Contains(t.services, service) }

func (t *telling) holds(x calc.Term) bool {
	return x.From <= t.month.Last() && (x.Until == 0 || x.Until >= t.month.First())
}

var (
	stayWords = map[string]string{fact.Resident: "Живут", fact.Temporary: "Живут временно", fact.Owner: "Собственники", fact.Absent: "Уезжали", fact.Party: "Кто платит"}
	rareWords = map[string]string{fact.KindAct: "Акт", fact.KindEvent: "Перебой или качество", fact.KindBenefit: "Льгота", fact.KindObject: "Участок и хозяйство", fact.KindInstalment: "Рассрочка",
		fact.KindFine: "Штраф поставщика",
	}
	modeWords = map[string]string{fact.Issued: "по данным поставщика", fact.Computed: "считает расчётный центр", fact.Compared: "по данным поставщика, со сверкой"}
)

// serviceWords are how a service is charged: «считает расчётный центр, газовая плита с 01.10.2026».
func serviceWords(s *fact.Subscription) string {
	text := modeWords[s.Mode]
	if s.Category != "" {
		text += ", " + tariff.CategoryWords(s.Category)
	}
	return text + termWords(s.Term)
}

func termWords(t calc.Term) (text string) {
	if t.From > 1 {
		text = " с " + t.From.Dotted()
	}
	if t.Until != 0 {
		text += " по " + t.Until.Dotted()
	}
	return text
}

func meterWords(m *fact.Meter) string {
	switch {
	case m.FailedOn != 0:
		return "сломан с " + m.FailedOn.Dotted()
	case m.VerifiedBy != 0:
		return "поверен до " + m.VerifiedBy.Dotted()
	}
	return "исправен"
}

// houseWords tell what a house used in a month.
func houseWords(r *fact.Resource) string {
	switch {
	case r.HasMeter:
		return "объём " + comma(r.Volume)
	case r.Gap == fact.Unread:
		return "показаний общедомового счётчика нет"
	case r.Gap == fact.Failed:
		return "общедомовой счётчик не работает"
	case r.Gap == fact.Unverified:
		return "поверка общедомового счётчика кончилась"
	}
	return "объём " + comma(r.Volume)
}

func comma(d decimal.Decimal) string { return decimal.Grouped(d.String(), 0) }

// Readings gives the readings of an account's meters that lines name, known at a moment.
func (m *Module) Readings(ctx context.Context, building, account int64, lines []ToldLine) (found map[int64]*why.Reading, err error) {
	var ids []int64
	for i := range lines {
		for _, id := range [...]int64{lines[i].Before, lines[i].After} {
			if id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	found = map[int64]*why.Reading{}
	if len(ids) == 0 {
		return found, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error { return findReadings(ctx, tx, building, account, ids, found) })
	return found, err
}

func findReadings(ctx context.Context, tx *db.Tx, building, account int64, ids []int64, found map[int64]*why.Reading) error {
	args := []any{building, account}
	rows, err := tx.QueryContext(ctx, `SELECT r.reading_id, r.value_e7, r.on_day, r.source, r.recorded_at FROM charge_reading r
		WHERE r.building_id = $1 AND r.meter_id IN (SELECT m.meter_id FROM charge_meter m WHERE m.building_id = $1 AND m.account_id = $2)
		AND `+db.In("r.reading_id", ids, &args)+` ORDER BY r.recorded_at`, args...)
	if err != nil {
		return fmt.Errorf("readings of account %d: %w", account, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var value decimal.Decimal
		r := &why.Reading{}
		if err := rows.Scan(&id, &value, &r.On, &r.Source, &r.Recorded); err != nil {
			return err
		}
		r.Value, r.Day = value.String(), r.On.String()
		found[id] = r
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var words fact.SourceWords
	for _, r := range found {
		if r.Source, err = words.Say(ctx, tx, r.Source); err != nil {
			return err
		}
	}
	return nil
}
