package reading

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// answersMax bounds the answers of one request.
const answersMax = 50_000

// Answer takes a supplier's answers to readings. A declined reading no longer counts: what was charged by it already is
// corrected as by any late fact. Accepted after all, it counts again.
func (m *Module) Answer(ctx context.Context, actor access.Actor, entries []AnswerEntry) (*Answered, error) {
	scope, err := actor.Scope("reading", "answer")
	if err != nil {
		return nil, err
	}
	if len(entries) > answersMax {
		return nil, invalid("reading.too_many", "Ответов в одном запросе не больше %d. Разделите их.", answersMax)
	}
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	out, byBuilding := &Answered{OK: true, Lines: make([]AnswerVerdict, len(entries))}, map[int64][]answering{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error { return w.placeAnswers(ctx, tx, actor, scope, entries, out, byBuilding) })
	if err != nil {
		return nil, err
	}
	for _, building := range slices.Sorted(maps.Keys(byBuilding)) {
		if err := w.answerBuilding(ctx, building, byBuilding[building], out); err != nil {
			return nil, err
		}
	}
	for i := range out.Lines {
		out.OK = out.OK && out.Lines[i].State != string(Refused)
	}
	return out, nil
}

// answering is an answer with its account.
type answering struct {
	*AnswerEntry
	no       int
	account  int64
	supplier int64
	on       calendar.Date
}

// placeAnswers finds whose accounts answers are about; what cannot be placed gets its verdict.
func (w *work) placeAnswers(ctx context.Context, tx *db.Tx, actor access.Actor, scope access.Scope, entries []AnswerEntry, out *Answered, byBuilding map[int64][]answering) error {
	for i := range entries {
		e := &entries[i]
		out.Lines[i] = AnswerVerdict{Line: max(e.Line, i+1), Account: e.Account, Meter: e.Meter}
		x := answering{AnswerEntry: e, no: i}
		err := x.read()
		var route account.Route
		if err == nil {
			for id, s := range w.suppliers {
				if scope.Sees(id) && (s.Code == e.Supplier || e.Supplier == "" && id == actor.SupplierID) {
					x.supplier = id
				}
			}
			route, err = findAccount(ctx, tx, x.supplier, e.Account)
		}
		switch {
		case err == nil:
			x.account = route.AccountID
			byBuilding[route.BuildingID] = append(byBuilding[route.BuildingID], x)
		case fault.KindOf(err) == fault.Internal:
			return err
		default:
			out.Lines[i] = out.Lines[i].refused(err)
		}
	}
	return nil
}

func findAccount(ctx context.Context, tx *db.Tx, supplierID int64, number string) (account.Route, error) {
	if supplierID == 0 {
		return account.Route{}, fault.Newf(fault.NotFound, "account.unknown", "Лицевого счёта %s у этого поставщика нет. Сверьте номер с квитанцией.", number)
	}
	return account.FindPrinted(ctx, tx, supplierID, strings.TrimSpace(number))
}

func (v AnswerVerdict) refused(err error) AnswerVerdict {
	f := fault.As(err)
	v.State, v.Code, v.Says = string(Refused), f.Code, f.Message
	return v
}

// read checks what an answer says by itself.
func (x *answering) read() (err error) {
	if x.Date != "" {
		if x.on, err = calendar.ParseDate(x.Date); err != nil {
			return invalid("reading.date", "%q – не дата. Ожидается 2026-11-23 или 23.11.2026.", x.Date)
		}
	}
	_, known := reasons[x.Code]
	switch {
	case x.AnswerEntry.Answer != Accepted && x.AnswerEntry.Answer != Declined:
		return invalid("reading.answer", "Ответ %q неизвестен. Бывает: accepted, declined.", x.AnswerEntry.Answer)
	case x.AnswerEntry.Answer == Declined && !known:
		return invalid("reading.answer_code", "Причина %q неизвестна. Бывает: %s.", x.Code, strings.Join(ReasonCodes(), ", "))
	case x.AnswerEntry.Answer == Declined && x.Code == "other" && strings.TrimSpace(x.Note) == "":
		return invalid("reading.answer_note", "Напишите причину словами: note.")
	}
	return nil
}

// answerBuilding judges the answers of one building and writes them, under the lock of its facts.
func (w *work) answerBuilding(ctx context.Context, building int64, list []answering, out *Answered) error {
	err := w.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		at, err := fact.Lock(ctx, tx, building, w.m.Now())
		if err != nil {
			return err
		}
		of := &fact.Scope{}
		for _, x := range list {
			of.Accounts = append(of.Accounts, x.account)
		}
		stock, err := w.loadStock(ctx, tx, building, of, at)
		if err != nil {
			return err
		}
		a := &answers{decision: decision{stock: stock, today: w.m.Today(), set: fact.Set{Building: building}}, at: at}
		if a.held, err = listAnswers(ctx, tx, building, stock.ids(), at); err != nil {
			return err
		}
		for _, x := range list {
			v := &out.Lines[x.no]
			if err := a.judge(x, v); err != nil {
				*v = v.refused(err)
			}
		}
		return a.write(ctx, tx)
	})
	if errors.Is(err, errUnwritten) {
		return nil
	}
	return err
}

