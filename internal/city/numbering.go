package city

import (
	"fmt"
	"strconv"
)

// numberKey is what an account number can be made of.
type numberKey struct {
	base   int // number of the former calculation centre, seven digits
	shared bool
	house  int
	flat   int
	room   string
	assoc  int // number of the association
	part   int // ordinal among the accounts of the household with this supplier
}

func (hh *household) key() numberKey {
	return numberKey{base: hh.base, shared: hh.house.sharedBase, house: hh.house.index, flat: hh.flats[0], room: hh.room, assoc: hh.house.assocNo}
}

// numbering makes the number of an account; different keys give different numbers.
type numbering func(numberKey) string

// mixed hides the base behind a multiplication: a one-to-one map of numbers of so many digits, as long as the
// multiplier has no factor 2 or 5.
func mixed(n, digits, multiplier, shift int) string {
	modulus := 1
	for range digits {
		modulus *= 10
	}
	return fmt.Sprintf("%0*d", digits, (n*multiplier+shift)%modulus)
}

// luhn is the check digit of bank cards.
func luhn(s string) string {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return strconv.Itoa((10 - sum%10) % 10)
}

// check731 is a check digit by the weights 7, 1, 3, as in keys of bank accounts.
func check731(s string) string {
	sum := 0
	for i := range len(s) {
		sum += int(s[i]-'0') * [3]int{7, 1, 3}[i%3]
	}
	return strconv.Itoa(sum * 3 % 10)
}

// withCheck adds a check digit.
func withCheck(check func(string) string, digits string) string { return digits + check(digits) }

// byCentre gives the base number a prefix and a suffix where the house is billed by the numbers of the former
// centre, and a number of the supplier's own elsewhere.
func byCentre(prefix, suffix string, own numbering) numbering {
	return func(k numberKey) string {
		if k.shared {
			return fmt.Sprintf("%s%07d%s", prefix, k.base, suffix)
		}
		return own(k)
	}
}

// mixedWith is a numbering of a prefix and a hidden base.
func mixedWith(prefix string, digits, multiplier, shift int) numbering {
	return func(k numberKey) string { return prefix + mixed(k.base, digits, multiplier, shift) }
}

// roomMark is the suffix of a room in a number of house and flat.
func roomMark(room, mark string) string {
	if room == "" {
		return ""
	}
	return mark + room
}
