package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strconv"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/simulator"
	"kvit/internal/payment/gateway/yookassa"
)

// PaymentsBench is how fast payments are taken one way beside the raw limit of the same final rows. The payments go in
// rounds, raw writing after each, so that both meet the same machine.
type PaymentsBench struct {
	Way           string  `json:"way"` // process, one_supplier, http, online, register
	Database      string  `json:"database"`
	Payments      int     `json:"payments"`
	Parts         int     `json:"parts"`
	Clients       int     `json:"clients"`
	Seconds       float64 `json:"seconds"`
	PerSecond     float64 `json:"perSecond"`
	P99us         int64   `json:"p99us,omitempty"`
	RawSeconds    float64 `json:"rawSeconds"` // the same final rows, one transaction a payment or, of a register, a batch
	RawPerSec     float64 `json:"rawPerSecond"`
	ShareOfRaw    float64 `json:"shareOfRaw"`
	WorstRound    float64 `json:"worstRound"`       // the smallest share of a round
	SilentSeconds float64 `json:"rawSilentSeconds"` // the same rows without the events that tell of them
	EventShare    float64 `json:"eventShare"`       // what telling adds to the raw rows, as a share of the payments' time
	Breaches      int     `json:"breaches"`         // of invariants, after all
}

// Sizes of the benchmark: payments go in so many rounds; of a register one transaction takes so many, as intake does.
const (
	payRounds  = 5
	benchBatch = 300
)

// way is one way of taking payments: pay takes n payments from number first on and gives how long each took; keys finds
// the orders of the numbers.
type way struct {
	name    string
	clients int
	batch   int // payments a raw transaction writes
	pay     func(ctx context.Context, first, n int) ([]time.Duration, error)
	key     func(i int) string
}

