package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/tariff"
)

// LiveBench is the month of one household that is not charged yet, computed from what the database holds as its bill asks
// for it, and computing alone.
type LiveBench struct {
	Households int     `json:"households"`
	P50us      float64 `json:"p50us"`
	P99us      float64 `json:"p99us"`
	ComputeP50 float64 `json:"computeP50us"`
	ComputeP99 float64 `json:"computeP99us"`
}

// MonthBench is a later run beside the first: its time and the ratio of the two.
type MonthBench struct {
	Lines    int64   `json:"lines"`
	Seconds  float64 `json:"seconds"`
	Ratio    float64 `json:"ratio"`
	Breaches int     `json:"breaches"`
}

// benchLater is how many months are charged after the first before all are recalculated.
const benchLater = 2

// benchLive computes the month after the one charged of random households, one after another.
func (a *App) benchLive(ctx context.Context, catalog *tariff.Catalog, size ChargeBenchSize) (*LiveBench, error) {
	engine, err := calc.New(catalog)
	if err != nil {
		return nil, err
	}
	var whole, computing []time.Duration
	rng, loader := rand.New(rand.NewPCG(20261123, 2)), fact.Loader{Engine: engine}
	for range size.Live {
		flat := rng.IntN(size.Households)
		building := int64(flat/sample.Flats + 1)
		household := building*1000 + int64(flat%sample.Flats)
		took, err := timed(func() error { return a.aheadOnce(ctx, building, household) })
		if err != nil {
			return nil, err
		}
		whole = append(whole, time.Duration(took*float64(time.Second)))
		err = a.DB.Read(ctx, func(tx *db.Tx) error {
			b, err := loader.LoadHousehold(ctx, tx, building, household, benchMonth.Add(1), a.now())
			if err != nil {
				return err
			}
			begun, bill := time.Now(), &calc.Bill{}
			engine.Month(benchMonth.Add(1)).Charge(&b.Households[0].Premises, bill)
			computing = append(computing, time.Since(begun))
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	at := func(list []time.Duration, q float64) float64 { return float64(quantile(list, q).Nanoseconds()) / 1e3 }
	return &LiveBench{Households: size.Live, P50us: at(whole, 0.5), P99us: at(whole, 0.99), ComputeP50: at(computing, 0.5), ComputeP99: at(computing, 0.99)}, nil
}

// aheadOnce computes that month of a household as its bill does.
func (a *App) aheadOnce(ctx context.Context, building, household int64) error {
	at := a.now()
	reader, err := a.Charges.Reader(ctx, at)
	if err != nil {
		return err
	}
	return a.DB.Read(ctx, func(tx *db.Tx) error {
		coming, err := reader.Coming(ctx, tx, building, sample.AccountsOf(household), benchMonth.Add(1), benchMonth.Add(1).Last(), at)
		if err == nil && len(coming.Services) == 0 {
			err = fmt.Errorf("household %d comes to nothing", household)
		}
		return err
	})
}

// benchLater charges two months more over the balances of the first, records late facts of one household in twenty about
// the first month, and recalculates all three in the month after them.
func (a *App) benchLater(ctx context.Context, res *ChargeBench, size ChargeBenchSize, progress func(stage string, done, total int64)) error {
	for k := range benchLater {
		r, err := a.ChargeMonth(ctx, "bench", benchMonth.Add(k+1), nil, progress)
		if err != nil {
			return err
		}
		if k == 0 {
			res.SecondMonth = later(res, r.Lines, float64(r.Worked)/1e6, breaches(r))
		}
	}
	if err := a.benchLateFacts(ctx, size.Households); err != nil {
		return err
	}
	of := charge.Recalculation{In: benchMonth.Add(benchLater + 1), From: benchMonth, Cause: "bench", Actor: "bench"}
	r, err := a.Recalculate(ctx, of, nil, true, progress)
	if err != nil {
		return err
	}
	res.Recalculation = later(res, r.Lines, float64(r.Worked)/1e6, 0)
	return nil
}

func later(res *ChargeBench, lines int64, seconds float64, breaches int) *MonthBench {
	return &MonthBench{Lines: lines, Seconds: seconds, Ratio: seconds / res.Seconds, Breaches: breaches}
}

func (a *App) benchLateFacts(ctx context.Context, households int) error {
	at, out := a.now(), fact.NewWriter()
	for house := 0; house*sample.Flats < households; house++ {
		flats := min(sample.Flats, households-house*sample.Flats)
		if err := out.Add(sample.Late(int64(house+1), flats, benchMonth), at); err != nil {
			return err
		}
	}
	return a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return out.Write(ctx, tx) })
}
