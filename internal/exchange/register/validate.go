package register

import (
	"regexp"
	"slices"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/delim"
	"kvit/internal/fault"
)

var (
	kinds      = []string{KindDBF, KindCSV, KindNDJSON, KindJSON, KindXML, KindXLSX, KindXLSXGrouped, Kind1C}
	moneyForms = []string{RubDot, RubComma, RubNumber, RubString, KopeckInt}
	checks     = []string{"luhn", "mod11"}
	mismatches = []string{MismatchAccept, MismatchRefuse}
	encodings  = []string{"auto", "utf-8", "utf-8-sig", "cp1251", "windows-1251", "cp866", "koi8-r", "utf-16-le-bom"}
)

// Validate finds the first key of the profile that is wrong; the fault names it in Field and says what is
// allowed.
func (p *Profile) Validate() error {
	for _, check := range []func(*Profile) *fault.Error{
		(*Profile).checkWords, (*Profile).checkContainer, (*Profile).checkRoles, (*Profile).checkAccount, (*Profile).checkLayout, (*Profile).checkFixes, (*Profile).checkReconcile,
	} {
		if err := check(p); err != nil {
			if p.Where != "" {
				return err.Within(p.Where)
			}
			return err
		}
	}
	return nil
}

// oneOf checks a word; empty is allowed where the key is optional.
func oneOf(key, value string, allowed []string, optional bool) *fault.Error {
	if value == "" && optional || slices.Contains(allowed, value) {
		return nil
	}
	return wrongWord(key, value, allowed)
}

func (p *Profile) checkWords() *fault.Error {
	if err := oneOf("kind", p.Kind, kinds, false); err != nil {
		return err
	}
	if err := oneOf("money", p.Money, moneyForms, true); err != nil {
		return err
	}
	if err := oneOf("on_control_mismatch", p.OnControlMismatch, mismatches, true); err != nil {
		return err
	}
	if err := checkEncoding("encoding", p.Encoding); err != nil {
		return err
	}
	if _, err := regexp.Compile(p.FileMask); err != nil {
		return wrong("file_mask", "регулярное выражение").Because(err)
	}
	return oneOf("fields", p.Fields, []string{"element", "attribute"}, true)
}

func checkEncoding(key, name string) *fault.Error {
	if _, ok := charset.Parse(name); ok || name == "" || name == "auto" {
		return nil
	}
	return wrongWord(key, name, encodings)
}

// oneSign tells whether s is one byte in some code page.
func oneSign(s string) bool {
	return len([]rune(s)) == 1 && s != "\n" && s != "\r"
}

func (p *Profile) checkContainer() *fault.Error {
	switch p.Kind {
	case KindCSV:
		if !oneSign(p.Delimiter) {
			return wrong("delimiter", "один знак, например «;», «,», «|» или табуляция")
		}
		if p.Quote != "" && (!oneSign(p.Quote) || p.Quote == p.Delimiter) {
			return wrong("quote", "один знак, не такой, как разделитель, или ничего")
		}
		if p.HeaderRows < 0 || p.HeaderRows > 1000 {
			return wrong("header_rows", "от 0 до 1000")
		}
	case KindXML:
		if p.Record == "" {
			return wrong("record", "имя элемента записи")
		}
	case Kind1C:
		if p.DocStart == "" || p.DocEnd == "" {
			return wrong("doc_start", "ключ, с которого начинается документ, и doc_end, которым он кончается")
		}
	case KindXLSX, KindXLSXGrouped:
		if p.HeaderRow < 0 || p.HeaderRow > 100_000 {
			return wrong("header_row", "номер строки с названиями колонок")
		}
	}
	return nil
}

func (p *Profile) checkRoles() *fault.Error {
	roles := p.roles()
	key := "columns"
	if len(p.Columns) == 0 && len(p.Paths) > 0 {
		key = "paths"
	}
	sums := false
	for name, source := range roles {
		if len(source) == 0 {
			return wrong(key+"."+name, "номер колонки от нуля, имя, путь или их список")
		}
		for _, place := range source {
			if err := p.checkPlace(key+"."+name, place); err != nil {
				return err
			}
		}
		sums = sums || roleNames[name].money()
	}
	if p.Reads && !p.readings() {
		return wrong(key, "колонка account и хотя бы одна с показанием: reading_cur, meters, day_cur, night_cur …")
	}
	if _, answers := roles["status"]; !sums && !answers && !p.Reads { // of a file of answers no row has a sum
		return wrong(key, "хотя бы одна колонка с суммой: due, charge, amount …")
	}
	return p.checkControl()
}

