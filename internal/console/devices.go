package console

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/device"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// Bounds of the page of devices.
const (
	devicesShown = 500
	unreadShown  = 50
)

// devices is the centre's page of devices.
func (m *Module) devices(w http.ResponseWriter, r *http.Request) error {
	return m.showDevices(w, r, "")
}

func (m *Module) showDevices(w http.ResponseWriter, r *http.Request, told string) error {
	actor := access.FromContext(r.Context())
	list, err := m.Devices.List(r.Context(), actor)
	if err != nil {
		return err
	}
	unread, err := m.Devices.Unread(r.Context(), actor, unreadShown)
	if err != nil {
		return err
	}
	v := view.Devices{Page: m.page(r, "Приборы"), Told: told, Total: len(list)}
	if actor.Require("device", "manage") == nil {
		v.ReplayTo, v.Key = "/c/devices", web.NewKey()
	}
	for i := range list {
		d := &list[i]
		if d.Silent {
			v.Silent++
		}
		if d.BatteryLow {
			v.Low++
		}
		if i < devicesShown {
			v.Rows = append(v.Rows, deviceRow(d))
		}
	}
	for _, x := range unread {
		v.Unread = append(v.Unread, view.UnreadRow{At: x.At, Reason: x.Reason, Topic: x.Topic, Lines: strings.ToValidUTF8(x.Body, "�")})
	}
	return web.Render(w, r, http.StatusOK, view.DevicesPage(v))
}

func deviceRow(d *device.Shown) view.DeviceRow {
	row := view.DeviceRow{ID: d.OutsideID, Name: strings.TrimSpace(d.Name + " " + d.Place), Profile: d.Profile, LastAt: d.LastAt, State: web.State{Word: "на связи", Tone: web.OK}}
	switch {
	case d.Gateway:
		row.State = web.State{Word: "шлюз", Tone: web.Info}
	case d.Never:
		row.State = web.State{Word: "ещё не выходил на связь", Tone: web.Info}
	case d.Silent:
		row.State = web.State{Word: "молчит", Tone: web.Bad}
	}
	if d.BatteryLow {
		row.Battery = "батарея садится"
	}
	for _, b := range d.Bindings {
		if b.Until == 0 {
			row.Meter = strings.TrimSpace(row.Meter + " " + meterName(&b))
		}
	}
	for _, f := range d.Figures {
		if f.State != string(reading.Asked) { // its question shows it
			row.Figure = strings.TrimSpace(row.Figure + " " + reading.Figure(f.Dial))
		}
	}
	for _, o := range d.Odd {
		row.Odd = append(row.Odd, view.OddFigure{Value: reading.Figure(o.Dial), Says: o.Says, Channel: o.Channel, Measured: strconv.FormatInt(int64(o.Measured), 10)})
	}
	return row
}

// meterName is the number on a meter, or the account of one that nobody told the number of.
func meterName(b *device.Binding) string {
	if b.Serial == "" {
		return "счёт " + b.Number
	}
	return "№ " + b.Serial
}

// changeDevices takes an odd figure, or reads messages again after a profile or the list was mended.
func (m *Module) changeDevices(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context())
	if r.PostFormValue("do") == "confirm" {
		measured, _ := strconv.ParseInt(r.PostFormValue("measured"), 10, 64) // a wrong one is no figure
		n := device.Named{Device: r.PostFormValue("device"), Channel: r.PostFormValue("channel"), Measured: calendar.Micros(measured)}
		if err := m.Devices.Confirm(r.Context(), actor, n); err != nil {
			return err
		}
		return m.showDevices(w, r, "Показание принято")
	}
	res, err := m.Devices.Replay(r.Context(), actor)
	if err != nil {
		return err
	}
	return m.showDevices(w, r, fmt.Sprintf("Сообщений: %d, прочитано: %d", res.Messages, res.Read))
}
