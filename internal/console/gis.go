package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/queue"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// gisWords are the kinds of objects as people call them.
var gisWords = map[gis.Kind]string{gis.KindAccount: "лицевые счета", gis.KindMeter: "приборы учёта", gis.KindReading: "показания", gis.KindDocument: "платёжные документы", gis.KindWithdrawal: "отзывы документов",
	gis.KindPayment: "извещения о платежах", gis.KindCancellation: "отмены извещений", gis.KindAck: "квитирование", gis.KindUnack: "отмены квитирования"}

// gisTables are the templates as people call them.
var gisTables = map[string]string{gis.TableAccounts: "Лицевые счета", gis.TableMeters: "Приборы учёта", gis.TableReadings: "Показания", gis.TablePayments: "Платежи", gis.TableDocuments: "Платёжные документы"}

// gisQueue is the page of the exchange with ГИС ЖКХ.
func (m *Module) gisQueue(w http.ResponseWriter, r *http.Request) error {
	v := view.GIS{}
	if n := r.URL.Query().Get("retried"); n != "" {
		v.Retried = "Сведений: " + n + "."
	}
	return m.showGIS(w, r, http.StatusOK, v)
}

func (m *Module) showGIS(w http.ResponseWriter, r *http.Request, status int, v view.GIS) error {
	s, err := m.GIS.Status(r.Context())
	if err != nil {
		return err
	}
	list, err := m.GIS.Participants(r.Context())
	if err != nil {
		return err
	}
	names := map[string]string{}
	for i := range list {
		names[list[i].Code] = list[i].Name
		v.Suppliers = append(v.Suppliers, web.Choice{Value: list[i].Code, Label: list[i].Name})
	}
	v.Page, v.Off, v.ExportTo, v.Month = m.page(r, "ГИС ЖКХ"), !m.GIS.Sends(), "/c/gis/export", m.lastMonth().String()
	for _, q := range s.Queues {
		v.Queues = append(v.Queues, gisQueueRow(names, &q))
	}
	for _, x := range s.Refusals {
		v.Refusals = append(v.Refusals, gisRefusalRow(names, &x))
	}
	for _, t := range gis.Tables {
		v.Tables = append(v.Tables, web.Choice{Value: t, Label: gisTables[t]})
	}
	if access.FromContext(r.Context()).Require("gis", "write") == nil {
		v.ImportTo, v.RetryTo, v.Key = "/c/gis/import", "/c/gis/retry", web.NewKey()
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.GISPage(v))
}

// lastMonth is the month whose figures are posted now.
func (m *Module) lastMonth() calendar.Month {
	return calendar.DateOf(m.Now().Time().In(m.Zone)).Month().Add(-1)
}

func gisQueueRow(names map[string]string, q *queue.Queue) view.GISQueue {
	row := view.GISQueue{Supplier: named(names, q.Supplier), Kind: gisWords[q.Kind], Waiting: int(q.Waiting), Sent: int(q.Sent), Done: int(q.Done), Refused: int(q.Refused), State: web.State{Word: "размещено", Tone: web.OK}}
	switch {
	case q.Refused > 0:
		row.State = web.State{Word: "есть отказы", Tone: web.Bad}
	case q.Waiting > 0:
		row.State = web.State{Word: "ждёт", Tone: web.Warn}
	case q.Sent > 0:
		row.State = web.State{Word: "в пути", Tone: web.Info}
	}
	if q.Waiting+q.Sent > 0 {
		row.Age = ageWords(time.Duration(q.Age) * time.Second)
	}
	return row
}

func named(names map[string]string, code string) string {
	if name := names[code]; name != "" {
		return name
	}
	return code
}

// ageWords is how long something has waited, as exactly as a person needs it.
func ageWords(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%d дн.", d/day)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d ч", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d мин", d/time.Minute)
	}
	return "меньше двух минут"
}

var gisStates = map[string]web.State{"refused": {Word: "отклонено", Tone: web.Bad}, "compare": {Word: "сравниваем", Tone: web.Info}, "waiting": {Word: "ждёт", Tone: web.Warn}}

func gisRefusalRow(names map[string]string, x *queue.Refusal) view.GISRefusal {
	return view.GISRefusal{Supplier: named(names, x.Supplier), Kind: gisWords[x.Kind], Reason: x.Reason, Advice: x.Advice, Example: x.Example, Count: int(x.Count), State: gisStates[x.State]}
}

