package courier

import (
	"context"
	"fmt"
	"io"
	"os"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// States of a file.
const (
	Waiting  = "waiting"  // to be sent
	Sent     = "sent"     // nobody has answered, or nobody will
	Accepted = "accepted" // the supplier took every row
	Partly   = "partly"   // he refused some
	Refused  = "refused"  // he refused the whole file
)

// StateWords are the states as people read them.
var StateWords = map[string]string{Waiting: "ждёт отправки", Sent: "отправлен", Accepted: "принят поставщиком", Partly: "принят не весь", Refused: "отклонён"}

// File is a file that was made for a supplier.
type File struct {
	Supplier   string          `json:"supplier"`
	Code       string          `json:"code"`
	Number     int64           `json:"number"`
	Name       string          `json:"name"`
	Rows       int             `json:"rows"`
	Again      int             `json:"again"` // of them refused before
	Sum        money.Amount    `json:"sum"`
	State      string          `json:"state"`
	RefusedNow int             `json:"refused"` // rows the supplier refused
	Open       int             `json:"open"`    // of them not given again yet
	Trouble    string          `json:"trouble,omitempty"`
	Attempts   int             `json:"attempts"`
	Digest     string          `json:"digest"`
	Size       int64           `json:"size"`
	SlotAt     calendar.Micros `json:"-"`
	MadeAt     calendar.Micros `json:"-"`
	SentAt     calendar.Micros `json:"-"`
	AnsweredAt calendar.Micros `json:"-"`
	Slot       string          `json:"slot"` // the hour it is of
	SentTime   string          `json:"sentAt,omitempty"`

	supplierID, after, to int64
}

const fileColumns = `f.supplier_id, s.code, f.code, f.number, f.name, f.row_count, f.again, f.sum_kop, f.state, f.trouble, f.attempts, f.digest, f.size, f.slot_at, f.made_at, f.sent_at, f.answered_at, f.after_position, f.to_position,
	(SELECT count(*) FROM courier_refusal r WHERE r.supplier_id = f.supplier_id AND r.code = f.code AND r.number = f.number),
	(SELECT count(*) FROM courier_refusal r WHERE r.supplier_id = f.supplier_id AND r.code = f.code AND r.number = f.number AND r.again_number = 0)`

func listFiles(ctx context.Context, tx *db.Tx, where string, args ...any) ([]File, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+fileColumns+" FROM courier_file f JOIN supplier s ON s.supplier_id = f.supplier_id WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list files of exchange: %w", err)
	}
	defer rows.Close()
	list := []File{}
	for rows.Next() {
		var f File
		if err := rows.Scan(&f.supplierID, &f.Supplier, &f.Code, &f.Number, &f.Name, &f.Rows, &f.Again, &f.Sum, &f.State, &f.Trouble, &f.Attempts, &f.Digest, &f.Size, &f.SlotAt, &f.MadeAt, &f.SentAt, &f.AnsweredAt,
			&f.after, &f.to, &f.RefusedNow, &f.Open); err != nil {
			return nil, err
		}
		f.Slot = f.SlotAt.Time().UTC().Format(stamp)
		if f.SentAt != 0 {
			f.SentTime = f.SentAt.Time().UTC().Format(stamp)
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

const stamp = "2006-01-02T15:04:05Z"

// List gives the latest files, the newest first; of one supplier (0: all) and one exchange (”: all).
func (m *Module) List(ctx context.Context, supplierID int64, code string, limit int) (list []File, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listFiles(ctx, tx, "(CAST($1 AS BIGINT) = 0 OR f.supplier_id = $1) AND ($2 = '' OR f.code = $2) ORDER BY f.made_at DESC, f.number DESC LIMIT $3", supplierID, code, limit)
		return err
	})
	return list, err
}

// Find gives a file.
func (m *Module) Find(ctx context.Context, supplierID int64, code string, number int64) (f File, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		f, err = find(ctx, tx, supplierID, code, number)
		return err
	})
	return f, err
}

func find(ctx context.Context, tx *db.Tx, supplierID int64, code string, number int64) (File, error) {
	list, err := listFiles(ctx, tx, "f.supplier_id = $1 AND f.code = $2 AND f.number = $3", supplierID, code, number)
	switch {
	case err != nil:
		return File{}, err
	case len(list) == 0:
		return File{}, fault.New(fault.NotFound, "courier.no_file", "Такого файла обмена нет. Номера: kvit exchange list.")
	}
	return list[0], nil
}

// Open opens the bytes of a file as they were made.
func (m *Module) Open(f *File) (io.ReadSeekCloser, error) {
	b, err := m.Blobs.Open(f.Digest)
	if os.IsNotExist(err) {
		return nil, fault.Newf(fault.Internal, "courier.lost", "Файла %s нет в хранилище.", f.Name).Because(err)
	}
	return b, err
}

// Refusal is a row the supplier did not take.
type Refusal struct {
	Row     int    `json:"row"`
	Account string `json:"account"`
	Reason  string `json:"reason"`
	Again   int64  `json:"again,omitempty"`  // number of the file it was given again with
	Wanted  bool   `json:"wanted,omitempty"` // goes with the next file
}

// Refusals are the rows of a file the supplier did not take.
func (m *Module) Refusals(ctx context.Context, f *File) (list []Refusal, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Refusal{}
		rows, err := tx.QueryContext(ctx, "SELECT row_no, account, reason, again_number, wanted FROM courier_refusal WHERE supplier_id = $1 AND code = $2 AND number = $3 ORDER BY row_no LIMIT $4", f.supplierID, f.Code, f.Number, refusalsMax)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r Refusal
			var wanted int
			if err := rows.Scan(&r.Row, &r.Account, &r.Reason, &r.Again, &wanted); err != nil {
				return err
			}
			r.Wanted = wanted == 1 && r.Again == 0
			list = append(list, r)
		}
		return rows.Err()
	})
	return list, err
}

const refusalsMax = 1000

// Resend sends a file again as it was made, or puts the rows refused of it into the next file. It tells how many rows go.
func (m *Module) Resend(ctx context.Context, actor access.Actor, supplierID int64, code string, number int64, refused bool) (rows int, err error) {
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		f, err := find(ctx, tx, supplierID, code, number)
		if err != nil {
			return err
		}
		if rows = f.Rows; refused {
			if rows = f.Open; rows == 0 {
				return fault.New(fault.Conflict, "courier.nothing_refused", "В этом файле нет отклонённых строк, которые ещё не переданы снова.")
			}
			_, err = tx.ExecContext(ctx, "UPDATE courier_refusal SET wanted = 1 WHERE supplier_id = $1 AND code = $2 AND number = $3 AND again_number = 0", supplierID, code, number)
		} else {
			_, err = tx.ExecContext(ctx, "UPDATE courier_file SET state = 'waiting', attempts = 0, next_at = 0, trouble = '' WHERE supplier_id = $1 AND code = $2 AND number = $3", supplierID, code, number)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "courier.resent", fmt.Sprintf("courier:%d/%s/%d", supplierID, code, number), map[string]any{"refused": refused, "rows": rows})
	})
	return rows, err
}
