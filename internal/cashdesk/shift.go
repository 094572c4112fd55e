package cashdesk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/restore"
)

// Opening is a shift as a clerk begins it.
type Opening struct {
	Clerk, Desk string
	Cash        money.Amount // in the drawer
	Note        string       // why it is not what the shift before left
}

// Begin opens a shift. What the shift before left is what should be in the drawer: another sum needs its reason. A clerk
// who has one open at the desk gets it again.
func (m *Module) Begin(ctx context.Context, o Opening) (s Shift, err error) {
	if !deskForm.MatchString(o.Desk) {
		return s, fault.New(fault.Invalid, "cash.desk", "Номер кассы – до 20 букв, цифр и дефисов, например 1").WithField("desk")
	}
	if o.Cash < 0 {
		return s, fault.New(fault.Invalid, "cash.opening", "Сумма не бывает меньше нуля").WithField("cash")
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return s, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		s, err = m.begin(ctx, tx, o, id)
		return err
	})
	return s, err
}

func (m *Module) begin(ctx context.Context, tx *db.Tx, o Opening, id int64) (Shift, error) {
	open, err := listShifts(ctx, tx, "WHERE closed_at = 0 AND (desk = $1 OR clerk = $2)", o.Desk, o.Clerk)
	if err != nil {
		return Shift{}, err
	}
	if len(open) > 0 {
		switch busy := &open[0]; {
		case busy.Clerk == o.Clerk && busy.Desk == o.Desk:
			return *busy, nil
		case busy.Clerk == o.Clerk:
			return Shift{}, fault.Newf(fault.Conflict, "cash.clerk_busy", "У вас открыта смена в кассе %s. Закройте её.", busy.Desk).WithField("desk")
		}
		return Shift{}, fault.Newf(fault.Conflict, "cash.desk_busy", "В кассе %s открыта смена другого кассира. Её закрывают до вашей.", o.Desk).WithField("desk")
	}
	before, err := listShifts(ctx, tx, "WHERE desk = $1 ORDER BY number DESC LIMIT 1", o.Desk)
	if err != nil {
		return Shift{}, err
	}
	s := Shift{ID: id, Desk: o.Desk, Number: 1, Clerk: o.Clerk, OpenedAt: m.Now(), Opening: o.Cash, OpeningNote: strings.TrimSpace(o.Note)}
	if len(before) == 1 {
		if s.Number = before[0].Number + 1; before[0].Left != o.Cash && s.OpeningNote == "" {
			return Shift{}, fault.Newf(fault.Invalid, "cash.opening_differs", "Прошлая смена оставила %s. Пересчитайте или напишите, почему сумма другая", before[0].Left.Format()).WithField("note")
		}
	}
	least, err := restore.Least(ctx, tx, restore.NumberShift, o.Desk)
	if err != nil {
		return Shift{}, err
	}
	s.Number = max(s.Number, least)
	s.sum()
	if _, err := tx.ExecContext(ctx, "INSERT INTO cash_shift ("+shiftColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, '')", s.ID, s.Desk, s.Number, s.Clerk, int64(s.OpenedAt), int64(s.Opening), s.OpeningNote); err != nil {
		return Shift{}, err
	}
	return s, audit.Record(ctx, tx, m.Now(), o.Clerk, "cash.opened", "shift:"+s.Name, map[string]any{"opening": s.Opening})
}

// LeftAt is what the last shift of a desk left in the drawer.
func (m *Module) LeftAt(ctx context.Context, desk string) (sum money.Amount, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listShifts(ctx, tx, "WHERE desk = $1 ORDER BY number DESC LIMIT 1", desk)
		if err == nil && len(list) == 1 {
			sum = list[0].Left
		}
		return err
	})
	return sum, err
}

// LastDesk is where a clerk worked last; empty when nowhere yet.
func (m *Module) LastDesk(ctx context.Context, clerk string) (desk string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listShifts(ctx, tx, "WHERE clerk = $1 ORDER BY opened_at DESC LIMIT 1", clerk)
		if err == nil && len(list) == 1 {
			desk = list[0].Desk
		}
		return err
	})
	return desk, err
}

// Move brings change into the drawer or takes cash away (kind Supply or Handover); the same key moves once.
func (m *Module) Move(ctx context.Context, clerk, key, kind string, sum money.Amount, note string) error {
	if sum <= 0 || kind != Supply && kind != Handover {
		return fault.New(fault.Invalid, "cash.sum", "Напишите сумму больше нуля, например 5000").WithField("sum")
	}
	if kind == Handover {
		sum = -sum
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		if before, _, err := pressed(ctx, tx, key); err != nil || before != nil {
			return err
		}
		s, err := current(ctx, tx, clerk)
		if err != nil {
			return err
		}
		if s.Expected+sum < 0 {
			return errLittle.WithField("sum")
		}
		x := Movement{Kind: kind, Amount: sum, Note: strings.TrimSpace(note), At: m.Now(), key: key}
		if err := add(ctx, tx, &s, &x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), clerk, "cash."+kind, "receipt:"+x.Name, map[string]any{"sum": sum})
	})
}

