// Package restore holds the program back after its data were returned to an earlier moment, until a person has compared them
// with what is known outside.
//
// What happened between the moment and the return is lost here and known outside: acquirers took money, banks carried out
// orders, suppliers were told. So numbers go on above all that may have been given, nothing is sent by itself, and no money
// leaves, until each step is done, in its order.
//
// Owns: tables restore_return, restore_step, restore_number. Does not own: how data come back (backup), what a step does (app
// connects it).
package restore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Steps of a return, in their order. Most hold something back until they are done.
const (
	StepCheck     = "check"     // the data are whole
	StepAcquirers = "acquirers" // acquirers were asked about the lost time
	StepRegisters = "registers" // registers and statements of those days are loaded
	StepReconcile = "reconcile" // they agree with our payments: money may move again
	StepWebhooks  = "webhooks"  // suppliers' programs may be called
	StepFiles     = "files"     // files may go to suppliers
	StepReceipts  = "receipts"  // receipts may be printed
	StepGIS       = "gis"       // ГИС ЖКХ may be told
	StepPeople    = "people"    // residents were told about readings of the lost time
)

// Choices about what had waited to be sent when the copy was made.
const (
	ChoiceAgain = "again" // it is sent
	ChoiceSent  = "sent"  // it was sent in the lost time: it is not sent
)

// Step is a step as a person is told of it.
type Step struct {
	Code    string   `json:"step"`
	Title   string   `json:"title"`
	Hint    string   `json:"hint"`            // what to do
	Command string   `json:"command"`         // that does it, or notes that it was done
	Holds   string   `json:"holds,omitempty"` // what waits for it
	Choices []string `json:"choices,omitempty"`
	Choice  string   `json:"choice,omitempty"`
	Note    string   `json:"note,omitempty"`
	Actor   string   `json:"by,omitempty"`
	// DoneAt is when it was done; 0: it was not.
	DoneAt calendar.Micros `json:"-"`
}

// steps are all of them, in order.
var steps = []Step{
	{Code: StepCheck, Title: "Проверить данные", Hint: "Все инварианты пересчитываются заново.", Command: "kvit restore check"},
	{Code: StepAcquirers, Title: "Спросить эквайеров", Hint: "Платежи, которые эквайер принял в потерянное время, записываются в невыясненные. Эквайер без списка платежей даёт реестр: он нужен в следующем шаге.", Command: "kvit restore ask"},
	{Code: StepRegisters, Title: "Загрузить реестры и выписки", Hint: "Нужны реестры всех банков, агентов и эквайеров и выписки по счёту центра за каждый день потерянного времени: kvit reconcile load.", Command: "kvit restore done registers --by ИМЯ"},
	{Code: StepReconcile, Title: "Сверить", Hint: "Сверка находит платежи, которых у нас нет, и поручения, которые банк исполнил. Разберите открытые случаи: kvit reconcile run, страница «Сверка».", Command: "kvit restore done reconcile --by ИМЯ", Holds: "перечисления, закрытие дня, реестры платежей, автоплатежи"},
	{Code: StepWebhooks, Title: "Разрешить вызовы программ поставщиков", Hint: "Если до сбоя программы поставщиков уже получили то, что ждало отправки, выберите sent. Повтор с тем же номером сообщения они узнают и сами.", Command: "kvit restore done webhooks --choice again|sent --by ИМЯ", Holds: "вызовы программ поставщиков", Choices: []string{ChoiceAgain, ChoiceSent}},
	{Code: StepFiles, Title: "Разрешить файлы поставщикам", Hint: "Сравните с папками поставщиков: если ждавшие файлы там были, выберите sent.", Command: "kvit restore done files --choice again|sent --by ИМЯ", Holds: "файлы поставщикам", Choices: []string{ChoiceAgain, ChoiceSent}},
	{Code: StepReceipts, Title: "Разрешить чеки", Hint: "Касса узнаёт чек по его номеру и второй раз не печатает. Сравните число чеков за потерянные дни с отчётом ОФД.", Command: "kvit restore done receipts --by ИМЯ", Holds: "кассовые чеки"},
	{Code: StepGIS, Title: "Разрешить обмен с ГИС ЖКХ", Hint: "Сначала сравните, что там уже есть: страница «ГИС ЖКХ».", Command: "kvit restore done gis --by ИМЯ", Holds: "сообщения в ГИС ЖКХ"},
	{Code: StepPeople, Title: "Сказать жителям", Hint: "Показания, переданные в потерянное время, нужно передать ещё раз. Дни – в этом отчёте.", Command: "kvit restore done people --by ИМЯ"},
}

