package bill

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// sheaf is the bills of a batch of buildings, ready to be written.
type sheaf struct {
	batch     *batch
	marks     map[int64]*mark
	snapshots []*snapshot
}

func newSheaf(of *batch) *sheaf {
	s := &sheaf{batch: of, marks: map[int64]*mark{}}
	for _, id := range of.buildings {
		s.marks[id] = &mark{}
	}
	return s
}

// mark is what was done in a building: bills issued, households whose bill is not of the month, and those that keep the bill
// they have; total is what the issued ones come to, or by how much newer ones differ.
type mark struct {
	issued, without, already int64
	total                    money.Amount
}

// publishing issues the bills of a publication.
type publishing struct {
	*Module
	p *Publication
}

func (m publishing) collect(ctx context.Context, of *batch, at calendar.Micros) (s *sheaf, err error) {
	p := m.p
	reader, err := m.charges.Reader(ctx, at)
	if err != nil {
		return nil, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		s = newSheaf(of)
		holders, err := listHolders(ctx, tx, of.first, of.last, p.Month)
		if err != nil {
			return err
		}
		return m.each(ctx, tx, reader, of.first, of.last, at, func(b *Bill) error {
			k := s.marks[b.BuildingID]
			switch {
			case k == nil: // a household came to a building between them
				return nil
			case holders[Ref{b.BuildingID, b.HouseholdID}]:
				k.already++
				return nil
			case b.Month != p.Month.String():
				k.without++
				return nil
			}
			recipients, err := m.recipientsOf(ctx, tx, b)
			if err != nil {
				return err
			}
			one, err := newSnapshot(b, p.Month, 1, recipients)
			if err != nil {
				return err
			}
			one.run, one.publishedBy = p.Run, p.StartedBy
			s.snapshots = append(s.snapshots, one)
			k.issued, k.total = k.issued+1, k.total+b.Total
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("bills of run %d: %w", p.Run, err)
	}
	return s, nil
}

// writeSheaf writes the bills of a batch. Where another process issued some of them meanwhile they are made again without
// those.
func writeSheaf(ctx context.Context, by issuing, s *sheaf, at calendar.Micros) error {
	err := by.write(ctx, s, at)
	if f := fault.As(err); err != nil && f.Code == "duplicate" {
		if s, err = by.collect(ctx, s.batch, at); err == nil {
			err = by.write(ctx, s, at)
		}
	}
	return err
}

func (m publishing) write(ctx context.Context, s *sheaf, at calendar.Micros) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		var state string
		if err := tx.QueryRowContext(ctx, "SELECT state FROM bill_publication WHERE run_id = $1", m.p.Run).Scan(&state); err != nil {
			return err
		}
		if state == PublicationPaused {
			return errPublicationPaused
		}
		mine, err := s.marked(func(building int64, k *mark) (bool, error) {
			return inserted(ctx, tx, `INSERT INTO bill_published (building_id, run_id, month, published_at, issued, without, already, total_kop)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, building, m.p.Run, int64(m.p.Month), int64(at), k.issued, k.without, k.already, int64(k.total))
		})
		if err != nil {
			return err
		}
		return writeSnapshots(ctx, tx, mine)
	})
}

// marked marks the buildings of the batch and gives the bills of those that nobody else had marked.
func (s *sheaf) marked(insert func(building int64, k *mark) (bool, error)) (mine []*snapshot, err error) {
	first := map[int64]bool{}
	for _, id := range s.batch.buildings {
		if first[id], err = insert(id, s.marks[id]); err != nil {
			return nil, fmt.Errorf("mark building %d: %w", id, err)
		}
	}
	for _, one := range s.snapshots {
		if first[one.ref.Building] {
			mine = append(mine, one)
		}
	}
	return mine, nil
}

// inserted writes a row and tells whether it was not there.
func inserted(ctx context.Context, tx *db.Tx, query string, args ...any) (bool, error) {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// writeSnapshots writes bills and, last in their transaction, that they were issued.
func writeSnapshots(ctx context.Context, tx *db.Tx, list []*snapshot) error {
	if err := loadSnapshots(ctx, tx, list); err != nil {
		return err
	}
	return tellIssued(ctx, tx, list)
}

func loadSnapshots(ctx context.Context, tx *db.Tx, list []*snapshot) error {
	b := db.NewBulk("bill_snapshot", db.Column{Name: "building_id", Kind: db.Int8}, db.Column{Name: "household_id", Kind: db.Int8}, db.Column{Name: "month", Kind: db.Int4},
		db.Column{Name: "version", Kind: db.Int4}, db.Column{Name: "supersedes", Kind: db.Int4}, db.Column{Name: "run_id", Kind: db.Int8}, db.Column{Name: "published_at", Kind: db.Int8},
		db.Column{Name: "published_by", Kind: db.Text}, db.Column{Name: "reason", Kind: db.Text}, db.Column{Name: "number", Kind: db.Text}, db.Column{Name: "total_kop", Kind: db.Int8},
		db.Column{Name: "advance_kop", Kind: db.Int8}, db.Column{Name: "digest", Kind: db.Text}, db.Column{Name: "body", Kind: db.Bytes})
	for _, s := range list {
		for _, v := range [...]int64{s.ref.Building, s.ref.Household, int64(s.month), int64(s.version), int64(s.supersedes), s.run, int64(s.publishedAt)} {
			b.Int(v)
		}
		b.Text(s.publishedBy)
		b.Text(s.reason)
		b.Text(s.number)
		b.Int(int64(s.total))
		b.Int(int64(s.advance))
		b.Text(s.digest)
		b.Bytes(s.body)
	}
	return tx.Load(ctx, b)
}
