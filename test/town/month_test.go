package town

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/payment"
)

// month lives from the last days of a month through the next one: registers come in, people pay.
func (t *town) month() {
	billed := t.day.Month()
	if t.files == 0 {
		t.register()
	}
	for t.day.Month() == billed {
		t.pass()
	}
	t.registers(billed)
	t.sound()
	for t.day.Day() < 28 {
		t.live()
		t.pass()
	}
	t.sound()
}

// register loads the houses and suppliers.
func (t *town) register() {
	houses := "house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n"
	for i := range 1 + (len(t.homes)-1)/10 {
		houses += fmt.Sprintf("H%d,,,,ул,Садовая,,%d,,,1980,5,10,,mkd\n", i+1, i+1)
	}
	codes := ""
	for _, s := range t.suppliers {
		codes += "- {code: " + s.code + "}\n"
	}
	t.must("suppliers", func(ctx context.Context) error {
		_, err := t.app.Suppliers.Load(ctx, strings.NewReader(codes))
		return err
	})
	t.must("houses", func(ctx context.Context) error {
		_, err := t.app.Houses.Load(ctx, strings.NewReader(houses), "houses.csv")
		return err
	})
}

// live is a day of the town.
func (t *town) live() {
	t.bank.away = t.day.Day()%9 == 4 && t.bank.draw("", "away") < 50
	for range 1 + len(t.homes)/12 {
		t.act(t.homes[t.rng.IntN(len(t.homes))])
	}
	if t.rng.IntN(4) == 0 {
		t.door.send()
	}
	if t.rng.IntN(6) == 0 {
		t.door.assign()
	}
	t.evening()
}

// evening is when the bank's notifications come and the program finishes what is open.
func (t *town) evening() {
	t.clock.until(t.day, 20)
	for _, body := range t.bank.mail() {
		t.must("notification", func(ctx context.Context) error { return t.app.Payments.Notify(ctx, body, nil) })
	}
	t.finish()
	t.settleOrders()
}

// finish is the program's round of what is open. What the bank did not answer waits for another round.
func (t *town) finish() {
	t.must("finish", func(ctx context.Context) error {
		_, err := t.app.Payments.FinishOpen(ctx)
		if fault.CodeOf(err) == "refund.unknown" {
			return nil
		}
		return err
	})
}

// pass goes to the next morning; registers of the last days go to the suppliers.
func (t *town) pass() {
	t.day = t.day.AddDays(1)
	t.clock.until(t.day, 8)
	days := 1
	if t.day.Day()%6 == 1 { // what came late to days told of already
		days = 8
	}
	for back := 1; back <= days && len(t.orders) > 0; back++ {
		t.tellSuppliers(t.day.AddDays(-back))
	}
}

// tellSuppliers writes the registers of a day and gives them to the suppliers.
func (t *town) tellSuppliers(day calendar.Date) {
	dir := filepath.Join(t.dir, "out")
	t.must("registers", func(ctx context.Context) error {
		list, err := t.app.Exchange.WriteRegisters(ctx, day, dir)
		for _, m := range list {
			for _, s := range t.suppliers {
				if s.code == m.Supplier {
					s.hear(t, filepath.Join(dir, m.File))
				}
			}
		}
		return err
	})
}

// registers takes the suppliers' registers of a month in: some come days later, twice, corrected, or broken first.
func (t *town) registers(month calendar.Month) {
	for _, s := range t.suppliers {
		if t.rng.IntN(3) == 0 && month != first.Month() { // before that nobody is known
			t.live()
			t.pass()
		}
		rows := s.close(t.rng, month)
		if s.layout.trailer && t.rng.IntN(4) == 0 {
			t.broken(s, month, rows)
		}
		t.take(s, month, rows)
		if t.rng.IntN(4) == 0 {
			t.take(s, month, rows)
		}
		if t.rng.IntN(3) == 0 {
			s.correct(t.rng, rows)
			t.take(s, month, rows)
		}
	}
}

