package city

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// householdTruth is one household of truth.json and its basket.
type householdTruth struct {
	ID         string         `json:"id"`
	House      string         `json:"house"`
	Flats      []int          `json:"flats"`
	Room       string         `json:"room"`
	Address    string         `json:"address"`
	Owner      string         `json:"owner"`
	Area       int64          `json:"area"`
	Residents  int64          `json:"residents"`
	ELS        string         `json:"els"`
	Charge     int64          `json:"charge"`
	Due        int64          `json:"due"`
	Accounts   [][]any        `json:"acc"`
	Calc       map[string]any `json:"calc"`
	Situations []string       `json:"situations,omitempty"`
}

func (t *town) householdTruth(hh *household) *householdTruth {
	h := hh.house
	o := &householdTruth{ID: hh.id, House: h.id, Flats: []int{}, Room: hh.room, Owner: hh.owner.full(), Area: hh.area, Residents: hh.residents,
		ELS: hh.els, Charge: hh.charge, Due: hh.due, Accounts: [][]any{}, Calc: map[string]any{}, Situations: hh.situations}
	if h.block() {
		o.Flats = hh.flats
	}
	o.Address = "г. " + townName + ", " + newAddress(h, hh.flatText("-"), hh.room).short()
	for _, a := range hh.accounts {
		o.Accounts = append(o.Accounts, []any{t.set.layouts[a.trade].code, a.number, a.charge, a.due, a.paid})
	}
	c := &hh.calc
	if c.hasWater {
		o.Calc["cw"], o.Calc["hw"], o.Calc["irr"], o.Calc["sw"] = c.cold, c.hot, c.irrigation, c.sewage
	}
	if p := c.power; p != nil {
		zones := [][]any{}
		for _, z := range p.zones {
			zones = append(zones, []any{z.name, z.kwh})
		}
		o.Calc["el"] = []any{p.plan, p.stove, zones, p.charge}
	}
	return o
}

// truthWriter writes truth.json piece by piece: households are too many to hold twice.
type truthWriter struct {
	sink *sink
	err  error
}

func (w *truthWriter) value(v any) {
	b, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.sink.bytes(b)
}

func (w *truthWriter) key(name string, v any) {
	w.sink.text(`"`, name, `":`)
	w.value(v)
	w.sink.text(",\n")
}

// writeTruth writes the right answer. Defects get their numbers here, in the order of files and places.
func (t *town) writeTruth(dir string, tr *truth, pays *paymentsTruth, meters map[string]*measured, m meta) error {
	s, err := newSink(dir, "truth.json", "utf-8")
	if err != nil {
		return err
	}
	w := &truthWriter{sink: s}
	situations := map[string]int{}
	s.text("{\"households\":[\n")
	for i, hh := range t.households {
		w.next(i)
		w.value(t.householdTruth(hh))
		for _, x := range hh.situations {
			situations[x]++
		}
	}
	s.text("\n],\n\"houses\":{\n")
	for i, h := range t.houses {
		w.next(i)
		s.text(fmt.Sprintf(`"%s":{"households":%d,"charge":%d,"due":%d}`, h.id, h.households, h.charge, h.due))
	}
	s.text("\n},\n")
	w.key("house_meters", meters)
	w.key("suppliers", tr.totals)
	w.key("files", tr.files)
	w.key("payments", pays)
	w.key("aliases", tr.aliases)
	w.key("orphans", tr.orphans)
	w.key("absent", tr.absent)
	w.key("tariffs", t.prices)
	w.key("defect_counts", tr.counts())
	w.key("situation_counts", situations)
	w.defects(tr.defects)
	s.text("\"meta\":")
	w.value(m)
	s.text("\n}\n")
	if err := s.close(); err != nil {
		return err
	}
	return w.err
}

func (w *truthWriter) next(i int) {
	if i > 0 {
		w.sink.text(",\n")
	}
}

func (w *truthWriter) defects(list []*defect) {
	slices.SortStableFunc(list, func(a, b *defect) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Pos, b.Pos))
	})
	w.sink.text("\"defects\":[\n")
	for i, d := range list {
		d.ID = i + 1
		w.next(i)
		w.value(d)
	}
	w.sink.text("\n],\n")
}
