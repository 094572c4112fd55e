package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kvit/internal/backup"
	"kvit/internal/calendar"
	"kvit/internal/city"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// DrillOptions say how a loss is practised.
type DrillOptions struct {
	Dir        string        // everything is made in it; it is left empty
	Households int           // of the made-up city
	Seed       int64         // of it
	Load       time.Duration // how long payments go on before the loss
	Pause      time.Duration // between two copies; 0: as the server makes them
	Progress   func(stage string, done, total int64)
}

// DrillReport is what a drill measured.
type DrillReport struct {
	OK           bool                  `json:"ok"`
	Database     string                `json:"database"`
	Payments     int                   `json:"payments"`    // the payer was told that they went through
	Kept         int                   `json:"kept"`        // of them in the returned data
	Found        int                   `json:"found"`       // found by asking the acquirer
	Lost         int                   `json:"lost"`        // neither
	Again        int                   `json:"again"`       // lost payments whose payers asked again under their keys: each found, none made twice
	RPO          float64               `json:"rpoSeconds"`  // from the moment of the returned data to the loss
	RTO          float64               `json:"rtoSeconds"`  // from the loss to checked data
	SameDigest   bool                  `json:"sameDigest"`  // data returned to an earlier moment are those of that moment
	CopiesBytes  int64                 `json:"copiesBytes"` // the folder of copies
	NumbersGoOn  bool                  `json:"numbersGoOn"` // no id is given twice
	PayoutsWait  bool                  `json:"payoutsWait"` // until reconciliation
	Findings     []string              `json:"findings"`    // what is wrong
	paid         map[string]bool       // by public number
	asked        map[string]PayRequest // of each of them
	lastID       int64
	quietAt      calendar.Micros
	quietDigest  string
	lostAt       calendar.Micros
	public, file string
}

// Drill practises a loss on a made-up city: payments go on while copies are made, the data are destroyed, they come back, twice: to
// an earlier moment, whose digest is compared, and to the last, whose payments are counted. s names an acquirer, and for PostgreSQL
// an empty database.
func Drill(ctx context.Context, s Settings, o DrillOptions) (*DrillReport, error) {
	r := &DrillReport{paid: map[string]bool{}, asked: map[string]PayRequest{}, Findings: []string{}, file: filepath.Join(o.Dir, "key.txt")}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	public, secret, err := backup.NewKey()
	if err == nil {
		r.public, err = public, os.WriteFile(r.file, []byte(secret+"\n"), 0o600)
	}
	if err != nil {
		return nil, err
	}
	s.Data = filepath.Join(o.Dir, "data")
	if err := r.live(ctx, s, &o); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(s.Data); err != nil {
		return nil, err
	}
	if err := r.earlier(ctx, s, &o); err != nil {
		return nil, err
	}
	if err := r.last(ctx, s, &o); err != nil {
		return nil, err
	}
	r.CopiesBytes = sizeOf(filepath.Join(o.Dir, "copies"))
	r.OK = len(r.Findings) == 0
	return r, nil
}

func (r *DrillReport) wrong(format string, args ...any) {
	r.Findings = append(r.Findings, fmt.Sprintf(format, args...))
}

// live fills an installation, copies it under load, and breaks off.
func (r *DrillReport) live(ctx context.Context, s Settings, o *DrillOptions) error {
	if s.DatabaseURL != "" {
		if err := Migrate(ctx, s); err != nil {
			return err
		}
	}
	a, err := Open(ctx, s)
	if err != nil {
		return err
	}
	defer a.DB.Close() // as a machine that stops: nothing is put in order
	r.Database = a.DB.Dialect.String()
	accounts, err := a.drillCity(ctx, o)
	if err != nil {
		return err
	}
	m, err := a.newMaker(filepath.Join(o.Dir, "copies"), r.public, 0)
	if err != nil {
		return err
	}
	m.Pause = o.Pause
	copying, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { m.KeepUp(copying) })
	defer wg.Wait()
	defer stop()
	if err := waitCopied(ctx, m, a.now(), o); err != nil {
		return err
	}
	if r.quietDigest, _, err = a.Digest(ctx); err != nil {
		return err
	}
	r.quietAt = a.now()
	if err := waitCopied(ctx, m, r.quietAt, o); err != nil {
		return err
	}
	if err := r.pay(ctx, a, accounts, o); err != nil {
		return err
	}
	if r.lastID, err = a.DB.NextIDs(ctx, 1); err != nil {
		return err
	}
	r.lostAt = a.now()
	return nil
}

