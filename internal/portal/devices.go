package portal

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/device"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// deviceRoutes are R16.
func (m *Module) deviceRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/devices", Resource: "device", Action: "own", Handler: m.devices},
		{Method: http.MethodPost, Pattern: "/devices", Resource: "device", Action: "own", Handler: m.changeDevice},
	}
}

func (m *Module) devices(w http.ResponseWriter, r *http.Request) error {
	return m.showDevices(w, r, http.StatusOK, nil)
}

// toldOf are the words after something was done.
var toldOf = map[string]string{"add": "Прибор добавлен", "rename": "Название сохранено", "release": "Прибор убран: показания передавайте сами", "confirm": "Показание принято"}

func (m *Module) showDevices(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	h, err := m.readingHome(r)
	if err != nil {
		return err
	}
	actor := access.FromContext(r.Context())
	list, err := m.Devices.Own(r.Context(), actor, h.Home)
	if err != nil {
		return err
	}
	sheet, err := m.Readings.Sheet(r.Context(), actor, h.Home)
	if err != nil {
		return err
	}
	v := view.Devices{Page: m.page(r, "Приборы"), Action: "/devices", Key: web.NewKey(), Told: toldOf[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed)}
	if failed != nil {
		v.Code = r.PostFormValue("code")
	}
	for i := range list {
		v.Rows = append(v.Rows, deviceRow(&list[i], sheet))
	}
	for i := range sheet.Cards {
		v.Meters = append(v.Meters, meterChoices(&sheet.Cards[i])...)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DevicesPage(v))
}

// meterChoices are the registers of a meter that a device may count.
func meterChoices(c *reading.Card) (list []web.Choice) {
	for _, zone := range c.Zones {
		title := c.Name
		if c.Serial != "" {
			title += ", № " + c.Serial
		}
		code := ""
		if zone != calc.AllDay {
			title, code = title+", "+c.ZoneTitle(zone), zone.String()
		}
		list = append(list, web.Choice{Value: strconv.FormatInt(c.ID, 10) + ":" + code, Label: title})
	}
	return list
}

func deviceRow(d *device.Shown, s *reading.Sheet) view.DeviceRow {
	row := view.DeviceRow{ID: d.OutsideID, Title: cmp.Or(d.Name, "Прибор "+d.OutsideID), Place: d.Place, LastAt: d.LastAt, State: web.State{Word: "на связи", Tone: web.OK}}
	switch {
	case d.Never:
		row.State = web.State{Word: "ещё не выходил на связь", Tone: web.Info}
	case d.Silent:
		row.State = web.State{Word: "молчит", Tone: web.Bad}
	}
	if d.BatteryLow {
		row.Battery = "Батарея садится. Замените её, чтобы показания не пропали"
	}
	for _, f := range d.Figures {
		x := view.DeviceFigure{Meter: "Канал " + f.Channel, Value: reading.Figure(f.Value), At: f.At}
		if b := boundTo(d, f.Channel); b != nil {
			x.Meter, x.Value = meterTitle(b, s), reading.Figure(f.Dial)
		}
		if f.State == string(reading.Refused) {
			x.Says = "В счёт не пошло. " + f.Says
		}
		row.Figures = append(row.Figures, x)
	}
	for _, o := range d.Odd {
		x := view.OddFigure{Meter: "Канал " + o.Channel, Value: reading.Figure(o.Dial), Says: o.Says, At: o.Measured, Channel: o.Channel, Measured: strconv.FormatInt(int64(o.Measured), 10)}
		if b := boundTo(d, o.Channel); b != nil {
			x.Meter = meterTitle(b, s)
		}
		row.Odd = append(row.Odd, x)
	}
	return row
}

// boundTo is the binding of a channel that has not ended.
func boundTo(d *device.Shown, channel string) *device.Binding {
	for i := range d.Bindings {
		if b := &d.Bindings[i]; b.Until == 0 && (b.Channel == channel || b.Channel == "") {
			return b
		}
	}
	return nil
}

func meterTitle(b *device.Binding, s *reading.Sheet) string {
	for i := range s.Cards {
		if c := &s.Cards[i]; c.AccountID == b.AccountID && c.Service == b.Service && c.Serial == b.Serial {
			return strings.TrimSpace(c.Name + " " + b.Zone)
		}
	}
	return "Счётчик № " + b.Serial
}

func (m *Module) changeDevice(w http.ResponseWriter, r *http.Request) error {
	h, err := m.readingHome(r)
	if err != nil {
		return err
	}
	actor, id, do := access.FromContext(r.Context()), r.PostFormValue("device"), r.PostFormValue("do")
	switch do {
	case "add":
		meter, zone, _ := strings.Cut(r.PostFormValue("meter"), ":")
		number, _ := strconv.ParseInt(meter, 10, 64) // a wrong one is no meter of the household
		if number == 0 {
			err = fault.New(fault.Invalid, "device.meter", "Выберите счётчик, на котором стоит прибор.").WithField("meter")
			break
		}
		err = m.Devices.Claim(r.Context(), actor, h.Home, r.PostFormValue("code"), number, zone)
	case "rename":
		err = m.Devices.Rename(r.Context(), actor, h.Home, id, r.PostFormValue("name"), r.PostFormValue("place"))
	case "release":
		err = m.Devices.Release(r.Context(), actor, h.Home, id)
	case "confirm":
		measured, _ := strconv.ParseInt(r.PostFormValue("measured"), 10, 64) // a wrong one is no figure
		err = m.Devices.ConfirmOwn(r.Context(), actor, h.Home, device.Named{Device: id, Channel: r.PostFormValue("channel"), Measured: calendar.Micros(measured)})
	default:
		err = fault.New(fault.Invalid, "device.action", "Такого действия нет.")
	}
	switch {
	case web.IsForm(err):
		return m.showDevices(w, r, http.StatusUnprocessableEntity, err)
	case err != nil:
		return err
	}
	return web.SeeOther(w, r, "/devices?done="+do)
}