// gisRetry lets what was refused be sent again.
func (m *Module) gisRetry(w http.ResponseWriter, r *http.Request) error {
	n, err := m.GIS.Retry(r.Context(), r.PostFormValue("whose"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, fmt.Sprint("/c/gis?retried=", n))
}

// findingsShown is how many mistakes of a file a page shows.
const findingsShown = 200

// gisImport reads a file of ГИС ЖКХ and shows what it came to.
func (m *Module) gisImport(w http.ResponseWriter, r *http.Request) error {
	file, _, err := r.FormFile("file")
	if err != nil {
		return m.showGIS(w, r, http.StatusUnprocessableEntity, view.GIS{Errors: web.ErrorsOf(fault.New(fault.Invalid, "upload.empty", "Выберите файл, который нужно загрузить.").WithField("file"))})
	}
	defer file.Close()
	res, err := m.GIS.Import(r.Context(), access.FromContext(r.Context()), r.PostFormValue("owner"), file)
	if fault.Is(err, fault.Invalid) {
		return m.showGIS(w, r, http.StatusUnprocessableEntity, view.GIS{Errors: web.ErrorsOf(fault.As(err).WithField("file"))})
	}
	if err != nil {
		return err
	}
	return m.showGIS(w, r, http.StatusOK, view.GIS{Read: gisRead(res)})
}

func gisRead(res *queue.Imported) *view.GISRead {
	x := &view.GISRead{Title: gisTables[res.Table] + ": файл прочитан", Tone: web.OK,
		Text: fmt.Sprintf("Строк %d: принято %d, без идентификатора %d, не наших %d, с ошибкой %d.", res.Rows, res.Known, res.Empty, res.Unknown, res.Broken)}
	if len(res.Issues) > 0 {
		x.Tone = web.Warn
	}
	for _, f := range res.Issues[:min(len(res.Issues), findingsShown)] {
		x.Findings = append(x.Findings, view.GISFinding{Place: fmt.Sprintf("%s, строка %d", f.Sheet, f.Line), Field: strings.TrimSpace(f.Column + " " + f.Field), Value: f.Value, Says: f.Says})
	}
	x.More = len(res.Issues) - len(x.Findings)
	return x
}

// gisExport writes a file for ГИС ЖКХ: an archive when the portal takes it in parts only.
func (m *Module) gisExport(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	table := q.Get("table")
	if _, ok := gis.Layouts[table]; !ok {
		return fault.New(fault.NotFound, "gis.table", "Такого шаблона ГИС ЖКХ нет.")
	}
	month, err := calendar.ParseMonth(q.Get("month"))
	if err != nil {
		return m.showGIS(w, r, http.StatusUnprocessableEntity, view.GIS{Errors: web.ErrorsOf(fault.New(fault.Invalid, "gis.month", "Месяц не понят. Пример: 2026-11.").WithField("month"))})
	}
	t, err := m.GIS.Export(r.Context(), table, q.Get("supplier"), month)
	if err != nil {
		return err
	}
	var books [][]byte
	for _, part := range t.Pages.Parts(table) {
		var b bytes.Buffer
		if err := gis.WriteBook(&b, nil, table, part); err != nil {
			return err
		}
		books = append(books, b.Bytes())
	}
	return sendBooks(w, table, books)
}

func sendBooks(w http.ResponseWriter, name string, books [][]byte) error {
	if len(books) == 1 {
		web.Attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "gis-"+name+".xlsx")
		_, err := w.Write(books[0])
		return err
	}
	web.Attach(w, "application/zip", "gis-"+name+".zip")
	archive := zip.NewWriter(w)
	for i, b := range books {
		part, err := archive.Create(fmt.Sprintf("gis-%s-%d.xlsx", name, i+1))
		if err == nil {
			_, err = part.Write(b)
		}
		if err != nil {
			return err
		}
	}
	return archive.Close()
}

// gisWait is how the exchange of a supplier goes, or of all for 0, in one row; false when nobody takes part.
func (m *Module) gisWait(r *http.Request, supplierID int64) (view.Wait, bool, error) {
	list, err := m.GIS.Participants(r.Context())
	part := supplierID == 0 && len(list) > 0
	for i := range list {
		part = part || list[i].ID == supplierID
	}
	if err != nil || !part {
		return view.Wait{}, false, err
	}
	b, err := m.GIS.Backlog(r.Context(), supplierID)
	if err != nil {
		return view.Wait{}, false, err
	}
	x := view.Wait{Title: "Отказы ГИС ЖКХ", Text: "Всё размещается вовремя", Count: int(b.Refused), Tone: web.Bad}
	switch {
	case b.Waiting > 0:
		x.Text = fmt.Sprintf("Ещё %d ждёт, самое старое %s", b.Waiting, ageWords(b.Age))
	case b.Refused > 0:
		x.Text = "Посмотреть причины и что делать"
	}
	if supplierID != 0 && b.Reason != "" {
		x.Text = b.Reason
	}
	return x, true, nil
}

// gisRoutes are the page of what ГИС ЖКХ is told.
func (m *Module) gisRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/gis", Resource: "gis", Action: "read", Handler: m.gisQueue},
		{Method: http.MethodPost, Pattern: "/c/gis/retry", Resource: "gis", Action: "write", Handler: m.gisRetry},
		{Method: http.MethodPost, Pattern: "/c/gis/import", Resource: "gis", Action: "write", Files: true, Slow: true, Handler: m.gisImport},
		{Method: http.MethodGet, Pattern: "/c/gis/export", Resource: "gis", Action: "read", Slow: true, Handler: m.gisExport},
	}
}
