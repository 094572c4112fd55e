package meter

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Deps are what the module works with.
type Deps struct {
	DB      *db.DB
	Engine  func(ctx context.Context) (*calc.Engine, error)
	Charged func(ctx context.Context, tx *db.Tx, building int64) ([]calendar.Month, error) // months
	Now     func() calendar.Micros
	Today   func() calendar.Date // in the region's zone
}

// Module holds the operations on meters.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// errUnwritten takes back a transaction that is only tried, or has nothing to keep.
var errUnwritten = errors.New("step is not written")

func invalid(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}

// Do takes a step in the life of a meter and of those that are one device with it.
func (m *Module) Do(ctx context.Context, actor access.Actor, s Step) (*Told, error) {
	scope, err := actor.Scope("meter", "write")
	if err != nil {
		return nil, err
	}
	engine, err := m.Engine(ctx)
	if err != nil {
		return nil, err
	}
	d := &deed{step: &s, scope: scope, actor: actor, engine: engine}
	if err := d.read(m.Today()); err != nil {
		return nil, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.write(ctx, tx, d) })
	if err != nil && !errors.Is(err, errUnwritten) {
		return nil, fmt.Errorf("step of meter %q: %w", s.Meter, err)
	}
	return &d.told, nil
}

// write does a step in one transaction.
func (m *Module) write(ctx context.Context, tx *db.Tx, d *deed) error {
	d.reset()
	if err := d.find(ctx, tx); err != nil {
		return err
	}
	at, err := fact.Lock(ctx, tx, d.building, m.Now())
	if err != nil {
		return err
	}
	d.told.At = at
	if err := d.load(ctx, tx, at); err != nil {
		return err
	}
	if err := d.apply(); err != nil {
		return err
	}
	if err := d.compare(ctx, tx); err != nil {
		return err
	}
	if d.told.Late, err = m.late(ctx, tx, d); err != nil {
		return err
	}
	if d.told.State == stateSame || d.step.DryRun {
		return errUnwritten
	}
	return d.keep(ctx, tx)
}

// late is the first month charged already that a step changes.
func (m *Module) late(ctx context.Context, tx *db.Tx, d *deed) (string, error) {
	charged, err := m.Charged(ctx, tx, d.building)
	if err != nil || d.set.Empty() {
		return "", err
	}
	for _, month := range charged {
		if month >= d.on.Month() {
			return month.String(), nil
		}
	}
	return "", nil
}

// keep writes the step, the facts it makes and its events.
func (d *deed) keep(ctx context.Context, tx *db.Tx) error {
	if !d.set.Empty() {
		w := fact.NewWriter()
		if err := w.Add(&d.set, d.told.At); err != nil {
			return err
		}
		if err := w.Write(ctx, tx); err != nil {
			return err
		}
	}
	for i := range d.steps {
		d.steps[i].at = d.told.At
		if err := insertStep(ctx, tx, d.building, &d.steps[i]); err != nil {
			return err
		}
	}
	for _, l := range d.links {
		if err := insertLink(ctx, tx, d.building, l, d.told.At, true, d.step.Reason, d.source); err != nil {
			return err
		}
	}
	if err := audit.Record(ctx, tx, d.told.At, d.actor.String(), "meter."+string(d.step.Do), fmt.Sprintf("meter:%d", d.told.Meters[0].ID), d.step); err != nil {
		return err
	}
	if d.ofHouse() {
		if err := Measure(ctx, tx, d.engine, d.building, d.today, d.told.At); err != nil {
			return err
		}
	}
	return d.tell(ctx, tx)
}

// tell writes the events of a step, last.
func (d *deed) tell(ctx context.Context, tx *db.Tx) error {
	list, err := fact.ToSellers(ctx, tx, d.building, d.events)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].At = d.told.At
	}
	return event.Write(ctx, tx, list)
}

// find gives the account a step is of.
func (d *deed) find(ctx context.Context, tx *db.Tx) (err error) {
	if d.codes, err = supplier.ListCodes(ctx, tx); err != nil {
		return err
	}
	if d.step.House != "" {
		return d.findHouse(ctx, tx)
	}
	route, err := d.route(ctx, tx, &d.step.Target)
	if err != nil {
		return err
	}
	d.building, d.account = route.BuildingID, route.AccountID
	d.numbers = map[int64]string{d.account: d.step.Account}
	for i := range d.step.Serves {
		t := &d.step.Serves[i]
		r, err := d.route(ctx, tx, t)
		if err != nil {
			return err
		}
		if r.BuildingID != d.building {
			return invalid("meter.other_house", "Счёт %s – в другом доме: один счётчик ему служить не может.", t.Account)
		}
		d.serves, d.numbers[r.AccountID] = append(d.serves, served{r.AccountID, t.Service}), t.Account
	}
	return nil
}

