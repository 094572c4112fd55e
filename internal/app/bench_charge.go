package app

import (
	"context"
	"runtime"
	"syscall"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// ChargeBench is a charge run beside the raw limit of the same final rows.
type ChargeBench struct {
	Database     string  `json:"database"`
	Households   int64   `json:"households"`
	Lines        int64   `json:"lines"`
	Rows         int64   `json:"rows"` // written in all: lines, issues, marks, postings, balances
	Seconds      float64 `json:"seconds"`
	PerSecond    float64 `json:"householdsPerSecond"`
	CPUSeconds   float64 `json:"cpuSeconds"` // of this process: reading, computing, encoding
	RawSeconds   float64 `json:"rawSeconds"`
	Ratio        float64 `json:"ratio"`
	PeakMB       int64   `json:"peakMB"` // before the raw writing
	ComputeUs    float64 `json:"computeUs"`
	ComputeMinUs float64 `json:"computeMinUs"` // the quickest of the rounds, house by house: other work on the machine left out
	Allocations  float64 `json:"allocationsPerHousehold"`
	FactsSeconds float64 `json:"factsSeconds"` // making the facts up and writing them
	SheetSeconds float64 `json:"sheetSeconds"`
	CheckSeconds float64 `json:"checkSeconds"`
	Breaches     int     `json:"breaches"`

	Live          *LiveBench  `json:"live,omitempty"`
	SecondMonth   *MonthBench `json:"secondMonth,omitempty"`
	Recalculation *MonthBench `json:"recalculation,omitempty"`
}

// ChargeBenchSize is what to measure: so many households charged, so many of them computed live, and whether two months
// more are charged and the three of them recalculated.
type ChargeBenchSize struct {
	Households  int
	Live        int
	Recalculate bool
}

// benchMonth is the month charged, benchHistory how many months of readings a meter has whose history decides.
const (
	benchMonth   = calendar.Month(202610)
	benchHistory = 7
)

// BenchCharge makes up facts of households in an empty database, charges a month, computes some households live, and then
// writes the same final rows with nothing else into the emptied tables.
func BenchCharge(ctx context.Context, s Settings, size ChargeBenchSize, progress func(stage string, done, total int64)) (res ChargeBench, err error) {
	a, err := Open(ctx, s)
	if err != nil {
		return res, err
	}
	defer a.Close()
	catalog := sample.Catalog()
	a.Charges = charge.New(charge.Deps{DB: a.DB, Now: a.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	res.Database = a.DB.Dialect.String()
	if err := a.benchMonthRun(ctx, &res, size, progress); err != nil {
		return res, err
	}
	if res.ComputeUs, res.ComputeMinUs, res.Allocations, err = a.benchCompute(ctx, catalog); err != nil {
		return res, err
	}
	if size.Live > 0 {
		if res.Live, err = a.benchLive(ctx, catalog, size); err != nil {
			return res, err
		}
	}
	if res.RawSeconds, res.Rows, err = a.rawCharge(ctx); err != nil {
		return res, err
	}
	res.Ratio = res.Seconds / res.RawSeconds
	if size.Recalculate {
		err = a.benchLater(ctx, &res, size, progress)
	}
	return res, err
}

// benchMonthRun makes the facts and charges the first month.
func (a *App) benchMonthRun(ctx context.Context, res *ChargeBench, size ChargeBenchSize, progress func(stage string, done, total int64)) (err error) {
	if res.FactsSeconds, err = timed(func() error { return a.benchFacts(ctx, size, progress) }); err != nil {
		return err
	}
	if res.SheetSeconds, err = timed(func() error { _, err := a.Charges.Prepare(ctx); return err }); err != nil {
		return err
	}
	if _, err := a.DB.Handle().ExecContext(ctx, "ANALYZE"); err != nil {
		return err
	}
	begun, cpu := time.Now(), cpuTime()
	r, err := a.ChargeMonth(ctx, "bench", benchMonth, nil, progress)
	if err != nil {
		return err
	}
	res.Seconds = float64(r.Worked) / 1e6
	res.CPUSeconds = (cpuTime() - cpu).Seconds()
	res.CheckSeconds = time.Since(begun).Seconds() - res.Seconds
	res.Households, res.Lines, res.PeakMB = r.Households, r.Lines, peakMB()
	res.PerSecond = float64(res.Households) / res.Seconds
	res.Breaches = breaches(r)
	return nil
}

func breaches(r *charge.Report) (n int) {
	for _, b := range r.Checks {
		n += b.Count
	}
	return n
}

func timed(do func() error) (seconds float64, err error) {
	start := time.Now()
	err = do()
	return time.Since(start).Seconds(), err
}

// benchHouses is how many houses' facts one transaction writes.
const benchHouses = 20

func (a *App) benchFacts(ctx context.Context, size ChargeBenchSize, progress func(stage string, done, total int64)) error {
	ids, err := a.benchIds(ctx)
	if err != nil {
		return err
	}
	at, out, n := a.now(), fact.NewWriter(), size.Households
	until, usual := benchMonth, 2
	if size.Recalculate {
		until, usual = benchMonth.Add(benchLater), 2+benchLater
	}
	for house := 0; house*sample.Flats < n; house++ {
		flats := min(sample.Flats, n-house*sample.Flats)
		if err := out.Add(sample.HouseRead(int64(house+1), flats, until, benchHistory+usual-2, usual, ids), at); err != nil {
			return err
		}
		if last := (house+1)*sample.Flats >= n; !last && (house+1)%benchHouses != 0 {
			continue
		}
		if err := a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return out.Write(ctx, tx) }); err != nil {
			return err
		}
		out.Reset()
		if progress != nil {
			progress("Данные", int64(house*sample.Flats+flats), int64(n))
		}
	}
	return nil
}

var errNotEmpty = fault.New(fault.Invalid, "bench.not_empty", "Для замера нужна пустая папка данных или пустая база: укажите --data или --database-url.")

// benchIds makes the suppliers and services of the sample. Facts there already are refused: ids would clash.
func (a *App) benchIds(ctx context.Context) (*sample.Ids, error) {
	var known []int64
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { known, err = fact.List(ctx, tx); return err })
	if err == nil && len(known) > 0 {
		err = errNotEmpty
	}
	if err != nil {
		return nil, err
	}
	ids := &sample.Ids{}
	for i := range ids.Supplier {
		s, err := a.Suppliers.Ensure(ctx, sample.SupplierCode(i))
		if err != nil {
			return nil, err
		}
		ids.Supplier[i] = s.ID
	}
	for i := range ids.Service {
		if ids.Service[i], err = a.Suppliers.ServiceID(ctx, ids.Supplier[sample.SupplierOf(i)], sample.CodeOf(i)); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// benchRounds is how often the loaded households are computed.
const benchRounds = 20

// benchCompute measures the computation alone: households of some buildings, loaded before. Min adds up the quickest
// round of each building.
func (a *App) benchCompute(ctx context.Context, catalog *tariff.Catalog) (us, minUs, allocations float64, err error) {
	engine, err := calc.New(catalog)
	if err != nil {
		return 0, 0, 0, err
	}
	loader := fact.Loader{Engine: engine}
	var buildings []fact.Building
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		buildings, err = loader.Load(ctx, tx, 1, benchHouses, benchMonth, a.now())
		return err
	})
	if err != nil {
		return 0, 0, 0, err
	}
	book, bill, n := engine.Month(benchMonth), &calc.Bill{}, 0
	quickest := make([]time.Duration, len(buildings))
	once := func() {
		for i := range buildings {
			begun := time.Now()
			for k := range buildings[i].Households {
				book.Charge(&buildings[i].Households[k].Premises, bill)
			}
			if took := time.Since(begun); quickest[i] == 0 || took < quickest[i] {
				quickest[i] = took
			}
			n += len(buildings[i].Households)
		}
	}
	once()
	n = 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime()
	for range benchRounds {
		once()
	}
	took := cpuTime() - start
	runtime.ReadMemStats(&after)
	least := time.Duration(0)
	for _, q := range quickest {
		least += q
	}
	return float64(took.Microseconds()) / float64(n), float64(least.Nanoseconds()) / 1e3 * benchRounds / float64(n), float64(after.Mallocs-before.Mallocs) / float64(n), nil
}

// cpuTime is the processor time the process has used: other work on the machine does not count.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
