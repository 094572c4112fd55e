package tariff

import (
	"regexp"
	"strings"
	"unicode"
)

// Tables of tariffs are often kept by other keys: effective_from and effective_to, stove, source, key1 and key2. Such a
// row is turned into one of ours by the rules of this file, the same that docs/formats/catalog.md tells.

// foreignKeys tell a row of that shape.
var foreignKeys = []string{"effective_from", "effective_to", "stove", "source", "key1", "key2"}

// foreignServices are codes of that shape for what our catalogue keeps under another service.
var foreignServices = map[string]struct{ service, component, purpose string }{
	"heat":                      {service: "heating"},
	"hot_water_water_component": {service: "hot_water", component: "water"},
	"hot_water_heat_component":  {service: "hot_water", component: "heat"},
	"hot_water_heat":            {service: "hot_water", purpose: ForHeatOfWater},
	"gas_heating":               {service: "gas", purpose: ForHeating},
}

// translate turns foreign rows of tariffs and normatives into ours and leaves out what is no figure, with a notice.
func (r *reader) translate(t *table, rows []row) []row {
	var kept []row
	foreign := false
	for i := range rows {
		w := &rows[i]
		if isForeign(w) && (t.key == "tariffs" || t.key == "normatives") {
			foreign = true
			if !r.translateRow(t, w) {
				continue
			}
		}
		r.nameDocument(w)
		kept = append(kept, *w)
	}
	if foreign && t.key == "tariffs" {
		dropLoneBands(kept)
	}
	return kept
}

func isForeign(w *row) bool {
	for _, key := range foreignKeys {
		if w.find(key) != nil {
			return true
		}
	}
	return w.text("status") == "rule"
}

func (r *reader) translateRow(t *table, w *row) bool {
	if w.text("status") == "rule" {
		r.notice(w.line, "строка услуги %s — правило («%s»), а не число: пропущена; связи услуг задаёт таблица services", w.text("service"), w.text("value"))
		return false
	}
	translateService(w)
	rename(w, "effective_from", "from")
	rename(w, "effective_to", "until")
	rename(w, "source", "document")
	if t.key == "tariffs" {
		translateTariff(w)
		return true
	}
	return r.translateNormative(w)
}

func rename(w *row, from, to string) {
	if c := w.find(from); c != nil {
		c.key = to
	}
}

func translateService(w *row) {
	code := w.text("service")
	if resource, ok := strings.CutPrefix(code, "soi_"); ok {
		w.put("service", resource)
		w.put("purpose", ForCommon)
		return
	}
	if f, ok := foreignServices[code]; ok {
		w.put("service", f.service)
		w.put("component", f.component)
		w.put("purpose", f.purpose)
	}
}

// translateTariff: stove gas → category gas_stove; a plan that is none of the zones' plans is a category; semipeak → half_peak.
func translateTariff(w *row) {
	if stove := w.text("stove"); stove != "" {
		w.put("category", slug(stove)+"_stove")
	}
	w.drop("stove")
	if plan := w.text("plan"); plan != "" && zonesOf(plan) == nil {
		w.put("plan", "")
		w.put("category", slug(plan))
	}
	if w.text("zone") == "semipeak" {
		w.put("zone", "half_peak")
	}
}

var (
	roomsKey   = regexp.MustCompile(`^(\d+)\+? rooms?(?:, *(.*))?$`)
	personsKey = regexp.MustCompile(`^(\d+)\+? (?:people|persons?)$`)
	yearKey    = regexp.MustCompile(`^(\d{4})$`)
	historyKey = regexp.MustCompile(`^\d{4}-(?:H[12]|Q[1-4])$`)
)

// translateNormative: key1 and key2 are rooms, persons, a season, a year, and the rest the category or the object of a plot.
func (r *reader) translateNormative(w *row) bool {
	var words []string
	for _, key := range [...]string{"key1", "key2"} {
		k := w.text(key)
		w.drop(key)
		if historyKey.MatchString(k) {
			r.notice(w.line, "норматив услуги %s действовал только в %s: пропущен; чтобы загрузить, дайте ему from и until", w.text("service"), k)
			return false
		}
		if rest := translateKey(w, k); rest != "" {
			words = append(words, rest)
		}
	}
	if category := slug(strings.Join(words, " ")); w.text("purpose") == ForHeatOfWater || category == "any" {
		// the key says nothing
	} else if s, ok := Standard().Service(w.text("service")); ok && s.Kind == Plot {
		w.put("object", category)
	} else {
		w.put("category", category)
	}
	unit := w.text("unit")
	unit = strings.ReplaceAll(strings.ReplaceAll(unit, " of heating season", ""), " of common area", "")
	w.put("unit", unit)
	return true
}

// translateKey takes what it knows out of a key and gives the rest.
func translateKey(w *row, key string) string {
	if m := roomsKey.FindStringSubmatch(key); m != nil {
		w.put("rooms", m[1])
		return m[2]
	}
	if m := personsKey.FindStringSubmatch(key); m != nil {
		w.put("persons", m[1])
		return ""
	}
	if m := yearKey.FindStringSubmatch(key); m != nil {
		w.put("from", m[1]+"-01-01")
		return ""
	}
	if months := seasonOf(key); months != "" {
		w.put("months", months)
		return ""
	}
	return key
}

var englishMonths = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// seasonOf reads «May-August» as the range 5-8.
func seasonOf(key string) string {
	first, last, ok := strings.Cut(strings.ToLower(key), "-")
	a, z := monthNumber(first), monthNumber(last)
	if !ok || a == "" || z == "" {
		return ""
	}
	return a + "-" + z
}

func monthNumber(word string) string {
	for i, m := range englishMonths {
		if m == strings.TrimSpace(word) {
			return [...]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}[i]
		}
	}
	return ""
}

// slug writes words as a category: small letters and digits joined by underscores; a plus is a word.
func slug(s string) string {
	parts := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, "+", " plus ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(parts, "_")
}

// nameDocument puts the document's name where the row gives its key in sources.
func (r *reader) nameDocument(w *row) {
	if name, ok := r.sources[w.text("document")]; ok {
		w.put("document", name)
	}
}

// dropLoneBands: band 1 of a price that has no higher band on those days means that there are no bands.
func dropLoneBands(rows []row) {
	banded := map[string]bool{}
	for i := range rows {
		if band := rows[i].text("band"); band != "" && band != "1" {
			banded[bandsKey(&rows[i])] = true
		}
	}
	for i := range rows {
		if w := &rows[i]; w.text("band") == "1" && !banded[bandsKey(w)] {
			w.drop("band")
		}
	}
}

func bandsKey(w *row) string {
	return strings.Join([]string{w.text("service"), w.text("supplier"), w.text("component"), w.text("category"), w.text("plan"), w.text("zone"), w.text("from")}, "\x00")
}
