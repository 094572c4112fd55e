package portal

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// robotAsks answers a telephone robot with what would become of a figure: it reads the answer back before the person
// confirms. Nothing is written.
func (m *Module) robotAsks(w http.ResponseWriter, r *http.Request) error {
	return m.robot(w, r, true)
}

// robotTells takes a figure from a telephone robot.
func (m *Module) robotTells(w http.ResponseWriter, r *http.Request) error {
	return m.robot(w, r, false)
}

// robot reads the fields of a query or a form: account, meter or service, zone, value, date, confirm, call, key.
func (m *Module) robot(w http.ResponseWriter, r *http.Request, try bool) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "form.unreadable", "Поля запроса не читаются.").Because(err)
	}
	e := reading.Entry{
		Supplier: r.Form.Get("supplier"), Account: r.Form.Get("account"), Meter: r.Form.Get("meter"), Service: r.Form.Get("service"), Zone: r.Form.Get("zone"),
		Value: reading.Text(r.Form.Get("value")), Date: r.Form.Get("date"), Confirm: r.Form.Get("confirm"), Source: r.Form.Get("call"),
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	key := r.Form.Get("key")
	if try {
		key = ""
	}
	report, err := m.Readings.Take(r.Context(), access.FromContext(r.Context()), reading.Message{Channel: reading.Robot, DryRun: try, Key: key, Body: body})
	if err != nil {
		return err
	}
	v := report.Lines[0]
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Kvit-State", string(v.State))
	_, err = io.WriteString(w, spoken(&v, try)+"\n")
	return err
}

// spoken is a verdict as a voice says it.
func spoken(v *reading.Judged, try bool) string {
	said := strings.TrimSuffix(v.Says, ".")
	switch v.State {
	case reading.Refused:
		return "Показание не принято. " + said + "."
	case reading.Asked:
		return said + ". Если всё верно, подтвердите."
	case reading.Same:
		return fmt.Sprintf("Показание %s уже принято.", v.Value)
	case reading.Noted:
		return said + "."
	}
	start := fmt.Sprintf("Показание %s принято, номер %s.", v.Value, v.Receipt)
	if try {
		start = fmt.Sprintf("Показание %s.", v.Value)
	}
	if v.Volume != "" {
		start += fmt.Sprintf(" Расход %s.", volume(v.Volume))
	}
	if counts := month(v.Month); counts.Valid() {
		start += " Попадёт в счёт за " + counts.Word() + "."
	}
	if said != "" {
		start += " " + said + "."
	}
	return start
}
