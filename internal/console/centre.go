package console

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/charge/why"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func (m *Module) today(w http.ResponseWriter, r *http.Request) error { return m.showToday(w, r, false) }

func (m *Module) checkNow(w http.ResponseWriter, r *http.Request) error {
	return m.showToday(w, r, true)
}

func (m *Module) showToday(w http.ResponseWriter, r *http.Request, check bool) error {
	v := view.Today{Page: m.page(r, "Сегодня"), CheckTo: "/c/today"}
	var open, unplaced int
	var suspense []payment.SuspenseItem
	names := map[int64]string{}
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if open, err = match.CountOpen(r.Context(), tx); err != nil {
			return err
		}
		if suspense, err = payment.ListSuspense(r.Context(), tx); err != nil {
			return err
		}
		suppliers, err := supplier.List(r.Context(), tx)
		if err != nil {
			return err
		}
		for _, s := range suppliers {
			names[s.ID] = s.Name
		}
		return tx.QueryRowContext(r.Context(), "SELECT count(*) FROM account WHERE building_id < 0 AND closed_at = 0").Scan(&unplaced)
	})
	if err != nil {
		return err
	}
	v.Counts = []view.Wait{
		{Title: "Сомнительные соединения", Text: "Решить, чьи это счета", Href: "/c/review", Count: open, Tone: web.Warn},
		{Title: "Невыясненные платежи", Text: "Счёт плательщика неизвестен", Count: len(suspense), Tone: web.Warn},
		{Title: "Счета без дома", Text: "Адрес не нашёлся в реестре", Count: unplaced, Tone: web.Quiet},
	}
	if x, waits, err := m.copyWait(r); err != nil {
		return err
	} else if waits {
		v.Counts = append(v.Counts, x)
	}
	if x, waits, err := m.receiptWait(r); err != nil {
		return err
	} else if waits {
		v.Counts = append(v.Counts, x)
	}
	mass, err := m.MassLooks(r.Context())
	if err != nil {
		return err
	}
	if mass > 0 {
		v.Counts = append(v.Counts, view.Wait{Title: "Много карточек за час", Text: "Один вход открыл больше двухсот абонентов: спросите, зачем", Count: mass, Tone: web.Bad})
	}
	if x, waits, err := m.appealWait(r); err != nil {
		return err
	} else if waits {
		v.Counts = append(v.Counts, x)
	}
	refunds, err := m.refundWait(r)
	if err != nil {
		return err
	}
	v.Counts = append(v.Counts, refunds...)
	if x, part, err := m.gisWait(r, 0); err != nil {
		return err
	} else if part {
		x.Href = "/c/gis"
		v.Counts = append(v.Counts, x)
	}
	files, err := m.Exchange.ListFiles(r.Context(), access.Scope{All: true}, 20)
	if err != nil {
		return err
	}
	for i := range files {
		row := intakeRow(&files[i])
		row.Supplier = names[files[i].SupplierID]
		v.Files = append(v.Files, row)
	}
	if check {
		breaches, err := m.Check(r.Context())
		if err != nil {
			return err
		}
		v.CheckedAt = m.Now()
		for _, b := range breaches {
			v.Invariants = append(v.Invariants, view.Invariant{ID: ruleOf(b.ID), Title: invariantTitle(b.ID), Findings: b.Count})
		}
	}
	return web.Render(w, r, http.StatusOK, view.TodayPage(v))
}

func (m *Module) subscriber(w http.ResponseWriter, r *http.Request) error {
	return m.showSubscriber(w, r, http.StatusOK, nil)
}

