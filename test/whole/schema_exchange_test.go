package whole

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// exchange gives files to a supplier's folder and takes his answer.
func (j judged) exchange(account string) {
	j.t.Helper()
	code, _, _ := strings.Cut(account, ":")
	folder, schedule := j.t.TempDir(), filepath.Join(j.t.TempDir(), "exchange.yaml")
	text := fmt.Sprintf("supplier: %s\ncode: pay\nwhat: payments\nfrom: 2026-01-01\nhours: \"06:00\"\nfolder: %s\n", code, folder)
	if err := os.WriteFile(schedule, []byte(text), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.is(0, "exchange-schedule", nil, "exchange", "schedule", schedule)
	j.is(0, "exchange-run", nil, "exchange", "run", "--now")
	j.is(0, "exchange-list", nil, "exchange", "list", "--supplier", code)
	j.is(0, "exchange-show", nil, "exchange", "show", code, "pay", "1", "--out", filepath.Join(folder, "copy"))
	j.is(0, "exchange-resend", nil, "exchange", "resend", code, "pay", "1")
	j.fails(1, "exchange", "show", code, "pay", "99")
	j.is(0, "events-prune", nil, "events", "prune", "--days", "30")
}
