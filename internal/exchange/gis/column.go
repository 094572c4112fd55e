package gis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Form is what a cell may hold.
type Form int

// Forms of cells.
const (
	Text Form = iota
	Number
	Sum    // roubles with kopecks
	Figure // of a meter: up to 15 digits and 7 after the point
	Date   // ДД.ММ.ГГГГ
	Month  // ММ.ГГГГ
	GUID
	Unified    // ЕЛС
	ServiceID  // ИЖКУ
	DocumentID // ИПД
)

// Column is a column of a template: its title, the words it is recognised by whatever else its title says, and what its
// cells may hold.
type Column struct {
	Title string
	Words string // in small letters; '' is the title
	Form  Form
	Need  bool     // an empty cell is a mistake
	Most  int      // letters; 0: any
	List  []string // what may be chosen; nil: anything
	Back  bool     // it comes from the portal and is not written
}

// words a column is recognised by.
func (c *Column) words() string {
	if c.Words != "" {
		return c.Words
	}
	return plainTitle(c.Title)
}

// plainTitle is a title without capitals, ё and doubled spaces.
func plainTitle(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ToLower(s)), " "), "ё", "е")
}

var (
	dottedForm = regexp.MustCompile(`^(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(\d{4})$`)
	monthForm  = regexp.MustCompile(`^(0?[1-9]|1[0-2])\.(\d{4})$`)
	plainForm  = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
)

// read gives the value of a cell as we write it, and what is wrong with it.
func (c *Column) read(raw string, since1904 bool) (value, wrong string) {
	value = strings.TrimSpace(raw)
	if value == "" {
		if c.Need {
			return "", "Ячейка пуста, а заполнить её надо."
		}
		return "", ""
	}
	switch c.Form {
	case Number, Figure:
		value = plainNumber(value)
	case Sum:
		value = kopecks(plainNumber(value))
	case Date, Month:
		value = c.day(value, since1904)
	case Unified, ServiceID, DocumentID:
		value = cyrillic(value)
	}
	return value, c.wrong(value)
}

func (c *Column) wrong(value string) string {
	switch {
	case c.Most > 0 && utf8.RuneCountInString(value) > c.Most:
		return fmt.Sprintf("Длиннее %d знаков.", c.Most)
	case c.List != nil && !slices.ContainsFunc(c.List, func(w string) bool { return plainTitle(w) == plainTitle(value) }):
		return fmt.Sprintf("Такого значения в списке нет: выберите из %s.", strings.Join(c.List, ", "))
	}
	rule := formRules[c.Form]
	if rule.ok == nil || rule.ok(value) {
		return ""
	}
	return rule.says
}

// formRules are what cells are held against, with what a person is told.
var formRules = map[Form]struct {
	ok   func(string) bool
	says string
}{
	Number:     {plainForm.MatchString, "Нужно число: 1234,5."},
	Sum:        {signedForm.MatchString, "Нужна сумма в рублях с копейками: 1234,50."},
	Figure:     {meterForm.MatchString, "Нужно показание: до 15 цифр и до 7 после запятой."},
	Date:       {dottedForm.MatchString, "Нужна дата: 24.11.2026."},
	Month:      {monthForm.MatchString, "Нужен месяц: 11.2026."},
	GUID:       {ValidGUID, "Нужен идентификатор вида 00000000-0000-0000-0000-000000000000."},
	Unified:    {ValidUnified, "В ЕЛС 10 знаков: 40ОН891234."},
	ServiceID:  {ValidServiceID, "В идентификаторе ЖКУ 13 знаков: 40ОН891234-02."},
	DocumentID: {ValidDocumentID, "В идентификаторе платёжного документа 18 знаков: 40ОН891234-02-6101."},
}

// plainNumber takes the spaces and the comma people write out of a number.
func plainNumber(s string) string {
	s = strings.TrimPrefix(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(s), "'")
	if f, err := strconv.ParseFloat(s, 64); err == nil && strings.ContainsAny(s, "eE") {
		return strconv.FormatFloat(f, 'f', -1, 64) // as spreadsheets keep 1E-3
	}
	return s
}

// kopecksForm is a figure a hair away from kopecks, as spreadsheets keep sums.
var kopecksForm = regexp.MustCompile(`^(-?\d+)\.(\d{2})(0{4}\d*|9{4}\d*)$`)

// kopecks is a sum with its kopecks: 320 and 320.5 get their noughts, 320.49999999 is 320.50. Other figures stay, and are
// no sums.
func kopecks(s string) string {
	switch i := strings.IndexByte(s, '.'); {
	case !plainForm.MatchString(s):
		return s
	case i < 0:
		return s + ".00"
	case i == len(s)-2:
		return s + "0"
	}
	if kopecksForm.MatchString(s) {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return strconv.FormatFloat(f, 'f', 2, 64)
		}
	}
	return s
}

// day reads a date or a month as people write it, and as spreadsheets keep it: a number of days.
func (c *Column) day(s string, since1904 bool) string {
	if serial, err := strconv.ParseFloat(s, 64); err == nil && serial > 20_000 {
		t, err := excelize.ExcelDateToTime(serial, since1904)
		if err != nil {
			return s
		}
		if c.Form == Month {
			return t.Format("01.2006")
		}
		return t.Format("02.01.2006")
	}
	if m := isoDay.FindStringSubmatch(s); m != nil {
		if c.Form == Month {
			return m[2] + "." + m[1]
		}
		return m[3] + "." + m[2] + "." + m[1]
	}
	return strings.TrimSuffix(s, " 0:00:00")
}

var isoDay = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?$`)

// lookAlike turns Latin letters into the Cyrillic ones they look like: identifiers are written with these.
var lookAlike = strings.NewReplacer("A", "А", "B", "В", "C", "С", "E", "Е", "H", "Н", "K", "К", "M", "М", "O", "О", "P", "Р", "T", "Т", "X", "Х", "Y", "У")

func cyrillic(s string) string { return lookAlike.Replace(strings.ToUpper(s)) }