func (m *Module) showSubscriber(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if err != nil {
		return err
	}
	v := view.Subscriber{Page: m.page(r, "Абонент"), Address: b.Address, Household: b.Household, Due: b.Total, Advance: b.Advance, DueOn: b.DueOn, BillHref: "/c/account/" + r.PathValue("code") + "/bill", FactsHref: factsPath(r), State: web.State{Word: "действует", Tone: web.OK}}
	if access.FromContext(r.Context()).Require("subscriber", "tell") == nil {
		v.ReadingsHref = "/c/account/" + r.PathValue("code") + "/readings"
		v.ActHref = "/c/account/" + r.PathValue("code") + "/act"
	}
	v.MetersHref = "/c/account/" + r.PathValue("code") + "/meters"
	if access.FromContext(r.Context()).Require("issued", "decide") == nil {
		v.RenewTo, v.RenewKey = "/c/account/"+r.PathValue("code")+"/renew", web.NewKey()
	}
	ids := make([]int64, 0, len(b.Suppliers))
	var orders []payment.Order
	reasons := map[int64]account.Member{}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		ids = ids[:0]
		for _, s := range b.Suppliers {
			ids = append(ids, s.AccountID)
		}
		members, err := account.ListMembers(r.Context(), tx, ref.Building, ref.Household, m.Now())
		if err != nil {
			return err
		}
		for i := range members {
			reasons[members[i].AccountID] = members[i]
		}
		orders, err = m.Payments.ListOrders(r.Context(), tx, ref.Building, ids, 100)
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range b.Suppliers {
		member := reasons[s.AccountID]
		v.Accounts = append(v.Accounts, view.SubscriberAccount{Supplier: s.Name, Number: s.Account, Due: s.Due, Reason: ruleWord(member.Link.Rule), State: web.State{Word: fmt.Sprintf("%d %%", member.Link.Score/10), Tone: web.Info}})
	}
	issued, err := m.Bills.ListIssued(r.Context(), ref)
	if err != nil {
		return err
	}
	appeals, err := m.appealEntries(r, ref)
	if err != nil {
		return err
	}
	v.Tabs, v.Entries = kinds(r, byTime(append(m.timeline(b, orders, reasons, issued), appeals...)))
	basket, people := web.ErrorsOf(failed), web.Errors(nil)
	if fault.CodeOf(failed) == reasonMissing {
		basket, people = nil, basket
	}
	if v.People, err = m.peopleOf(r, ref, people); err != nil {
		return err
	}
	v.Page.WithErrors(web.ErrorsOf(failed))
	if access.FromContext(r.Context()).Require("review", "decide") == nil {
		v.Basket = view.BasketForm{Action: "/c/account/" + r.PathValue("code") + "/basket", Key: web.NewKey(), With: r.PostFormValue("with"), Errors: basket}
		for _, s := range b.Suppliers {
			v.Basket.Accounts = append(v.Basket.Accounts, web.Choice{Value: s.Supplier + ":" + s.Account, Label: s.Name + ", счёт " + s.Account})
		}
	}
	return web.Render(w, r, status, view.SubscriberPage(v))
}