// Return is a return of the data to an earlier moment.
type Return struct {
	ID         int64           `json:"return"`
	Actor      string          `json:"by"`
	Steps      []Step          `json:"steps"`
	DataAt     calendar.Micros `json:"-"` // they are of this moment
	UntilAt    calendar.Micros `json:"-"` // the return was made: the time between is lost
	FinishedAt calendar.Micros `json:"-"` // 0: steps are left
}

// Next is the step to do now; nil when all are done.
func (r *Return) Next() *Step {
	for i := range r.Steps {
		if r.Steps[i].DoneAt == 0 {
			return &r.Steps[i]
		}
	}
	return nil
}

// Begin writes a return down in the returned data: from then on the program is held back.
func Begin(ctx context.Context, tx *db.Tx, actor string, dataAt, until calendar.Micros) (*Return, error) {
	r := &Return{Actor: actor, UntilAt: until}
	// What an earlier return that is not finished lost, this one has to find too.
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(return_id), 0) + 1, coalesce(min(CASE WHEN finished_at = 0 AND data_at < $1 THEN data_at END), $1) FROM restore_return`, int64(dataAt)).Scan(&r.ID, &r.DataAt)
	if err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE restore_return SET finished_at = $1 WHERE finished_at = 0", int64(until))
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, "INSERT INTO restore_return (return_id, data_at, until_at, actor, finished_at) VALUES ($1, $2, $3, $4, 0)", r.ID, int64(r.DataAt), int64(until), actor)
	}
	if err != nil {
		return nil, fmt.Errorf("note the return: %w", err)
	}
	return r, audit.Record(ctx, tx, until, actor, "restore.begun", fmt.Sprintf("return:%d", r.ID), map[string]int64{"dataAt": int64(r.DataAt)})
}

// Last is the last return; nil when there was none.
func Last(ctx context.Context, tx *db.Tx) (*Return, error) {
	r := &Return{Steps: slices.Clone(steps)}
	err := tx.QueryRowContext(ctx, "SELECT return_id, data_at, until_at, actor, finished_at FROM restore_return ORDER BY return_id DESC LIMIT 1").Scan(&r.ID, &r.DataAt, &r.UntilAt, &r.Actor, &r.FinishedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the last return: %w", err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT step, choice, note, actor, done_at FROM restore_step WHERE return_id = $1", r.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Step
		if err := rows.Scan(&s.Code, &s.Choice, &s.Note, &s.Actor, &s.DoneAt); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(r.Steps, func(x Step) bool { return x.Code == s.Code }); i >= 0 {
			x := &r.Steps[i]
			x.Choice, x.Note, x.Actor, x.DoneAt = s.Choice, s.Note, s.Actor, s.DoneAt
		}
	}
	return r, rows.Err()
}

// Done is a step a person says is done.
type Done struct {
	Step, Choice, Note, Actor string
	At                        calendar.Micros
}

// Finish notes that a step is done, in the transaction of what follows from it. A step done before stays as it was; one whose turn
// has not come is a Conflict. first tells whether it was done now.
func Finish(ctx context.Context, tx *db.Tx, d Done) (r *Return, first bool, err error) {
	if r, err = Last(ctx, tx); err != nil {
		return nil, false, err
	}
	if r == nil {
		return nil, false, fault.New(fault.NotFound, "restore.none", "Данные ни разу не возвращали: шагов нет.")
	}
	at := slices.IndexFunc(r.Steps, func(s Step) bool { return s.Code == d.Step })
	if at < 0 {
		return nil, false, fault.Newf(fault.NotFound, "restore.step", "Шага %q нет. Шаги показывает kvit restore status.", d.Step)
	}
	s := &r.Steps[at]
	if s.DoneAt != 0 {
		return r, false, nil
	}
	if next := r.Next(); next.Code != d.Step {
		return nil, false, fault.Newf(fault.Conflict, "restore.order", "Сначала шаг %q: %s.", next.Code, next.Title)
	}
	if len(s.Choices) > 0 && !slices.Contains(s.Choices, d.Choice) || len(s.Choices) == 0 && d.Choice != "" {
		return nil, false, fault.Newf(fault.Invalid, "restore.choice", "Для шага %q скажите, что делать с тем, что ждало отправки: --choice again – отправить, sent – уже отправлено.", d.Step)
	}
	s.Choice, s.Note, s.Actor, s.DoneAt = d.Choice, d.Note, d.Actor, d.At
	if _, err := tx.ExecContext(ctx, "INSERT INTO restore_step (return_id, step, choice, note, actor, done_at) VALUES ($1, $2, $3, $4, $5, $6)", r.ID, d.Step, d.Choice, d.Note, d.Actor, int64(d.At)); err != nil {
		return nil, false, err
	}
	if r.Next() == nil {
		r.FinishedAt = d.At
		if _, err := tx.ExecContext(ctx, "UPDATE restore_return SET finished_at = $2 WHERE return_id = $1", r.ID, int64(d.At)); err != nil {
			return nil, false, err
		}
	}
	return r, true, audit.Record(ctx, tx, d.At, d.Actor, "restore."+d.Step, fmt.Sprintf("return:%d", r.ID), map[string]string{"choice": d.Choice})
}

// Held tells whether what waits for a step is held back.
func Held(ctx context.Context, tx *db.Tx, step string) (held bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM restore_return r WHERE r.finished_at = 0
		AND NOT EXISTS (SELECT 1 FROM restore_step s WHERE s.return_id = r.return_id AND s.step = $1))`, step).Scan(&held)
	if err != nil {
		return false, fmt.Errorf("what is held back: %w", err)
	}
	return held, nil
}

