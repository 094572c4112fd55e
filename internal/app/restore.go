package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"kvit/internal/account"
	"kvit/internal/backup"
	"kvit/internal/calendar"
	"kvit/internal/cashdesk"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/event/webhook"
	"kvit/internal/exchange/courier"
	"kvit/internal/exchange/gis/queue"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/reconcile"
	"kvit/internal/restore"
	"kvit/internal/settlement"
)

// How far numbers go on after a return: beyond all that any lost time may have used.
const (
	idsSkipped    = 1_000_000_000
	eventsSkipped = 1_000_000
	placesSkipped = 1_000_000_000
	filesSkipped  = 1_000
)

// RestoreOptions say what is given back, and where.
type RestoreOptions struct {
	backup.RestoreRequest
	From, Key, Actor string
}

// RestoreReport is what a return came to.
type RestoreReport struct {
	Chain  string          `json:"chain"`
	DataAt calendar.Micros `json:"-"`
	LastAt calendar.Micros `json:"-"`
	Data   string          `json:"data"`
	PGData string          `json:"pgData,omitempty"`
	Check  *CheckReport    `json:"check"`
	Digest string          `json:"digest"` // of the data as they came back
	Return *restore.Return `json:"return"`
}

// Restore gives the data of a moment back into empty folders, lets numbers go on, holds back what may not happen twice, and checks
// every invariant. s are the settings of the installation that comes back; its folder is the request's.
func Restore(ctx context.Context, s Settings, o RestoreOptions) (*RestoreReport, error) {
	a, rep, stop, err := openReturned(ctx, s, o)
	if err != nil {
		return nil, err
	}
	a.Close()
	return rep, stop()
}

// openReturned is Restore that leaves the program open; stop ends the server of PostgreSQL it stands on.
func openReturned(ctx context.Context, s Settings, o RestoreOptions) (a *App, rep *RestoreReport, stop func() error, err error) {
	store, err := backup.Open(o.From, o.Key)
	if err != nil {
		return nil, nil, nil, err
	}
	res, err := store.Restore(ctx, o.RestoreRequest)
	if err != nil {
		return nil, nil, nil, err
	}
	stop = func() error { return nil }
	if res.Stop != nil {
		stop = res.Stop
	}
	s.Data, s.DatabaseURL, s.Backup = o.Data, res.URL, Backup{}
	rep = &RestoreReport{Chain: res.Chain, DataAt: res.DataAt, LastAt: res.LastAt, Data: o.Data, PGData: o.PGData}
	if err = Migrate(ctx, s); err == nil { // a copy may be older than the program
		a, err = Open(ctx, s)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, stop())
	}
	if err := a.takeBack(ctx, rep, o.Actor); err != nil {
		a.Close()
		return nil, nil, nil, errors.Join(err, stop())
	}
	return a, rep, stop, nil
}

// takeBack makes returned data fit to go on with.
func (a *App) takeBack(ctx context.Context, rep *RestoreReport, actor string) (err error) {
	if rep.Digest, _, err = a.Digest(ctx); err != nil {
		return err
	}
	if err = a.beginReturn(ctx, actor, rep.DataAt); err != nil {
		return err
	}
	rep.Check, rep.Return, err = a.CheckReturn(ctx, actor)
	return err
}

// beginReturn notes the return and lets every number go on above what may have been given in the lost time, in one transaction.
func (a *App) beginReturn(ctx context.Context, actor string, dataAt calendar.Micros) error {
	var r *restore.Return
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if r, err = restore.Begin(ctx, tx, actor, dataAt, a.now()); err != nil {
			return err
		}
		return skipNumbers(ctx, tx, r)
	})
	if err != nil {
		return err
	}
	return keepAnchor(a.anchorPath(), r.ID)
}

// skipNumbers lets everybody who gives numbers go on above those of the lost time.
func skipNumbers(ctx context.Context, tx *db.Tx, r *restore.Return) error {
	files, err := courier.Numbers(ctx, tx)
	if err != nil {
		return err
	}
	for of, last := range files {
		if err := restore.SetLeast(ctx, tx, r, restore.NumberFile, of, last+filesSkipped); err != nil {
			return err
		}
	}
	for _, skip := range []func() error{
		func() error { return db.SkipIDs(ctx, tx, idsSkipped) },
		func() error { return event.Skip(ctx, tx, eventsSkipped, account.Subjects) },
		func() error { return feed.Skip(ctx, tx, placesSkipped) },
		func() error { return webhook.Skip(ctx, tx, placesSkipped) },
		func() error { return courier.Skip(ctx, tx, placesSkipped) },
		func() error { return queue.Skip(ctx, tx, placesSkipped) },
		func() error { return settlement.Skip(ctx, tx, r) },
		func() error { return cashdesk.Skip(ctx, tx, r) },
	} {
		if err := skip(); err != nil {
			return err
		}
	}
	heads, err := feed.Heads(ctx, tx)
	for supplier, head := range heads {
		if err == nil {
			err = restore.SetLeast(ctx, tx, r, restore.FeedHead, strconv.FormatInt(supplier, 10), head)
		}
	}
	return err
}

