package text

import (
	"slices"
	"strings"
	"unicode"
)

// wordIndex finds the formats a sentence may have been made with: each stands under the rarest of its words, and a
// sentence without that word cannot be of it. Formats without a whole word are tried on every sentence.
type wordIndex struct {
	under  map[string][]int
	always []int
}

func newWordIndex(patterns []pattern) wordIndex {
	often := map[string]int{}
	for i := range patterns {
		for _, w := range wholeWords(patterns[i].letters) {
			often[w]++
		}
	}
	x := wordIndex{under: map[string][]int{}}
	for i := range patterns {
		words := wholeWords(patterns[i].letters)
		if len(words) == 0 {
			x.always = append(x.always, i)
			continue
		}
		rarest := slices.MinFunc(words, func(a, b string) int { return often[a] - often[b] })
		x.under[rarest] = append(x.under[rarest], i)
	}
	return x
}

// candidates are the places of the formats worth trying, in their order.
func (x wordIndex) candidates(sentence string) []int {
	list := slices.Clone(x.always)
	for _, w := range wholeWords(sentence) {
		list = append(list, x.under[w]...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// wholeWords are the words of a text; one that touches the sign of a value is only a part of a word.
func wholeWords(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return r != '%' && !unicode.IsLetter(r) })
	return slices.DeleteFunc(words, func(w string) bool { return strings.Contains(w, "%") })
}
