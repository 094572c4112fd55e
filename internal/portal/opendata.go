package portal

import (
	"encoding/csv"
	"net/http"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/losses"
	"kvit/internal/fault"
	"kvit/internal/inert"
)

// openLosses is open data: totals of houses of ten flats and more for a month that was charged, without persons.
func (m *Module) openLosses(w http.ResponseWriter, r *http.Request) error {
	month := calendar.DateOf(m.Now().Time().In(m.Zone)).Month().Add(-1)
	if typed := r.URL.Query().Get("month"); typed != "" {
		asked, err := calendar.ParseMonth(typed)
		if err != nil {
			return fault.New(fault.Invalid, "month", "Месяц не прочитался. Введите так: 2026-10.").WithField("month").Because(err)
		}
		month = asked
	}
	rows, err := m.Losses.Houses(r.Context(), access.FromContext(r.Context()), losses.List{Month: month, Open: true})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	out := csv.NewWriter(w)
	if err := out.Write([]string{"month", "house", "address", "service", "unit", "house_volume", "flats_volume", "common_volume", "loss_volume", "loss_percent"}); err != nil {
		return err
	}
	for i := range rows {
		x := &rows[i]
		err := out.Write(inert.Cells(x.Month.Month, x.Code, x.Address, x.Service, x.Unit, x.House.Dec().String(), x.Flats().Dec().String(), x.Common.Dec().String(), x.Loss.Dec().String(), x.LossPercent))
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
