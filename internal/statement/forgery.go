package statement

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/reading/photo"
)

// States of a report of a forged paper, with what the centre says of them.
const (
	ForgeryOpen    = "open"
	ForgeryForged  = "forged"
	ForgeryGenuine = "genuine"
)

// ForgeryLabels are the words for states of reports.
var ForgeryLabels = map[string]string{ForgeryOpen: "ждёт проверки", ForgeryForged: "подделка", ForgeryGenuine: "наш документ"}

// Forgery is a paper somebody thinks forged.
type Forgery struct {
	ID          int64
	Key         string // the form's: sent twice, kept once
	ToldAt      calendar.Micros
	Number      string // as it stands on the paper
	INN         string
	BankAccount string
	Comment     string
	Contact     string // to answer to; empty: none was left
	Photo       string // digest of the picture; empty: none
	State       string
	Answer      string
	DecidedBy   string
	DecidedAt   calendar.Micros
}

// textMax bounds what a report says, in letters.
const textMax = 1000

// Report keeps a paper thought forged, with a picture made safe already; nil is none.
func (m *Module) Report(ctx context.Context, f Forgery, picture *photo.Image) (id int64, err error) {
	f.Comment = strings.TrimSpace(f.Comment)
	if f.Comment == "" && picture == nil {
		return 0, fault.New(fault.Invalid, "forgery.empty", "Напишите, что насторожило, или приложите фото документа.").WithField("comment")
	}
	for _, text := range []string{f.Comment, f.Contact, f.Number, f.INN, f.BankAccount} {
		if utf8.RuneCountInString(text) > textMax {
			return 0, fault.Newf(fault.Invalid, "forgery.long", "Текст длиннее %d знаков. Сократите его.", textMax).WithField("comment")
		}
	}
	if picture != nil {
		if f.Photo, _, err = m.Photos.Put(ctx, bytes.NewReader(picture.Full), photo.Max); err != nil {
			return 0, err
		}
	}
	if id, err = m.DB.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO statement_forgery (forgery_id, client_key, told_at, number, inn, bank_account, comment, contact, photo, state, answer, decided_by, decided_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '', '', 0) ON CONFLICT (client_key) DO NOTHING`, id, f.Key, int64(m.Now()), f.Number, f.INN, f.BankAccount, f.Comment, f.Contact, f.Photo); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT forgery_id FROM statement_forgery WHERE client_key = $1", f.Key).Scan(&id)
	})
	if err != nil {
		return 0, fmt.Errorf("report of a forgery: %w", err)
	}
	return id, nil
}

// ListForgeries gives reports, the newest first: those that wait, or all.
func (m *Module) ListForgeries(ctx context.Context, all bool, limit int) (list []Forgery, err error) {
	where := "WHERE state = 'open'"
	if all {
		where = ""
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listForgeries(ctx, tx, where+" ORDER BY told_at DESC LIMIT $1", limit)
		return err
	})
	return list, err
}

func listForgeries(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Forgery, error) {
	rows, err := tx.QueryContext(ctx, "SELECT forgery_id, told_at, number, inn, bank_account, comment, contact, photo, state, answer, decided_by, decided_at FROM statement_forgery "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list forgeries: %w", err)
	}
	defer rows.Close()
	list := []Forgery{}
	for rows.Next() {
		var f Forgery
		if err := rows.Scan(&f.ID, &f.ToldAt, &f.Number, &f.INN, &f.BankAccount, &f.Comment, &f.Contact, &f.Photo, &f.State, &f.Answer, &f.DecidedBy, &f.DecidedAt); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// JudgeForgery notes what a paper was, with an answer for whoever reported it.
func (m *Module) JudgeForgery(ctx context.Context, actor string, id int64, state, answer string) error {
	if state != ForgeryForged && state != ForgeryGenuine {
		return fault.New(fault.Invalid, "forgery.state", "Решите: подделка это или наш документ.").WithField("state")
	}
	at := m.Now()
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := listForgeries(ctx, tx, "WHERE forgery_id = $1", id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.New(fault.NotFound, "forgery.unknown", "Такого сообщения нет.")
		}
		if _, err := tx.ExecContext(ctx, "UPDATE statement_forgery SET state = $1, answer = $2, decided_by = $3, decided_at = $4 WHERE forgery_id = $5", state, answer, actor, int64(at), id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, at, actor, "forgery."+state, fmt.Sprintf("forgery:%d", id), map[string]any{"answer": answer})
	})
	if err != nil {
		return fmt.Errorf("judge forgery %d: %w", id, err)
	}
	return nil
}

// OpenPhoto gives the picture of a report.
func (m *Module) OpenPhoto(ctx context.Context, id int64) (*os.File, error) {
	var list []Forgery
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listForgeries(ctx, tx, "WHERE forgery_id = $1", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0].Photo == "" {
		return nil, fault.New(fault.NotFound, "forgery.photo", "Фото к этому сообщению нет.")
	}
	return m.Photos.Open(list[0].Photo)
}
