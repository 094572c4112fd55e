package charge

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/ledger"
)

// recheckedMax is how many charged buildings a check of a sample computes again.
const recheckedMax = 200

// mark is a building charged by a run.
type mark struct{ building, run int64 }

// Recheck computes charged months again from the facts and the catalogue each run went by, and compares every line with
// the one stored, byte for byte: all charged buildings, or a sample spread evenly over them. Corrections of earlier
// months follow from other lines and are not among them.
func (m *Module) Recheck(ctx context.Context, all bool) (ledger.Breach, error) {
	b := ledger.Breach{ID: "I9.lines_come_out_again", Rows: []string{}}
	var marks []mark
	var runs []Run
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if marks, err = listMarks(ctx, tx); err != nil {
			return err
		}
		runs, err = ListRuns(ctx, tx, 0)
		return err
	})
	if err != nil {
		return b, err
	}
	if step := (len(marks) + recheckedMax - 1) / recheckedMax; !all && step > 1 {
		marks = sampleOf(marks, step)
	}
	for i := range runs {
		if err := m.recheckRun(ctx, &runs[i], marks, &b); err != nil {
			return b, fmt.Errorf("check run %d again: %w", runs[i].ID, err)
		}
	}
	return b, nil
}

// listMarks gives the buildings charged by runs of months, by run and building.
func listMarks(ctx context.Context, tx *db.Tx) (marks []mark, err error) {
	err = tx.Scan(ctx, "SELECT building_id, run_id FROM charge_building WHERE part = 0 ORDER BY run_id, building_id", nil, func(v []int64, _ []byte) error {
		marks = append(marks, mark{v[0], v[1]})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list charged buildings: %w", err)
	}
	return marks, nil
}

func sampleOf(marks []mark, step int) (sample []mark) {
	for i := step / 2; i < len(marks); i += step {
		sample = append(sample, marks[i])
	}
	return sample
}

// recheckRun computes the buildings of one run again, as the run itself did.
func (m *Module) recheckRun(ctx context.Context, run *Run, marks []mark, b *ledger.Breach) error {
	first := slices.IndexFunc(marks, func(x mark) bool { return x.run == run.ID })
	if run.Kind != KindMonth || first < 0 {
		return nil
	}
	f, loader, err := m.newFiller(ctx, run)
	if err != nil {
		return err
	}
	f.overdue.again = true
	w := newWave()
	for _, x := range marks[first:] {
		if x.run != run.ID {
			break
		}
		same, err := m.sameAgain(ctx, f, loader, x.building, w)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		b.Add(fmt.Sprintf("%d/%d", x.building, int(run.Month)))
	}
	return nil
}

// unwritten is the number of a transaction that is only computed.
const unwritten = 1

// noneLate leaves corrections out of what is computed again.
var noneLate = map[int64]calendar.Month{}

// sameAgain tells whether a building comes to the lines and reasons that are stored.
func (m *Module) sameAgain(ctx context.Context, f *filler, loader *fact.Loader, building int64, w *wave) (same bool, err error) {
	if err := m.fill(ctx, f, loader, pending{first: building, last: building, buildings: 1, txn: unwritten}, noneLate, w); err != nil {
		return false, err
	}
	type line struct {
		ints   []int64
		detail []byte
	}
	var lines []line
	w.lines.Each(func(ints []int64, last []byte) { lines = append(lines, line{slices.Clone(ints), bytes.Clone(last)}) })
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		at := 0
		same = true
		err := tx.Scan(ctx, "SELECT "+strings.Join(w.lines.Columns(), ", ")+` FROM charge_line WHERE building_id = $1 AND run_id = $2 AND month = $3
			AND formula <> `+strconv.Itoa(int(calc.FormulaRecalculation))+" ORDER BY line_no", []any{building, f.run.ID, int64(f.run.Month)},
			func(ints []int64, last []byte) error {
				same = same && at < len(lines) && slices.Equal(ints, lines[at].ints) && bytes.Equal(last, lines[at].detail)
				at++
				return nil
			})
		if err != nil {
			return err
		}
		var issues int
		err = tx.QueryRowContext(ctx, "SELECT count(*) FROM charge_issue WHERE building_id = $1 AND run_id = $2 AND month = $3", building, f.run.ID, int64(f.run.Month)).Scan(&issues)
		same = same && at == len(lines) && issues == w.issues.Rows()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("lines of building %d: %w", building, err)
	}
	return same, nil
}
