package losses

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/housing"
	"kvit/internal/tariff"
)

// known is what is known of a house beside its volumes, by resource.
type known struct {
	norms  map[string]*Quantity
	nights map[string][]Night
}

// learn reads what the month's figures of a house are held against.
func (w *work) learn(ctx context.Context, house *housing.Building) (*known, error) {
	k := &known{norms: map[string]*Quantity{}}
	loader := &fact.Loader{Engine: w.engine}
	list, err := loader.Load(ctx, w.tx, house.ID, house.ID, w.month, maxMoment)
	if err != nil {
		return nil, err
	}
	for i := range list {
		w.norms(k, &list[i].House)
	}
	k.nights, err = w.nights(ctx, house)
	return k, err
}

// maxMoment is later than any fact.
const maxMoment = 1<<63 - 1

// norms works out what normatives give the house for its common property.
func (w *work) norms(k *known, house *calc.House) {
	book := w.engine.Month(w.month)
	for i := range w.engine.Services() {
		s := calc.Service(i)
		of := w.engine.Of(s)
		if of.Kind != tariff.Common || of.Resource == "" {
			continue
		}
		var use *calc.Resource
		for n := range house.Resources {
			if r := &house.Resources[n]; r.Month == w.month && w.res.of[w.engine.Of(r.Service).Code] == of.Resource {
				use = r
			}
		}
		if volume, ok := book.CommonNorm(s, use, house); ok {
			q := Quantity(volume)
			k.norms[of.Resource] = &q
		}
	}
}

// explainedMax is how many flats an anomaly names.
const explainedMax = 5

// explain adds to anomalies the flats that may be why: those that show more than usual where flats have more than the
// house, those that show less where the house has much more than they.
func (r *Balance) explain() {
	for i := range r.Services {
		s := &r.Services[i]
		for k := range s.Anomalies {
			switch a := &s.Anomalies[k]; a.Code {
			case "negative":
				a.Why = r.named(s, "Больше обычного: %s.", func(f *Flat) bool { return f.Apart > 0 })
			case "high", "jump":
				a.Why = r.named(s, "Меньше обычного или без показаний: %s.", func(f *Flat) bool {
					return f.Apart < 0 || f.Code == "zero" || f.Code == "no_readings" || f.Code == "verification"
				})
			}
		}
	}
}

// named names the flats of a service that fit, the oddest first.
func (r *Balance) named(s *Service, format string, fits func(*Flat) bool) string {
	var list []*Flat
	for i := range r.Flats {
		if f := &r.Flats[i]; f.Service == s.Service && fits(f) {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return ""
	}
	slices.SortStableFunc(list, func(a, b *Flat) int { return cmp.Compare(max(b.Apart, -b.Apart), max(a.Apart, -a.Apart)) })
	var words []string
	for _, f := range list[:min(len(list), explainedMax)] {
		word := "кв. " + f.Flat
		if f.Apart != 0 {
			sign := "+"
			if f.Apart < 0 {
				sign = ""
			}
			word += " (" + sign + with(f.Apart, s.Unit) + ")"
		}
		words = append(words, word)
	}
	return say(format, strings.Join(words, ", "))
}
