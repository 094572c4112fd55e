package match

import (
	"maps"
	"slices"
)

// spellingMax bounds the signs of a number whose spellings are made: their count grows with the square.
const spellingMax = 40

// Spellings are the numbers of one length that a wrong one may mean: another alphabet for letters that look alike, and one
// digit, or one such letter, that is another. The number itself is not among them.
func Spellings(number string) []string {
	if len(number) > spellingMax {
		return nil
	}
	all := map[string]bool{}
	for _, base := range []string{number, toLatin.Replace(number), toCyrillic.Replace(number)} {
		all[base] = true
		signs := []rune(base)
		for i, was := range signs {
			for _, r := range others(was) {
				signs[i] = r
				all[string(signs)] = true
			}
			signs[i] = was
		}
	}
	delete(all, number)
	return slices.Sorted(maps.Keys(all))
}

// others are the signs that may stand for one: digits for a digit, the letter that looks alike for a letter.
func others(r rune) []rune {
	if r >= '0' && r <= '9' {
		return []rune("0123456789")
	}
	return []rune(toLatin.Replace(string(r)) + toCyrillic.Replace(string(r)))
}
