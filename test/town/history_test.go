package town

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// deed is what a client of the book did, or tried to.
type deed struct {
	ID      string              `json:"id"`
	Kind    string              `json:"kind"`
	Name    string              `json:"name,omitempty"` // what it leaves in the book; '': nothing readers could know it by
	Began   int64               `json:"began"`          // nanoseconds
	Ended   int64               `json:"ended"`          // 0: nobody knows what became of it
	Done    bool                `json:"done"`           // it says it was done; ended and not done: refused
	Saw     map[string][]string `json:"saw,omitempty"`  // of a transfer: by pot, the transfers it found there when it last tried
	Reading *reading            `json:"reading,omitempty"`
	Trouble string              `json:"trouble,omitempty"` // an answer nobody may give
}

// reading is what a reader found in one snapshot of the book.
type reading struct {
	Names    []string `json:"names"`    // all that deeds leave
	Entries  int64    `json:"entries"`  // sum of all entries
	Balances int64    `json:"balances"` // sum of all kept balances
	Uneven   int64    `json:"uneven"`   // kept balances that are not the sums of their entries
	Halves   int64    `json:"halves"`   // passages between two houses that one side lacks
	Lost     int64    `json:"lost"`     // what channels owe less what accounts got
	Pots     int64    `json:"pots"`     // all pots together
	Lowest   int64    `json:"lowest"`   // the poorest pair of pots
}

// journal is the history of a book, kept as it happens: a client that is killed leaves what it had begun.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

// note writes a deed as far as it has come.
func (j *journal) note(d *deed) {
	line, err := json.Marshal(d)
	if err != nil {
		panic(err) // plain values
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		panic(err) // the test's own folder
	}
}

// readJournal gives the deeds of a journal, each as it was last noted. A last line cut short by a kill was never noted.
func readJournal(tb testing.TB, path string) (list []deed) {
	tb.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	at := map[string]int{}
	for line := range strings.Lines(string(body)) {
		var d deed
		if json.Unmarshal([]byte(line), &d) != nil {
			continue
		}
		k, ok := at[d.ID]
		if !ok {
			k, at[d.ID] = len(list), len(list)
			list = append(list, d)
		}
		list[k] = d
	}
	return list
}

func clockNow() int64 { return time.Now().UnixNano() }

// transfer is the kind of deeds that move money between pots: they say what they saw, so their order can be worked out.
const transferKind = "transfer"

// faultsOf finds what no honest book can have answered. pots is what all pots hold together, always.
func faultsOf(deeds []deed, pots int64) (list []string) {
	var readers []deed
	for _, d := range deeds {
		if d.Trouble != "" {
			list = append(list, fmt.Sprintf("%s %s: %s", d.Kind, d.ID, d.Trouble))
		}
		if d.Reading != nil {
			list, readers = append(list, d.Reading.faults(d.ID, pots)...), append(readers, d)
		}
	}
	if len(readers) == 0 {
		return append(list, "nobody read the book")
	}
	slices.SortStableFunc(readers, func(a, b deed) int { return len(a.Reading.Names) - len(b.Reading.Names) })
	list = append(list, prefixes(readers)...)
	for i := range readers {
		list = append(list, times(&readers[i], deeds)...)
	}
	return append(list, circles(deeds, setOf(readers[len(readers)-1].Reading.Names))...)
}

