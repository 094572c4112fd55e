package exchange

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/match"
)

// chunkRows is how many rows one transaction writes at most, beyond the building that crosses it: people wait
// behind it no longer than some tens of milliseconds.
const chunkRows = 3000

// chunk is what one transaction of an intake writes.
type chunk struct {
	last     int64 // building the batch is done up to
	accounts account.Batch
	charges  []charge.Line
	reviews  []match.StoredReview
	facts    []recordedFacts
	doubled  []charge.Doubled
}

func (c *chunk) rows() int {
	return len(c.accounts.Claims) + len(c.accounts.Links) + len(c.accounts.Accounts)*2 + len(c.charges) + len(c.facts)*factRows
}

// applyAll writes building after building: one goroutine matches the next chunk while the last is written.
func (b *batch) applyAll(ctx context.Context) error {
	if err := b.findKnown(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan *chunk, 1)
	failed := make(chan error, 1)
	go func() {
		defer close(chunks)
		failed <- b.prepare(ctx, chunks)
	}()
	for c := range chunks {
		if err := b.write(ctx, c); err != nil {
			cancel()
			<-failed
			return err
		}
	}
	return <-failed
}

// buildings parts the plan of the writing by building.
func (b *batch) buildings() iter.Seq[[]located] {
	return func(yield func([]located) bool) {
		for rest := b.located; len(rest) > 0; {
			n := 1
			for n < len(rest) && rest[n].building == rest[0].building {
				n++
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}

// prepare matches buildings in order and hands over full chunks.
func (b *batch) prepare(ctx context.Context, chunks chan<- *chunk) error {
	c := &chunk{}
	send := func() error {
		select {
		case chunks <- c:
			c = &chunk{}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	done := 0
	for items := range b.buildings() {
		into := c
		if items[0].building <= b.done {
			into = &chunk{} // written before a crash: only its findings are wanted again
		}
		if err := b.building(ctx, into, items); err != nil {
			return err
		}
		c.last = max(b.done, items[0].building)
		done += len(items)
		b.req.progress("Запись", int64(done), int64(len(b.located)))
		if c.rows() >= chunkRows {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if c.rows() > 0 || c.last != 0 {
		return send()
	}
	return nil
}

func (b *batch) write(ctx context.Context, c *chunk) error {
	return b.m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := c.accounts.Write(ctx, tx); err != nil {
			return err
		}
		if err := charge.Write(ctx, tx, c.charges); err != nil {
			return err
		}
		if err := match.WriteReviews(ctx, tx, c.reviews); err != nil {
			return err
		}
		if err := writeFacts(ctx, tx, c.facts); err != nil {
			return err
		}
		if err := charge.WriteDoubled(ctx, tx, c.doubled); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE intake_batch SET done_building = $2 WHERE batch_id = $1 AND state = 'applying'", b.id, c.last); err != nil {
			return err
		}
		return b.tellNews(ctx, tx, c)
	})
}

// arrived is one account of a building as this batch tells of it: the judged rows of every file that names it.
type arrived struct {
	supplier int64
	number   string
	status   status
	account  int64
	isNew    bool
	files    []*file
	told     []judged
}

// latest is the telling of the file declared last.
func (a *arrived) latest() (*file, *judged) {
	n := len(a.told) - 1
	return a.files[n], &a.told[n]
}

// building works out all that one building's accounts, households and charges become.
func (b *batch) building(ctx context.Context, c *chunk, items []located) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("building %d: %w", items[0].building, err)
		}
	}()
	came, err := b.gather(ctx, items)
	if err != nil {
		return err
	}
	st, err := b.load(ctx, items[0].building, came)
	if err != nil {
		return err
	}
	if err := b.identify(ctx, st, came); err != nil {
		return err
	}
	if !b.req.DryRun {
		if err := b.tell(ctx, c, st, came); err != nil {
			return err
		}
	}
	if st.building <= 0 {
		return nil
	}
	if err := b.regroup(ctx, c, st, slices.DeleteFunc(slices.Clone(came), b.staysAsCame)); err != nil {
		return err
	}
	return b.chargeFacts(ctx, c, st, came)
}

// tell writes what the batch says of its accounts.
func (b *batch) tell(ctx context.Context, c *chunk, st *stored, came []*arrived) error {
	for _, a := range came {
		if !b.staysAsCame(a) {
			b.claim(c, st, a)
		}
		if err := b.charges(ctx, c, st, a); err != nil {
			return err
		}
	}
	return nil
}

// gather decodes the judged accounts of a building and puts the tellings of one account together.
func (b *batch) gather(ctx context.Context, items []located) ([]*arrived, error) {
	var list []*arrived
	at := map[string]*arrived{}
	for _, it := range items {
		f := b.files[it.file]
		record, err := f.judged.at(it.offset)
		if err != nil {
			return nil, err
		}
		j, err := decodeJudged(record)
		if err != nil {
			return nil, err
		}
		key := fmt.Sprint(f.supplier, ":", j.Number)
		a := at[key]
		if a == nil {
			a = &arrived{supplier: f.supplier, number: j.Number, status: it.status}
			at[key] = a
			list = append(list, a)
		}
		a.files, a.told = append(a.files, f), append(a.told, j)
	}
	slices.SortFunc(list, func(x, y *arrived) int {
		if x.supplier != y.supplier {
			return int(x.supplier - y.supplier)
		}
		return strings.Compare(x.number, y.number)
	})
	return list, ctx.Err()
}

// identify gives new accounts their lifelong ids.
func (b *batch) identify(ctx context.Context, st *stored, came []*arrived) error {
	fresh := 0
	for _, a := range came {
		id, ok := st.byNumber[fmt.Sprint(a.supplier, ":", a.number)]
		a.account, a.isNew = id, !ok
		if !ok {
			fresh++
		}
	}
	if fresh == 0 {
		return nil
	}
	next, err := b.ids(ctx, fresh)
	if err != nil {
		return err
	}
	for _, a := range came {
		if a.isNew {
			a.account = next
			next++
		}
	}
	return nil
}

// claim writes the account when new, and what the supplier says of it when that changed.
func (b *batch) claim(c *chunk, st *stored, a *arrived) {
	f, j := a.latest()
	if a.isNew {
		c.accounts.Routes = append(c.accounts.Routes, account.Route{SupplierID: a.supplier, Number: a.number, AccountID: a.account, BuildingID: st.building})
		c.accounts.Accounts = append(c.accounts.Accounts, account.Account{BuildingID: st.building, AccountID: a.account, SupplierID: a.supplier, Number: a.number, OpenedAt: b.recorded})
	}
	claim := account.Claim{BuildingID: st.building, AccountID: a.account, RecordedAt: f.recorded, FileID: f.id, RowNo: int64(j.Pos), Printed: j.Printed,
		Status: statusWords[a.status], Flat: j.Flat, Room: j.Room, Evidence: encodeEvidence(groupKey(f, j), &j.identity)}
	claim.Digest = claimDigest(&claim)
	if old, ok := st.claims[a.account]; !ok || old.Digest != claim.Digest {
		c.accounts.Claims = append(c.accounts.Claims, claim)
	}
}

// charges writes the lines whose figures are new. Of two files of one batch the one declared later holds.
func (b *batch) charges(ctx context.Context, c *chunk, st *stored, a *arrived) error {
	for i := range a.told {
		f := a.files[i]
		for k := range a.told[i].Lines {
			l := &a.told[i].Lines[k]
			if from := b.came[a.account]; from != nil && l.month(f) <= from.until {
				if line, changed := b.corrects(a.account, f, l); changed { // else the centre it came from has billed it
					line.RecordedAt = f.recorded
					c.charges = append(c.charges, line)
				}
				continue
			}
			service, err := b.service(ctx, a.supplier, l.Service)
			if err != nil {
				return err
			}
			month := l.month(f)
			line := charge.Line{BuildingID: st.building, AccountID: a.account, Month: month, ServiceID: service, RecordedAt: f.recorded, FileID: f.id, RowNo: int64(l.Pos),
				Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due, Volume: l.Volume, Rate: l.Tariff, Given: l.Given}
			key := chargeKey{a.account, month, service}
			if old, ok := st.charges[key]; ok && old.Same(&line) {
				continue
			}
			st.charges[key] = line
			c.charges = append(c.charges, line)
		}
	}
	return nil
}

func (b *batch) service(ctx context.Context, supplier int64, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	return b.m.suppliers.ServiceID(ctx, supplier, name)
}
