package app

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"kvit/internal/db"
	"kvit/internal/status"
)

// What makes a component worse than «works». They are habits of operation, not law.
const (
	lookPause      = 30 * time.Second // between two looks
	slowDatabase   = time.Second      // for one row
	lateIntake     = 30 * time.Minute // a file waits for its turn
	stoppedIntake  = 4 * time.Hour
	silentGIS      = 15 * time.Minute
	servedLeast    = 20 // fewer requests between two looks say nothing
	failedDegraded = 5  // percent of answers that were our failures
	failedStopped  = 50
)

// served counts the answers given since it was last read.
type served struct{ all, failed atomic.Int64 }

func (s *served) count(code int) {
	s.all.Add(1)
	if code >= http.StatusInternalServerError {
		s.failed.Add(1)
	}
}

// take gives the figures and begins anew.
func (s *served) take() (all, failed int64) { return s.all.Swap(0), s.failed.Swap(0) }

// watchComponents looks at the parts of the service now and again, for the page «Состояние сервиса».
func (a *App) watchComponents(ctx context.Context) {
	a.every(ctx, lookPause, "components", func() error {
		return a.Status.Record(ctx, a.components(ctx))
	})
}

// components are the parts of the service as they are found now. What cannot be asked because the database is away is
// left out: its own sample says so.
func (a *App) components(ctx context.Context) []status.Sample {
	list := []status.Sample{a.pagesSample(), a.databaseSample(ctx)}
	for _, ask := range []func(context.Context) ([]status.Sample, error){a.paymentSamples, a.intakeSample, a.gisSample, a.messageSamples} {
		more, err := ask(ctx)
		if err != nil {
			if ctx.Err() == nil {
				a.Log.Warn("a component does not tell how it is", "error", err)
			}
			continue
		}
		list = append(list, more...)
	}
	return list
}

func (a *App) pagesSample() status.Sample {
	all, failed := a.served.take()
	s := status.Sample{Component: status.Pages, Title: "Страницы", State: status.OK}
	switch {
	case all < servedLeast || failed*100 < all*failedDegraded:
	case failed*100 < all*failedStopped:
		s.State, s.Note = status.Degraded, "Часть страниц не открывается с первого раза."
	default:
		s.State, s.Note = status.Stopped, "Большинство страниц сейчас не открывается."
	}
	return s
}

func (a *App) databaseSample(ctx context.Context) status.Sample {
	s := status.Sample{Component: status.Database, Title: "Хранение данных", State: status.OK}
	began := time.Now()
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var one int
		return tx.QueryRowContext(ctx, "SELECT 1").Scan(&one)
	})
	switch {
	case err != nil:
		s.State, s.Note = status.Stopped, "Данные сейчас не читаются."
	case time.Since(began) > slowDatabase:
		s.State, s.Note = status.Degraded, "Страницы открываются медленно."
	}
	return s
}

// acquirerWords are the kinds of acquirers as payers know them.
var acquirerWords = map[string]string{"yookassa": "ЮKassa", "tbank": "Т-Банк", "raiffeisen": "Райффайзен Банк", "cloudpayments": "CloudPayments"}

func (a *App) paymentSamples(ctx context.Context) ([]status.Sample, error) {
	list, err := a.Payments.ListHealth(ctx)
	samples := make([]status.Sample, 0, len(list))
	for i := range list {
		h := &list[i]
		s := status.Sample{Component: status.Payments + "-" + h.Acquirer, Title: "Оплата: " + a.acquirerTitle(h.Acquirer), State: status.OK}
		switch {
		case h.Silent == 0:
		case h.Answered == 0:
			s.State, s.Note = status.Stopped, "Банк не отвечает. Начатые платежи не потеряются."
		default:
			s.State, s.Note = status.Degraded, "Банк отвечает не на все платежи."
		}
		samples = append(samples, s)
	}
	return samples, err
}

func (a *App) acquirerTitle(name string) string {
	for i := range a.Settings.Acquirers {
		if x := &a.Settings.Acquirers[i]; x.Name == name {
			return cmp.Or(acquirerWords[x.Kind], name)
		}
	}
	return cmp.Or(acquirerWords[name], name)
}

func (a *App) intakeSample(ctx context.Context) ([]status.Sample, error) {
	waits, err := a.Exchange.Overdue(ctx)
	s := status.Sample{Component: status.Intake, Title: "Приём данных поставщиков", State: status.OK}
	if waits > lateIntake {
		s.State, s.Note = status.Degraded, "Новые суммы появятся на счетах позже обычного."
	}
	if waits > stoppedIntake {
		s.State = status.Stopped
	}
	return []status.Sample{s}, err
}

func (a *App) gisSample(ctx context.Context) ([]status.Sample, error) {
	if a.Settings.GISURL == "" {
		return nil, nil
	}
	silent, err := a.GIS.Silent(ctx, silentGIS)
	s := status.Sample{Component: status.GIS, Title: "Передача в ГИС ЖКХ", State: status.OK}
	if silent > 0 {
		s.State, s.Note = status.Degraded, fmt.Sprintf("ГИС ЖКХ не ответила на %d сообщений. Повторяем.", silent)
	}
	return []status.Sample{s}, err
}