// faults holds a snapshot to what is true at every moment.
func (r *reading) faults(id string, pots int64) (list []string) {
	for what, wrong := range map[string]bool{
		fmt.Sprintf("the entries come to %d", r.Entries):            r.Entries != 0,
		fmt.Sprintf("the balances come to %d", r.Balances):          r.Balances != 0,
		fmt.Sprintf("%d balances are not their entries", r.Uneven):  r.Uneven != 0,
		fmt.Sprintf("%d passages have one side", r.Halves):          r.Halves != 0,
		fmt.Sprintf("%d was cleared and went to nobody", r.Lost):    r.Lost != 0,
		fmt.Sprintf("the pots hold %d, not %d", r.Pots, pots):       r.Pots != pots,
		fmt.Sprintf("a pair of pots is %d below nothing", r.Lowest): r.Lowest < 0,
	} {
		if wrong {
			list = append(list, "read "+id+": "+what)
		}
	}
	return list
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

// prefixes: of any two snapshots one holds all of the other, and the later one is not the smaller: commits have one order, and each
// reader saw its beginning. readers come by the number of names they saw.
func prefixes(readers []deed) (list []string) {
	for i := 1; i < len(readers); i++ {
		less, more := &readers[i-1], &readers[i]
		has := setOf(more.Reading.Names)
		for _, n := range less.Reading.Names {
			if !has[n] {
				list = append(list, fmt.Sprintf("read %s saw %s, read %s saw more and not it", less.ID, n, more.ID))
				break
			}
		}
	}
	for i := range readers {
		for k := i + 1; k < len(readers); k++ {
			if few, many := &readers[i], &readers[k]; many.Ended < few.Began && len(few.Reading.Names) < len(many.Reading.Names) {
				list = append(list, fmt.Sprintf("read %s went back behind read %s", few.ID, many.ID))
			}
		}
	}
	return list
}

// times: a reader sees what was done before it began, and nothing that began after it ended or was refused.
func times(r *deed, deeds []deed) (list []string) {
	saw := setOf(r.Reading.Names)
	may := map[string]bool{} // somebody had begun it, and nobody knows that it was refused
	for i := range deeds {
		d := &deeds[i]
		if d.Name == "" {
			continue
		}
		if d.Began <= r.Ended && (d.Done || d.Ended == 0) {
			may[d.Name] = true
		} else if !may[d.Name] {
			may[d.Name] = false
		}
		if d.Done && d.Ended < r.Began && !saw[d.Name] {
			list = append(list, fmt.Sprintf("read %s does not see %s, done before it", r.ID, d.Name))
		}
	}
	for name, could := range may {
		if saw[name] && !could {
			list = append(list, fmt.Sprintf("read %s sees %s, which was refused or not begun", r.ID, name))
		}
	}
	return list
}

// circles: the transfers that are in the book can be put in one order in which each saw those before it and none after it, and
// what ended before another began comes before it. A lost update and a write skew are circles.
func circles(deeds []deed, book map[string]bool) (list []string) {
	var kept []*deed
	for i := range deeds {
		if d := &deeds[i]; d.Kind == transferKind && book[d.Name] {
			kept = append(kept, d)
		}
	}
	before := make([]map[int]bool, len(kept)) // of each, those that come before it
	for i := range before {
		before[i] = map[int]bool{}
	}
	for i, d := range kept {
		for pot, names := range d.Saw {
			found := setOf(names)
			for k, other := range kept {
				if _, there := other.Saw[pot]; k == i || !there || !other.wrote(pot) {
					continue
				}
				if found[other.Name] {
					before[i][k] = true
				} else {
					before[k][i] = true
				}
			}
		}
		for k, other := range kept {
			if other.Ended != 0 && other.Ended < d.Began {
				before[i][k] = true
			}
		}
	}
	for placed := true; placed && len(kept) > 0; {
		placed = false
		for i, d := range kept {
			if d != nil && len(before[i]) == 0 {
				kept[i], placed = nil, true
				for k := range before {
					delete(before[k], i)
				}
			}
		}
	}
	for _, d := range kept {
		if d != nil {
			list = append(list, fmt.Sprintf("transfer %s has no place in one order with the others: it saw %v", d.Name, d.Saw))
		}
	}
	return list
}

// wrote tells whether a transfer put something into a pot it saw: those it only looked at are marked so.
func (d *deed) wrote(pot string) bool { return !slices.Contains(d.Saw[pot], onlySeen) }

// onlySeen stands among what a transfer found in a pot that it changed nothing of.
const onlySeen = "only seen"

// TestAHistoryThatCannotBeIsRefused: the check of histories finds each kind of what a book must not do, and nothing in an honest
// one.
func TestAHistoryThatCannotBeIsRefused(t *testing.T) {
	read := func(id string, at int64, names ...string) deed {
		return deed{ID: id, Kind: "read", Began: at, Ended: at + 1, Done: true, Reading: &reading{Names: names, Pots: 100}}
	}
	move := func(name string, from, to int64, saw map[string][]string) deed {
		return deed{ID: name, Kind: transferKind, Name: name, Began: from, Ended: to, Done: to != 0, Saw: saw}
	}
	pots := func(a, b []string) map[string][]string { return map[string][]string{"a": a, "b": b} }
	both := read("end", 90, "x", "y")
	refused := move("y", 10, 20, nil)
	refused.Done = false
	unknown := refused
	unknown.Ended = 0
	short := read("short", 50, "x")
	short.Reading.Pots, short.Reading.Entries, short.Reading.Lost = 99, 1, 5
	poor := read("poor", 50, "x")
	poor.Reading.Lowest = -1
	lone := move("x", 10, 20, pots(nil, nil))
	for name, c := range map[string]struct {
		deeds []deed
		want  string // of one of the faults; '': none is found
	}{
		"honest": {[]deed{lone, move("y", 12, 30, pots([]string{"x"}, []string{"x"})), both}, ""},
		"honest, one of them only looked at a pot the other changed": {[]deed{move("x", 10, 20, pots(nil, []string{onlySeen})), move("y", 10, 20, pots([]string{"x", onlySeen}, nil)), both}, ""},
		"an answer lost may be done":                                 {[]deed{lone, unknown, both}, ""},
		"an answer lost may be never":                                {[]deed{lone, unknown, read("end", 90, "x")}, ""},
		"a lost update":                                              {[]deed{move("x", 10, 20, pots(nil, nil)), move("y", 10, 20, pots(nil, nil)), both}, "no place in one order"},
		"a write skew":                                               {[]deed{move("x", 10, 20, pots(nil, []string{onlySeen})), move("y", 10, 20, pots([]string{onlySeen}, nil)), both}, "no place in one order"},
		"it saw less than was done before it":                        {[]deed{move("x", 10, 20, pots(nil, []string{onlySeen})), move("y", 30, 40, pots([]string{onlySeen}, nil)), both}, "no place in one order"},
		"a fork":                                                     {[]deed{lone, move("y", 10, 40, map[string][]string{"c": nil}), read("one", 15, "x"), read("two", 15, "y"), both}, "saw more and not it"},
		"back in time":                                               {[]deed{move("x", 10, 0, nil), read("one", 20, "x"), read("two", 30)}, "went back"},
		"an answer without a deed":                                   {[]deed{lone, read("end", 90)}, "done before it"},
		"seen before it began":                                       {[]deed{lone, read("one", 5, "x"), read("end", 90, "x")}, "not begun"},
		"refused and done":                                           {[]deed{lone, refused, both}, "refused"},
		"a kopeck is gone":                                           {[]deed{lone, short}, "hold 99"},
		"a pair is overdrawn":                                        {[]deed{lone, poor}, "below nothing"},
		"an answer nobody may give":                                  {[]deed{{ID: "z", Trouble: "panic"}, both}, "panic"},
		"nobody read":                                                {[]deed{lone}, "nobody read"},
	} {
		got := faultsOf(c.deeds, 100)
		switch found := strings.Join(got, "; "); {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s: %s", name, found)
		case !strings.Contains(found, c.want):
			t.Errorf("%s: found %q, want %q", name, found, c.want)
		}
	}
}
