package handover

import (
	"cmp"
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Step is what was done, by whom, or what is to be done next.
type Step struct {
	What string              `json:"what"`
	Who  string              `json:"who,omitempty"`
	At   calendar.MomentText `json:"at,omitempty"`
	Done bool                `json:"done"`
}

// Letter is a message of a hand-over.
type Letter struct {
	Number   int                 `json:"number"`
	Sent     bool                `json:"sent"` // by us
	Kind     string              `json:"kind"`
	Digest   string              `json:"digest"`
	MadeAt   calendar.MomentText `json:"madeAt"`
	TakenAt  calendar.MomentText `json:"takenAt,omitempty"`
	Attempts int                 `json:"attempts"`
	Trouble  string              `json:"trouble,omitempty"`
}

// LetterLabels are the words for kinds of messages.
var LetterLabels = map[string]string{
	kindOffer: "пакет дома", kindAccept: "согласие с остатками", kindDecline: "отказ", kindCancel: "отмена", kindConfirm: "дом отдан", kindDone: "дом принят", kindPayments: "поздние платежи", kindTaken: "поздние платежи зачтены", kindCorrections: "исправления за прежние месяцы",
}

// Balance is what an account owes, in the act.
type Balance struct {
	Supplier string       `json:"supplier"`
	Account  string       `json:"account"`
	Flat     string       `json:"flat"`
	Month    string       `json:"month"`
	Due      money.Amount `json:"due"`
	Penalty  money.Amount `json:"penalty"` // of Due
	Book     money.Amount `json:"book"`
	Oldest   string       `json:"oldest,omitempty"` // month of the oldest debt
}

// LateTotals are payments that came to the former centre after the cut.
type LateTotals struct {
	Count  int          `json:"count"`
	Sum    money.Amount `json:"sum"`
	Booked money.Amount `json:"booked"` // the new centre has them
}

// View is a hand-over as people see it.
type View struct {
	Handover
	PeerName    string              `json:"peerName"`
	MonthText   string              `json:"month"`
	Cut         calendar.MomentText `json:"cutAt"`
	Label       string              `json:"label"`
	Next        string              `json:"next"` // what is to be done, and by whom
	Steps       []Step              `json:"steps"`
	Differences []Difference        `json:"differences"`
	Balances    []Balance           `json:"balances"`
	Letters     []Letter            `json:"messages"`
	Late        LateTotals          `json:"late"`
}

// List gives all hand-overs, the latest first.
func (m *Module) List(ctx context.Context) (list []View, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := listWhere(ctx, tx, "ORDER BY number DESC")
		if err != nil {
			return err
		}
		peers, err := listPeers(ctx, tx)
		list = []View{}
		for i := range found {
			list = append(list, viewOf(&found[i], peers))
		}
		return err
	})
	return list, err
}

func viewOf(h *Handover, peers []Peer) View {
	v := View{Handover: *h, MonthText: h.Month.String(), Cut: calendar.MomentText(h.CutAt), Label: Labels[h.State], Next: next(h), Differences: []Difference{}, Balances: []Balance{}, Letters: []Letter{}, Steps: []Step{}}
	for i := range peers {
		if peers[i].Code == h.Peer {
			v.PeerName = peers[i].Name
		}
	}
	return v
}

// next is what is to be done.
func next(h *Handover) string {
	switch h.Side + " " + h.State {
	case Out + " " + Prepared:
		return "Передайте пакет другому центру и дождитесь его согласия."
	case Out + " " + Accepted:
		return "Другой центр согласен. Пусть второй ваш человек подтвердит – дом сразу уйдёт."
	case Out + " " + Confirmed:
		return "Дом отдан. Дождитесь, когда другой центр ответит, что принял."
	case Out + " " + Completed:
		return "Дом передан. Платежи, которые придут вам, уходят другому центру сами."
	case In + " " + Offered:
		return "Сверьте остатки и разберите расхождения. Потом примите – двумя людьми."
	case In + " " + Checked:
		return "Один человек принял. Нужен второй."
	case In + " " + Accepted:
		return "Вы согласны. Ждём, когда прежний центр отдаст дом."
	case In + " " + Completed:
		return "Дом принят. Со следующего месяца счета выставляете вы."
	}
	return "Больше ничего не нужно."
}