// decideBasket parts the basket or joins it with another.
func (m *Module) decideBasket(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "form", "Форма не прочиталась. Откройте страницу снова.").Because(err)
	}
	j := exchange.Judgement{Kind: r.PostFormValue("decision")}
	chosen := r.PostForm["account"]
	switch {
	case j.Kind == exchange.Split && (len(chosen) == 0 || len(chosen) == len(b.Suppliers)):
		err = fault.New(fault.Invalid, "basket.chosen", "Отметьте счета другой семьи: хотя бы один, но не все.").WithField("account")
	case j.Kind == exchange.Split:
		j.Of, j.With = chosen[0], chosen[1:]
	case len(b.Suppliers) == 0:
		return fault.New(fault.NotFound, "household.unknown", "В этой корзине больше нет счетов.")
	default:
		j.Of, j.With = b.Suppliers[0].Supplier+":"+b.Suppliers[0].Account, []string{strings.TrimSpace(r.PostFormValue("with"))}
	}
	if err == nil {
		_, err = m.Exchange.Decide(r.Context(), access.FromContext(r.Context()), j)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		if fault.As(err).Field == "" {
			err = fault.As(err).WithField("with")
		}
		return m.showSubscriber(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/review")
}

// household finds a household by its public code.
func (m *Module) household(r *http.Request) (bill.Ref, error) {
	return m.Bills.FindByCode(r.Context(), r.PathValue("code"))
}

// timeline are the charges, issued bills, payments and joins of a household.
func (m *Module) timeline(b *bill.Bill, orders []payment.Order, members map[int64]account.Member, issued []bill.Issued) (list []view.Entry) {
	list = issuedEntries(b.Household, issued)
	for i := range b.Lines {
		l := &b.Lines[i]
		title := "Начислено: " + supplier.ServiceTitle(l.Service, nil)
		if l.Service == "" {
			title = "Начислено"
		}
		if l.Origin == why.ByPayer {
			continue // nothing was charged
		}
		from := fmt.Sprintf("файл %s, %s %d", l.Source.File, unitWord(l.Source.Unit), l.Source.Pos)
		if l.Origin == why.ByKvit {
			from = "расчёт Квита"
		}
		list = append(list, view.Entry{At: l.Source.Recorded, Kind: "charge", Title: title, Href: fmt.Sprintf("/c/account/%s/bill/lines/%d", b.Household, i+1), Text: "за " + l.BillMonth.Title(), Who: l.SupplierName, From: from, Sum: l.Charge, HasSum: true})
	}
	for i := range orders {
		o := &orders[i]
		list = append(list, view.Entry{At: o.CreatedAt, Kind: "payment", Title: "Платёж, " + payment.Labels[o.State], Text: "дата плательщика " + o.PaidOn.Words(), Who: channelWord(o.Channel), From: o.Reason, Sum: o.Sum, HasSum: true})
	}
	for _, a := range members {
		list = append(list, view.Entry{At: a.Link.RecordedAt, Kind: "match", Title: "Счёт " + a.Claim.Printed + " в корзине", Text: ruleWord(a.Link.Rule), Who: "сопоставление"})
	}
	return list
}

// byTime puts entries in the order of time, the newest first.
func byTime(list []view.Entry) []view.Entry {
	slices.SortStableFunc(list, func(x, y view.Entry) int {
		if x.At != y.At {
			return int(max(-1, min(1, y.At-x.At)))
		}
		return strings.Compare(x.Title, y.Title)
	})
	return list
}

var ruleWords = map[string]string{
	"address": "адрес совпал", "flat_found": "квартира найдена по плательщику и номерам", "flat_by_number": "квартира по номеру счёта", "other_flat": "плательщик и номера ведут сюда",
	"merged_flats": "соединённые квартиры одного плательщика", "room_by_payer": "комната по плательщику", "apart": "отдельно: есть сомнения", "decision": "решение человека",
}

func ruleWord(rule string) string {
	if w, ok := ruleWords[rule]; ok {
		return w
	}
	return rule
}

func (m *Module) reviews(w http.ResponseWriter, r *http.Request) error {
	v := view.Review{Page: m.page(r, "Сомнительные соединения")}
	const most = 200
	err := m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Rows, v.Done = nil, nil
		list, err := match.ListReviews(r.Context(), tx, 0, match.ReviewOpen, most)
		if err != nil {
			return err
		}
		for i := range list {
			side, err := m.side(r, tx, list[i].BuildingID, list[i].AccountID)
			if err != nil {
				return err
			}
			v.Rows = append(v.Rows, view.ReviewRow{Title: side.Title, Text: strings.Join(list[i].Reasons, ", "), Href: "/c/review/" + strconv.FormatInt(list[i].ID, 10), Supplier: side.Text, Since: list[i].RecordedAt, Accounts: 1})
		}
		decisions, err := match.ListDecisions(r.Context(), tx, nil)
		for i := len(decisions) - 1; i >= max(0, len(decisions)-20); i-- {
			d := &decisions[i]
			if d.ID != d.SetID {
				continue
			}
			v.Done = append(v.Done, view.Decision{Title: decisionWord(d.Kind) + ": счёт " + d.Number, Who: d.Actor, At: d.DecidedAt, UndoTo: "/c/decision/" + strconv.FormatInt(d.SetID, 10) + "/undo", Key: web.NewKey()})
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.ReviewPage(v))
}

func decisionWord(kind string) string {
	if kind == match.DecideJoin {
		return "Соединили"
	}
	return "Оставили отдельно"
}

// side is one account of a doubt.
func (m *Module) side(r *http.Request, tx *db.Tx, building, id int64) (view.Side, error) {
	a, err := account.FindMember(r.Context(), tx, building, id, m.Now())
	if err != nil {
		return view.Side{}, err
	}
	s, err := supplier.FindByID(r.Context(), tx, a.SupplierID)
	if err != nil {
		return view.Side{}, err
	}
	side := view.Side{Title: "Счёт " + a.Claim.Printed, Text: s.Name}
	if a.Link.HouseholdID != 0 {
		side.Href = "/c/account/" + account.HouseholdCode(a.Link.HouseholdID)
	}
	return side, nil
}

func (m *Module) reviewCase(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "review.unknown", "Такого соединения нет.")
	}
	v := view.Case{Page: m.page(r, "Чей это счёт"), Action: "/c/review/" + r.PathValue("id"), Key: web.NewKey()}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Facts, v.Reasons = nil, nil
		c, err := match.FindReview(r.Context(), tx, id)
		if err != nil {
			return err
		}
		if v.Left, err = m.side(r, tx, c.BuildingID, c.AccountID); err != nil {
			return err
		}
		left, err := account.FindMember(r.Context(), tx, c.BuildingID, c.AccountID, m.Now())
		if err != nil {
			return err
		}
		for _, reason := range c.Reasons {
			v.Reasons = append(v.Reasons, view.Reason{Text: reason})
		}
		if c.State != match.ReviewOpen {
			v.Decided = &view.Decision{Title: "Уже решено", UndoTo: "/c/decision/" + strconv.FormatInt(c.DecisionID, 10) + "/undo", Key: web.NewKey()}
		}
		if len(c.Near) == 0 {
			v.Facts, err = facts(&left, &left)
			return err
		}
		if v.Right, err = m.side(r, tx, c.BuildingID, c.Near[0]); err != nil {
			return err
		}
		right, err := account.FindMember(r.Context(), tx, c.BuildingID, c.Near[0], m.Now())
		if err != nil {
			return err
		}
		if v.Facts, err = facts(&left, &right); err != nil {
			return err
		}
		return m.choices(r, tx, &v, &c, &left)
	})
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.CasePage(v))
}

