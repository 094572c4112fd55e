package match

import (
	"strings"
	"unicode/utf8"

	"kvit/internal/housing"
	"kvit/internal/text"
)

// Name is a payer's name taken apart: surname and as much of the other names as the file gives.
type Name struct {
	Last string
	Rest []string // first name and patronymic, or their initials
}

// ParseName folds a name: «ИВАНОВА А.П.», «Иванова Анна П.», «А.П. Иванова», «Анна Петровна Иванова».
func ParseName(fio string) Name {
	w := housing.Words(strings.ReplaceAll(housing.Fold(fio), "-", ""))
	n := len(w)
	switch {
	case n == 0:
		return Name{}
	case n > 1 && initial(w[0]) && !initial(w[n-1]), n == 3 && patronymic(w[1]) && !patronymic(w[2]) && !initial(w[2]):
		return Name{Last: w[n-1], Rest: w[:n-1]} // the surname stands behind
	}
	return Name{Last: w[0], Rest: w[1:]}
}

func initial(w string) bool { return utf8.RuneCountInString(w) == 1 }

func patronymic(w string) bool {
	for _, end := range []string{"ович", "евич", "ьич", "овна", "евна", "ична"} {
		if strings.HasSuffix(w, end) && w != end {
			return true
		}
	}
	return false
}

// Kinship of two names.
const (
	nameUnknown = iota // one of them is empty
	nameOther          // different people
	nameTypo           // one person but for a typing error
	nameSame           // nothing contradicts
)

// compareNames tells whether two written names may be one person's.
func compareNames(a, b *Name) int {
	if a.Last == "" || b.Last == "" {
		return nameUnknown
	}
	rest := compareRest(a.Rest, b.Rest)
	if rest == nameOther {
		return nameOther
	}
	if a.Last == b.Last {
		return rest
	}
	limit := 1
	if max(len(a.Last), len(b.Last)) > 2*7 {
		limit = 2
	}
	if rest == nameSame && len(a.Rest) > 0 && len(b.Rest) > 0 && text.Distance(a.Last, b.Last, limit) <= limit {
		return nameTypo
	}
	return nameOther
}

// SamePerson tells whether two written names may be one person's: initials, a missing patronymic and a typing error
// contradict nothing, nor does a name that is not written.
func SamePerson(a, b string) bool {
	x, y := ParseName(a), ParseName(b)
	return compareNames(&x, &y) != nameOther
}

func compareRest(a, b []string) int {
	a, b = initialsApart(a, b), initialsApart(b, a)
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if strings.HasPrefix(x, y) || strings.HasPrefix(y, x) {
			continue
		}
		if len(x) > 6 && len(y) > 6 && text.Distance(x, y, 1) <= 1 {
			continue
		}
		return nameOther
	}
	return nameSame
}

// initialsApart parts initials written together, «Иванова АП», where the other name has two words.
func initialsApart(a, b []string) []string {
	if len(a) != 1 || len(b) < 2 || utf8.RuneCountInString(a[0]) != 2 || strings.HasPrefix(b[0], a[0]) {
		return a
	}
	r := []rune(a[0])
	return []string{string(r[0]), string(r[1])}
}

// payer is a name in four bytes, to remember the payers of a whole town: 24 bits of surname and first initial, and the
// second initial, 0 where none is printed. 0 is nobody.
type payer uint32

func payerOf(fio string) payer {
	n := ParseName(fio)
	if n.Last == "" {
		return 0
	}
	first, second := n.initials()
	return payer(hash(n.Last+" "+first))<<8&^0xFF | payer(second) | 1<<31
}

// same tells whether nothing contradicts: a second initial that is not printed says nothing.
func (p payer) same(o payer) bool {
	return p>>8 == o>>8 && (p&0xFF == o&0xFF || p&0xFF == 0 || o&0xFF == 0)
}

// initials are the first letters of the other names; of «АП» both.
func (n *Name) initials() (first string, second byte) {
	var letters []rune
	for _, w := range n.Rest {
		letters = append(letters, []rune(w)[0])
	}
	if len(n.Rest) == 1 && utf8.RuneCountInString(n.Rest[0]) == 2 {
		letters = []rune(n.Rest[0])
	}
	if len(letters) > 1 {
		second = byte(letters[1])
	}
	if len(letters) > 0 {
		first = string(letters[0])
	}
	return first, second
}