// HeldNow is Held in a transaction of its own, for those who do something now and again.
func HeldNow(ctx context.Context, d *db.DB, step string) (held bool, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		held, err = Held(ctx, tx, step)
		return err
	})
	return held, err
}

// LostSince is the moment the data were returned to, while steps of the return are left: what was recorded after it may be missing.
// 0: nothing is.
func LostSince(ctx context.Context, d *db.DB) (since calendar.Micros, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce(min(data_at), 0) FROM restore_return WHERE finished_at = 0").Scan(&since)
	})
	if err != nil {
		return 0, fmt.Errorf("what a return lost: %w", err)
	}
	return since, nil
}

// HeldCode is the code of what is refused after a return.
const HeldCode = "restore.held"

// Refuse is a Conflict when what waits for a step is held back.
func Refuse(ctx context.Context, tx *db.Tx, step string) error {
	held, err := Held(ctx, tx, step)
	if err != nil || !held {
		return err
	}
	s := steps[slices.IndexFunc(steps, func(s Step) bool { return s.Code == step })]
	return fault.Newf(fault.Conflict, HeldCode, "Данные вернули к прошлому, и пока не сделан шаг «%s», это остановлено: %s. Что делать: kvit restore status.", s.Title, s.Holds)
}

// RefuseNow is Refuse in a transaction of its own.
func RefuseNow(ctx context.Context, d *db.DB, step string) error {
	return d.Read(ctx, func(tx *db.Tx) error { return Refuse(ctx, tx, step) })
}