// Show gives a hand-over with its steps, differences, balances and messages.
func (m *Module) Show(ctx context.Context, id string) (*View, error) {
	var v View
	var p *Package
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		peers, err := listPeers(ctx, tx)
		if err != nil {
			return err
		}
		v = viewOf(&h, peers)
		v.Steps = stepsOf(&h)
		if err := v.read(ctx, tx); err != nil {
			return err
		}
		if h.Side == In {
			p, err = m.offered(ctx, tx, &h)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if p == nil && v.State == Prepared || p == nil && v.State == Accepted {
		if p, err = m.gather(ctx, v.BuildingID, v.Month, v.CutAt); err != nil {
			return nil, err
		}
	}
	if p == nil {
		return &v, nil
	}
	v.Balances = p.balances()
	if v.Side == In && (v.State == Offered || v.State == Checked) {
		v.Differences, err = m.differences(ctx, p)
	}
	return &v, err
}

func stepsOf(h *Handover) []Step {
	ours, theirs := Step{What: "Пакет подготовлен", Who: h.First, At: calendar.MomentText(h.CreatedAt), Done: true}, Step{What: "Другой центр принял остатки", Who: h.Theirs, Done: h.Theirs != ""}
	steps := []Step{ours, theirs, {What: "Второй человек отдал дом", Who: h.Second, At: calendar.MomentText(h.MovedAt), Done: h.MovedAt != 0}, {What: "Другой центр принял дом", Done: h.State == Completed}}
	if h.Side == In {
		steps = []Step{{What: "Пакет пришёл", At: calendar.MomentText(h.CreatedAt), Done: true}, {What: "Остатки принял первый человек", Who: h.First, Done: h.First != ""},
			{What: "Остатки принял второй человек", Who: h.Second, Done: h.Second != ""}, {What: "Дом принят", At: calendar.MomentText(h.MovedAt), Done: h.State == Completed}}
	}
	if h.ended() {
		steps = append(steps, Step{What: Labels[h.State], Who: h.Reason, At: calendar.MomentText(h.ChangedAt), Done: true})
	}
	return steps
}

// read reads the messages and the late payments.
func (v *View) read(ctx context.Context, tx *db.Tx) error {
	for _, direction := range []string{sent, came} {
		list, err := listMessages(ctx, tx, "WHERE handover_id = $1 AND direction = $2 ORDER BY number", v.ID, direction)
		if err != nil {
			return err
		}
		for i := range list {
			s := &list[i]
			v.Letters = append(v.Letters, Letter{Number: s.Number, Sent: direction == sent, Kind: s.Kind, Digest: s.Digest, MadeAt: calendar.MomentText(s.MadeAt), TakenAt: calendar.MomentText(s.TakenAt), Attempts: s.Attempts, Trouble: s.Trouble})
		}
	}
	return tx.QueryRowContext(ctx, `SELECT count(*), coalesce(CAST(sum(amount_kop) AS BIGINT), 0), coalesce(CAST(sum(CASE WHEN booked_at > 0 THEN amount_kop ELSE 0 END) AS BIGINT), 0) FROM handover_forward WHERE number = $1`, v.Number).
		Scan(&v.Late.Count, &v.Late.Sum, &v.Late.Booked)
}

// balances are the act, account by account.
func (p *Package) balances() []Balance {
	list, flats := []Balance{}, map[int64]string{}
	for _, h := range p.Households {
		flats[h.ID] = h.Flat
	}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		b := Balance{Account: a.Printed, Flat: cmp.Or(a.Flat, flats[a.Household]), Month: a.LastMonth.String(), Due: a.due(), Book: a.book()}
		if s := p.supplier(a.Supplier); s != nil {
			b.Supplier = s.Name
		}
		var oldest calendar.Month
		for _, d := range a.Debts {
			if d.Month == 0 {
				b.Penalty += d.Amount
			} else if oldest == 0 || d.Month < oldest {
				oldest = d.Month
			}
		}
		if oldest != 0 {
			b.Oldest = oldest.String()
		}
		list = append(list, b)
	}
	return list
}

// Message gives a message we made, as it is signed, with the name of its file.
func (m *Module) Message(ctx context.Context, id string, number int) (name string, body []byte, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		list, err := listMessages(ctx, tx, "WHERE handover_id = $1 AND direction = $2 AND number = $3", h.ID, sent, int64(number))
		if err == nil && len(list) == 0 {
			err = fault.Newf(fault.NotFound, "handover.no_message", "Сообщения № %d у этой передачи нет.", number)
		}
		if err == nil {
			name, body = list[0].fileName(), list[0].Body
		}
		return err
	})
	return name, body, err
}

// Moved is where the bill of a household is that left with its house.
type Moved struct {
	Centre  string
	Address string // of the house
	From    calendar.Date
	Link    string // of the bill; '' until the other centre has the house
}

// MovedTo tells where the bill of a household is now; nil when it is here.
func (m *Module) MovedTo(ctx context.Context, building, household int64) (moved *Moved, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		moved = nil
		var number int64
		var link string
		list, err := listLeft(ctx, tx, building, household, &number, &link)
		if err != nil || len(list) == 0 {
			return err
		}
		peer, err := peerOf(ctx, tx, list[0].Peer)
		if err != nil {
			return err
		}
		moved = &Moved{Centre: peer.Name, Address: list[0].Address, From: list[0].next(), Link: link}
		return nil
	})
	return moved, err
}

func listLeft(ctx context.Context, tx *db.Tx, building, household int64, number *int64, link *string) ([]Handover, error) {
	err := db.Fold(tx.QueryRowContext(ctx, "SELECT number, link FROM handover_household WHERE building_id = $1 AND household_id = $2", building, household).Scan(number, link))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return listWhere(ctx, tx, "WHERE number = $1", *number)
}
