package charge

import (
	"fmt"

	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
)

// besideMark is a bit of a stored line's kind: the line is not what the resident owes, it stands beside the supplier's
// figure that is.
const besideMark = 64

// storedKind is the kind of a line as it is kept.
func storedKind(k calc.Kind, beside bool) int64 {
	if beside {
		return int64(k) | besideMark
	}
	return int64(k)
}

// readKind takes a stored kind apart.
func readKind(v int64) (k calc.Kind, beside bool) {
	return calc.Kind(v &^ besideMark), v&besideMark != 0
}

// isBeside tells whether a line is only shown beside the supplier's figure. Of a computed service every line is owed; of
// an issued one the supplier's figure alone; of a compared one none, for the supplier's register charges it.
func isBeside(l *calc.Line, mode uint8) bool {
	switch mode {
	case fact.ModeComputed:
		return false
	case fact.ModeIssued:
		return !isGiven(l)
	}
	return true
}

// isGiven tells whether a line repeats what a supplier's register says.
func isGiven(l *calc.Line) bool {
	return l.Method == calc.ByGiven && (l.Kind == calc.Charged || l.Kind == calc.Correction)
}

// Conditions on lines: toPay of those that are owed (a benefit paid apart is only shown), besides of those that would be
// if Kvit's figure were the charge.
var (
	toPay   = fmt.Sprintf("kind < %d AND kind <> %d", besideMark, calc.ReliefShown)
	besides = fmt.Sprintf("kind >= %d AND kind <> %d", besideMark, besideMark|calc.ReliefShown)
)
