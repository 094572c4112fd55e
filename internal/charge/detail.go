package charge

import (
	"encoding/binary"

	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// detailFields are the inputs of a line that its columns do not hold, in the order of their bits.
const detailFields = 17

// setDetails gives a line its inputs.
func setDetails(l *calc.Line, whole *[detailFields]int64) {
	l.From, l.To, l.Days, l.DaysOf = uint8(whole[0]), uint8(whole[1]), int32(whole[2]), int32(whole[3])
	l.PersonDays, l.Missed = int32(whole[4]), uint8(whole[5])
	l.Factor, l.Share, l.Norm, l.Base = decimal.Decimal(whole[6]), decimal.Decimal(whole[7]), decimal.Decimal(whole[8]), decimal.Decimal(whole[9])
	for i := range l.Inputs {
		l.Inputs[i] = decimal.Decimal(whole[10+i])
	}
	unpackRows(l, whole[14])
	l.Before, l.After = whole[15], whole[16]
}

// rowBits is how many bits a row of the catalogue takes among the three of a line.
const rowBits = 21

func packRows(l *calc.Line) int64 {
	return int64(l.RateRow+1) | int64(l.NormRow+1)<<rowBits | int64(l.FactorRow+1)<<(2*rowBits)
}

func unpackRows(l *calc.Line, v int64) {
	const mask = 1<<rowBits - 1
	l.RateRow, l.NormRow, l.FactorRow = int32(v&mask)-1, int32(v>>rowBits&mask)-1, int32(v>>(2*rowBits)&mask)-1
}

// appendDetail packs the inputs of a line: three bytes of which there are, then these as varints.
func appendDetail(to []byte, l *calc.Line) []byte {
	start := len(to)
	to = append(to, 0, 0, 0)
	mask := uint32(0)
	put := func(bit int, v int64) {
		if v != 0 {
			mask |= 1 << bit
			to = binary.AppendVarint(to, v)
		}
	}
	put(0, int64(l.From))
	put(1, int64(l.To))
	put(2, int64(l.Days))
	put(3, int64(l.DaysOf))
	put(4, int64(l.PersonDays))
	put(5, int64(l.Missed))
	put(6, int64(l.Factor))
	put(7, int64(l.Share))
	put(8, int64(l.Norm))
	put(9, int64(l.Base))
	for i, v := range l.Inputs {
		put(10+i, int64(v))
	}
	put(14, packRows(l))
	put(15, l.Before)
	put(16, l.After)
	to[start], to[start+1], to[start+2] = byte(mask), byte(mask>>8), byte(mask>>16)
	return to
}

// readDetail unpacks the inputs of a line; false when they are broken.
func readDetail(from []byte, l *calc.Line) bool {
	if len(from) < 3 {
		return false
	}
	mask := uint32(from[0]) | uint32(from[1])<<8 | uint32(from[2])<<16
	from = from[3:]
	ok := mask < 1<<detailFields
	var whole [detailFields]int64
	for bit := range whole {
		if mask&(1<<bit) == 0 {
			continue
		}
		v, n := binary.Varint(from)
		if n <= 0 {
			return false
		}
		whole[bit], from = v, from[n:]
	}
	setDetails(l, &whole)
	return ok && len(from) == 0
}
