package city

import (
	"strings"
	"unicode"
)

// lookalikes are Cyrillic letters that have a Latin twin.
var lookalikes = map[rune]rune{'о': 'o', 'а': 'a', 'е': 'e', 'с': 'c', 'р': 'p', 'х': 'x', 'у': 'y', 'К': 'K', 'М': 'M', 'Т': 'T', 'Н': 'H', 'В': 'B', 'Р': 'P'}

// neighbours are keys that lie side by side.
var neighbours = map[rune]rune{'а': 'п', 'п': 'а', 'о': 'л', 'л': 'д', 'р': 'о', 'е': 'н', 'н': 'г', 'и': 'т', 'т': 'ь', 'с': 'м', 'м': 'и',
	'в': 'а', 'ы': 'в', 'к': 'е', 'у': 'к', 'д': 'ж', 'я': 'ч', 'з': 'щ', 'б': 'ю', 'г': 'ш', 'ш': 'щ', 'ч': 'с', 'ж': 'э'}

// typo makes one slip of the hand inside a word; the result always differs.
func typo(s string, r *rng) (damaged, how string) {
	letters := []rune(s)
	var places []int
	for i := 1; i < len(letters)-1; i++ {
		if unicode.IsLower(letters[i]) && unicode.IsLower(letters[i+1]) {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return s + string(letters[len(letters)-1]), "double"
	}
	i := pick(r, places)
	splice := func(middle ...rune) string {
		return string(letters[:i]) + string(middle) + string(letters[i+1:])
	}
	switch r.below(5) {
	case 0:
		if letters[i] != letters[i+1] {
			return string(letters[:i]) + string([]rune{letters[i+1], letters[i]}) + string(letters[i+2:]), "swap"
		}
	case 1:
		return splice(letters[i], letters[i]), "double"
	case 2:
		if k, ok := neighbours[letters[i]]; ok {
			return splice(k), "keyboard"
		}
	case 3:
		if l, ok := lookalikes[letters[i]]; ok {
			return splice(l), "latin"
		}
	}
	return splice(), "drop"
}

// toCyrillic replaces the first Latin letter of a number that has a Cyrillic twin.
func toCyrillic(number string) string {
	for cyrillic, latin := range lookalikes {
		if strings.HasPrefix(number, string(latin)) {
			return string(cyrillic) + strings.TrimPrefix(number, string(latin))
		}
	}
	return number
}
