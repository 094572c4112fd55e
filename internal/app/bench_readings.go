package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/reading"
	"kvit/internal/tariff"
)

// ReadingsBench is a bulk of readings by the API beside the raw limit of the same final rows.
type ReadingsBench struct {
	Database   string  `json:"database"`
	Readings   int     `json:"readings"`
	Taken      int     `json:"taken"`
	Requests   int     `json:"requests"`
	Seconds    float64 `json:"seconds"`
	PerSecond  float64 `json:"readingsPerSecond"`
	RawSeconds float64 `json:"rawSeconds"`
	Ratio      float64 `json:"ratio"`
	Previews   int     `json:"previews"` // months computed right afterwards, linked services of other suppliers included
	P50us      float64 `json:"previewP50Us"`
	P99us      float64 `json:"previewP99Us"`
	Wrong      int     `json:"previewsWrong"` // sewage that is not the water of the new figures
	Breaches   int     `json:"breaches"`
}

// Sizes of the benchmark: lines of a request, previews computed after it, suppliers who have meters.
const (
	readingsRequest  = 20_000
	readingsPreviews = 500
	meteredSuppliers = 4
)

// BenchReadings makes up households with meters in an empty database, posts a figure of each register as suppliers'
// programs do, computes months right afterwards, and writes the same final rows once more with nothing else.
func BenchReadings(ctx context.Context, s Settings, n int) (res ReadingsBench, err error) {
	a, err := Open(ctx, s)
	if err != nil {
		return res, err
	}
	defer a.Close()
	catalog := sample.Catalog()
	a.Charges = charge.New(charge.Deps{DB: a.DB, Now: a.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	a.Readings.Charges = a.Charges
	res.Database = a.DB.Dialect.String()
	town, err := a.benchMeters(ctx, n)
	if err != nil {
		return res, err
	}
	begun := a.now()
	if err := town.post(ctx, &res); err != nil {
		return res, err
	}
	if err := town.preview(ctx, &res); err != nil {
		return res, err
	}
	report, err := a.Check(ctx)
	if err != nil {
		return res, err
	}
	for _, b := range report.Invariants {
		res.Breaches += b.Count
	}
	since := fmt.Sprintf(" WHERE recorded_at >= %d", begun)
	res.RawSeconds, err = a.rawRows(ctx, []rawTable{{"charge_reading", since}, {"reading_receipt", since}, {"event_subject", ""}, {"event", ""}})
	res.PerSecond, res.Ratio = float64(res.Readings)/res.Seconds, res.Seconds/res.RawSeconds
	return res, err
}

// metered is a town whose registers are about to be told.
type metered struct {
	a      *App
	lines  [meteredSuppliers][][]byte // of NDJSON, by supplier
	tokens [meteredSuppliers]string
	homes  []reading.Home
}

// benchMeters makes so many households that there are n registers, house after house.
func (a *App) benchMeters(ctx context.Context, n int) (*metered, error) {
	ids, err := a.benchIds(ctx)
	if err != nil {
		return nil, err
	}
	town := &metered{a: a}
	for i := range town.tokens {
		if _, town.tokens[i], err = a.Access.CreateToken(ctx, access.Actor{Role: access.System, Name: "bench"}, "bench", ids.Supplier[i], []string{"reading:write"}, time.Hour); err != nil {
			return nil, err
		}
	}
	out, at, last := fact.NewWriter(), a.now(), a.Readings.Today().Month().Add(-1)
	for house, registers := int64(1), 0; registers < n; house++ {
		set := sample.HouseRead(house, sample.Flats, last, 3, 3, ids)
		registers += town.tell(set, n-registers)
		if err := out.Add(set, at); err != nil {
			return nil, err
		}
		batch := town.accounts(house, ids, at)
		if err := a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			if err := batch.Write(ctx, tx); err != nil {
				return err
			}
			return out.Write(ctx, tx)
		}); err != nil {
			return nil, err
		}
		out.Reset()
	}
	if _, err := a.Charges.Prepare(ctx); err != nil {
		return nil, err
	}
	_, err = a.DB.Handle().ExecContext(ctx, "ANALYZE")
	return town, err
}

