package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/console/view"
	"kvit/internal/exchange"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// upload keeps a file and goes on to its columns.
func (m *Module) upload(w http.ResponseWriter, r *http.Request) error {
	s, err := m.supplierOf(r)
	if err != nil {
		return err
	}
	file, header, err := r.FormFile("file")
	if err != nil {
		return m.showIntakes(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "upload.empty", "Выберите файл, который нужно загрузить.").WithField("file"))
	}
	defer file.Close()
	u, err := m.Exchange.Keep(r.Context(), s.ID, s.Code, header.Filename, file)
	if fault.Is(err, fault.Invalid) {
		return m.showIntakes(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/s/uploads/"+u.ID)
}

// uploadOf is the upload of the actor's own supplier.
func (m *Module) uploadOf(r *http.Request) (code string, u exchange.Upload, err error) {
	s, err := m.supplierOf(r)
	if err != nil {
		return "", u, err
	}
	u, err = m.Exchange.FindUpload(s.Code, r.PathValue("id"))
	return s.Code, u, err
}

// roles are what a column may be, in words.
var roles = []web.Choice{{Value: "", Label: "не нужен"}, {Value: "account", Label: "лицевой счёт"}, {Value: "fio", Label: "плательщик"}, {Value: "address", Label: "адрес целиком"},
	{Value: "locality", Label: "населённый пункт"}, {Value: "street", Label: "улица"}, {Value: "house", Label: "дом"}, {Value: "korp", Label: "корпус"}, {Value: "flat", Label: "квартира"},
	{Value: "room", Label: "комната"}, {Value: "els", Label: "ЕЛС"}, {Value: "area", Label: "площадь"}, {Value: "residents", Label: "проживает"}, {Value: "service", Label: "услуга"},
	{Value: "volume", Label: "объём"}, {Value: "tariff", Label: "тариф"}, {Value: "period", Label: "месяц"}, {Value: "opening", Label: "остаток на начало"}, {Value: "charge", Label: "начислено"},
	{Value: "recalc", Label: "перерасчёт"}, {Value: "penalty", Label: "пени"}, {Value: "paid", Label: "оплачено"}, {Value: "due", Label: "к оплате"}}

// sources are the profile's places of roles, columns or paths.
func sources(p *register.Profile) map[string]register.Source {
	if len(p.Paths) > 0 {
		return p.Paths
	}
	return p.Columns
}

func (m *Module) guess(w http.ResponseWriter, r *http.Request) error {
	_, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.GuessPage(m.guessView(r, &u)))
}

func (m *Module) guessView(r *http.Request, u *exchange.Upload) view.Guess {
	p := &u.Profile
	v := view.Guess{Page: m.page(r, "Что в файле"), File: u.Name, Container: p.Kind + ", кодировка " + cmp.Or(p.Encoding, "по содержимому"), Action: "/s/uploads/" + u.ID, Key: web.NewKey()}
	byPlace := map[string]string{}
	var places []string
	for role, source := range sources(p) {
		place := source.String()
		if _, ok := byPlace[place]; !ok {
			places = append(places, place)
		}
		byPlace[place] = role
	}
	slices.Sort(places)
	for i, place := range places {
		c := view.GuessColumn{Name: "role" + strconv.Itoa(i), Title: place, Sure: true}
		for _, choice := range roles {
			choice.Chosen = choice.Value == byPlace[place]
			c.Roles = append(c.Roles, choice)
		}
		v.Columns = append(v.Columns, c)
	}
	return v
}

// confirm takes the roles a person gave and goes on to the trial.
func (m *Module) confirm(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	now := sources(&u.Profile)
	next := map[string]register.Source{}
	byPlace := map[string]register.Source{}
	var places []string
	for _, source := range now {
		if _, ok := byPlace[source.String()]; !ok {
			places = append(places, source.String())
		}
		byPlace[source.String()] = source
	}
	slices.Sort(places)
	for i, place := range places {
		if role := r.PostFormValue("role" + strconv.Itoa(i)); role != "" {
			next[role] = byPlace[place]
		}
	}
	if len(u.Profile.Paths) > 0 {
		u.Profile.Paths = next
	} else {
		u.Profile.Columns = next
	}
	if err := u.Profile.Validate(); err != nil {
		v := m.guessView(r, &u)
		v.Errors = web.ErrorsOf(err)
		v.Page.WithErrors(v.Errors)
		return web.Render(w, r, http.StatusUnprocessableEntity, view.GuessPage(v))
	}
	if err := m.Exchange.SaveUpload(code, u); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/s/uploads/"+u.ID+"/trial")
}

// trial judges the file without applying it: the verdicts are those of the real run.
func (m *Module) trial(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	report, err := m.Exchange.TakeUpload(r.Context(), code, u, true, access.FromContext(r.Context()).String())
	if err != nil {
		return err
	}
	f := &report.Files[0]
	v := view.Protocol{Page: m.page(r, "Проверка файла"), File: u.Name, State: stateOf[f.State], Encoding: f.Encoding, Rows: f.Rows, Done: f.Rows, Key: web.NewKey(), MapHref: "/s/uploads/" + u.ID,
		Totals: view.Totals{Rows: f.Rows, Applied: f.Applied, Repaired: f.Repaired, Ignored: f.Ignored, Quarantine: f.Quarantined}}
	if f.Control != nil {
		v.Totals.HasFile, v.Totals.FileSum, v.Totals.ReadSum = true, f.Control.File, f.Control.Read
	}
	if f.Refusal != nil {
		v.Refusal = f.Refusal.Hint
	}
	if f.State == exchange.StateJudged {
		v.ApplyTo = "/s/uploads/" + u.ID + "/apply"
	}
	const shown = 50
	v.Issues = issueViews(report.Issues[:min(len(report.Issues), shown)])
	v.Paging.Total = len(report.Issues)
	return web.Render(w, r, http.StatusOK, view.ProtocolPage(v))
}

// apply takes the file in. Pressing again leads to the same protocol: the bytes are known.
func (m *Module) apply(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	report, err := m.Exchange.TakeUpload(r.Context(), code, u, false, access.FromContext(r.Context()).String())
	if err != nil {
		return err
	}
	f := &report.Files[0]
	id := f.ID
	if f.DuplicateOf != 0 {
		id = f.DuplicateOf
	}
	return web.SeeOther(w, r, "/s/intakes/"+strconv.FormatInt(id, 10))
}
