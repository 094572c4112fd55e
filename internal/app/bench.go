package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/housing"
)

// BasketBench is how fast baskets are read in the process.
type BasketBench struct {
	Households int   `json:"households"`
	Reads      int   `json:"reads"`
	P50us      int64 `json:"p50us"`
	P99us      int64 `json:"p99us"`
	MaxUs      int64 `json:"maxUs"`
}

// BenchBasket reads random households' bills on the data there is.
func (a *App) BenchBasket(ctx context.Context, reads int) (BasketBench, error) {
	refs, err := a.benchRefs(ctx)
	if err != nil {
		return BasketBench{}, err
	}
	rng := rand.New(rand.NewPCG(20261123, 1))
	times := make([]time.Duration, reads)
	for i := range times {
		ref := refs[rng.IntN(len(refs))]
		start := time.Now()
		if _, err := a.Bills.At(ctx, ref, 0); err != nil {
			return BasketBench{}, err
		}
		times[i] = time.Since(start)
	}
	us := func(q float64) int64 { return quantile(times, q).Microseconds() }
	return BasketBench{Households: len(refs), Reads: reads, P50us: us(0.5), P99us: us(0.99), MaxUs: us(1)}, nil
}

// quantile sorts times and gives the one that a share of them does not exceed.
func quantile(times []time.Duration, share float64) time.Duration {
	slices.Sort(times)
	return times[int(share*float64(len(times)-1))]
}

