package whole

import (
	"path/filepath"
	"strings"
)

// appeals sends a dispute in a resident's name and answers it.
func (j judged) appeals(name string) {
	j.t.Helper()
	supplier, account, _ := strings.Cut(name, ":")
	var sent struct{ Number string }
	j.is(0, "appeals-show", &sent, "appeals", "send", "--supplier", supplier, "--account", account, "--text", "много", "--leave-out", "--key", "appeal-key-1")
	j.is(0, "appeals-list", nil, "appeals", "list", "--supplier", supplier)
	j.is(0, "appeals-show", nil, "appeals", "show", sent.Number)
	j.is(0, "appeals-show", nil, "appeals", "answer", sent.Number, "--supplier", supplier, "--corrected", "--change=-1", "--month", "2026-11", "--text", "Исправим")
	j.fails(1, "appeals", "answer", sent.Number, "--supplier", supplier, "--explained", "--text", "Верно")
	j.fails(2, "appeals", "answer", sent.Number)
	j.is(0, "appeals-terms", nil, "appeals", "terms")
	j.is(0, "anonymise", nil, "anonymise", "--out", filepath.Join(j.t.TempDir(), "copy"))
	j.fails(2, "anonymise", "--in-place")
}