func (s *stock) ids() (ids []int64) {
	for _, m := range s.list {
		ids = append(ids, m.ID)
	}
	return ids
}

// answers is what a transaction makes of the answers of one building.
type answers struct {
	decision
	at   calendar.Micros
	held map[answerKey]Answer
	told []Answer
}

// judge decides one answer.
func (a *answers) judge(x answering, v *AnswerVerdict) error {
	on := x.on
	if on == 0 {
		on = a.today
	}
	m, err := a.stock.find(wanted{account: x.account, serial: x.Meter, service: x.Service, on: on})
	if err != nil {
		return err
	}
	zone, err := m.answered(x)
	if err != nil {
		return err
	}
	r := m.latestRow(zone, x.on)
	if r == nil {
		return fault.New(fault.NotFound, "reading.none", "Такого показания у счётчика нет. Сверьте день.")
	}
	v.Meter, v.Day, v.Value, v.State, v.Code = m.Serial, r.On.String(), r.Value.String(), x.AnswerEntry.Answer, x.Code
	y := Answer{MeterID: m.ID, On: r.On, Zone: zone, Supplier: x.supplier, Value: r.Value, Answer: x.AnswerEntry.Answer, Code: x.Code, Note: strings.TrimSpace(x.Note)}
	if y.Answer == Accepted {
		y.Code = ""
	}
	before, answeredBefore := a.held[y.key()]
	same := before.Answer == y.Answer && before.Code == y.Code && before.Note == y.Note && before.Value == y.Value
	if answeredBefore && same && (y.Answer == Accepted || !r.Accepted) {
		v.State = string(Same)
		return nil
	}
	if r.Accepted != (y.Answer == Accepted) {
		if y.Answer == Accepted && !(answeredBefore && before.Answer == Declined) {
			return fault.New(fault.Conflict, "reading.withdrawn", "Это показание отозвал тот, кто его передал: принимать нечего.")
		}
		a.turn(m, *r, &y)
	}
	a.held[y.key()], a.told = y, append(a.told, y)
	v.Says = y.Words()
	return nil
}

// answered finds the register an answer is about; without a name the only one, or any of those read together.
func (m *Meter) answered(x answering) (calc.Zone, error) {
	if x.Zone == "" && len(m.Zones) > 1 {
		return 0, invalid("reading.which_zone", "У счётчика несколько тарифов: %s. Назовите, чьё показание.", zoneList(m.Zones))
	}
	return m.parseZone(x.Zone)
}

// latestRow is the last row of a register's figure of a day, whether it holds or not; of the latest day when none is named.
func (m *Meter) latestRow(zone calc.Zone, on calendar.Date) (row *fact.Reading) {
	for i := range m.History {
		r := &m.History[i]
		if r.Zone == zone && !r.Initial && (on == 0 || r.On == on) && (row == nil || r.On > row.On || r.On == row.On && r.RecordedAt >= row.RecordedAt) {
			row = r
		}
	}
	return row
}

// turn withdraws a declined figure, or brings it back, of the device under every account it stands at.
func (a *answers) turn(m *Meter, r fact.Reading, y *Answer) {
	r.Accepted = y.Answer == Accepted
	r.Head = fact.Head{Source: "answer:" + a.stock.supplierOf(y.Supplier).Code + ":" + cmp.Or(y.Code, Accepted)}
	for _, at := range append([]*Meter{m}, m.twins...) {
		other := at.latestRow(r.Zone, r.On)
		if other == nil || other.Value != r.Value || other.Accepted == r.Accepted {
			continue
		}
		x := r
		x.MeterID, x.ID, x.Control = at.ID, other.ID, other.Control
		a.set.Readings = append(a.set.Readings, x)
		a.events = append(a.events, a.event(at, x, ""))
		at.hold(x)
		at.History = append(at.History, x)
	}
}

// write keeps the answers and what they change.
func (a *answers) write(ctx context.Context, tx *db.Tx) error {
	if len(a.told) == 0 {
		return errUnwritten
	}
	if err := writeFacts(ctx, tx, &a.set, a.at); err != nil {
		return err
	}
	if err := insertAnswers(ctx, tx, a.stock.building, a.told, a.at); err != nil {
		return err
	}
	return tell(ctx, tx, a.events, a.at)
}
