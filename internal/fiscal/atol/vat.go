package atol

import "kvit/internal/money"

// rate is a VAT rate: percent included in the sum, and what the same rate is called in an advance (НК РФ ст. 164 п. 4).
type rate struct {
	percent    int64
	calculated string
}

// rates are the rates of the register, tag 1199.
var rates = map[string]rate{
	"none": {0, "none"}, "vat0": {0, "vat0"}, "vat5": {5, "vat105"}, "vat7": {7, "vat107"}, "vat10": {10, "vat110"}, "vat20": {20, "vat120"}, "vat22": {22, "vat122"},
	"vat105": {5, "vat105"}, "vat107": {7, "vat107"}, "vat110": {10, "vat110"}, "vat120": {20, "vat120"}, "vat122": {22, "vat122"},
}

// KnownVat tells whether the register knows a rate.
func KnownVat(name string) bool { _, ok := rates[name]; return ok }

// VatOf is the rate for a line: an advance takes the calculated one. The sum of VAT is within the sum of the line: 20 % of
// 120,00 ₽ is 20,00 ₽.
func VatOf(name, method string, sum money.Amount) Vat {
	r := rates[name]
	if method == Advance || method == FullPrepayment {
		name = r.calculated
	}
	return Vat{name, Roubles(within(sum, r.percent))}
}

// within is the part of a sum that a rate of VAT makes, rounded half up.
func within(sum money.Amount, percent int64) money.Amount {
	whole := 100 + percent
	return money.Amount((2*int64(sum)*percent + whole) / (2 * whole))
}

// Totals are the sums of VAT of a receipt, one a rate, in the order the lines name them.
func Totals(items []Item) (list []Vat) {
	at := map[string]int{}
	for i := range items {
		v := items[i].Vat
		k, ok := at[v.Type]
		if !ok {
			k = len(list)
			at[v.Type] = k
			list = append(list, Vat{Type: v.Type})
		}
		list[k].Sum += v.Sum
	}
	return list
}