// keepAnchor lays the anchor of the audit log aside: it may tell of records that are lost. It stays as a proof of them.
func keepAnchor(path string, id int64) error {
	err := os.Rename(path, fmt.Sprintf("%s.before-return-%d", path, id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Newf(fault.Unavailable, "audit.anchor", "Якорь журнала %s не откладывается. Проверьте права.", path).Because(err)
	}
	return nil
}

// CheckReturn recomputes every invariant and, when they hold, notes the first step of a return as done.
func (a *App) CheckReturn(ctx context.Context, actor string) (*CheckReport, *restore.Return, error) {
	report, err := a.Check(ctx)
	if err != nil {
		return nil, nil, err
	}
	if report.OK {
		r, err := a.FinishStep(ctx, restore.Done{Step: restore.StepCheck, Actor: actor})
		return report, r, err
	}
	r, err := a.LastReturn(ctx)
	return report, r, err
}

// LastReturn is the last return of the data; nil when there was none.
func (a *App) LastReturn(ctx context.Context) (r *restore.Return, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = restore.Last(ctx, tx)
		return err
	})
	return r, err
}

// FinishStep notes a step of the return as done, with what follows from it.
func (a *App) FinishStep(ctx context.Context, d restore.Done) (r *restore.Return, err error) {
	d.At = a.now()
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		var first bool
		if r, first, err = restore.Finish(ctx, tx, d); err != nil || !first {
			return err
		}
		return a.follow(ctx, tx, r, d)
	})
	return r, err
}

// follow does what follows from a step, or refuses it.
func (a *App) follow(ctx context.Context, tx *db.Tx, r *restore.Return, d restore.Done) error {
	switch {
	case d.Step == restore.StepReconcile:
		return a.reconciledSince(ctx, tx, r)
	case d.Step == restore.StepWebhooks && d.Choice == restore.ChoiceSent:
		return a.eachFeedHead(ctx, tx, func(supplier, head int64) error { return webhook.SkipSent(ctx, tx, supplier, head, d.At) })
	case d.Step == restore.StepFiles && d.Choice == restore.ChoiceSent:
		return courier.SkipSent(ctx, tx, r.UntilAt, d.At)
	}
	return nil
}

// eachFeedHead tells how far each supplier's feed had come at the return.
func (a *App) eachFeedHead(ctx context.Context, tx *db.Tx, do func(supplier, head int64) error) error {
	heads, err := feed.Heads(ctx, tx)
	for supplier := range heads {
		head, e := restore.Least(ctx, tx, restore.FeedHead, strconv.FormatInt(supplier, 10))
		if err = errors.Join(err, e); err != nil {
			return err
		}
		if err := do(supplier, head); err != nil {
			return err
		}
	}
	return err
}

// AskAcquirers asks acquirers for the payments of the lost time, and notes the step as done once none of them is still open.
func (a *App) AskAcquirers(ctx context.Context, actor string) (payment.Recovered, *restore.Return, error) {
	r, err := a.LastReturn(ctx)
	if err == nil && r == nil {
		err = fault.New(fault.NotFound, "restore.none", "Данные ни разу не возвращали: шагов нет.")
	}
	if err != nil {
		return payment.Recovered{}, nil, err
	}
	if _, err := a.Payments.FinishOpen(ctx); err != nil && !onlyForeign(err) {
		return payment.Recovered{}, nil, err
	}
	found, err := a.Payments.Recover(ctx, actor, r.DataAt-askMargin, r.UntilAt+askMargin)
	if err != nil {
		return found, nil, err
	}
	if found.Pending > 0 {
		return found, r, nil
	}
	r, err = a.FinishStep(ctx, restore.Done{Step: restore.StepAcquirers, Actor: actor, Note: fmt.Sprintf("found %d", found.Found)})
	return found, r, err
}

// onlyForeign tells that all that went wrong are answers about payments that are not ours: those wait for a person, whatever
// else a return asks.
func onlyForeign(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return !slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !onlyForeign(e) })
	}
	return fault.CodeOf(err) == "payment.foreign"
}

// askMargin is how much further than the lost time acquirers are asked: clocks differ.
const askMargin = calendar.Micros(15 * 60 * 1_000_000)

// reconciledSince is a Conflict while reconciliation has an open case of the lost days.
func (a *App) reconciledSince(ctx context.Context, tx *db.Tx, r *restore.Return) error {
	from, to := calendar.DateOf(r.DataAt.Time().In(a.Zone)), calendar.DateOf(r.UntilAt.Time().In(a.Zone))
	_, open, err := reconcile.Standing(ctx, tx, reconcile.Period{From: from, To: to}, a.now())
	if err != nil || len(open) == 0 {
		return err
	}
	x := &open[0]
	return fault.Newf(fault.Conflict, "restore.open_cases", "В сверке за эти дни ещё открыто: %d. Первое – %s, %s: %s. Разберите их на странице «Сверка».", len(open), x.Partner, x.Day, x.Word)
}

// finishStep is FinishStep for pages.
func (a *App) finishStep(ctx context.Context, d restore.Done) error {
	_, err := a.FinishStep(ctx, d)
	return err
}
