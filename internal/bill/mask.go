package bill

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaskAddress hides an address from whoever only has a code, or takes the money: «ул. Л***, 12, кв. *5».
func MaskAddress(address string) string {
	parts := strings.Split(address, ", ")
	for i, p := range parts {
		words := strings.Fields(p)
		last := len(words) - 1
		switch {
		case strings.HasPrefix(p, "кв. ") || strings.HasPrefix(p, "ком. "):
			n := words[last]
			words[last] = "*" + n[len(n)-1:]
		case last >= 0 && !isNumber(words[last]):
			r, _ := utf8.DecodeRuneInString(words[last])
			words[last] = string(r) + "***"
		}
		parts[i] = strings.Join(words, " ")
	}
	return strings.Join(parts, ", ")
}

// MaskHouse is the house of an address without its flat, for a device that was here before: «ул. Л…, 12».
func MaskHouse(address string) string {
	parts := strings.Split(strings.ReplaceAll(MaskAddress(address), "***", "…"), ", ")
	house := slices.IndexFunc(parts, isNumber)
	if house < 1 {
		return parts[0]
	}
	return parts[house-1] + ", " + parts[house]
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
