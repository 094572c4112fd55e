package tariff

import (
	"kvit/internal/decimal"
)

// Orders of months, ways of surplus and of penalties that a row of Allocation may name. An empty word is said by a wider
// row, at last by the first of each list.
const (
	OldestFirst = "oldest"   // the debt due earliest first (Пленум ВС РФ of 27.06.2017 № 22 п. 32; ГК РФ ст. 319.1)
	NewestFirst = "newest"   // the month billed last, then the oldest
	AllTogether = "together" // the whole sum due in proportion, whatever its age

	PenaltyLast   = "last"   // after all principal (ГК РФ ст. 319; Пленум ВС РФ of 22.11.2016 № 54 п. 49)
	PenaltyMarked = "marked" // only by a payment that names it; any other closes what is charged

	SurplusByCharges = "by_charges" // an advance in proportion to the last charges
	SurplusEqually   = "equally"
	NoSurplus        = "none" // the supplier takes no advances

	PlanFirst   = "first"    // a part of an instalment plan before the rest of its month: a plan that is broken ends
	PlanInMonth = "in_month" // like any other sum of the month

	LeavingRefund    = "refund"    // what a supplier that left holds paid ahead goes back to its payer
	LeavingSuccessor = "successor" // to who has the same service of the same home now, else back
	LeavingOthers    = "others"    // to the successor, else to the other accounts of the home, else back
)

// AllocationWords are the words a row may say, by key; the first of each is what holds when no row says anything.
var AllocationWords = map[string][]string{
	"months":      {OldestFirst, NewestFirst, AllTogether},
	"penalty":     {PenaltyLast, PenaltyMarked},
	"surplus":     {SurplusByCharges, SurplusEqually, NoSurplus},
	"instalments": {PlanInMonth, PlanFirst},
	"leaving":     {LeavingRefund, LeavingSuccessor, LeavingOthers},
}

// Allocation says how a payment is shared where its payer did not say: of everybody, of a locality, of a supplier, of a
// supplier in a locality. A narrower row that holds on the payer's day speaks before a wider one, key by key.
type Allocation struct {
	Supplier    string          `yaml:"supplier,omitempty"`
	Locality    string          `yaml:"locality,omitempty"`    // as the register of houses names it
	Months      string          `yaml:"months,omitempty"`      // oldest, newest, together
	Penalty     string          `yaml:"penalty,omitempty"`     // last, marked
	Surplus     string          `yaml:"surplus,omitempty"`     // by_charges, equally, none
	Instalments string          `yaml:"instalments,omitempty"` // in_month, first
	Leaving     string          `yaml:"leaving,omitempty"`     // refund, successor, others
	Left        bool            `yaml:"left,omitempty"`        // the supplier is no longer on the bills from the row's first day on
	Costs       []string        `yaml:"costs,omitempty"`       // services that are court costs: paid before everything
	First       []string        `yaml:"first,omitempty"`       // services paid before others of their month, in this order
	Minimum     decimal.Decimal `yaml:"minimum,omitempty"`     // roubles: no part is less unless it closes its debt
	Limitation  int             `yaml:"limitation,omitempty"`  // years after which a debt is paid only by name (ГК РФ ст. 196)
	Term        `yaml:",inline"`
	Origin      `yaml:",inline"`
}

// allocationKey is what a row is about.
type allocationKey struct{ supplier, locality string }

func (a *Allocation) key() allocationKey { return allocationKey{a.Supplier, a.Locality} }

// Bounds of a row.
const (
	minimumMax    = 1000 // roubles
	limitationMax = 10   // years (ГК РФ ст. 196 ч. 2)
)

func (k *checker) checkAllocations() {
	for i := range k.c.Allocations {
		k.checkAllocation(&k.c.Allocations[i])
	}
}

func (k *checker) checkAllocation(a *Allocation) {
	o := &a.Origin
	k.term(o, a.Term)
	for _, w := range [...]struct{ key, value string }{{"months", a.Months}, {"penalty", a.Penalty}, {"surplus", a.Surplus}, {"instalments", a.Instalments}, {"leaving", a.Leaving}} {
		k.word(o, w.key, w.value, AllocationWords[w.key])
	}
	if a.Left && (a.Supplier == "" || a.From == 0) {
		k.fault(o, "left", "catalog.left", "Поставщик ушёл (left): нужны supplier и день from, с которого его нет в счетах.")
	}
	if a.Minimum < 0 || a.Minimum > decimal.FromInt(minimumMax) {
		k.fault(o, "minimum", "catalog.range", "Наименьшая часть платежа %s ₽: бывает от 0 до %d.", a.Minimum, minimumMax)
	}
	if a.Limitation < 0 || a.Limitation > limitationMax {
		k.fault(o, "limitation", "catalog.range", "Срок давности %d лет: бывает от 1 до %d.", a.Limitation, limitationMax)
	}
}

func (k *checker) checkAllocationTimes() {
	rows := map[allocationKey][]held{}
	for i := range k.c.Allocations {
		a := &k.c.Allocations[i]
		rows[a.key()] = append(rows[a.key()], heldAllYear(a.Term, &a.Origin))
	}
	for key, list := range rows {
		k.checkRows("allocation", label(key.supplier, key.locality), list)
	}
}
