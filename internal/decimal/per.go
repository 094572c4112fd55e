package decimal

import "math/big"

// Per is r ÷ s. It panics when s is zero: callers ask before.
func (r Ratio) Per(s Ratio) Ratio {
	if s.IsZero() {
		panic("decimal: division by zero")
	}
	return Ratio{big: new(big.Rat).Quo(r.Rat(), s.Rat())}
}
