package city

import (
	"slices"
	"strconv"
	"strings"
)

// harm is what was done to an address.
type harm struct{ field, was, now, how string }

// harms damage an address in place; false when it has not what is to be damaged.
var harms = map[string]func(*address, *rng) (harm, bool){
	"addr_typo": func(a *address, r *rng) (harm, bool) {
		h := harm{field: "street", was: a.name}
		a.name, h.how = typo(a.name, r)
		h.now = a.name
		return h, true
	},
	"addr_alias": func(a *address, _ *rng) (harm, bool) {
		h := harm{field: "street", was: a.name, now: a.alias}
		a.name = a.alias
		return h, h.now != ""
	},
	"addr_korp_lost": func(a *address, _ *rng) (harm, bool) { return lose("korp", &a.building) },
	"addr_flat_lost": func(a *address, _ *rng) (harm, bool) { return lose("flat", &a.flat) },
	"addr_loc_lost":  func(a *address, _ *rng) (harm, bool) { return lose("locality", &a.locality) },
	"addr_wrong_flat": func(a *address, _ *rng) (harm, bool) {
		h := harm{field: "flat", was: a.flat, now: otherFlat(a.flat, a.house.flats)}
		a.flat = h.now
		return h, h.now != ""
	},
}

func lose(field string, part *string) (harm, bool) {
	h := harm{field: field, was: *part}
	*part = ""
	return h, h.was != ""
}

// otherFlat is the flat with its digits in another order, or the next one; empty when there is none.
func otherFlat(flat string, flats int) string {
	n, err := strconv.Atoi(flat)
	if err != nil || flats < 12 {
		return ""
	}
	turned := []byte(flat)
	slices.Reverse(turned)
	if m, _ := strconv.Atoi(string(turned)); m != n && m > 0 && m <= flats {
		return strconv.Itoa(m)
	}
	return strconv.Itoa(n%flats + 1)
}

func spoilAddress(g *register, kind string, a *account, r *rng) []row {
	addr := newAddress(a.household.house, a.flat, a.room)
	h, ok := harms[kind](addr, r)
	if !ok {
		return nil
	}
	rows, f := g.one(kind, "link", a, &damage{addr: addr})
	f.Field, f.Was, f.Now, f.How, f.Hints = h.field, h.was, h.now, h.how, g.hints(kind, a)
	return rows
}

// hints are what can still link a row when its address is damaged; none means that nobody can.
func (g *register) hints(kind string, a *account) []string {
	out := []string{}
	if a.els != "" && g.layout.has("els") {
		out = append(out, "els")
	}
	if a.household.house.sharedBase && slices.Contains([]trade{waterTrade, heatTrade, managerATrade}, a.trade) {
		out = append(out, "base_number")
	}
	if !a.stale && a.owner == a.household.owner && g.layout.has("fio") {
		out = append(out, "fio")
	}
	if kind == "addr_typo" || kind == "addr_alias" {
		out = append(out, "fuzzy_address")
	}
	return out
}

// houseAddress is the address printed once for a house, damaged now and then; the record waits for its place.
func (g *register) houseAddress(h *house) (*address, *defect) {
	r := seeded(g.town.seed, "houseline/"+g.layout.code, h.index)
	kinds := []string{drawn(g.group, r)}
	if g.houses++; g.houses%2 == 0 && len(g.unhoused) > 0 {
		kinds = g.unhoused
	}
	for _, kind := range kinds {
		addr := h.address()
		damage := harms[strings.Replace(kind, "_house", "", 1)]
		if damage == nil {
			continue
		}
		how, ok := damage(addr, r)
		if !ok {
			continue
		}
		g.unhoused = slices.DeleteFunc(slices.Clone(g.unhoused), func(k string) bool { return k == kind })
		d := &defect{Type: kind, Supplier: g.layout.code, Action: "link", House: h.id, Field: how.field, Was: how.was, Now: how.now, How: how.how}
		g.truth.defects = append(g.truth.defects, d)
		return addr, d
	}
	return h.address(), nil
}
