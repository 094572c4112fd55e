package reading

import (
	"strings"
)

// obisRegister is the register an OBIS code names: «1.0.1.8.1.255», «1-0:1.8.1*255», «1.8.1», «1-0:1.8.1» are Т1. The
// whole of the rates (…8.0) is told by its own word. Empty when the text is no such code (IEC 62056-6-1: A-B:C.D.E*F).
//
// Figures are told apart by D=8 (time integral 1: what a dial shows); C is 1 for active energy taken in, 9 for the energy
// of heat meters of old, and water, gas and heat have C=1 or 2 under A=6…9.
func obisRegister(s string) string {
	parts := strings.FieldsFunc(strings.TrimSpace(s), func(r rune) bool { return strings.ContainsRune(".-:*&", r) })
	switch {
	case len(parts) == 6 && parts[5] != "255":
		return "" // a figure of the past
	case len(parts) == 6:
		parts = parts[:5]
	case len(parts) == 3:
		parts = append([]string{"1", "0"}, parts...)
	}
	if len(parts) != 5 || strings.Trim(strings.Join(parts, ""), "0123456789") != "" {
		return ""
	}
	medium, what, kind, rate := parts[0], parts[2], parts[3], parts[4]
	electric := medium == "1" && what == "1" && kind == "8"
	other := len(medium) == 1 && medium >= "5" && medium <= "9" && kind == "0" && (what == "1" || what == "2")
	switch {
	case !electric && !other:
		return ""
	case rate == "0" || other:
		return obisTotal
	case len(rate) == 1 && rate <= "4":
		return "т" + rate
	}
	return ""
}

// obisTotal is how an OBIS code names the whole of all rates: the figure of a meter with one register, of others nothing.
const obisTotal = "всего"