// accounts are those of the suppliers with meters in a house.
func (w *metered) accounts(house int64, ids *sample.Ids, at calendar.Micros) (b account.Batch) {
	for flat := range int64(sample.Flats) {
		home := house*1000 + flat
		w.homes = append(w.homes, reading.Home{Building: house, Household: home})
		b.Households = append(b.Households, account.Household{BuildingID: house, HouseholdID: home, RecordedAt: at, Flat: fmt.Sprint(flat + 1)})
		for i, id := range sample.AccountsOf(home)[:meteredSuppliers] {
			number := fmt.Sprint(id)
			b.Routes = append(b.Routes, account.Route{SupplierID: ids.Supplier[i], Number: number, AccountID: id, BuildingID: house})
			b.Accounts = append(b.Accounts, account.Account{BuildingID: house, AccountID: id, SupplierID: ids.Supplier[i], Number: number, OpenedAt: at})
			b.Claims = append(b.Claims, account.Claim{BuildingID: house, AccountID: id, RecordedAt: at, Printed: number, Status: account.StatusPlaced, Evidence: []byte("{}")})
			b.Links = append(b.Links, account.Link{BuildingID: house, AccountID: id, RecordedAt: at, HouseholdID: home, Rule: "bench"})
		}
	}
	return b
}

// tell prepares a figure of each register of a house, of most at the most.
func (w *metered) tell(set *fact.Set, most int) (registers int) {
	day := w.a.Readings.Today().String()
	for i := range set.Meters {
		m := &set.Meters[i]
		for zone := range int(m.Registers) {
			if registers == most {
				return registers
			}
			registers++
			name := ""
			if m.Registers > 1 {
				name = calc.Zone(zone + 1).String()
			}
			line, _ := json.Marshal(reading.Entry{Account: fmt.Sprint(m.AccountID), Service: m.Service, Zone: name, Value: "1005", Date: day}) // of texts
			supplier := int(m.AccountID % 10)
			w.lines[supplier] = append(w.lines[supplier], line)
		}
	}
	return registers
}

// post sends the lines of each supplier as its program does.
func (w *metered) post(ctx context.Context, res *ReadingsBench) error {
	handler, err := w.a.Handler(nil)
	if err != nil {
		return err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	res.Seconds, err = timed(func() error {
		for i, lines := range w.lines {
			for part := range slices.Chunk(lines, readingsRequest) {
				res.Requests, res.Readings = res.Requests+1, res.Readings+len(part)
				taken, err := postReadings(ctx, server.URL, w.tokens[i], part)
				if res.Taken += taken; err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}

func postReadings(ctx context.Context, base, token string, lines [][]byte) (taken int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/readings", bytes.NewReader(bytes.Join(lines, []byte("\n"))))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Authorization", "Bearer "+token)
	out, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return 0, err
	}
	if out.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("readings: status %d: %.300s", out.StatusCode, body)
	}
	var answer reading.Outcome
	if err := json.Unmarshal(body, &answer); err != nil {
		return 0, err
	}
	for _, f := range answer.Files {
		taken += f.Taken
	}
	return taken, nil
}

// preview computes the month of households all over the town and compares water with sewage, which another supplier sells.
func (w *metered) preview(ctx context.Context, res *ReadingsBench) error {
	reader, err := w.a.Charges.Reader(ctx, w.a.now())
	if err != nil {
		return err
	}
	month := w.a.Readings.Today().Month()
	took := make([]time.Duration, 0, readingsPreviews)
	for i := range min(readingsPreviews, len(w.homes)) {
		home := w.homes[i*7919%len(w.homes)]
		start := time.Now()
		var services []charge.Service
		if err := w.a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			services, err = reader.Ahead(ctx, tx, home.Building, sample.AccountsOf(home.Household), month, w.a.now())
			return err
		}); err != nil {
			return err
		}
		took = append(took, time.Since(start))
		if !sewageFollows(services) {
			res.Wrong++
		}
	}
	res.Previews = len(took)
	res.P50us, res.P99us = float64(quantile(took, 0.5).Microseconds()), float64(quantile(took, 0.99).Microseconds())
	return nil
}

// sewageFollows tells whether the sewage of a household is its water; where a meter decides no more, it need not be.
func sewageFollows(services []charge.Service) bool {
	var water, sewage int64
	for i := range services {
		switch name := strings.ToLower(services[i].Name); {
		case strings.Contains(name, "водоотведение"):
			sewage += int64(services[i].Volume)
		case strings.Contains(name, "вод") && services[i].Method != calc.ByMeter && services[i].Method != calc.ByNormative:
			return true
		case strings.Contains(name, "вод"):
			water += int64(services[i].Volume)
		}
	}
	return sewage != 0 && water == sewage
}
