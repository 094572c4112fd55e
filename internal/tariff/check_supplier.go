package tariff

import (
	"kvit/internal/text"
	"reflect"
	"strings"
)

// CheckSuppliers looks for suppliers of rows among those there are. A code that is none of them but nearly one is a
// mistake: its rows would hold for nobody, and the price for everybody would be taken in silence. Any other unknown code
// is a notice: the supplier may be loaded later.
func (c *Catalog) CheckSuppliers(known []string) (Faults, []Notice) {
	k := &checker{c: c}
	seen := map[string]bool{"": true}
	for _, code := range known {
		seen[code] = true
	}
	c.eachSupplier(func(code string, o *Origin) {
		if seen[code] {
			return
		}
		seen[code] = true
		if near := misspelled(code, known); near != "" {
			k.fault(o, "supplier", "catalog.supplier", "Поставщика %q нет, возможно, это %s? Строка с опечаткой не действует ни для кого. Если это другой поставщик, сначала загрузите его.", code, near)
			return
		}
		k.notices = append(k.notices, Notice{o.Place, "поставщика " + code + " пока нет: его строки начнут действовать, когда он появится"})
	})
	k.faults.sort()
	return k.faults, k.notices
}

// eachSupplier visits every row that may be of one supplier.
func (c *Catalog) eachSupplier(visit func(code string, o *Origin)) {
	v := reflect.ValueOf(c).Elem()
	for i := range tables {
		if _, ok := tables[i].row.FieldByName("Supplier"); !ok {
			continue
		}
		for n := range v.Field(i).Len() {
			row := v.Field(i).Index(n)
			visit(row.FieldByName("Supplier").String(), row.FieldByName("Origin").Addr().Interface().(*Origin))
		}
	}
}

// misspelledMin is the shortest word of a code in which one wrong letter is a mistake and not another name.
const misspelledMin = 5

// misspelled is the known code that a code differs from by one mistake in one of its words: a letter wrong, missing, one too
// many, two that changed places, an underscore. Codes that differ by digits are different codes.
func misspelled(code string, known []string) string {
	for _, k := range known {
		if strings.ReplaceAll(code, "_", "") == strings.ReplaceAll(k, "_", "") || oneMistake(strings.Split(code, "_"), strings.Split(k, "_")) {
			return k
		}
	}
	return ""
}

func oneMistake(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	wrong := -1
	for i := range a {
		if a[i] != b[i] {
			if wrong >= 0 {
				return false
			}
			wrong = i
		}
	}
	if wrong < 0 || min(len(a[wrong]), len(b[wrong])) < misspelledMin || withoutDigits(a[wrong]) == withoutDigits(b[wrong]) {
		return false
	}
	return text.Distance(a[wrong], b[wrong], 1) == 1
}

func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}