// take takes a register in, and the oracle learns what it says.
func (t *town) take(s *supplier, month calendar.Month, rows []row) {
	t.files++
	name := fmt.Sprintf("%s-%s-%d.csv", s.code, month, t.files)
	t.intake(fmt.Sprintf(`{"month": %q, "registers": [%s]}`, month, s.write(t.dir, name, month, rows)), name)
	for _, r := range rows {
		r.account.due, r.account.cutoff = r.due, month.Last()
	}
}

// broken sends a register a line of which is lost: its total says so, and nothing of it is taken.
func (t *town) broken(s *supplier, month calendar.Month, rows []row) {
	t.files++
	name := fmt.Sprintf("%s-%s-%d.csv", s.code, month, t.files)
	sheet := s.write(t.dir, name, month, rows)
	path := filepath.Join(t.dir, name)
	body, err := os.ReadFile(path)
	if err != nil {
		t.fatal(err)
	}
	lines := strings.SplitAfter(string(body), "\n")
	lost := 1 + t.rng.IntN(len(rows))
	if rows[lost-1].due == 0 {
		return
	}
	write(path, strings.Join(append(lines[:lost:lost], lines[lost+1:]...), ""))
	t.deliver(fmt.Sprintf(`{"month": %q, "registers": [%s]}`, month, sheet), name, true)
}

// intake takes a file that must be taken whole.
func (t *town) intake(sheet, name string) { t.deliver(sheet, name, false) }

func (t *town) deliver(sheet, name string, refused bool) {
	t.clock.pass(time.Minute)
	formats := filepath.Join(t.dir, "formats.json")
	write(formats, sheet)
	if t.faults != nil {
		t.faults.calm = true
		defer func() { t.faults.calm = false }()
	}
	t.must("take "+name, func(ctx context.Context) error {
		r, err := t.app.Exchange.Intake(ctx, exchange.Request{Formats: formats, Paths: []string{filepath.Join(t.dir, name)}, Actor: "town"})
		if err != nil {
			return err
		}
		for _, f := range r.Files {
			if (f.Refusal != nil) != refused {
				return fmt.Errorf("%s: refusal %v", f.File, f.Refusal)
			}
		}
		return nil
	})
}

// suspense is the money nobody could place.
func (t *town) suspense() (list []payment.SuspenseItem) {
	t.read("suspense", func(ctx context.Context) error {
		return t.app.DB.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = payment.ListSuspense(ctx, tx)
			return err
		})
	})
	return list
}

// end lets everything late arrive: the bank answers, terminals send, four days pass; then nothing may be open.
func (t *town) end() {
	t.bank.temper, t.bank.away = temper{}, false
	for range 6 {
		for len(t.door.day) > 0 {
			t.door.send()
		}
		t.door.assign()
		for hour := 9; hour < 20; hour += 2 {
			t.clock.until(t.day, hour)
			t.finish()
		}
		t.evening()
		t.pass()
	}
	t.sound()
	for _, o := range t.orders {
		t.closed(o)
	}
	if left := t.suspense(); len(left) > 0 {
		t.fatal(fmt.Errorf("%d sums nobody placed", len(left)))
	}
	t.clock.pass(time.Hour)
}

// closed tells whether an order ended as the bank's book says.
func (t *town) closed(o *order) {
	var got payment.Order
	t.read("end of an order", func(ctx context.Context) (err error) {
		got, err = t.app.Payments.Find(ctx, o.public)
		return err
	})
	d := t.bank.byKey[o.public]
	captured := d != nil && d.State == payment.StateCaptured
	switch {
	case captured && (got.State != payment.StateCredited || got.Refunded != d.refunded || got.Refunded != o.refunded):
		t.fatal(fmt.Errorf("order %s is %s with %s given back; the bank took its money and gave %s back, asked for were %s", o.public, got.State, got.Refunded.Format(), d.refunded.Format(), o.refunded.Format()))
	case !captured && !payment.Final(got.State):
		t.fatal(fmt.Errorf("order %s is still %s", o.public, got.State))
	}
}
