package match

import (
	"strings"

	"kvit/internal/housing"
)

// Name is a payer's name taken apart: surname and as much of the other names as the file gives.
type Name struct {
	Last string
	Rest []string // first name and patronymic, or their initials
}

// ParseName folds a name: «ИВАНОВА А.П.», «Иванова Анна П.».
func ParseName(fio string) Name {
	w := housing.Words(strings.ReplaceAll(housing.Fold(fio), "-", ""))
	if len(w) == 0 {
		return Name{}
	}
	return Name{Last: w[0], Rest: w[1:]}
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
	if len(a.Last) > 2*7 {
		limit = 2
	}
	if rest == nameSame && len(a.Rest) > 0 && len(b.Rest) > 0 && housing.Distance(a.Last, b.Last, limit) <= limit {
		return nameTypo
	}
	return nameOther
}

func compareRest(a, b []string) int {
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if strings.HasPrefix(x, y) || strings.HasPrefix(y, x) {
			continue
		}
		if len(x) > 6 && len(y) > 6 && housing.Distance(x, y, 1) <= 1 {
			continue
		}
		return nameOther
	}
	return nameSame
}
