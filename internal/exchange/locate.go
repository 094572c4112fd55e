package exchange

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/match"
)

// located says where one judged account goes: 24 bytes, sorted by building they are the plan of the writing.
type located struct {
	building int64
	offset   int64
	file     int32
	status   status
}

// status is a claim's status in one byte.
type status uint8

const (
	placed status = iota
	ruledOut
	unplaced
	doubtful
)

var statusWords = [...]string{account.StatusPlaced, account.StatusRuledOut, account.StatusUnplaced, account.StatusDoubtful}

var statusOf = map[match.Status]status{match.Placed: placed, match.RuledOut: ruledOut, match.Unplaced: unplaced, match.Doubtful: doubtful}

// locate gives every judged account a building: once through all of them to learn, once to place.
func (b *batch) locate(ctx context.Context) error {
	houses, err := b.m.houses.Register(ctx)
	if err != nil {
		return err
	}
	b.houses = houses
	l := match.NewLocator(houses)
	if err := b.observe(ctx, l); err != nil {
		return err
	}
	for i, f := range b.files {
		if f.judged == nil {
			continue
		}
		b.req.progress("Поиск домов", int64(i), int64(len(b.files)))
		if err := b.placeFile(ctx, l, int32(i), f); err != nil {
			return fmt.Errorf("place %s: %w", f.name, err)
		}
	}
	slices.SortFunc(b.located, func(x, y located) int {
		return cmp.Or(cmp.Compare(x.building, y.building), cmp.Compare(x.file, y.file), cmp.Compare(x.offset, y.offset))
	})
	return nil
}

// observe shows the locator what is stored and then what came.
func (b *batch) observe(ctx context.Context, l *match.Locator) error {
	if err := b.teach(ctx, l); err != nil {
		return err
	}
	for i, f := range b.files {
		if f.judged == nil {
			continue
		}
		err := b.eachRead(ctx, l, int32(i), f, func(x *read) error {
			l.Observe(&x.seen)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ref names a judged account inside the batch: file and offset.
func ref(file int32, offset int64) int64 { return int64(file)<<44 | offset }

// placing is what is found out while the accounts of one file are placed.
type placing struct {
	doubts   []doubt
	strays   strays
	headings headings
	stays    map[int]bool // in batch.located: under a heading, and known from before
}

func (b *batch) placeFile(ctx context.Context, l *match.Locator, i int32, f *file) error {
	routes, err := b.routes(ctx, f.supplier)
	if err != nil {
		return err
	}
	p := placing{strays: strays{first: len(b.located), weak: map[int64][]int{}}, headings: headings{}, stays: map[int]bool{}}
	err = b.eachRead(ctx, l, i, f, func(x *read) error {
		b.place(&p, l, routes, f, located{offset: x.offset, file: i}, x)
		return nil
	})
	if err != nil {
		return err
	}
	p.headings.settle(b, p.stays)
	p.doubts = slices.DeleteFunc(p.doubts, func(d doubt) bool { return b.located[d.at].status != doubtful })
	strays, err := p.strays.doubts(ctx, b, f, l)
	if err != nil {
		return err
	}
	return b.eliminate(ctx, f, append(p.doubts, strays...))
}

// place gives one account a building. An account stays where it is until a person or a move says otherwise.
func (b *batch) place(p *placing, l *match.Locator, routes *account.Routes, f *file, at located, x *read) {
	j, e := &x.judged, &x.seen
	id, building, known := routes.Find(j.Number)
	if known && b.billedElsewhere(f, j, id, building) {
		return
	}
	found := l.Place(e)
	at.building, at.status = found.Building, statusOf[found.Status]
	if at.status != placed {
		at.building = account.UnplacedBuilding(f.supplier, j.Number)
	}
	if known && (building > 0 || at.status != placed) {
		if building > 0 {
			at.status = placed
		}
		at.building = building
	}
	here := len(b.located)
	switch {
	case at.status == doubtful && found.Flat != "":
		p.doubts = append(p.doubts, doubtOf(&found, here, *j))
	case found.Weak && !known && e.Group == "":
		p.strays.weak[at.building] = append(p.strays.weak[at.building], here)
	}
	if e.Group != "" {
		p.headings[e.Group] = append(p.headings[e.Group], here)
		if known && building > 0 {
			p.stays[here] = true
		}
	}
	b.located = append(b.located, at)
	f.noteLocation(j, &found, at.status)
}

// noteLocation reports what the locator found odd. An account whose premises the register rules out is kept, but
// its rows are not counted.
func (f *file) noteLocation(j *judged, p *match.Placement, s status) {
	for i := range p.Findings {
		f.note(fromMatch(f, j, &p.Findings[i]))
	}
	if s == ruledOut {
		f.leaveOut(j)
	}
}

// leaveOut counts the rows of an account as ignored.
func (f *file) leaveOut(j *judged) {
	f.tally.Applied -= j.Applied
	f.tally.Repaired -= j.Repaired
	f.tally.Ignored += j.Applied + j.Repaired
}

func fromMatch(f *file, j *judged, x *match.Finding) finding {
	out := finding{Pos: j.Pos, Account: j.Printed, Code: "match." + x.Type, Type: x.Type, Verdict: VerdictApplied, Field: x.Field, Value: x.Value, Now: x.Now, Hint: x.Hint}
	switch {
	case x.Type == "orphan":
		out.Verdict = VerdictIgnored
	case x.Group:
		out.Pos, out.Account = j.GroupPos, ""
		if f.profile.Group != "" {
			out.Unit = "house" // groups of an XML file are counted by themselves, header rows as rows
		}
	}
	return out
}

// evidence is what the matcher sees of a judged account.
func (b *batch) evidence(f *file, j *judged) match.Evidence {
	return evidenceOf(b.codes[f.supplier], groupKey(f, j), &j.identity)
}

// groupKey names accounts that share one printed house: a house header of a file, or the whole file.
func groupKey(f *file, j *judged) string {
	if j.GroupAddress == "" {
		return ""
	}
	return fmt.Sprintf("%d/%d", f.order, j.GroupPos)
}

// routes is where the accounts of a supplier live now.
func (b *batch) routes(ctx context.Context, supplierID int64) (*account.Routes, error) {
	if r, ok := b.routed[supplierID]; ok {
		return r, nil
	}
	var r *account.Routes
	err := b.m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if r, err = account.LoadRoutes(ctx, tx, supplierID); err != nil {
			return err
		}
		return b.findCame(ctx, tx, supplierID)
	})
	if b.routed == nil {
		b.routed = map[int64]*account.Routes{}
	}
	b.routed[supplierID] = r
	return r, err
}
