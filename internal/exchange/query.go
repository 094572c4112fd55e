package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// FileInfo is a file as lists and protocols show it.
type FileInfo struct {
	ID          int64
	SupplierID  int64
	Name        string
	Digest      string
	Purpose     string
	Unit        string
	Month       calendar.Month
	State       string
	DuplicateOf int64
	Encoding    string
	Refusal     *Refusal
	Tally       tally
	Control     *Control
	CreatedAt   calendar.Micros
	AppliedAt   calendar.Micros
}

const fileColumns = `file_id, supplier_id, name, digest, purpose, unit, month, state, duplicate_of, encoding, refusal, rows, applied, repaired, ignored, quarantined,
	control_file, control_read, control_given, created_at, applied_at`

func scanFile(scan func(...any) error) (f FileInfo, err error) {
	var refusal string
	var given int
	var file, read money.Amount
	err = scan(&f.ID, &f.SupplierID, &f.Name, &f.Digest, &f.Purpose, &f.Unit, &f.Month, &f.State, &f.DuplicateOf, &f.Encoding, &refusal, &f.Tally.Rows, &f.Tally.Applied, &f.Tally.Repaired,
		&f.Tally.Ignored, &f.Tally.Quarantined, &file, &read, &given, &f.CreatedAt, &f.AppliedAt)
	if err != nil {
		return f, db.Fold(err)
	}
	if given == 1 {
		f.Control = &Control{File: file, Read: read, Equal: file == read}
	}
	if refusal != "" {
		f.Refusal = &Refusal{}
		err = json.Unmarshal([]byte(refusal), f.Refusal)
	}
	return f, err
}

// ListFiles gives the latest files of the scope.
func (m *Module) ListFiles(ctx context.Context, scope access.Scope, limit int) (list []FileInfo, err error) {
	where, arg := scope.Filter("supplier_id", "$1")
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT "+fileColumns+" FROM intake_file WHERE "+where+" ORDER BY file_id DESC LIMIT $2", arg, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			f, err := scanFile(rows.Scan)
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	return list, nil
}

// FindFile gives a file of the scope; a foreign one is NotFound, like any unknown.
func (m *Module) FindFile(ctx context.Context, scope access.Scope, id int64) (f FileInfo, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		f, err = scanFile(tx.QueryRowContext(ctx, "SELECT "+fileColumns+" FROM intake_file WHERE file_id = $1", id).Scan)
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && !scope.Sees(f.SupplierID) {
		return f, fault.New(fault.NotFound, "file.unknown", "Такой загрузки нет.").Because(err)
	}
	return f, err
}

// IssueCount is how often a code stands in a protocol.
type IssueCount struct {
	Code, Type, Verdict string
	Count               int
}

// CountIssues groups a file's issues.
func (m *Module) CountIssues(ctx context.Context, fileID int64) (list []IssueCount, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT code, type, verdict, count(*) FROM intake_issue WHERE file_id = $1 GROUP BY code, type, verdict ORDER BY count(*) DESC, code", fileID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c IssueCount
			if err := rows.Scan(&c.Code, &c.Type, &c.Verdict, &c.Count); err != nil {
				return err
			}
			list = append(list, c)
		}
		return rows.Err()
	})
	return list, err
}

// ListIssues gives a page of a file's issues, all or of one code.
func (m *Module) ListIssues(ctx context.Context, fileID int64, code string, offset, limit int) (list []Issue, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = scanIssues(ctx, tx, "WHERE file_id = $1 AND (CAST($2 AS TEXT) = '' OR code = $2) ORDER BY issue_no LIMIT $3 OFFSET $4", fileID, code, limit, offset)
		return err
	})
	return list, err
}

func scanIssues(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Issue, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT issue_no, pos, unit, code, type, verdict, account, field, value, now, hint, row_text, state, fix_field, fix_value, fixed_by, fixed_at FROM intake_issue "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list issues: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x Issue
		var fix Mend
		if err := rows.Scan(&x.No, &x.Pos, &x.Unit, &x.Code, &x.Type, &x.Verdict, &x.Account, &x.Field, &x.Value, &x.Now, &x.Hint, &x.Row, &x.State, &fix.Field, &fix.Value, &fix.By, &fix.At); err != nil {
			return nil, err
		}
		if fix.At != 0 {
			fix.Time = fix.At.Time().Format(time.RFC3339)
			x.Fix = &fix
		}
		list = append(list, x)
	}
	return list, rows.Err()
}
