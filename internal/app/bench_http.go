package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/payment"
)

// benchAgent is the agent, the acquirer and the channel of the benchmark.
const benchAgent = "bench"

// benchAgentFile is the agent as a centre would write it down: known by its address.
const benchAgentFile = `agents: [{code: bench, dialect: osmp, accounts: any, pays: basket, auth: ip, ips: [127.0.0.0/8], rate: 10000, min: 0.01, max: 1000000}]`

// overHTTP pays baskets over HTTP on loopback as a network of terminals asks: the server's own handler finds the account,
// its bill and its split, books the payment and keeps the request.
func (a *App) overHTTP(ctx context.Context, clients int, baskets []basket) (w way, stop func(), err error) {
	if _, err := a.Agents.Load(ctx, access.Actor{Role: access.System, Name: benchAgent}, []byte(benchAgentFile)); err != nil {
		return w, nil, err
	}
	speak := a.quiet()
	handler, err := a.Handler(nil)
	if err != nil {
		speak()
		return w, nil, err
	}
	server, base := httptest.NewServer(handler), int64(a.now()) // an agent's numbers are digits
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	txn := func(i int) string { return strconv.FormatInt(base+int64(i), 10) }
	one := func(i int) error {
		paid := baskets[i%len(baskets)]
		q := url.Values{
			"command": {"pay"}, "txn_id": {txn(i)}, "txn_date": {a.now().Time().In(a.Zone).Format("20060102150405")}, "account": {paid.account}, "sum": {paid.sum.String()},
		}
		return paidOver(client, server.URL+"/agents/"+benchAgent+"?"+q.Encode())
	}
	w = way{name: "http", clients: clients, batch: 1, key: func(i int) string { return payment.AgentKey(benchAgent, txn(i)) },
		pay: func(_ context.Context, first, n int) ([]time.Duration, error) { return each(clients, first, n, one) }}
	return w, func() { server.Close(); speak() }, nil
}

// quiet lets the server log nothing until speak: of a hundred thousand requests nobody reads the lines.
func (a *App) quiet() (speak func()) {
	log, requests := a.Log, a.requests
	a.Log = slog.New(slog.DiscardHandler)
	a.requests = a.Log
	return func() { a.Log, a.requests = log, requests }
}

// paidOver asks once and holds the answer to «done».
func paidOver(client *http.Client, address string) error {
	res, err := client.Get(address)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && !strings.Contains(string(body), "<result>0</result>") {
		err = fmt.Errorf("the agent's payment: status %d, %s", res.StatusCode, body)
	}
	return err
}
