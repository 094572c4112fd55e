package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/fault"
	"kvit/internal/text"
)

// TestReportGivesTheStatus holds the exit statuses that docs/commands.md promises.
func TestReportGivesTheStatus(t *testing.T) {
	missing := fault.New(fault.NotFound, "account.unknown", "Такого счёта нет.")
	for _, c := range []struct {
		name   string
		err    error
		status int
		says   string
	}{
		{"done", nil, 0, ""},
		{"findings that were said already", statusError(exitFindings), 1, ""},
		{"not found", missing, 1, "kvit: Такого счёта нет. [account.unknown]\n"},
		{"wrapped", fmt.Errorf("pay: %w", missing), 1, "kvit: Такого счёта нет. [account.unknown]\n"},
		{"refused, with a place", fault.New(fault.Invalid, "houses.column", "Нет столбца.").At(fault.Place{File: "h.csv", Pos: 1, Unit: "line"}), 1, "h.csv, строка 1: Нет столбца."},
		{"refused, a file without a place", fault.New(fault.Invalid, "guess.failed", "Не удалось.").At(fault.Place{File: "h.csv"}), 1, "kvit: h.csv: Не удалось. [guess.failed]"},
		{"a wrong argument", invalid("--day", "завтра", "2026-11-23", errors.New("не день")), 2, "--day"},
		{"a path that is not there", fault.New(fault.Invalid, "file.missing", "Файла нет."), 2, "Файла нет."},
		{"the database is away", fault.New(fault.Unavailable, "db.unavailable", "База не отвечает.").Because(errors.New("refused")), 3, "причина: refused"},
		{"stopped by a signal", fmt.Errorf("stage a.csv: %w", context.Canceled), 3, "Остановлено."},
		{"a bug", errors.New("boom"), 1, "kvit: boom\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if got := report(c.err, text.Russian, &out); got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
			if !strings.Contains(out.String(), c.says) || c.says == "" && out.Len() > 0 {
				t.Errorf("says %q, want %q", out.String(), c.says)
			}
		})
	}
}
