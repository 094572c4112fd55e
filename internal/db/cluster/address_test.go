package cluster

import (
	"strings"
	"testing"
)

// TestAddressForTools: what only our driver knows is left out, and a password never stands among arguments.
func TestAddressForTools(t *testing.T) {
	a, err := ParseAddress("postgres://kvit:se%40cret@db.local:5433/centre?sslmode=require&pool_max_conns=4&jit=off")
	if err != nil {
		t.Fatal(err)
	}
	if a.User != "kvit" || a.Database != "centre" || len(a.Env) != 1 || a.Env[0] != "PGPASSWORD=se@cret" {
		t.Errorf("%+v", a)
	}
	for _, want := range []string{"host=db.local", "port=5433", "dbname=centre", "sslmode=require"} {
		if !strings.Contains(a.Tools, want) {
			t.Errorf("%s lacks %s", a.Tools, want)
		}
	}
	for _, not := range []string{"cret", "pool_max", "jit"} {
		if strings.Contains(a.Tools, not) {
			t.Errorf("%s has %s", a.Tools, not)
		}
	}
	if _, err := ParseAddress("postgres://kvit@:port/x"); err == nil {
		t.Error("no address was taken")
	}
}
