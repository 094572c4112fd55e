package whole

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

type basketsFile struct {
	Baskets []struct {
		Accounts []string
	}
}

// baskets exports the baskets as sorted lists of accounts.
func (p *place) baskets() (list [][]string) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "baskets.json")
	p.run("baskets", "export", "--out", path)
	var f basketsFile
	readJSON(p.t, path, &f)
	for _, b := range f.Baskets {
		slices.Sort(b.Accounts)
		list = append(list, b.Accounts)
	}
	slices.SortFunc(list, slices.Compare)
	return list
}

func basketOf(list [][]string, account string) []string {
	i := slices.IndexFunc(list, func(b []string) bool { return slices.Contains(b, account) })
	if i < 0 {
		return nil
	}
	return list[i]
}

// TestDecisionsHoldAndAreUndone parts a basket, takes the files again, joins it back, and takes both decisions back.
func TestDecisionsHoldAndAreUndone(t *testing.T) {
	city := makeCity(t, "150", "5")
	eachPlace(t, func(t *testing.T, p *place) {
		p.takeCity(city)
		first := p.baskets()
		i := slices.IndexFunc(first, func(b []string) bool { return len(b) >= 5 })
		if i < 0 {
			t.Fatal("no basket of five accounts")
		}
		whole := first[i]
		gone, stay := whole[:2], whole[2:]
		split := p.decide("split", gone[0], gone[1])
		holds := func(when string) {
			t.Helper()
			now := p.baskets()
			if got := basketOf(now, gone[0]); !slices.Equal(got, gone) {
				t.Errorf("%s: %v are in %v", when, gone, got)
			}
			if got := basketOf(now, stay[0]); !slices.Equal(got, stay) {
				t.Errorf("%s: %v are in %v", when, stay, got)
			}
		}
		holds("after the split")
		p.run("intake", "--formats", filepath.Join(city, "formats.json"), city)
		p.run("check")
		holds("after the files came again")

		merge := p.decide("merge", gone[0], stay[0])
		if got := basketOf(p.baskets(), gone[0]); !slices.Equal(got, whole) {
			t.Errorf("after the merge: %v, want %v", got, whole)
		}
		p.run("review", "undo", merge)
		holds("after the merge was undone")
		p.run("review", "undo", split)
		if got := p.baskets(); !slices.EqualFunc(got, first, slices.Equal) {
			t.Error("undoing every decision did not bring the first baskets back")
		}
		if _, status := p.try("review", "undo", split); status != 1 {
			t.Errorf("undoing twice: status %d, want 1", status)
		}
		p.run("check")
	})
}

func (p *place) decide(kind, of, with string) string {
	p.t.Helper()
	var d struct{ Decision int64 }
	p.runJSON(&d, "review", "decide", "0", kind, "--of", of, "--with", with)
	return strconv.FormatInt(d.Decision, 10)
}
