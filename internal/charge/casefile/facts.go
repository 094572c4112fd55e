package casefile

import (
	"reflect"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
)

// Decode reads a node into a value by the rules of cases: an unknown key, a word out of its list, a key left out or a
// value of another type is refused with its line and the nearest word.
func Decode(what string, n *yaml.Node, into any) error {
	if err := checkNode(what, n, reflect.TypeOf(into)); err != nil {
		return err
	}
	return n.Decode(into)
}

// Name fills the keys of a node that are needed but tell no fact from another with zeros, so that a fact can be named
// without being told again.
func Name(n *yaml.Node, into any) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		seen[n.Content[i].Value] = true
	}
	fields, known := keysOf(reflect.TypeOf(into).Elem())
	for _, key := range known {
		if fields[key].Tag.Get("need") != "" && !seen[key] {
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key, Line: n.Line}, &yaml.Node{Kind: yaml.ScalarNode, Value: "0", Line: n.Line})
		}
	}
}

// Perhaps offers the known word nearest to a mistyped one, to be added to a message; nothing when none is near.
func Perhaps(word string, known []string) string { return perhaps(word, known) }

// Fact is what the house used, for the engine; its service is left open.
func (r *Resource) Fact() calc.Resource {
	out := calc.Resource{
		Month: r.Month, NonResidential: r.NonResidential, Unmetered: r.Unmetered, Metered: r.Metered,
		OwnUse: r.OwnUse, MeteredArea: r.MeteredArea, AllMetered: r.AllMetered, LastYear: r.LastYear, CommonArea: r.CommonArea, Actual: r.Decided,
		AverageCommon: r.AverageCommon, HotVolume: r.HotVolume, MetersMissing: r.OutOfOrder, Correction: r.Correction, Chosen: r.Method != "",
	}
	if r.Volume != nil {
		out.HasMeter, out.Volume, out.Method = true, *r.Volume, calc.CommonActual
	}
	if r.LastYear != 0 || r.AverageCommon != 0 {
		out.HasMeter = true
	}
	switch {
	case r.Method == "average" || r.Method == "" && r.AverageCommon != 0:
		out.Method = calc.CommonAverage
	case r.Method == "normative":
		out.Method = calc.CommonNormative
	case r.Method == "actual":
		out.Method = calc.CommonActual
	}
	for _, f := range r.Fuel {
		out.Fuel = append(out.Fuel, calc.Fuel{Name: f.Name, Volume: f.Volume, Price: f.Price})
	}
	return out
}

var acts = map[string]calc.ActKind{
	"refusal": calc.ActRefusal, "repeat_refusal": calc.ActRepeat, "check": calc.ActCheck, "unauthorised": calc.ActUnauthorised,
	"impossible": calc.ActImpossible, "tampering": calc.ActTampering,
}

// Fact is the act for the engine.
func (a *Act) Fact() calc.Act {
	return calc.Act{On: a.Date, Kind: acts[a.Act], Since: a.Since, Volume: a.Volume, Power: a.Power, Days: a.Days, Factor: a.Factor}
}

// Fact is the event for the engine; one without a day is of the month.
func (e *Event) Fact(m calendar.Month) calc.Event {
	out := calc.Event{Kind: e.Event, Hours: e.Hours, Longest: e.Longest, Norm: e.Norm, Night: e.Night, Corner: e.Corner, Case: e.Case, From: e.Date, Days: e.Days}
	if e.Date == 0 {
		out.Month = m
	}
	if e.Value != nil {
		out.HasValue, out.Value = true, *e.Value
	}
	return out
}
