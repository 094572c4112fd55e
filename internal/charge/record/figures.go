package record

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/money"
)

// figures are the fields of a body by their names in JSON, as people write them; what says nothing is left out.
func figures(body any) map[string]any {
	values := map[string]any{}
	v := reflect.ValueOf(body)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" || v.Field(i).IsZero() {
			continue
		}
		values[name] = figure(v.Field(i).Interface())
	}
	return values
}

func figure(x any) any {
	switch v := x.(type) {
	case money.Amount:
		return int64(v) // kopecks
	case calc.ActKind:
		return actWords[v]
	case calc.CommonMethod:
		return methodWords[v]
	case []calc.Fuel:
		var list []string
		for _, f := range v {
			list = append(list, fmt.Sprintf("%s %s × %s", f.Name, f.Volume, f.Price))
		}
		return list
	case fmt.Stringer:
		return v.String()
	}
	return x
}

var actWords = map[calc.ActKind]string{
	calc.ActRefusal: "refusal", calc.ActRepeat: "repeat_refusal", calc.ActCheck: "check", calc.ActUnauthorised: "unauthorised", calc.ActImpossible: "impossible", calc.ActTampering: "tampering",
}

var methodWords = map[calc.CommonMethod]string{calc.CommonNormative: "normative", calc.CommonAverage: "average", calc.CommonActual: "actual"}

// silent tells whether a value says nothing.
func silent(v any) bool {
	return v == nil || slices.Contains([]any{"", "0", false, int64(0)}, v)
}
