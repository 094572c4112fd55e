package console

import (
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/meter"
	"kvit/internal/web"
)

// houseMeterRoutes put a house's own meter in its place; its card is that of any meter.
func (m *Module) houseMeterRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/s/houses/{code}/meters", Resource: "meter", Action: "write", Handler: m.newHouseMeter},
		{Method: http.MethodPost, Pattern: "/s/houses/{code}/meters", Resource: "meter", Action: "write", Handler: m.addHouseMeter},
	}
}

// ownMeters puts the house's own meters on the page of its balance, for those who may see meters.
func (m *Module) ownMeters(r *http.Request, code string, v *view.House) error {
	actor := access.FromContext(r.Context())
	if actor.Require("meter", "read") != nil {
		return nil
	}
	cards, err := m.Meters.Show(r.Context(), actor, meter.Query{Target: meter.Target{House: code}})
	if err != nil {
		return err
	}
	v.Meters = m.meterRows(cards)
	if actor.Require("meter", "write") == nil {
		v.NewMeter = newMeterPath(code)
	}
	return nil
}

func newMeterPath(code string) string { return "/s/houses/" + queryOf(code) + "/meters" }

func (m *Module) newHouseMeter(w http.ResponseWriter, r *http.Request) error {
	return m.showHouseMeter(w, r, http.StatusOK, nil)
}

func (m *Module) showHouseMeter(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	var house housing.Building
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		house, err = housing.FindByCode(r.Context(), tx, r.PathValue("code"))
		return err
	})
	if err != nil {
		return err
	}
	v := view.HouseMeter{Page: m.page(r, "Новый общедомовой счётчик"), Address: house.Address(), Action: newMeterPath(house.Code), BackHref: housesPath(r) + "/" + queryOf(house.Code), Key: web.NewKey(), Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	services := web.Choices{Name: "service", Label: "Что измеряет"}
	for _, s := range houseServices {
		services.Items = append(services.Items, web.Choice{Value: s.code, Label: s.name, Chosen: s.code == r.PostFormValue("service")})
	}
	v.Choices = []web.Choices{services}
	for _, f := range houseMeterFields {
		f.Value, f.Error = r.PostFormValue(f.Name), v.Errors.Of(f.Name)
		v.Fields = append(v.Fields, f)
	}
	return web.Render(w, r, status, view.HouseMeterPage(v))
}

// houseServices are what houses' own meters measure, by the codes of the catalogue; others are put in their place by API.
var houseServices = []struct{ code, name string }{
	{"heating", "Тепло, Гкал"}, {"cold_water", "Холодная вода, м³"}, {"hot_water", "Горячая вода, м³"}, {"electricity", "Электричество, кВт·ч"}, {"gas", "Газ, м³"},
}

var houseMeterFields = []web.Field{
	{Name: "serial", Label: "Номер счётчика", Width: "m", MaxLength: 40},
	{Name: "on", Label: "День установки", Hint: "Например, 03.11.2026. Пусто – сегодня", Width: "s", Optional: true, MaxLength: 10},
	{Name: "figures", Label: "Показание в этот день", Hint: "Две шкалы через пробел: сначала день, потом ночь", Width: "m", InputMode: "decimal", MaxLength: 40},
	{Name: "factor", Label: "Коэффициент", Hint: "Во сколько раз умножать: трансформаторы тока 40. Пусто – один", Width: "s", Optional: true, InputMode: "decimal", MaxLength: 12},
	{Name: "verified", Label: "Поверен до", Hint: "Например, 10.11.2032", Width: "s", Optional: true, MaxLength: 10},
	{Name: "place", Label: "Где стоит", Hint: "Например, ввод 1, тепловой узел", Optional: true, MaxLength: 60},
	meterReason,
}

func (m *Module) addHouseMeter(w http.ResponseWriter, r *http.Request) error {
	s := houseStep(r)
	told, err := m.Meters.Do(r.Context(), access.FromContext(r.Context()), s)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.showHouseMeter(w, r, http.StatusUnprocessableEntity, atHouseField(err))
	}
	if err != nil {
		return err
	}
	building, err := m.buildingOf(r)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, meterPath(building, told.Meters[0].ID)+"?told=1")
}

func (m *Module) buildingOf(r *http.Request) (id int64, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		b, err := housing.FindByCode(r.Context(), tx, r.PathValue("code"))
		id = b.ID
		return err
	})
	return id, err
}

// houseStep is the step a form tells: one figure is of all day, two are of day and night.
func houseStep(r *http.Request) meter.Step {
	value := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	d := &meter.Device{Serial: value("serial"), VerifiedUntil: isoDay(value("verified")), Factor: value("factor"), Place: value("place")}
	switch figures := strings.Fields(value("figures")); len(figures) {
	case 2:
		d.Registers = []meter.Register{{Name: "Т1", Zone: "day"}, {Name: "Т2", Zone: "night"}}
		d.Figures = []meter.Figure{{Register: "Т1", Value: figures[0]}, {Register: "Т2", Value: figures[1]}}
	default:
		d.Figures = []meter.Figure{{Value: strings.Join(figures, "")}}
	}
	return meter.Step{Target: meter.Target{House: r.PathValue("code"), Service: value("service")}, Do: meter.Installed, On: isoDay(value("on")), Reason: value("reason"), Device: d}
}

// isoDay writes a day as programs do; what is none stays to be refused with its words.
func isoDay(text string) string {
	if d, err := calendar.ParseDate(text); err == nil {
		return d.String()
	}
	return text
}

// atHouseField names the field of a fault as the form does.
func atHouseField(err error) error {
	f := fault.As(err)
	switch f.Field {
	case "verifiedUntil":
		return f.WithField("verified")
	case "", "registers", "commissioned", "scope":
		return f.WithField("reason")
	}
	return f
}
