package console

import (
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/cashdesk"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// clerkName is a clerk as slips name him: his login.
func clerkName(actor string) string {
	_, name, _ := strings.Cut(actor, ":")
	return name
}

// seesShift: a clerk sees his own shifts, the centre all.
func seesShift(r *http.Request, s *cashdesk.Shift) error {
	if access.FromContext(r.Context()).Role == access.Clerk && s.Clerk != clerk(r) {
		return fault.New(fault.NotFound, "cash.unknown_shift", "Такой смены нет.")
	}
	return nil
}

// deskShift is the clerk's open shift, or the form that opens one.
func (m *Module) deskShift(w http.ResponseWriter, r *http.Request) error {
	return m.showShift(w, r, http.StatusOK, nil)
}

func (m *Module) showShift(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	s, err := m.Desks.Current(r.Context(), clerk(r))
	v := view.DeskShift{}
	switch {
	case fault.CodeOf(err) == "cash.no_shift":
		if v, err = m.openForm(r); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		v = m.shiftView(&s)
		v.Page, v.Mine = m.deskPage(r, "Смена"), true
		v.Counted, v.Handed, v.Reason = r.PostFormValue("counted"), r.PostFormValue("handed"), r.PostFormValue("reason")
		v.MoveSum, v.MoveNote, v.ReportHref = r.PostFormValue("sum"), r.PostFormValue("note"), "/k/shifts/"+s.Name
	}
	v.Key, v.Errors = web.NewKey(), web.ErrorsOf(failed)
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DeskShiftPage(v))
}

func (m *Module) openForm(r *http.Request) (v view.DeskShift, err error) {
	v = view.DeskShift{Page: m.deskPage(r, "Открыть смену"), None: true, Desk: r.PostFormValue("desk"), Cash: r.PostFormValue("cash"), Note: r.PostFormValue("note")}
	if v.Desk == "" {
		if v.Desk, err = m.Desks.LastDesk(r.Context(), clerk(r)); err != nil {
			return v, err
		}
	}
	if v.Desk != "" {
		left, err := m.Desks.LeftAt(r.Context(), v.Desk)
		if err != nil {
			return v, err
		}
		v.Rests = "Прошлая смена оставила " + left.Format()
	}
	return v, nil
}

func (m *Module) shiftView(s *cashdesk.Shift) view.DeskShift {
	v := view.DeskShift{Name: s.Name, Clerk: clerkName(s.Clerk), Desk: s.Desk, OpenedAt: s.OpenedAt, ClosedAt: s.ClosedAt, Expected: s.Expected, Reason: s.Reason}
	v.Rows = []view.DeskSum{{Title: "Было при открытии", Sum: s.Opening}, {Title: "Принято", Sum: s.Taken}, {Title: "Возвращено", Sum: -s.Returned}, {Title: "Внесено размена", Sum: s.Supplied}, {Title: "Сдано за смену", Sum: -s.HandedOver}, {Title: "Должно быть в ящике", Sum: s.Expected, Total: true}}
	if !s.Open() {
		v.Rows = append(v.Rows, view.DeskSum{Title: "Посчитано", Sum: s.Counted}, view.DeskSum{Title: "Расхождение", Sum: s.Difference}, view.DeskSum{Title: "Сдано при закрытии", Sum: s.Handed}, view.DeskSum{Title: "Осталось в ящике", Sum: s.Left, Total: true})
	}
	for i := range s.Movements {
		x := &s.Movements[i]
		v.Movements = append(v.Movements, view.DeskMovement{Number: x.Name, Kind: cashdesk.Words[x.Kind], Href: "/k/receipts/" + x.Name, Note: x.Note, At: x.At, Sum: x.Amount})
	}
	return v
}

