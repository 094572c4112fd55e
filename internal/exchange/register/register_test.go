package register

import (
	"bytes"
	"testing"
	"time"

	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
)

var testDay = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)

func cp1251(b []byte) string { return charset.CP1251.Text(b) }

func bytesFile(name string, body []byte) File {
	return File{Name: name, Data: bytes.NewReader(body), Size: int64(len(body))}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil && code != "" || err != nil && fault.CodeOf(err) != code {
		t.Errorf("error %v, want code %q", err, code)
	}
}

func asFault(err error) *fault.Error { return fault.As(err) }
