package console

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/exchange/courier"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// exchangeFiles is how many files the page shows.
const exchangeFiles = 50

// exchanges is the page «Обмен файлами»: a supplier sees his own, the centre everybody's, what is late first.
func (m *Module) exchanges(w http.ResponseWriter, r *http.Request) error {
	s, err := scope(r, "exchange", "read")
	if err != nil {
		return err
	}
	v := view.Exchanges{Page: m.page(r, "Обмен файлами"), All: s.All}
	list, err := m.Courier.Statuses(r.Context(), s.SupplierID)
	if err != nil {
		return err
	}
	names, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	var calm []view.ExchangeRow
	for i := range list {
		if row := exchangeRow(&list[i], names); list[i].Late {
			v.List = append(v.List, row)
		} else {
			calm = append(calm, row)
		}
	}
	v.List = append(v.List, calm...)
	files, err := m.Courier.List(r.Context(), s.SupplierID, "", exchangeFiles)
	if err != nil {
		return err
	}
	for i := range files {
		v.Sent = append(v.Sent, exchangeFileRow(&files[i], names))
	}
	return web.Render(w, r, http.StatusOK, view.ExchangesPage(v))
}

// whatWords say what the files of an exchange are of.
var whatWords = map[string]string{
	courier.WhatPayments: "платежи", courier.WhatReadings: "показания", courier.WhatChanges: "изменения", courier.WhatBills: "счета", courier.WhatCharges: "начисления", courier.WhatBalance: "остатки", "": "забираем реестры",
}

var dayWords = map[string]string{"mon": "пн", "tue": "вт", "wed": "ср", "thu": "чт", "fri": "пт", "sat": "сб", "sun": "вс", "last": "последний день месяца"}

func exchangeRow(s *courier.Status, names supplierNames) view.ExchangeRow {
	row := view.ExchangeRow{Supplier: names.of(s.Supplier), Code: s.Code, What: whatWords[s.What], Folder: s.Folder, Next: s.Next, Trouble: s.Trouble, State: web.State{Word: "по расписанию", Tone: web.OK}}
	for _, n := range s.Noted {
		row.Noted = append(row.Noted, view.NotedFile{Name: n.Name, Note: n.Note})
	}
	days := make([]string, len(s.Days))
	for i, d := range s.Days {
		if days[i] = dayWords[d]; days[i] == "" {
			days[i] = d + "-го"
		}
	}
	row.When = strings.Join(days, ", ")
	if row.When == "" {
		row.When = "каждый день"
	}
	if len(s.Hours) > 0 {
		row.When += " в " + strings.Join(s.Hours, ", ")
	}
	switch {
	case s.Late:
		row.State = web.State{Word: "опаздывает", Tone: web.Bad}
	case s.Open > 0:
		row.State = web.State{Word: fmt.Sprintf("отклонено строк: %d", s.Open), Tone: web.Warn}
	case s.Waiting > 0:
		row.State = web.State{Word: fmt.Sprintf("ждут отправки: %d", s.Waiting), Tone: web.Info}
	}
	return row
}

var fileTones = map[string]web.Tone{courier.Waiting: web.Info, courier.Sent: web.Info, courier.Accepted: web.OK, courier.Partly: web.Warn, courier.Refused: web.Bad}

func exchangeFileRow(f *courier.File, names supplierNames) view.ExchangeFileRow {
	return view.ExchangeFileRow{
		Supplier: names.of(f.Supplier), Code: f.Code, Name: f.Name, Number: f.Number, Rows: f.Rows, Refused: f.RefusedNow, Sum: f.Sum, SentAt: f.SentAt,
		Href:  "/s/exchange/" + url.PathEscape(f.Supplier) + "/" + f.Code + "/" + strconv.FormatInt(f.Number, 10),
		State: web.State{Word: courier.StateWords[f.State], Tone: fileTones[f.State]},
	}
}

// exchangeFileOf finds the file of the address; one of another supplier is not found.
func (m *Module) exchangeFileOf(r *http.Request, action string) (id int64, f courier.File, err error) {
	unknown := fault.New(fault.NotFound, "courier.no_file", "Такого файла обмена нет.")
	s, err := scope(r, "exchange", action)
	if err != nil {
		return 0, f, err
	}
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil {
		return 0, f, unknown.Because(err)
	}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		owner, err := supplier.Find(r.Context(), tx, r.PathValue("supplier"))
		if err == nil && !s.Sees(owner.ID) {
			err = unknown
		}
		id = owner.ID
		return err
	})
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return 0, f, unknown.Because(err)
	}
	if err == nil {
		f, err = m.Courier.Find(r.Context(), id, r.PathValue("code"), number)
	}
	return id, f, err
}

func (m *Module) exchangeFile(w http.ResponseWriter, r *http.Request) error {
	_, f, err := m.exchangeFileOf(r, "read")
	if err != nil {
		return err
	}
	return m.showExchangeFile(w, r, &f, "")
}

func (m *Module) showExchangeFile(w http.ResponseWriter, r *http.Request, f *courier.File, said string) error {
	names, err := m.supplierNames(r)
	if err != nil {
		return err
	}
	v := view.ExchangeFile{Page: m.page(r, "Файл обмена"), File: exchangeFileRow(f, names), Slot: f.SlotAt, Answered: f.AnsweredAt, Again: f.Again, Open: f.Open, Trouble: f.Trouble, Said: said}
	v.Download = v.File.Href + "/file"
	if access.FromContext(r.Context()).Require("exchange", "resend") == nil {
		v.Action, v.Key = v.File.Href, web.NewKey()
	}
	list, err := m.Courier.Refusals(r.Context(), f)
	if err != nil {
		return err
	}
	for _, x := range list {
		row := view.RefusalRow{Row: x.Row, Account: x.Account, Reason: x.Reason, State: web.State{Word: "ждёт решения", Tone: web.Warn}}
		switch {
		case x.Again != 0:
			row.State = web.State{Word: fmt.Sprintf("передана снова, файл № %d", x.Again), Tone: web.OK}
		case x.Wanted:
			row.State = web.State{Word: "войдёт в следующий файл", Tone: web.Info}
		}
		v.Refusals = append(v.Refusals, row)
	}
	return web.Render(w, r, http.StatusOK, view.ExchangeFilePage(v))
}

// resendFile sends a file, or the rows refused of it, again.
func (m *Module) resendFile(w http.ResponseWriter, r *http.Request) error {
	id, f, err := m.exchangeFileOf(r, "resend")
	if err != nil {
		return err
	}
	refused := r.PostFormValue("do") == "refused"
	n, err := m.Courier.Resend(r.Context(), access.FromContext(r.Context()), id, f.Code, f.Number, refused)
	if err != nil {
		return err
	}
	said := "Файл отправим ещё раз в ближайшую минуту."
	if refused {
		said = fmt.Sprintf("Строк, которые войдут в следующий файл: %d.", n)
	}
	if f, err = m.Courier.Find(r.Context(), id, f.Code, f.Number); err != nil {
		return err
	}
	return m.showExchangeFile(w, r, &f, said)
}

// downloadFile gives the bytes of a file as they were made.
func (m *Module) downloadFile(w http.ResponseWriter, r *http.Request) error {
	_, f, err := m.exchangeFileOf(r, "read")
	if err != nil {
		return err
	}
	b, err := m.Courier.Open(&f)
	if err != nil {
		return err
	}
	defer b.Close()
	web.Attach(w, "application/octet-stream", f.Name)
	w.Header().Set("Content-Length", strconv.FormatInt(f.Size, 10))
	_, err = io.Copy(w, b)
	return err
}
