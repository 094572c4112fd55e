package console

import (
	"net/http"

	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// requisitesWait warns a supplier's own people that somebody changes the bank account its money goes to, while there is time to
// object (reliability.md S13).
func (m *Module) requisitesWait(r *http.Request, supplierID int64, v *view.Home) error {
	var list []supplier.Change
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		list, err = supplier.ListChanges(r.Context(), tx, supplierID, true)
		return err
	})
	for i := range list {
		c := &list[i]
		text := "Ждёт второго человека в расчётном центре."
		if c.State == supplier.ChangeApproved {
			text = "Вступит в силу " + c.EffectiveAt.Micros().Time().In(m.Zone).Format("02.01.2006 15:04") + "."
		}
		v.Waits = append(v.Waits, view.Wait{Title: "Меняется ваш банковский счёт", Text: "Новый счёт заканчивается на " + supplier.Ending(c.Wanted.BankAccount) + ". " + text + " Если это не вы – сразу позвоните в центр.", Href: "/s/payouts", Count: 1, Tone: web.Bad})
	}
	return err
}
