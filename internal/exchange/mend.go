package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// States of an issue.
const (
	IssueOpen     = "open"
	IssueFixed    = "fixed"    // a person gave a value; the file has not been read again yet
	IssueReplayed = "replayed" // the file was read again with it
	IssueAccepted = "accepted" // the row is not wanted
)

// fixMax bounds a value a person gives, in bytes: a whole line at most.
const fixMax = 8 << 10

// FixRow keeps what a person puts in place of the value an issue is about: of one field, or with the field «row» the
// whole line of a text file. Nothing changes until Replay. An empty field is the issue's own.
func (m *Module) FixRow(ctx context.Context, actor access.Actor, fileID, no int64, field, value string) error {
	f, x, err := m.issueToFix(ctx, actor, fileID, no)
	if err != nil {
		return err
	}
	if field == "" {
		field = fixField(&x)
	}
	value = strings.TrimRight(value, "\r\n")
	p, err := m.profileOf(ctx, f.ID)
	switch {
	case err != nil:
		return err
	case x.Verdict != VerdictQuarantined:
		return fault.New(fault.Conflict, "row.not_quarantined", "Эта строка учтена: исправлять в ней нечего. Если она неверна, пусть поставщик пришлёт исправленный файл.")
	case !p.Fixable(field):
		return fault.Newf(fault.Invalid, "row.not_fixable", "Поле «%s» здесь не исправить. Исправьте строку в файле и загрузите его снова.", field).WithField("value")
	case len(value) > fixMax || strings.ContainsAny(value, "\r\n\x00"):
		return fault.New(fault.Invalid, "row.fix_bad", "Значение слишком длинное или в нём перевод строки.").WithField("value")
	}
	return m.setIssue(ctx, actor, fileID, no, IssueFixed, field, value)
}

// AcceptRow says that a quarantined row is not wanted: it leaves the list of rows to mend.
func (m *Module) AcceptRow(ctx context.Context, actor access.Actor, fileID, no int64) error {
	if _, _, err := m.issueToFix(ctx, actor, fileID, no); err != nil {
		return err
	}
	return m.setIssue(ctx, actor, fileID, no, IssueAccepted, "", "")
}

// fixField is where a value is wanted: the field the issue names, or the whole row when it names none.
func fixField(x *Issue) string {
	field, _, _ := strings.Cut(x.Field, ",")
	if field == "" {
		return register.WholeRow
	}
	return field
}

// FixField is the field a fix of the issue is about by default.
func (x *Issue) FixField() string { return fixField(x) }

func (m *Module) issueToFix(ctx context.Context, actor access.Actor, fileID, no int64) (f FileInfo, x Issue, err error) {
	scope, err := actor.Scope("intake", "write")
	if err != nil {
		return f, x, err
	}
	if f, err = m.FindFile(ctx, scope, fileID); err != nil {
		return f, x, err
	}
	var list []Issue
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = scanIssues(ctx, tx, "WHERE file_id = $1 AND issue_no = $2", fileID, no)
		return err
	})
	if err == nil && len(list) == 0 {
		err = fault.Newf(fault.NotFound, "issue.unknown", "Замечания № %d у этого файла нет.", no)
	}
	if err != nil {
		return f, x, err
	}
	if list[0].State == IssueReplayed {
		return f, x, fault.New(fault.Conflict, "row.replayed", "Эта строка уже исправлена, и файл перечитан. Откройте последнюю загрузку файла.")
	}
	return f, list[0], nil
}

func (m *Module) setIssue(ctx context.Context, actor access.Actor, fileID, no int64, state, field, value string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		at := m.now()
		_, err := tx.ExecContext(ctx, "UPDATE intake_issue SET state = $3, fix_field = $4, fix_value = $5, fixed_by = $6, fixed_at = $7 WHERE file_id = $1 AND issue_no = $2",
			fileID, no, state, field, value, actor.String(), int64(at))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, at, actor.String(), "row."+state, fmt.Sprintf("file:%d", fileID), map[string]any{"issue": no, "field": field})
	})
}

func (m *Module) profileOf(ctx context.Context, fileID int64) (p register.Profile, err error) {
	var text string
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT profile FROM intake_file WHERE file_id = $1", fileID).Scan(&text)
	})
	if err != nil {
		return p, fmt.Errorf("profile of file %d: %w", fileID, err)
	}
	return p, json.Unmarshal([]byte(text), &p)
}

// Replay reads a file again with the values people gave, as a newer version of the same month: rows that were fine
// stay as they are, mended rows are applied. A dry run only judges.
func (m *Module) Replay(ctx context.Context, actor access.Actor, fileID int64, dryRun bool) (*Report, error) {
	scope, err := actor.Scope("intake", "write")
	if err != nil {
		return nil, err
	}
	f, err := m.FindFile(ctx, scope, fileID)
	if err != nil {
		return nil, err
	}
	p, err := m.profileOf(ctx, fileID)
	if err != nil {
		return nil, err
	}
	fixed, err := m.fixesOf(ctx, &f)
	if err != nil {
		return nil, err
	}
	p.Fixes = append(p.Fixes, fixed...)
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := m.lastOfMonth(ctx, &f); err != nil {
		return nil, err
	}
	one := &file{name: f.Name, path: m.blobs.Path(f.Digest), purpose: f.Purpose, profile: p, month: f.Month}
	report, err := m.intake(ctx, Request{DryRun: dryRun, Actor: actor.String()}, []*file{one})
	if err != nil || dryRun || !report.Clean() {
		return report, err
	}
	return report, m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE intake_issue SET state = $2 WHERE file_id = $1 AND state = $3", fileID, IssueReplayed, IssueFixed)
		return err
	})
}

// fixesOf are the values given for rows of a file; Conflict when there are none.
func (m *Module) fixesOf(ctx context.Context, f *FileInfo) (fixes []register.Fix, err error) {
	var list []Issue
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = scanIssues(ctx, tx, "WHERE file_id = $1 AND state = $2 ORDER BY issue_no", f.ID, IssueFixed)
		return err
	})
	for i := range list {
		fixes = append(fixes, register.Fix{Pos: list[i].Pos, Field: list[i].Fix.Field, Value: list[i].Fix.Value})
	}
	if err == nil && len(fixes) == 0 {
		err = fault.New(fault.Conflict, "file.nothing_fixed", "В этом файле ничего не исправлено. Сначала исправьте отложенные строки.")
	}
	return fixes, err
}

// CountFixed counts the rows of a file that were mended and wait for Replay.
func (m *Module) CountFixed(ctx context.Context, fileID int64) (n int, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM intake_issue WHERE file_id = $1 AND state = $2", fileID, IssueFixed).Scan(&n)
	})
	return n, err
}

// lastOfMonth refuses to read a register again when the supplier has sent another one for its month since: the older
// would supersede the newer.
func (m *Module) lastOfMonth(ctx context.Context, f *FileInfo) error {
	if f.Purpose != PurposeCharges {
		return nil // operations of payments are taken once, whatever the file
	}
	var newer int64
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT coalesce(max(file_id), 0) FROM intake_file WHERE supplier_id = $1 AND month = $2 AND purpose = $3 AND state = $4
			AND batch_id > (SELECT batch_id FROM intake_file WHERE file_id = $5)`, f.SupplierID, int64(f.Month), f.Purpose, StateApplied, f.ID).Scan(&newer)
	})
	if err == nil && newer != 0 {
		err = fault.Newf(fault.Conflict, "file.superseded", "После этого файла пришёл более новый за тот же месяц (загрузка № %d). Исправляйте в нём.", newer)
	}
	return err
}
