package exchange

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// PurposeHandover marks what another settlement centre handed over with a house: figures stand on it as on a register, and no
// supplier sent it to us.
const PurposeHandover = "handover"

// Handed is what another centre handed over of one supplier: the rows of its accounts, and which payments their «paid» counts.
type Handed struct {
	ID         int64 // of the file it stands as
	SupplierID int64
	Name       string
	Digest     string // of the package
	Month      calendar.Month
	Day        int // of the cutoff, as in a profile
	Months     int
	Received   calendar.Micros // when the other centre had got the register
	Rows       int64
}

// KeepHanded writes what was handed over as files taken in, of one batch.
func KeepHanded(ctx context.Context, tx *db.Tx, batch int64, actor string, list []Handed, now calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES ($1, $2, 'applied', $3, $4, 0, $4, $4)`,
		batch, fmt.Sprintf("%s:%d", PurposeHandover, batch), actor, int64(now))
	for i := range list {
		if err != nil {
			break
		}
		h := &list[i]
		_, err = tx.ExecContext(ctx, `INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state,
			duplicate_of, encoding, refusal, rows, applied, repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at)
			VALUES ($1, $2, $3, $4, $5, 0, $6, 'line', $7, $8, '{}', $9, 'applied', 0, '', '', $10, $10, 0, 0, 0, 0, 0, 0, $11, $12)`,
			h.ID, batch, h.SupplierID, h.Name, h.Digest, PurposeHandover, int64(h.Day), int64(h.Months), int64(h.Month), h.Rows, int64(h.Received), int64(now))
	}
	if err != nil {
		return fmt.Errorf("keep what was handed over: %w", err)
	}
	return nil
}

// Alone does something while no files are being taken in: Conflict when some are.
func (m *Module) Alone(do func() error) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return do()
}

// came is an account that came from another centre.
type came struct {
	until calendar.Month // the last one that centre billed
	lines []charge.Line  // of that month, as they stand
}

// findCame notes the accounts of a supplier that came from another centre, and those that left for one.
func (b *batch) findCame(ctx context.Context, tx *db.Tx, supplierID int64) error {
	if b.came == nil {
		b.came, b.left, b.names = map[int64]*came{}, map[int64]calendar.Month{}, map[int64]string{}
	}
	type place struct {
		building int64
		month    calendar.Month
	}
	there := map[place][]int64{}
	err := tx.Scan(ctx, "SELECT building_id, account_id, last_month FROM v_handover_came WHERE supplier_id = $1", []any{supplierID}, func(v []int64, _ []byte) error {
		at := place{v[0], calendar.Month(v[2])}
		there[at] = append(there[at], v[1])
		b.came[v[1]] = &came{until: at.month}
		return nil
	})
	if err == nil {
		err = tx.Scan(ctx, "SELECT account_id, last_month FROM v_handover_left WHERE supplier_id = $1", []any{supplierID}, func(v []int64, _ []byte) error {
			b.left[v[0]] = calendar.Month(v[1])
			return nil
		})
	}
	for at, accounts := range there {
		if err == nil {
			err = b.findHeld(ctx, tx, at.building, at.month, accounts)
		}
	}
	if err == nil && len(there) > 0 {
		b.names, err = supplier.ListServiceNames(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("accounts that came or left: %w", err)
	}
	return nil
}

// findHeld reads what stands of the last month another centre billed.
func (b *batch) findHeld(ctx context.Context, tx *db.Tx, building int64, month calendar.Month, accounts []int64) error {
	lines, err := charge.ListMonth(ctx, tx, building, accounts, month, b.recorded)
	for i := range lines {
		c := b.came[lines[i].AccountID]
		c.lines = append(c.lines, lines[i])
	}
	return err
}

// corrects gives the line of an account that came which a row of its last month there changes; false where it changes none.
func (b *batch) corrects(account int64, f *file, l *line) (c charge.Line, changed bool) {
	from := b.came[account]
	if from == nil || l.month(f) != from.until {
		return c, false
	}
	for i := range from.lines {
		if held := &from.lines[i]; b.names[held.ServiceID] == l.Service {
			return held.CorrectedBy(l.charge())
		}
	}
	return c, false
}

// charge is what a row says was charged.
func (l *line) charge() *charge.Line {
	return &charge.Line{Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due, Volume: l.Volume, Rate: l.Tariff, Given: l.Given}
}

// billedElsewhere leaves out the rows of an account that another centre bills: it left with its house, or they are of months
// before it came and say nothing new of the last of them. Rows about the months before a house left go on to its centre.
func (b *batch) billedElsewhere(f *file, j *judged, id, building int64) bool {
	x := finding{Pos: j.Pos, Account: j.Printed, Type: "handover", Verdict: VerdictIgnored, Field: "account", Value: j.Printed}
	switch from := b.came[id]; {
	case account.IsGone(building) && b.sendOn(f, j, id, building):
		x.Code, x.Hint = "handover.sent_on", "Дом этого счёта передан другому расчётному центру. Строки за месяцы до передачи уходят ему сами, остальные отправьте ему вы."
	case account.IsGone(building):
		x.Code, x.Hint = "handover.left", "Дом этого счёта передан другому расчётному центру. Начисляет теперь он: отправьте файл ему."
	case from != nil && len(j.Lines) > 0 && !j.hasAfter(f, from.until):
		if b.correctsAny(id, f, j) {
			x.Verdict, x.Code, x.Hint = VerdictApplied, "handover.corrected", fmt.Sprintf("По %s счёт выставлял прежний расчётный центр. Начисления за этот месяц изменились, разница учтена; оплаченное осталось, как приняли оба центра.", from.until)
			f.note(x)
			return false
		}
		x.Code, x.Hint = "handover.before", fmt.Sprintf("По %s счёт выставлял прежний расчётный центр, и этот долг уже принят от него. Второй раз месяц не начисляется.", from.until)
	default:
		return false
	}
	f.note(x)
	f.leaveOut(j)
	return true
}

// correctsAny tells whether some row of an account changes what came with it.
func (b *batch) correctsAny(id int64, f *file, j *judged) bool {
	return slices.ContainsFunc(j.Lines, func(l line) bool {
		_, changed := b.corrects(id, f, &l)
		return changed
	})
}

// staysAsCame tells whether all a batch says of an account is of months another centre billed: it changes charges, and not whose
// premises those are, which the centres agreed on later.
func (b *batch) staysAsCame(a *arrived) bool {
	from := b.came[a.account]
	if from == nil {
		return false
	}
	for i := range a.told {
		if a.told[i].hasAfter(a.files[i], from.until) {
			return false
		}
	}
	return true
}

// Onward is a row about an account that left, for the centre that has it.
type Onward struct {
	Building, Account int64
	FileID, Row       int64
	FileName          string
	Month             calendar.Month
	Service           string
	Figures           charge.Line // sums, volume, rate and which were given; nothing else
}

// sendOn puts rows of the months before an account left among those that go to its centre; false when there is none.
func (b *batch) sendOn(f *file, j *judged, id, building int64) (any bool) {
	until := b.left[id]
	for i := range j.Lines {
		l := &j.Lines[i]
		if l.month(f) > until {
			continue
		}
		any = true
		b.onward = append(b.onward, Onward{Building: building, Account: id, FileID: f.id, Row: int64(l.Pos), FileName: f.name, Month: l.month(f), Service: l.Service, Figures: *l.charge()})
	}
	return any
}

// hasAfter tells whether the account has a line of a later month.
func (j *judged) hasAfter(f *file, month calendar.Month) bool {
	for i := range j.Lines {
		if j.Lines[i].month(f) > month {
			return true
		}
	}
	return false
}
