package register

import (
	"strconv"
	"strings"

	"kvit/internal/money"
)

// writeMoney writes a sum in a money form.
func writeMoney(v money.Amount, form string) string {
	switch form {
	case KopeckInt:
		return strconv.FormatInt(int64(v), 10)
	case RubComma:
		return strings.Replace(v.String(), ".", ",", 1)
	}
	return v.String()
}