func (m *Module) deskBegin(w http.ResponseWriter, r *http.Request) error {
	cash, err := rubles(r, "cash")
	if err == nil {
		_, err = m.Desks.Begin(r.Context(), cashdesk.Opening{Clerk: clerk(r), Desk: strings.TrimSpace(r.PostFormValue("desk")), Cash: cash, Note: r.PostFormValue("note")})
	}
	if web.IsForm(err) {
		return m.showShift(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/k")
}

func (m *Module) deskMove(w http.ResponseWriter, r *http.Request) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	sum, err := rubles(r, "sum")
	if err == nil {
		err = m.Desks.Move(r.Context(), clerk(r), key, r.PostFormValue("kind"), sum, r.PostFormValue("note"))
	}
	if web.IsForm(err) {
		return m.showShift(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/k/shift")
}

// deskClose closes the shift and leads to its report. What is not said to be handed over stays in the drawer.
func (m *Module) deskClose(w http.ResponseWriter, r *http.Request) error {
	err := m.once(w, r, func(string) (string, error) { return m.closeShift(r) })
	if web.IsForm(err) {
		return m.showShift(w, r, http.StatusUnprocessableEntity, err)
	}
	return err
}

func (m *Module) closeShift(r *http.Request) (page string, err error) {
	counted, err := rubles(r, "counted")
	if err != nil {
		return "", err
	}
	var handed money.Amount
	if strings.TrimSpace(r.PostFormValue("handed")) != "" {
		if handed, err = rubles(r, "handed"); err != nil {
			return "", err
		}
	}
	s, err := m.Desks.Close(r.Context(), cashdesk.Closing{Clerk: clerk(r), Counted: counted, Handed: handed, Reason: r.PostFormValue("reason")})
	return "/k/shifts/" + s.Name, err
}

// deskReport is a shift for paper; it may be printed again at any time.
func (m *Module) deskReport(w http.ResponseWriter, r *http.Request) error {
	s, err := m.Desks.Find(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	if err := seesShift(r, &s); err != nil {
		return err
	}
	v := m.shiftView(&s)
	v.Page = m.deskPage(r, "Отчёт по смене № "+s.Name)
	return web.Render(w, r, http.StatusOK, view.DeskShiftPage(v))
}

// deskShifts lists shifts: a clerk's own, or all for the centre.
func (m *Module) deskShifts(w http.ResponseWriter, r *http.Request) error {
	f := cashdesk.ListFilter{}
	if access.FromContext(r.Context()).Role == access.Clerk {
		f.Clerk = clerk(r)
	}
	list, err := m.Desks.List(r.Context(), f)
	if err != nil {
		return err
	}
	v := view.DeskShifts{Page: m.deskPage(r, "Смены касс")}
	for i := range list {
		s := &list[i]
		row := view.DeskShiftRow{Name: s.Name, Href: "/k/shifts/" + s.Name, Clerk: clerkName(s.Clerk), OpenedAt: s.OpenedAt, Taken: s.Taken, Returned: s.Returned, Difference: s.Difference, Reason: s.Reason, State: web.State{Word: "закрыта", Tone: web.Quiet}}
		switch {
		case s.Open():
			row.State = web.State{Word: "открыта", Tone: web.Info}
		case s.Difference != 0:
			row.State = web.State{Word: "не сошлась", Tone: web.Warn}
		}
		v.Rows = append(v.Rows, row)
	}
	return web.Render(w, r, http.StatusOK, view.DeskShiftsPage(v))
}

// ordersOf are the latest payments of a bill's accounts.
func (m *Module) ordersOf(r *http.Request, b *bill.Bill) (list []payment.Order, err error) {
	const latest = 20
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err = m.Payments.ListOrders(r.Context(), tx, b.BuildingID, accountsOf(b), latest)
		return err
	})
	return list, err
}

// splitOf names who got how much of an order as it was paid, and the address of the home.
func (m *Module) splitOf(r *http.Request, o *payment.Order) (rows []view.SplitRow, address string, err error) {
	var ref bill.Ref
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		rows = nil
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.AccountID == 0 || p.Amount <= 0 {
				continue
			}
			a, err := account.FindMember(r.Context(), tx, p.BuildingID, p.AccountID, m.Now())
			if err != nil {
				return err
			}
			s, err := supplier.FindByID(r.Context(), tx, p.SupplierID)
			if err != nil {
				return err
			}
			name := ""
			if p.ServiceID != 0 {
				if err := tx.QueryRowContext(r.Context(), "SELECT name FROM service WHERE service_id = $1", p.ServiceID).Scan(&name); err != nil {
					return err
				}
			}
			ref = bill.Ref{Building: p.BuildingID, Household: a.Link.HouseholdID}
			rows = append(rows, view.SplitRow{Supplier: s.Name, Service: partTitle(p.Kind, supplier.ServiceTitle(name, s.Services)), Account: a.Claim.Printed, Pay: p.Amount})
		}
		return nil
	})
	if err != nil || ref.Household == 0 {
		return rows, "", err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if err != nil {
		return rows, "", err
	}
	return rows, b.Address, nil
}