// readings tells whether the profile says where figures of meters stand.
func (p *Profile) readings() bool {
	some := false
	for name := range p.roles() {
		r := roleNames[name]
		some = some || r == roleReadingCur || r == roleZoneCur || r == roleMeters
	}
	return some && p.Has("account")
}

func (p *Profile) checkPlace(key string, place Place) *fault.Error {
	if place.Index >= 0 {
		if p.Kind == KindXML || p.Kind == KindNDJSON || p.Kind == KindJSON || p.Kind == Kind1C {
			return wrong(key, "имя или путь: у этого вида файлов нет номеров колонок")
		}
		if place.Index >= delim.MaxColumns {
			return wrong(key, "номер колонки до 255")
		}
		return nil
	}
	if place.Name == "" {
		return wrong(key, "имя колонки")
	}
	if p.Kind == KindCSV && p.HeaderRows == 0 || (p.Kind == KindXLSX || p.Kind == KindXLSXGrouped) && p.HeaderRow == 0 {
		return wrong(key, "номер колонки от нуля, потому что строки заголовка нет")
	}
	return nil
}

func (p *Profile) checkControl() *fault.Error {
	c := p.ControlTotal
	if c == nil {
		return nil
	}
	if c.Role != "" && !roleNames[c.Role].money() {
		return wrong("control_total.role", "роль суммы: due, charge, paid, amount …")
	}
	if p.Kind == KindCSV && c.Prefix == "" && p.TrailerPrefix == "" && (p.TotalLabel == "" || !digitsOnly(c.Column)) {
		return wrong("control_total", "prefix, либо trailer_prefix с field, либо total_label с номером column")
	}
	if p.Kind == KindXML && c.Element == "" {
		return wrong("control_total", "element и, если сумма в атрибуте, attr")
	}
	return nil
}

func (p *Profile) checkAccount() *fault.Error {
	if p.AccountWidth < 0 || p.AccountWidth > 64 {
		return wrong("account_width", "от 0 до 64")
	}
	if a := p.Account; a != nil {
		if err := oneOf("account.check", a.Check, checks, true); err != nil {
			return err
		}
		if a.Check == "mod11" && len(a.Weights) == 0 {
			return wrong("account.weights", "список весов для всех цифр, кроме последней")
		}
		if a.Width < 0 || a.Width > 64 {
			return wrong("account.width", "от 0 до 64")
		}
		if _, err := regexp.Compile(a.Pattern); err != nil {
			return wrong("account.pattern", "регулярное выражение").Because(err)
		}
	}
	if c := p.Cutoff; c != nil && (c.Day < 0 || c.Day > 31) {
		return wrong("cutoff.day", "день месяца от 1 до 31 или 0 — последний")
	}
	for name, list := range p.Transforms {
		for _, t := range list {
			if err := oneOf("transforms."+name+".op", t.Op, transformOps, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Profile) checkLayout() *fault.Error {
	l := p.PaymentsOut
	if l == nil {
		return nil
	}
	if err := oneOf("payments_out.kind", l.Kind, outKinds, true); err != nil {
		return err
	}
	if err := oneOf("payments_out.money", l.Money, moneyForms, true); err != nil {
		return err
	}
	if l.Delimiter != "" && !oneSign(l.Delimiter) {
		return wrong("payments_out.delimiter", "один знак")
	}
	if err := oneOf("payments_out.eol", l.EOL, []string{"crlf", "lf"}, true); err != nil {
		return err
	}
	return checkEncoding("payments_out.encoding", l.Encoding)
}

// outKinds are the kinds of files Write makes.
var outKinds = []string{KindCSV, KindDBF, KindXLSX, KindXML, KindNDJSON, KindJSON, Kind1C}