// choices are whom the account may be joined with and what else can be done with its basket.
func (m *Module) choices(r *http.Request, tx *db.Tx, v *view.Case, c *match.StoredReview, left *account.Member) error {
	v.Targets = nil
	baskets := map[int64]bool{}
	for _, id := range c.Near {
		a, err := account.FindMember(r.Context(), tx, c.BuildingID, id, m.Now())
		if err != nil {
			return err
		}
		s, err := supplier.FindByID(r.Context(), tx, a.SupplierID)
		if err != nil {
			return err
		}
		e, err := a.Claim.Decode()
		if err != nil {
			return err
		}
		baskets[a.Link.HouseholdID] = true
		label := s.Name + ", счёт " + a.Claim.Printed
		if e.FIO != "" {
			label += ", " + e.FIO
		}
		v.Targets = append(v.Targets, web.Choice{Value: s.Code + ":" + a.Claim.Printed, Label: label})
	}
	mates, err := account.ListMembers(r.Context(), tx, c.BuildingID, left.Link.HouseholdID, m.Now())
	v.CanSplit = left.Link.HouseholdID != 0 && len(mates) > 1
	v.CanMerge = v.CanSplit || len(baskets) > 0
	return err
}

// facts are what both suppliers say, side by side.
func facts(left, right *account.Member) ([]view.SideFact, error) {
	x, err := left.Claim.Decode()
	if err != nil {
		return nil, err
	}
	y, err := right.Claim.Decode()
	if err != nil {
		return nil, err
	}
	address := func(e *account.Evidence) string {
		return strings.Join(slices.DeleteFunc([]string{e.GroupAddress, e.Address, e.Locality, e.Street, e.House, e.Korp}, func(s string) bool { return s == "" }), ", ")
	}
	var list []view.SideFact
	for _, f := range [][3]string{{"Плательщик", x.FIO, y.FIO}, {"Адрес", address(&x), address(&y)}, {"Квартира", x.Flat, y.Flat}, {"Комната", x.Room, y.Room}, {"ЕЛС", x.ELS, y.ELS}, {"Доля", x.Share, y.Share}} {
		if f[1] != "" || f[2] != "" {
			// Both accounts were led to one house, so its address can differ in spelling only.
			list = append(list, view.SideFact{Name: f[0], Left: f[1], Right: f[2], Differs: f[1] != f[2], Spelled: f[0] == "Адрес"})
		}
	}
	return list, nil
}

func (m *Module) decide(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "review.unknown", "Такого соединения нет.")
	}
	var with []string
	if target := r.PostFormValue("target"); target != "" {
		with = []string{target}
	}
	if _, err := m.Exchange.Decide(r.Context(), access.FromContext(r.Context()), exchange.Judgement{Kind: r.PostFormValue("decision"), Review: id, With: with, Note: r.PostFormValue("note")}); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/review")
}

func (m *Module) undo(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "decision.unknown", "Такого решения нет.")
	}
	if err := m.Exchange.Undo(r.Context(), access.FromContext(r.Context()), id); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/review")
}