// BenchPayments pays households' bills n times each way: as an agent's payment in the process with each number of clients,
// the same to one supplier only, over HTTP as an agent asks, through the acquirer's simulator, and by a bank's register;
// and writes the same rows raw. It needs data: baskets to pay.
func (a *App) BenchPayments(ctx context.Context, n int, clients []int) (list []PaymentsBench, err error) {
	refs, err := a.benchRefs(ctx)
	if err != nil {
		return nil, err
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(refs), func(i, k int) { refs[i], refs[k] = refs[k], refs[i] }) // payers are not neighbours
	plans, err := a.benchPlans(ctx, refs[:min(n, len(refs))])
	if err != nil {
		return nil, err
	}
	baskets, err := a.benchBaskets(ctx, refs[max(0, len(refs)-n):])
	if err != nil {
		return nil, err
	}
	run := strconv.FormatInt(int64(a.now()), 36) // keys of this run
	var ways []way
	for _, c := range clients {
		ways = append(ways, a.inProcess("process", run+"p"+strconv.Itoa(c), c, plans))
	}
	ways = append(ways, a.inProcess("one_supplier", run+"s", clients[0], oneSupplier(plans)))
	overHTTP, stop, err := a.overHTTP(ctx, clients[0], baskets)
	if err != nil {
		return nil, err
	}
	defer stop()
	online, stopBank := a.throughBank(run+"o", clients[0], plans)
	defer stopBank()
	register, err := a.byRegister(ctx, run, n)
	if err != nil {
		return nil, err
	}
	for _, w := range append(ways, overHTTP, online, register) {
		res, err := a.measure(ctx, &w, n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		list = append(list, res)
	}
	return list, a.countBreaches(ctx, list)
}

// countBreaches holds what the benchmark left to all invariants.
func (a *App) countBreaches(ctx context.Context, list []PaymentsBench) error {
	report, err := a.Check(ctx)
	if err != nil {
		return err
	}
	for _, b := range report.Invariants {
		for i := range list {
			list[i].Breaches += b.Count
		}
	}
	return nil
}

// benchPlans are the payments of households' bills; bills are paid again where households are few.
func (a *App) benchPlans(ctx context.Context, refs []bill.Ref) (plans []payment.Plan, err error) {
	for _, ref := range refs {
		b, err := a.Bills.At(ctx, ref, 0)
		if err != nil {
			return nil, err
		}
		wish := payment.Wish{All: true}
		if b.Total == 0 {
			wish = payment.Wish{Sum: 10_000, Ahead: true}
		}
		plan, err := bill.Split([]*bill.Bill{b}, wish)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// basket is what a terminal is paid for a household: an account of it, and how much.
type basket struct {
	account string
	sum     money.Amount
}

// benchBaskets are what terminals are paid: the whole bill of six in ten, a thousand roubles of a quarter, a thousand more than is due
// of the rest. The other ways pay the bills of other households, where there are enough.
func (a *App) benchBaskets(ctx context.Context, refs []bill.Ref) (list []basket, err error) {
	for i, ref := range refs {
		b, err := a.Bills.At(ctx, ref, 0)
		if err != nil {
			return nil, err
		}
		x := basket{account: b.Lines[0].Supplier + ":" + b.Lines[0].Account, sum: b.Total}
		switch n := i % 20; {
		case x.sum == 0:
			x.sum = 10_000
		case n >= 17:
			x.sum += 100_000
		case n >= 12:
			x.sum = min(x.sum, 100_000)
		}
		list = append(list, x)
	}
	return list, nil
}

// oneSupplier are the payments that reach the supplier most of them reach, of his share alone.
func oneSupplier(plans []payment.Plan) (list []payment.Plan) {
	reached, most := map[int64]int{}, int64(0)
	for i := range plans {
		for _, p := range plans[i].Parts {
			if reached[p.SupplierID]++; reached[p.SupplierID] > reached[most] {
				most = p.SupplierID
			}
		}
	}
	for i := range plans {
		var own payment.Plan
		for _, p := range plans[i].Parts {
			if p.SupplierID == most {
				own.Parts, own.Sum = append(own.Parts, p), own.Sum+p.Amount
			}
		}
		if len(own.Parts) > 0 {
			list = append(list, own)
		}
	}
	return list
}

// each calls one for the numbers first … first + n − 1 by some clients at once, and gives how long each took.
func each(clients, first, n int, one func(i int) error) ([]time.Duration, error) {
	times := make([]time.Duration, n)
	err := inParallel(clients, n, func(i int) error {
		begun := time.Now()
		err := one(first + i)
		times[i] = time.Since(begun)
		return err
	})
	return times, err
}

// inProcess books plans as an agent's payments.
func (a *App) inProcess(name, run string, clients int, plans []payment.Plan) way {
	txn := func(i int) string { return run + ":" + strconv.Itoa(i) }
	return way{name: name, clients: clients, batch: 1, key: func(i int) string { return payment.AgentKey(benchAgent, txn(i)) },
		pay: func(ctx context.Context, first, n int) ([]time.Duration, error) {
			return each(clients, first, n, func(i int) error {
				_, err := a.Payments.Book(ctx, &payment.Booking{Agent: benchAgent, Txn: txn(i), Input: i, Method: "agent", PaidOn: a.benchDay(), Plan: plans[i%len(plans)], Actor: benchAgent,
					Join: func(*db.Batch, *payment.Order) {}})
				return err
			})
		}}
}

func (a *App) benchDay() calendar.Date { return calendar.DateOf(a.now().Time().In(a.Zone)) }

// throughBank pays plans through the acquirer's simulator: an order, the bank asked over HTTP, and the postings.
func (a *App) throughBank(run string, clients int, plans []payment.Plan) (w way, stop func()) {
	const secret = "bench"
	sim := simulator.New(simulator.Options{Mode: simulator.Captured, ID: secret, Secret: secret})
	server := httptest.NewServer(sim.Handler())
	sim.SetBase(server.URL)
	pay := a.Payments.WithAcquirers(payment.Only(benchAgent, yookassa.New(server.URL, secret, secret, nil)))
	key := func(i int) string { return run + ":" + strconv.Itoa(i) }
	one := func(ctx context.Context, i int) error {
		o, err := pay.Start(ctx, payment.StartRequest{Key: key(i), Input: i, Plan: plans[i%len(plans)], Method: "card", Description: benchAgent, Actor: benchAgent})
		if err == nil && !payment.Final(o.State) {
			o, err = pay.Confirm(ctx, o.PublicID)
		}
		if err == nil && o.State != payment.StateCredited {
			err = fmt.Errorf("payment %d is %s", i, o.State)
		}
		return err
	}
	return way{name: "online", clients: clients, batch: 1, key: key, pay: func(ctx context.Context, first, n int) ([]time.Duration, error) {
		return each(clients, first, n, func(i int) error { return one(ctx, i) })
	}}, server.Close
}

// byRegister takes payments of a bank's register to accounts there are.
func (a *App) byRegister(ctx context.Context, run string, n int) (way, error) {
	lines, err := a.benchLines(ctx, n, run)
	return way{name: "register", clients: 1, batch: benchBatch, key: func(i int) string { return lines[i].OrderKey(benchAgent) },
		pay: func(ctx context.Context, first, n int) ([]time.Duration, error) {
			return nil, a.takeBench(ctx, lines[first:first+n])
		}}, err
}

// benchLines are n payments to accounts there are, one after another and again.
func (a *App) benchLines(ctx context.Context, n int, run string) (lines []payment.Line, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		lines = nil
		rows, err := tx.QueryContext(ctx, `SELECT s.code, r.number FROM account_route r JOIN supplier s ON s.supplier_id = r.supplier_id WHERE r.building_id > 0 ORDER BY r.account_id LIMIT $1`, n)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			l := payment.Line{Row: len(lines) + 1, Operation: fmt.Sprintf("%s-%08d", run, len(lines)), Date: a.benchDay(), Amount: 150_00}
			if err := rows.Scan(&l.SupplierCode, &l.Number); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		return rows.Err()
	})
	if err == nil && len(lines) == 0 {
		err = fault.New(fault.Invalid, "bench.empty", "Замерять нечего: сначала примите файлы (kvit intake).")
	}
	for i, there := len(lines), len(lines); err == nil && i < n; i++ {
		l := lines[i%there]
		l.Row, l.Operation = i+1, fmt.Sprintf("%s-%08d", run, i)
		lines = append(lines, l)
	}
	return lines, err
}
