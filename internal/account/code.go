package account

import (
	"strings"

	"kvit/internal/fault"
)

// The code of a household is its id scrambled by an odd multiplier, so that neighbours do not look alike, in
// signs nobody confuses (no 0 О, 1 I L, 3 З, U), with one check sign. It is no secret: access is checked apart.
const (
	codeSigns      = "2456789ABCDEFGHJKMNPQRSTVWXYZ" // 29 signs: a prime, so one wrong sign never passes
	codeLength     = 9
	codeMultiplier = 0x9E3779B1
	codeModulus    = 1 << 40
)

// HouseholdCode is the public name of a household: nine signs and a check sign.
func HouseholdCode(id int64) string {
	n := uint64(id) * codeMultiplier % codeModulus
	var b [codeLength + 1]byte
	sum := uint64(0)
	for i := codeLength - 1; i >= 0; i-- {
		d := n % uint64(len(codeSigns))
		n /= uint64(len(codeSigns))
		b[i] = codeSigns[d]
		sum += d * uint64(i+2)
	}
	b[codeLength] = codeSigns[sum%uint64(len(codeSigns))]
	return string(b[:])
}

// ParseHouseholdCode is the reverse of HouseholdCode; a wrong check sign is NotFound, like any unknown code.
func ParseHouseholdCode(code string) (int64, error) {
	unknown := fault.New(fault.NotFound, "household.unknown", "По этому коду ничего не нашли.")
	code = strings.ToUpper(code)
	if len(code) != codeLength+1 {
		return 0, unknown
	}
	var n, sum uint64
	for i := range codeLength {
		d := strings.IndexByte(codeSigns, code[i])
		if d < 0 {
			return 0, unknown
		}
		n = n*uint64(len(codeSigns)) + uint64(d)
		sum += uint64(d) * uint64(i+2)
	}
	if code[codeLength] != codeSigns[sum%uint64(len(codeSigns))] || n >= codeModulus {
		return 0, unknown
	}
	return int64(n * inverse(codeMultiplier) % codeModulus), nil
}

// inverse is the multiplicative inverse of an odd number modulo 2⁶⁴ (Newton's iteration); it serves any smaller
// power of two as well.
func inverse(odd uint64) uint64 {
	x := odd
	for range 6 {
		x *= 2 - odd*x
	}
	return x
}