// Closing is what a clerk says at the end of his shift.
type Closing struct {
	Clerk   string
	Counted money.Amount // in the drawer
	Handed  money.Amount // of it taken away
	Reason  string       // why counted is not what there should be
}

// Close ends the clerk's shift. A difference needs its reason; what is given back is finished first. Closing again gives the
// closed shift of that clerk.
func (m *Module) Close(ctx context.Context, c Closing) (s Shift, err error) {
	switch {
	case c.Counted < 0:
		return s, fault.New(fault.Invalid, "cash.counted", "Сумма не бывает меньше нуля").WithField("counted")
	case c.Handed < 0 || c.Handed > c.Counted:
		return s, fault.New(fault.Invalid, "cash.handed", "Сдать можно не больше, чем посчитали").WithField("handed")
	}
	if err := m.FinishCancels(ctx); err != nil {
		return s, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		s, err = current(ctx, tx, c.Clerk)
		if err != nil {
			return err
		}
		s.ClosedAt, s.Counted, s.Handed, s.Reason = m.Now(), c.Counted, c.Handed, strings.TrimSpace(c.Reason)
		if s.Difference, s.Left = s.Counted-s.Expected, s.Counted-s.Handed; s.Difference == 0 {
			s.Reason = ""
		} else if s.Reason == "" {
			return fault.Newf(fault.Invalid, "cash.difference", "По учёту %s, вы посчитали %s. Пересчитайте или напишите причину", s.Expected.Format(), s.Counted.Format()).WithField("reason")
		}
		_, err := tx.ExecContext(ctx, "UPDATE cash_shift SET closed_at = $2, counted_kop = $3, handed_kop = $4, reason = $5 WHERE shift_id = $1 AND closed_at = 0",
			s.ID, int64(s.ClosedAt), int64(s.Counted), int64(s.Handed), s.Reason)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), c.Clerk, "cash.closed", "shift:"+s.Name, map[string]any{"counted": s.Counted, "difference": s.Difference, "handed": s.Handed})
	})
	return s, err
}

// ListFilter narrows a list of shifts.
type ListFilter struct {
	Desk, Clerk string
	Open        bool
	From        calendar.Micros
}

// shiftsMax bounds a list of shifts.
const shiftsMax = 500

// List gives shifts, the newest first, without their movements.
func (m *Module) List(ctx context.Context, f ListFilter) (list []Shift, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listShifts(ctx, tx, `WHERE ($1 = '' OR desk = $1) AND ($2 = '' OR clerk = $2) AND (CAST($3 AS BIGINT) = 0 OR closed_at = 0) AND opened_at >= $4 ORDER BY opened_at DESC, shift_id DESC LIMIT $5`,
			f.Desk, f.Clerk, boolean(f.Open), int64(f.From), int64(shiftsMax))
		return err
	})
	for i := range list {
		list[i].Movements = nil
	}
	return list, err
}

func boolean(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// ParseName reads «1-57» or «1-57-3»: a desk, the number of its shift, the number of a movement (0 without one). The name of
// a desk may have hyphens of its own.
func ParseName(name string, withMovement bool) (desk string, shift int64, no int, err error) {
	parts := strings.Split(name, "-")
	tail := 1
	if withMovement {
		tail = 2
	}
	if len(parts) > tail {
		numbers := parts[len(parts)-tail:]
		shift, err = strconv.ParseInt(numbers[0], 10, 64)
		if err == nil && withMovement {
			no, err = strconv.Atoi(numbers[1])
		}
		if err == nil {
			return strings.Join(parts[:len(parts)-tail], "-"), shift, no, nil
		}
	}
	return "", 0, 0, fault.Newf(fault.NotFound, "cash.name", "Номера %q нет. Смена пишется так: 1-57, квитанция – 1-57-3.", name)
}

// Find gives a shift by its name with its movements.
func (m *Module) Find(ctx context.Context, name string) (s Shift, err error) {
	desk, number, _, err := ParseName(name, false)
	if err != nil {
		return s, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err = findShift(ctx, tx, desk, number)
		return err
	})
	return s, err
}

// FindReceipt gives a movement by its name, with its shift.
func (m *Module) FindReceipt(ctx context.Context, name string) (s Shift, x Movement, err error) {
	desk, number, no, err := ParseName(name, true)
	if err != nil {
		return s, x, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if s, err = findShift(ctx, tx, desk, number); err != nil {
			return err
		}
		found, err := s.movement(no)
		if err == nil {
			x = *found
		}
		return err
	})
	if err != nil {
		return s, x, fmt.Errorf("receipt %s: %w", name, err)
	}
	return s, x, nil
}
