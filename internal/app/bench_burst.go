package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"kvit/internal/db"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/simulator"
	"kvit/internal/payment/gateway/yookassa"
)

// NotificationsBench is a burst of an acquirer's notifications: how soon all are stored, and how soon applied.
type NotificationsBench struct {
	Database      string  `json:"database"`
	Notifications int     `json:"notifications"`
	Clients       int     `json:"clients"`
	StoredSeconds float64 `json:"storedSeconds"` // from the first sent to the last answered
	StoredPerSec  float64 `json:"storedPerSecond"`
	P99us         int64   `json:"p99us"`          // of an answer
	Applied       float64 `json:"appliedSeconds"` // from the first sent till the last payment was credited
	Credited      int     `json:"credited"`
	Breaches      int     `json:"breaches"`
}

// BenchNotifications begins n payments at the acquirer's simulator, lets all payers pay at once, and sends their
// notifications to the server's own handler on loopback, while the server's round of open payments goes on as it does. It
// needs data: baskets to pay.
func (a *App) BenchNotifications(ctx context.Context, n, clients int) (res NotificationsBench, err error) {
	const secret = "bench"
	sim := simulator.New(simulator.Options{Mode: simulator.Manual, ID: secret, Secret: secret})
	bank := httptest.NewServer(sim.Handler())
	defer bank.Close()
	sim.SetBase(bank.URL)
	before := a.Payments
	defer func() { a.Payments = before }()
	a.Payments = a.Payments.WithAcquirers(payment.Only(benchAgent, yookassa.New(bank.URL, secret, secret, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})))
	ids, err := a.begun(ctx, n, clients)
	if err != nil {
		return res, err
	}
	sim.PayAll()
	res = NotificationsBench{Database: a.DB.Dialect.String(), Notifications: n, Clients: clients}
	if err := a.burst(ctx, &res, ids); err != nil {
		return res, err
	}
	report, err := a.Check(ctx)
	if err != nil {
		return res, err
	}
	for _, b := range report.Invariants {
		res.Breaches += b.Count
	}
	return res, nil
}

// begun begins n payments and gives the acquirer's ids.
func (a *App) begun(ctx context.Context, n, clients int) ([]string, error) {
	refs, err := a.benchRefs(ctx)
	if err != nil {
		return nil, err
	}
	plans, err := a.benchPlans(ctx, refs[:min(n, len(refs))])
	if err != nil {
		return nil, err
	}
	run, ids := strconv.FormatInt(int64(a.now()), 36), make([]string, n)
	_, err = each(clients, 0, n, func(i int) error {
		o, err := a.Payments.Start(ctx, payment.StartRequest{Key: run + ":" + strconv.Itoa(i), Input: i, Plan: plans[i%len(plans)], Method: "card", Description: benchAgent, Actor: benchAgent})
		if err == nil && o.State != payment.StatePending {
			err = fmt.Errorf("payment %d is %s", i, o.State)
		}
		ids[i] = o.GatewayID
		return err
	})
	return ids, err
}

// burst sends the notifications of payments and waits till all are credited.
func (a *App) burst(ctx context.Context, res *NotificationsBench, ids []string) error {
	defer a.quiet()()
	handler, err := a.Handler(nil)
	if err != nil {
		return err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	rounds, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.every(rounds, time.Second, "open payments", func() error { _, err := a.Payments.FinishOpen(rounds); return err })
	}()
	defer func() { stop(); <-ended }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: res.Clients}}
	start := time.Now()
	times, err := each(res.Clients, 0, len(ids), func(i int) error { return notify(client, server.URL+"/hooks/acquirer/"+benchAgent, ids[i]) })
	if err != nil {
		return err
	}
	res.StoredSeconds = time.Since(start).Seconds()
	res.StoredPerSec, res.P99us = float64(len(ids))/res.StoredSeconds, quantile(slices.Clone(times), 0.99).Microseconds()
	for res.Credited < len(ids) {
		if res.Credited, err = a.credited(ctx); err != nil {
			return err
		}
		time.Sleep(burstLook)
	}
	res.Applied = time.Since(start).Seconds()
	return nil
}

// burstLook is how often the benchmark looks whether all is done.
const burstLook = 50 * time.Millisecond

// notify sends a notification as the acquirer does.
func notify(client *http.Client, address, id string) error {
	body := fmt.Sprintf(`{"type":"notification","event":"payment.succeeded","object":{"id":%q,"status":"succeeded"}}`, id)
	res, err := client.Post(address, "application/json", bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("a notification was answered with %d", res.StatusCode)
	}
	return nil
}

// credited counts the notifications that were applied and the payments of the benchmark that are credited; the fewer.
func (a *App) credited(ctx context.Context) (n int, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM payment_order WHERE gateway = $1 AND state = 'credited'", benchAgent).Scan(&n)
	})
	return n, err
}
