package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/charge/why"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange"
	"kvit/internal/handover"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// handOver passes the house of a bill from one centre to the other, to its end.
func handOver(t *testing.T, giver, taker *centre, house string) {
	t.Helper()
	id := accepted(t, giver, taker, house)
	if _, err := giver.Handovers.Confirm(context.Background(), "petr", id); err != nil {
		t.Fatal(err)
	}
	giver.round(t)
	taker.round(t)
	giver.state(t, id, handover.Completed)
}

// accepted offers a house to the other centre, where two accept it, and gives the number of the hand-over.
func accepted(t *testing.T, giver, taker *centre, house string) string {
	t.Helper()
	ctx := context.Background()
	h, err := giver.Handovers.Prepare(ctx, "olga", house, "new", 0)
	if err != nil {
		t.Fatal(err)
	}
	giver.round(t)
	for _, who := range []string{"ivan", "anna"} {
		if _, err := taker.Handovers.Accept(ctx, who, h.ID); err != nil {
			t.Fatal(err)
		}
	}
	taker.round(t)
	return h.ID
}

// told is a register of an account's services as a bill has them, the first of them charged so much more. It gives the codes of what
// was said about its rows.
func (c *centre) told(t *testing.T, lines []bill.Line, more money.Amount, name string) string {
	t.Helper()
	dir := t.TempDir()
	service := ""
	if lines[0].Service != "" {
		service = `, "service": "service"`
	}
	text := "ls;service;in;charge;recalc;penalty;paid;out\n"
	for i := range lines {
		l := lines[i]
		if i == 0 {
			l.Charge += more
		}
		text += fmt.Sprintf("%s;%s;%s;%s;%s;%s;%s;%s\n", l.Account, l.Service, l.Opening, l.Charge, l.Recalc, l.Penalty, l.Claimed, l.Opening+l.Charge+l.Recalc+l.Penalty-l.Claimed)
	}
	sheet := fmt.Sprintf(`{"month": %q, "registers": [{"file": %q, "supplier": %q, "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_rows": 1, "money": "rub_dot", "period": %q,
		"columns": {"account": "ls", "opening": "in", "charge": "charge", "recalc": "recalc", "penalty": "penalty", "paid": "paid", "due": "out"%s}}]}`, lines[0].Month, name, lines[0].Supplier, lines[0].Month, service)
	for path, body := range map[string]string{name: text, "formats.json": sheet} {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := c.Exchange.Intake(context.Background(), exchange.Request{Formats: filepath.Join(dir, "formats.json"), Paths: []string{filepath.Join(dir, name)}, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for i := range r.Issues {
		codes = append(codes, r.Issues[i].Code)
	}
	return strings.Join(codes, " ")
}

// TestCorrectionsFollowTheHouse: after a house has gone, its supplier corrects a month of the time before, with the former centre or
// with the new one, and a payment of that time is taken back. All of it comes to the account where it is now, once.
func TestCorrectionsFollowTheHouse(t *testing.T) {
	for _, giverOnPostgres := range []bool{false, true} {
		t.Run(fmt.Sprintf("from postgres %t", giverOnPostgres), func(t *testing.T) {
			t.Parallel()
			d, other := dbtest.SQLite(t), dbtest.Postgres(t)
			if giverOnPostgres {
				d, other = other, d
			}
			ctx := context.Background()
			w, giver, taker := twoCentres(t, d, other)
			house, err := giver.Bills.At(ctx, bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
			if err != nil {
				t.Fatal(err)
			}
			var lines []bill.Line
			for _, l := range house.Lines {
				if l.Origin == why.BySupplier && (len(lines) == 0 || l.AccountID == lines[0].AccountID) {
					lines = append(lines, l)
				}
			}
			giver.pays(t, "before", lines[0].Supplier, lines[0].Account, 1234)
			handOver(t, giver, taker, house.House)
			there, key := refThere(t, taker, lines[0].Supplier, lines[0].Account), lines[0].Supplier+":"+lines[0].Account
			due := func() money.Amount {
				giver.round(t)
				taker.round(t)
				_, byNumber := taker.dues(t, there)
				return byNumber[key]
			}
			want := due()

			if codes := giver.told(t, lines, 700, "late.csv"); !strings.Contains(codes, "handover.sent_on") {
				t.Errorf("the former centre said %s", codes)
			}
			for range 2 {
				if got := due(); got != want+700 {
					t.Fatalf("after a correction to the former centre %s is due, want %s", got.Format(), (want + 700).Format())
				}
			}
			if codes := taker.told(t, lines, 700, "same.csv"); !strings.Contains(codes, "handover.before") || due() != want+700 {
				t.Errorf("the same told to the new centre: %s, due %s", codes, due().Format())
			}
			if codes := taker.told(t, lines, -300, "less.csv"); !strings.Contains(codes, "handover.corrected") || due() != want-300 {
				t.Errorf("a correction to the new centre: %s, due %s, want %s", codes, due().Format(), (want - 300).Format())
			}

			before := payment.Line{Row: 1, Operation: "before", SupplierCode: lines[0].Supplier, Number: lines[0].Account, Date: 20261120, Amount: 1234}
			for range 2 {
				if err := giver.Payments.Reverse(ctx, "olga", before.OrderKey("sber"), "нет в реестре"); err != nil {
					t.Fatal(err)
				}
				if got := due(); got != want-300+1234 {
					t.Fatalf("after a reversal %s is due, want %s", got.Format(), (want - 300 + 1234).Format())
				}
			}
			giver.sound(t)
			taker.sound(t)
		})
	}
}