// benchRefs lists the households there are; one that a decision left without accounts is none.
func (a *App) benchRefs(ctx context.Context) (refs []bill.Ref, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		refs = nil
		rows, err := tx.QueryContext(ctx, `SELECT DISTINCT building_id, household_id FROM household_link l WHERE household_id <> 0
			AND recorded_at = (SELECT max(n.recorded_at) FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id) ORDER BY building_id, household_id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r bill.Ref
			if err := rows.Scan(&r.Building, &r.Household); err != nil {
				return err
			}
			refs = append(refs, r)
		}
		return rows.Err()
	})
	if err == nil && len(refs) == 0 {
		err = fault.New(fault.Invalid, "bench.empty", "Замерять нечего: сначала примите файлы (kvit intake).")
	}
	return refs, err
}

// IntakeBench is an intake beside the raw limit of the same final rows.
type IntakeBench struct {
	Kind       string  `json:"kind"`
	Database   string  `json:"database"`
	Rows       int     `json:"rows"`
	Seconds    float64 `json:"seconds"`
	RawSeconds float64 `json:"rawSeconds"`
	Ratio      float64 `json:"ratio"`
	PeakMB     int64   `json:"peakMB"`
}

// benchFlats is the flats of a house in the register of a bench.
const benchFlats = 100

// BenchIntake takes a register of new accounts in, and then writes the same final rows with nothing else into the
// same tables of a fresh database: the ratio is what intake costs. The data folder and database must be empty.
func BenchIntake(ctx context.Context, s Settings, kind string, rows int) (res IntakeBench, err error) {
	a, err := Open(ctx, s)
	if err != nil {
		return res, err
	}
	defer a.Close()
	list, err := a.ListSuppliers(ctx)
	if err != nil {
		return res, err
	}
	if len(list) > 0 {
		return res, fault.New(fault.Invalid, "bench.not_empty", "Для замера нужна пустая папка данных или пустая база: укажите --data или --database-url.")
	}
	dir := filepath.Join(s.Data, "bench")
	if err := makeBenchFiles(dir, kind, rows); err != nil {
		return res, err
	}
	if err := a.loadFile(filepath.Join(dir, "houses.csv"), func(f *os.File) error {
		_, err := a.Houses.Load(ctx, f, "houses.csv")
		return err
	}); err != nil {
		return res, err
	}
	start := time.Now()
	report, err := a.Exchange.Intake(ctx, exchange.Request{Formats: filepath.Join(dir, "formats.json"), Paths: []string{dir}, Actor: "bench"})
	if err != nil {
		return res, err
	}
	res = IntakeBench{Kind: kind, Database: a.DB.Dialect.String(), Rows: report.Files[0].Applied, Seconds: time.Since(start).Seconds(), PeakMB: peakMB()}
	if res.RawSeconds, err = a.raw(ctx); err != nil {
		return res, err
	}
	res.Ratio = res.Seconds / res.RawSeconds
	return res, nil
}

// peakMB is the most memory the process has held.
func peakMB() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss / 1024
}

// rawChunk is how many buildings' rows one raw transaction writes.
const rawChunk = 20

// raw reads the final rows back and writes them again, sorted as they lie, into emptied tables: the limit of the
// database for the same rows, tables, keys and indexes.
func (a *App) raw(ctx context.Context) (seconds float64, err error) {
	var batches []account.Batch
	var lines [][]charge.Line
	if err := a.collect(ctx, &batches, &lines); err != nil {
		return 0, err
	}
	for _, table := range []string{"charge", "household_link", "household", "account_claim", "account", "account_route"} {
		if _, err := a.DB.Handle().ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return 0, fmt.Errorf("bench: %w", err)
		}
	}
	if a.DB.Dialect == db.Postgres {
		if _, err := a.DB.Handle().ExecContext(ctx, "VACUUM FULL"); err != nil {
			return 0, fmt.Errorf("bench: %w", err)
		}
	} else if _, err := a.DB.Handle().ExecContext(ctx, "VACUUM"); err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	start := time.Now()
	for i := range batches {
		err := a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			if err := batches[i].Write(ctx, tx); err != nil {
				return err
			}
			return charge.Write(ctx, tx, lines[i])
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(start).Seconds(), nil
}

func (a *App) collect(ctx context.Context, batches *[]account.Batch, lines *[][]charge.Line) error {
	return a.DB.Read(ctx, func(tx *db.Tx) error {
		*batches, *lines = nil, nil
		buildings, err := housing.ListBuildings(ctx, tx)
		if err != nil {
			return err
		}
		for i := range buildings {
			if i%rawChunk == 0 {
				*batches, *lines = append(*batches, account.Batch{}), append(*lines, nil)
			}
			n := len(*batches) - 1
			if err := a.collectBuilding(ctx, tx, buildings[i].ID, &(*batches)[n], &(*lines)[n]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) collectBuilding(ctx context.Context, tx *db.Tx, building int64, b *account.Batch, lines *[]charge.Line) error {
	at := a.now()
	accounts, err := account.ListLive(ctx, tx, building, at)
	if err != nil {
		return err
	}
	claims, err := account.ListClaims(ctx, tx, building, at)
	if err != nil {
		return err
	}
	links, err := account.ListLinks(ctx, tx, building, at)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	for _, x := range accounts {
		b.Accounts = append(b.Accounts, x)
		b.Routes = append(b.Routes, account.Route{SupplierID: x.SupplierID, Number: x.Number, AccountID: x.AccountID, BuildingID: building})
		b.Claims = append(b.Claims, claims[x.AccountID])
		l := links[x.AccountID]
		b.Links = append(b.Links, l)
		if !seen[l.HouseholdID] && l.HouseholdID != 0 {
			seen[l.HouseholdID] = true
			h, err := account.FindHousehold(ctx, tx, building, l.HouseholdID, at)
			if err != nil {
				return err
			}
			b.Households = append(b.Households, h)
		}
		more, err := charge.ListAccount(ctx, tx, building, x.AccountID, at)
		if err != nil {
			return err
		}
		*lines = append(*lines, more...)
	}
	return nil
}

// makeBenchFiles writes a register of new accounts, its houses and its profile.
func makeBenchFiles(dir, kind string, rows int) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	var houses strings.Builder
	houses.WriteString("house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n")
	for i := range (rows + benchFlats - 1) / benchFlats {
		fmt.Fprintf(&houses, "B%06d,,390000,,ул,%s,,%d,,,1975,9,%d,,mkd\n", i+1, benchStreets[i%len(benchStreets)], i/len(benchStreets)+1, benchFlats)
	}
	if err := os.WriteFile(filepath.Join(dir, "houses.csv"), []byte(houses.String()), 0o600); err != nil {
		return err
	}
	return writeBenchRegister(dir, kind, rows)
}

var benchStreets = []string{"Ленина", "Садовая", "Есенина", "Гагарина", "Новосёлов", "Вокзальная", "Почтовая", "Полевая", "Заречная", "Зелёная"}