// route finds an account that the actor may act upon; another's is not there for him.
func (d *deed) route(ctx context.Context, tx *db.Tx, t *Target) (account.Route, error) {
	code := strings.TrimSpace(t.Supplier)
	var id int64
	for known, c := range d.codes {
		if c == code || code == "" && known == d.actor.SupplierID {
			id = known
		}
	}
	switch {
	case id == 0 && code == "":
		return account.Route{}, invalid("meter.no_supplier", "Не сказано, чей это счёт. Укажите код поставщика: supplier.").WithField("supplier")
	case id == 0 || !d.scope.Sees(id):
		return account.Route{}, fault.Newf(fault.NotFound, "account.unknown", "Лицевого счёта %s у этого поставщика нет. Сверьте номер с квитанцией.", t.Account)
	}
	return account.FindPrinted(ctx, tx, id, strings.TrimSpace(t.Account))
}

// LinkRequest says that meters of two accounts are one device, or that they are not.
type LinkRequest struct {
	One    Target `json:"one"`
	Other  Target `json:"other"`
	Apart  bool   `json:"apart,omitempty" doc:"They are not one device after all"`
	Reason string `json:"reason" minLength:"3" maxLength:"200"`
}

// Link says that two meters are one device: a reading of one is a reading of the other from now on.
func (m *Module) Link(ctx context.Context, actor access.Actor, r LinkRequest) (*Told, error) {
	scope, err := actor.Scope("meter", "write")
	if err != nil {
		return nil, err
	}
	engine, err := m.Engine(ctx)
	if err != nil {
		return nil, err
	}
	one, other := &deed{step: &Step{Target: r.One, Reason: r.Reason}, scope: scope, actor: actor, engine: engine}, &deed{step: &Step{Target: r.Other}, scope: scope, actor: actor, engine: engine}
	if err := one.why(); err != nil {
		return nil, err
	}
	one.on, other.on = m.Today(), m.Today()
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.link(ctx, tx, one, other, r.Apart) })
	if err != nil && !errors.Is(err, errUnwritten) {
		return nil, fmt.Errorf("link of meter %q: %w", r.One.Meter, err)
	}
	return &one.told, nil
}

func (m *Module) link(ctx context.Context, tx *db.Tx, one, other *deed, apart bool) error {
	one.reset()
	other.reset()
	for _, d := range []*deed{one, other} {
		if err := d.find(ctx, tx); err != nil {
			return err
		}
	}
	if one.building != other.building {
		return invalid("meter.other_house", "Счёт %s – в другом доме: один счётчик ему служить не может.", other.step.Account)
	}
	at, err := fact.Lock(ctx, tx, one.building, m.Now())
	if err != nil {
		return err
	}
	one.told.At = at
	a, err := one.only(ctx, tx, at)
	if err != nil {
		return err
	}
	b, err := other.only(ctx, tx, at)
	if err != nil {
		return err
	}
	one.told.Meters = []Ref{one.ref(a), other.ref(b)}
	if err := fits(one.engine, a, b); err != nil {
		return err
	}
	held, err := listLinks(ctx, tx, one.building, at)
	if err != nil {
		return err
	}
	direct := false
	for _, l := range held {
		direct = direct || l == link{min(a.ID, b.ID), max(a.ID, b.ID)}
	}
	if one.told.State, one.told.Says = stateNew, "Теперь это один счётчик: показание любого счёта дойдёт до всех"; apart {
		one.told.State, one.told.Says = stateChanged, "Теперь это разные счётчики"
	}
	if direct != apart {
		one.told.State = stateSame
		return errUnwritten
	}
	if err := insertLink(ctx, tx, one.building, link{a.ID, b.ID}, at, !apart, one.step.Reason, one.source); err != nil {
		return err
	}
	detail := map[string]any{"meters": one.told.Meters, "apart": apart, "reason": one.step.Reason}
	return audit.Record(ctx, tx, at, one.actor.String(), "meter.linked", fmt.Sprintf("meter:%d", a.ID), detail)
}

// fits refuses to take meters of different things for one device.
func fits(e *calc.Engine, a, b *fact.Meter) error {
	x, _ := e.Service(a.Service)
	y, _ := e.Service(b.Service)
	switch {
	case a.ID == b.ID:
		return invalid("meter.same", "Это один и тот же счётчик одного счёта: соединять нечего.")
	case e.Of(x).Unit != e.Of(y).Unit:
		return invalid("meter.units", "У услуг %s и %s разные единицы: один счётчик обеим служить не может.", e.Of(x).Name, e.Of(y).Name)
	}
	return nil
}
