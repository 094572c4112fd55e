package housing

// understand tells street type, street name and other names of an address.
func (r *Register) understand(p *Parsed) (typ string, name []string, places []string) {
	var parts, quarters []part
	var segs [][]string
	for _, seg := range p.Segments {
		segs = append(segs, r.split(canon(seg))...)
	}
	for _, seg := range segs {
		q := r.readPart(seg)
		switch {
		case q.region && q.typ == "" || len(q.names) == 0:
		case q.place && q.typ == "" && len(r.byKey[nameKey(q.all)]) == 0 && len(r.initials(q.all)) == 0:
			places = append(places, nameKey(q.names))
			if r.kinds[q.kind] {
				quarters = append(quarters, q)
			}
		case q.typ == "" && r.localities[nameKey(q.names)] && len(r.byKey[nameKey(q.names)]) == 0:
			places = append(places, nameKey(q.names))
		default:
			parts = append(parts, q)
		}
	}
	if len(p.Paren) > 0 {
		places = append(places, nameKey(bare(canon(p.Paren))))
	}
	if q := len(quarters) - 1; q >= 0 && r.stands(&quarters[q], parts) {
		quarters[q].typ = quarters[q].kind
		parts = append(parts, quarters[q])
	}
	pick := -1
	for i, q := range parts {
		if q.typ != "" && (pick < 0 || !r.kinds[q.typ] || r.kinds[parts[pick].typ]) {
			pick = i
		}
	}
	if pick < 0 {
		for i, q := range parts {
			if len(r.byKey[nameKey(q.names)]) > 0 {
				pick = i
			}
		}
	}
	if pick < 0 {
		pick = len(parts) - 1
	}
	if pick < 0 {
		return "", nil, places
	}
	for i, q := range parts {
		if i != pick {
			places = append(places, nameKey(q.names))
		}
	}
	return parts[pick].typ, parts[pick].names, places
}

// stands tells whether a quarter with a typing error stands for the street: nothing else of the address can be it.
func (r *Register) stands(quarter *part, parts []part) bool {
	for _, q := range parts {
		if q.typ != "" || len(r.byKey[nameKey(q.names)]) > 0 {
			return false
		}
	}
	return len(r.near(quarter.kind, quarter.names)) > 0
}

// part is a piece of an address between commas.
type part struct {
	typ, kind     string   // of the street; of the place
	names, all    []string // without types of places; with them, for initials look like one
	place, region bool
}

// readPart tells types from names. Where nothing but types and numbers is left, one of the types is the name.
func (r *Register) readPart(seg []string) (q part) {
	var spare, whole []string
	sure := false // a type that is no name stands there
	for _, w := range seg {
		t, isType := streetTypes[w]
		switch {
		case isType && nameTypes[t] && len(w) > 4:
			spare, whole = append(spare, w), append(whole, w)
			if q.typ == "" {
				q.typ = t
			}
		case isType:
			q.typ, sure = t, true
		case regionTypes[w]:
			q.region = true
		case placeTypes[w] != "" && len(seg) > 1:
			q.place, q.kind = true, placeTypes[w]
			q.all = append(q.all, w)
		default:
			q.names, q.all, whole = append(q.names, w), append(q.all, w), append(whole, w)
		}
	}
	if q.typ != "" && q.place {
		q.names, q.place = q.all, false // «С.Лазо ул»: an initial, not a village
	}
	if q.place && r.kinds[q.kind] && r.hasStreet(q.kind, q.names) {
		q.typ, q.place = q.kind, false
	}
	if len(spare) > 0 && r.nameIsWhole(&q, whole, sure) {
		q.names, q.all = whole, whole
		if nameTypes[q.typ] {
			q.typ = ""
		}
	}
	return q
}

// hasStreet tells whether the register has a street of a kind and a name.
