package whole

import (
	"os"
	"path/filepath"
)

// documents makes a document, checks it, and prints the bills of the month.
func (j judged) documents(with func(args ...string) []string) {
	j.t.Helper()
	var made struct {
		Number, SHA256 string
		Repeated       bool
	}
	make := with("document", "make", "--kind", "charges", "--from", "2026-10", "--to", "2026-10")
	j.is(0, "document-make", &made, make...)
	first := made.Number
	if j.is(0, "document-make", &made, make...); made.Number != first || !made.Repeated {
		j.t.Errorf("the same document again: %+v, was %s", made, first)
	}
	j.is(0, "document-check", nil, "document", "check", first)
	j.fails(1, "document", "check", "2222-2222-2222")
	dir := j.t.TempDir()
	var run struct {
		Bills  int
		Houses []struct{ File string }
	}
	j.is(0, "bills-print", &run, "bills", "print", "--month", "2026-10", "--out", dir)
	if run.Bills == 0 || len(run.Houses) == 0 {
		j.t.Fatalf("nothing was printed: %+v", run)
	}
	if _, err := os.Stat(filepath.Join(dir, run.Houses[0].File)); err != nil {
		j.t.Error(err)
	}
	j.fails(1, "bills", "print", "--month", "2019-01", "--out", dir)
}
