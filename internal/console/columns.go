package console

import (
	"cmp"
	"slices"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/web"
)

// roles are what a column may be, in words.
var roles = []web.Choice{{Value: "", Label: "не нужен"}, {Value: "account", Label: "лицевой счёт"}, {Value: "fio", Label: "плательщик"}, {Value: "address", Label: "адрес целиком"},
	{Value: "locality", Label: "населённый пункт"}, {Value: "street", Label: "улица"}, {Value: "street_type", Label: "тип улицы"}, {Value: "house", Label: "дом"}, {Value: "korp", Label: "корпус"}, {Value: "flat", Label: "квартира"},
	{Value: "room", Label: "комната"}, {Value: "share", Label: "доля"}, {Value: "els", Label: "ЕЛС"}, {Value: "area", Label: "площадь"}, {Value: "residents", Label: "проживает"}, {Value: "service", Label: "услуга"},
	{Value: "measure", Label: "единица измерения"}, {Value: "volume", Label: "объём"}, {Value: "tariff", Label: "тариф"}, {Value: "reading_prev", Label: "прошлое показание"}, {Value: "reading_cur", Label: "показание"},
	{Value: "meters", Label: "счётчики"}, {Value: "day", Label: "день, Т1"}, {Value: "night", Label: "ночь, Т2"}, {Value: "peak", Label: "пик, Т3"}, {Value: "period", Label: "месяц"}, {Value: "version", Label: "номер исправления"},
	{Value: "opening", Label: "остаток на начало"}, {Value: "charge", Label: "начислено"}, {Value: "recalc", Label: "перерасчёт"}, {Value: "penalty", Label: "пени"}, {Value: "paid", Label: "оплачено"},
	{Value: "due", Label: "к оплате"}, {Value: "storno", Label: "сторно"}, {Value: "doc_no", Label: "номер документа"}}

// choicesOf are the roles with one chosen; a role without a word here stays what it is.
func choicesOf(role string) []web.Choice {
	list := slices.Clone(roles)
	found := false
	for i := range list {
		list[i].Chosen = list[i].Value == role
		found = found || list[i].Chosen
	}
	if !found {
		list = append(list, web.Choice{Value: role, Label: role, Chosen: true})
	}
	return list
}

// column is one place of a file with the roles it serves, the first of them shown.
type column struct {
	place  register.Source
	roles  []string
	number int // of a column named by its place; -1: it has a name
}

func (c *column) title() string {
	if c.number < 0 {
		return c.place.String()
	}
	return "столбец " + strconv.Itoa(c.number+1)
}

// columnsOf are the places of a profile in the order of the file, as far as it is known.
func columnsOf(p *register.Profile) (list []column) {
	at := map[string]int{}
	for role, source := range sources(p) {
		place := source.String()
		i, ok := at[place]
		if !ok {
			i = len(list)
			at[place] = i
			n, err := strconv.Atoi(place)
			if err != nil {
				n = -1
			}
			list = append(list, column{place: source, number: n})
		}
		list[i].roles = append(list[i].roles, role)
	}
	for i := range list {
		slices.Sort(list[i].roles)
	}
	slices.SortFunc(list, func(x, y column) int {
		return cmp.Or(cmp.Compare(x.number, y.number), cmp.Compare(x.place.String(), y.place.String()))
	})
	return list
}

// sources are the profile's places of roles, columns or paths.
func sources(p *register.Profile) map[string]register.Source {
	if len(p.Paths) > 0 {
		return p.Paths
	}
	return p.Columns
}

// sampleOf is what a role gave in a row, as a person would write it.
func sampleOf(role string, r *register.Row) string {
	switch role {
	case "account":
		return r.Printed
	case "residents":
		return strconv.Itoa(r.Residents)
	case "area":
		return r.Area.String()
	case "volume":
		return r.Volume.String()
	case "tariff":
		return r.Tariff.String()
	case "reading_prev":
		return r.ReadingPrev.String()
	case "reading_cur":
		return r.ReadingCur.String()
	case "opening":
		return r.Opening.FormatBare()
	case "charge":
		return r.Charge.FormatBare()
	case "recalc":
		return r.Recalc.FormatBare()
	case "penalty":
		return r.Penalty.FormatBare()
	case "paid":
		return r.Paid.FormatBare()
	case "due":
		return r.Due.FormatBare()
	}
	return map[string]string{"fio": r.FIO, "address": r.Address, "locality": r.Locality, "street": r.Street, "street_type": r.StreetType, "house": r.House, "korp": r.Korp, "flat": r.Flat,
		"room": r.Room, "share": r.Share, "els": r.ELS, "service": r.Service, "measure": r.Measure, "period": r.Period, "version": r.Version, "doc_no": r.DocNo}[role]
}

// samples are the different values of a role among the first rows.
func samples(role string, rows []register.Row) (list []string) {
	for i := range rows {
		if s := sampleOf(role, &rows[i]); s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// monthChoices are the months a file without its own may be of: this one and three before, the last whole one first.
func monthChoices(today calendar.Date, chosen string) (list []web.Choice) {
	this := today.Month()
	for _, back := range []int{1, 0, 2, 3} {
		m := this.Add(-back)
		list = append(list, web.Choice{Value: m.String(), Label: m.Title(), Chosen: m.String() == chosen})
	}
	return list
}

var containers = map[string]string{register.KindDBF: "DBF", register.KindCSV: "текст с разделителями", register.KindNDJSON: "JSON, запись на строке", register.KindJSON: "JSON", register.KindXML: "XML",
	register.KindXLSX: "Excel", register.KindXLSXGrouped: "Excel с заголовками домов", register.Kind1C: "1С"}
