package api

import (
	"context"
	"testing"

	"kvit/internal/account"
	"kvit/internal/charge/record"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// flat puts an account of each supplier into one flat.
func (c *centre) flat(suppliers ...*program) {
	c.t.Helper()
	b := account.Batch{Households: []account.Household{{BuildingID: 1, HouseholdID: 100, RecordedAt: 1, Flat: "1"}}}
	for i, p := range suppliers {
		id, number := int64(10+i), string(rune('1'+i))+"001"
		b.Routes = append(b.Routes, account.Route{SupplierID: p.supplier.ID, Number: number, AccountID: id, BuildingID: 1})
		b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: id, SupplierID: p.supplier.ID, Number: number, OpenedAt: 1})
		b.Claims = append(b.Claims, account.Claim{BuildingID: 1, AccountID: id, RecordedAt: 1, Printed: number, Status: account.StatusPlaced, Evidence: []byte("{}")})
		b.Links = append(b.Links, account.Link{BuildingID: 1, AccountID: id, RecordedAt: 1, HouseholdID: 100})
	}
	if err := c.db.WriteLocal(context.Background(), func(tx *db.Tx) error { return b.Write(context.Background(), tx) }); err != nil {
		c.t.Fatal(err)
	}
}

const (
	metered = `{"supplier":"voda","account":"1001","services":[{"service":"cold_water","meters":[{"id":"A1"}]}]}
{"fact":"reading","supplier":"voda","account":"1001","service":"cold_water","meter":"A1","date":"2026-10-31","value":"251,904"}
{"fact":"residents","supplier":"voda","account":"1001","persons":3}
`
	lit = `[{"fact":"service","supplier":"svet","account":"2001","service":"electricity"}]`
)

func TestFactsOfOwnAccounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		voda, svet := c.program("voda", "fact:write", "fact:read"), c.program("svet", "fact:write", "fact:read")
		c.flat(voda, svet)
		lines := []string{"Content-Type", "application/x-ndjson", "Idempotency-Key", "k1"}
		var dry, first, again, same record.Report
		voda.do("POST", "/api/v1/facts?dryRun=true", []byte(metered), "Content-Type", "application/x-ndjson").decode(t, 200, &dry)
		voda.do("POST", "/api/v1/facts", []byte(metered), lines...).decode(t, 200, &first)
		voda.do("POST", "/api/v1/facts", []byte(metered), lines...).decode(t, 200, &again)
		voda.do("POST", "/api/v1/facts", []byte(metered), lines[:2]...).decode(t, 200, &same)
		if f := first.Files[0]; f.New != 3 || f.Refused != 1 || first.Repeated || first.OK || dry.Files[0] != f || !dry.DryRun {
			t.Errorf("%+v\ndry %+v", first, dry)
		}
		if !again.Repeated || again.Files[0] != first.Files[0] || same.Files[0].Same != 3 {
			t.Errorf("again %+v\nsame %+v", again, same)
		}
		voda.do("POST", "/api/v1/facts", []byte(metered+"\n"), lines...).refused(t, "other input", 409, "key.other_input")
		svet.do("POST", "/api/v1/facts", []byte(lit), "Content-Type", "application/json").decode(t, 200, &first)
		if f := first.Files[0]; f.New != 1 || f.Records != 1 {
			t.Errorf("%+v", first)
		}
		var known record.Facts
		voda.do("GET", "/api/v1/accounts/voda/1001/facts", nil).decode(t, 200, &known)
		if len(known.Facts) != 3 || known.Facts[2].Fact != record.Reading || known.Facts[2].Values["value"] != "251.904" || known.Facts[2].Source != "программа поставщика voda" {
			t.Errorf("%+v", known.Facts)
		}
		var before record.Facts
		voda.do("GET", "/api/v1/accounts/voda/1001/facts?at=2020-01-01T00:00:00Z", nil).decode(t, 200, &before)
		if len(before.Facts) != 0 {
			t.Errorf("known before it was told: %+v", before.Facts)
		}
		svet.do("GET", "/api/v1/accounts/voda/1001/facts", nil).refused(t, "another's account", 404, "account.unknown")
		c.program("gaz").do("POST", "/api/v1/facts", []byte(lit)).refused(t, "no scope", 403, "access.forbidden")
	})
}