// drillCity takes in a made-up city and gives accounts to pay for.
func (a *App) drillCity(ctx context.Context, o *DrillOptions) (list []Ref, err error) {
	have, err := a.ListSuppliers(ctx)
	if err == nil && len(have) > 0 {
		err = fault.New(fault.Conflict, "drill.not_empty", "Учения идут на придуманном городе, а в этой базе уже есть данные. Укажите пустую базу.")
	}
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(o.Dir, "city")
	if _, err := city.Make(ctx, city.Options{Out: dir, Households: o.Households, Seed: o.Seed, Month: calendar.DateOf(a.now().Time().In(a.Zone)).Month(), Defects: 1, Payments: true}); err != nil {
		return nil, err
	}
	if err := a.loadFile(filepath.Join(dir, "registry", "houses.csv"), func(f *os.File) error {
		_, err := a.Houses.Load(ctx, f, "registry/houses.csv")
		return err
	}); err != nil {
		return nil, err
	}
	if err := a.loadFile(filepath.Join(dir, "suppliers.yaml"), func(f *os.File) error {
		_, err := a.Suppliers.Load(ctx, f)
		return err
	}); err != nil {
		return nil, err
	}
	if _, err := a.Exchange.Intake(ctx, exchange.Request{Formats: filepath.Join(dir, "formats.json"), Paths: []string{dir}, Actor: "drill", Progress: o.Progress}); err != nil {
		return nil, err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT s.code, a.number FROM account a JOIN supplier s ON s.supplier_id = a.supplier_id JOIN charge c ON c.building_id = a.building_id AND c.account_id = a.account_id
			WHERE a.building_id > 0 AND a.closed_at = 0 GROUP BY s.code, a.number ORDER BY s.code, a.number LIMIT 50`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var x Ref
			if err := rows.Scan(&x.Supplier, &x.Account); err != nil {
				return err
			}
			list = append(list, x)
		}
		return rows.Err()
	})
	return list, err
}

// copyWait bounds how long the drill waits for a copy.
const copyWait = 5 * time.Minute

// waitCopied waits until everything up to a moment is copied.
func waitCopied(ctx context.Context, m *backup.Maker, at calendar.Micros, o *DrillOptions) error {
	for end := time.Now().Add(copyWait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		s := m.Status()
		if s.Trouble != "" {
			return fault.New(fault.Unavailable, "drill.copy", "Копия не снимается.").Because(errors.New(s.Trouble))
		}
		if s.WholeAt != 0 && s.LastAt > at {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "drill.copy", "Копия не снимается.")
}

// pay pays for accounts one after another until the load ends, and remembers what the payer was told of.
func (r *DrillReport) pay(ctx context.Context, a *App, accounts []Ref, o *DrillOptions) error {
	if len(accounts) == 0 {
		return fault.New(fault.Internal, "drill.accounts", "В придуманном городе некому платить.")
	}
	for end, i := time.Now().Add(o.Load), 0; time.Now().Before(end); i++ {
		x := accounts[i%len(accounts)]
		key := fmt.Sprintf("drill-%d", i)
		wish := PayRequest{Supplier: x.Supplier, Account: x.Account, Wish: payment.Wish{Sum: money.Amount(10_00 + i), Ahead: true}, Key: key, Method: "card", Actor: "drill", Input: key}
		p, err := a.Pay(ctx, wish)
		if err != nil {
			return err
		}
		if p.State == payment.StateCaptured || p.State == payment.StateCredited {
			r.paid[p.PublicID], r.asked[p.PublicID] = true, wish
		}
		o.Progress("Платежи", int64(time.Until(end)/-time.Millisecond+o.Load/time.Millisecond), int64(o.Load/time.Millisecond))
	}
	r.Payments = len(r.paid)
	return nil
}

func (r *DrillReport) options(o *DrillOptions, name string, at calendar.Micros) RestoreOptions {
	x := RestoreOptions{From: filepath.Join(o.Dir, "copies"), Key: r.file, Actor: "drill"}
	x.At, x.Data, x.Progress = at, filepath.Join(o.Dir, name), o.Progress
	if r.Database == db.Postgres.String() {
		x.PGData = filepath.Join(o.Dir, name+"-pg")
	}
	return x
}

// earlier returns to the quiet moment before the load and compares.
func (r *DrillReport) earlier(ctx context.Context, s Settings, o *DrillOptions) error {
	rep, err := Restore(ctx, s, r.options(o, "earlier", r.quietAt))
	if err != nil {
		return err
	}
	if r.SameDigest = rep.Digest == r.quietDigest; !r.SameDigest {
		r.wrong("отпечаток данных на прежний момент другой: %s вместо %s", rep.Digest, r.quietDigest)
	}
	r.breaches(rep.Check)
	return nil
}

func (r *DrillReport) breaches(c *CheckReport) {
	for _, b := range c.Invariants {
		if b.Count > 0 {
			r.wrong("%s: %d", b.ID, b.Count)
		}
	}
}

// last returns to the last moment, counts the payments and asks the acquirer for those that are not there.
func (r *DrillReport) last(ctx context.Context, s Settings, o *DrillOptions) (err error) {
	began := time.Now()
	a, rep, stop, err := openReturned(ctx, s, r.options(o, "returned", 0))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	defer a.Close()
	r.RTO, r.RPO = time.Since(began).Seconds(), float64(r.lostAt-rep.DataAt)/1e6
	r.breaches(rep.Check)
	kept, err := a.listPaid(ctx, r.paid)
	if err != nil {
		return err
	}
	r.Kept = len(kept)
	id, err := a.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	if r.NumbersGoOn = id > r.lastID; !r.NumbersGoOn {
		r.wrong("номер %d выдан после %d", id, r.lastID)
	}
	_, err = a.Settlement.CloseDay(ctx, "drill", a.Settlement.Today())
	if r.PayoutsWait = fault.CodeOf(err) == "restore.held"; !r.PayoutsWait {
		r.wrong("закрытие дня не ждёт сверки: %v", err)
	}
	if err := r.findLost(ctx, a); err != nil {
		return err
	}
	if r.Lost > 0 {
		r.wrong("потеряно платежей: %d", r.Lost)
	}
	again, err := a.Check(ctx)
	if err == nil {
		r.breaches(again)
	}
	return err
}

func sizeOf(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error { // a figure
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}
