package register

import (
	"time"

	"kvit/internal/exchange/charset"
)

var testDay = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)

func cp1251(b []byte) string { return charset.CP1251.Text(b) }
