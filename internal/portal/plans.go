package portal

import (
	"kvit/internal/bill"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// partTones are the tones of parts of a plan by their states.
var partTones = map[string]web.Tone{bill.PartKept: web.OK, bill.PartDue: web.Warn, bill.PartAhead: web.OK, bill.PartNext: web.Info, bill.PartLater: web.Quiet}

// plans are the debts of a bill put off into parts, as pages show them.
func plans(b *bill.Bill, byID map[int64]supplier.Supplier) (list []view.Plan) {
	for i := range b.Plans {
		p := &b.Plans[i]
		v := view.Plan{Title: p.SupplierName + ", " + supplier.ServiceTitle(p.Service, byID[p.SupplierID].Services), PutOff: p.PutOff, Rest: p.Rest}
		for _, x := range p.Parts {
			v.Parts = append(v.Parts, view.PlanPart{Month: month(x.Month), Sum: x.Sum, Interest: x.Interest, State: web.State{Word: bill.PartWord(x.State), Tone: partTones[x.State]}})
		}
		list = append(list, v)
	}
	return list
}
