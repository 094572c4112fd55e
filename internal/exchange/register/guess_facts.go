package register

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
	"kvit/internal/money"
)

// facts are what the values of a column look like, as shares of its filled values.
type facts struct {
	filled                                            int
	money, decimals, whole, period, account, fio      float64
	address, date, comma, stringNumber, letters, time float64
	distinct, spaces, digits, length                  float64 // length is the mean
	kopecks, service                                  float64
	zeros                                             bool // digits only with a zero in front
	negative                                          bool
	sums                                              []money.Amount // of each row; zero where there is none
}

var (
	fioShape     = regexp.MustCompile(`^[А-ЯЁA-Z][А-Яа-яёЁA-Za-z-]+( [А-ЯЁA-Z][А-Яа-яёЁ.]*){1,3}\.?$`)
	addressShape = regexp.MustCompile(`(?i)(^|[ ,.;])(ул|улица|д|дом|кв|г|пр-кт|пр-т|пер|рязань|обл|корп|мкр|наб|ш|пл|б-р|с|пос)[ .,]|[а-яё]{4,}[^0-9]{0,12}[0-9]+[а-я]?([ ,/-]|$)|[a-z]{4,}[^0-9]*, ?[0-9]+`)
	serviceShape = regexp.MustCompile(`(?i)^(хвс|гвс|хол|гор[^о]|вод|канал|отоп|тепл|газ|электр|тко$|мусор|вывоз|содерж|кап|домоф|лифт|антен|уборк|сои|одн)`)
	kopeckShape  = regexp.MustCompile(`[.,][0-9]{2}-?$|^-?[0-9]+$`)
	accountShape = regexp.MustCompile(`^[0-9A-Za-zА-Яа-я]{0,5}[-/]?[0-9][0-9/-]{2,14}$|^[A-ZА-Я]{1,6}-?[0-9]{1,14}$`)
	timeShape    = regexp.MustCompile(`^\d{1,2}[:-]\d{2}([:-]\d{2})?$`)
	decimalShape = regexp.MustCompile(`^-?[0-9 \x{a0}\x{202f}']*[0-9][.,][0-9]{1,2}-?$`)
	wholeShape   = regexp.MustCompile(`^-?[0-9]+$`)
)

// look counts what the values of a column are.
func (c *column) look() {
	f := &c.facts
	seen := map[string]bool{}
	counts := map[*float64]int{}
	for _, v := range c.values {
		s := strings.TrimSpace(v.text)
		sum, how := readMoney(cell{[]byte(s), textCell}, RubDot, charset.UTF8)
		if how == bad || how == empty {
			sum = 0
		}
		f.sums = append(f.sums, sum)
		if s == "" {
			continue
		}
		f.filled++
		seen[s] = true
		f.length += float64(len(s))
		for target, is := range f.tests(s, v, how) {
			if is {
				counts[target]++
			}
		}
		f.negative = f.negative || sum < 0
		f.zeros = f.zeros || !v.number && len(s) > 4 && s[0] == '0' && digitsOnly(s)
	}
	for target, n := range counts {
		*target = float64(n) / float64(max(1, f.filled))
	}
	f.length /= float64(max(1, f.filled))
	f.distinct = float64(len(seen)) / float64(max(1, f.filled))
}

func (f *facts) tests(s string, v sampleValue, how verdict) map[*float64]bool {
	_, noDate := calendar.ParseDate(s)
	month, noMonth := calendar.ParseMonth(s)
	return map[*float64]bool{
		&f.money: how == good || how == odd, &f.decimals: decimalShape.MatchString(s), &f.whole: wholeShape.MatchString(s),
		&f.comma: strings.Contains(s, ",") && decimalShape.MatchString(s), &f.date: noDate == nil && !wholeShape.MatchString(s) || v.date,
		&f.period: noMonth == nil && month.Year() >= 2015 && month.Year() <= 2040, &f.account: accountShape.MatchString(s) && !decimalShape.MatchString(s),
		&f.fio: fioShape.MatchString(s), &f.address: addressShape.MatchString(s) && !fioShape.MatchString(s),
		&f.letters: strings.IndexFunc(s, unicode.IsLetter) >= 0, &f.time: timeShape.MatchString(s), &f.stringNumber: !v.number,
		&f.spaces: strings.ContainsAny(s, " ,"), &f.digits: strings.ContainsAny(s, "0123456789"),
		&f.kopecks: v.number || kopeckShape.MatchString(s), &f.service: serviceShape.MatchString(s),
	}
}

// allow tells whether a column's values may be of the role; an empty column may be anything.
func (f *facts) allow(name string) bool {
	r := roleNames[name]
	switch {
	case f.filled == 0:
		return true
	case r.money() || r.decimal():
		return f.money > .8 || r.decimal() && f.letters < .2
	case r == roleResidents:
		return f.letters < .1
	case r == roleDate:
		return f.date > .7 || f.period > .7 && f.whole > .7
	case r == rolePeriod:
		return f.period > .6 || f.date > .6
	case r == roleFIO:
		return f.letters > .5
	case r == roleAddress:
		return f.letters > .5
	case r == roleTime:
		return f.time > .5
	case r == roleAccount:
		return f.decimals < .3 && f.fio < .5
	}
	return true
}

// byContent gives roles that no name gave, by what the values look like.
func (g *guess) byContent() {
	if !g.captioned() {
		g.best("date", "значения — даты", func(f *facts) float64 { return over(f.date, .9) })
		g.best("time", "значения — время", func(f *facts) float64 { return over(f.time, .9) })
	}
	g.best("period", "значения похожи на месяц, и почти все одинаковы", func(f *facts) float64 {
		if f.period < .9 || f.distinct > .2 && f.filled > 10 || f.decimals > 0 {
			return 0
		}
		return f.period + 1 - f.distinct
	})
	g.best("account", "номера почти не повторяются и похожи на лицевые счета", func(f *facts) float64 {
		if f.account < .7 || f.decimals > .1 {
			return 0
		}
		return f.account + f.distinct
	})
	g.weakAccount()
	g.best("fio", "значения похожи на фамилию, имя и отчество", func(f *facts) float64 {
		if f.fio < .5 {
			return 0
		}
		return f.fio
	})
	address := "address"
	if g.has("house") && !g.has("street") {
		address = "street"
	}
	g.best(address, "значения похожи на адрес", func(f *facts) float64 {
		if f.address < .5 || f.letters < .8 {
			return 0
		}
		return f.address
	})
	g.best("service", "значения — названия услуг", func(f *facts) float64 { return over(f.service, .9) })
}

// captioned tells whether columns have names to go by.
func (g *guess) captioned() bool {
	return slices.ContainsFunc(g.columns, func(c *column) bool { return c.name != "" })
}

func over(share, least float64) float64 {
	if share < least {
		return 0
	}
	return share
}

// weakAccount looks for an account where none has the usual look: any short mark with a digit that does not
// repeat, then the number of the flat, by which small suppliers count.
func (g *guess) weakAccount() {
	if g.captioned() {
		if !g.has("account") {
			g.flatAsAccount()
		}
		return
	}
	g.best("account", "короткие значения с цифрами, ни одно не повторяется", func(f *facts) float64 {
		if f.distinct < .95 || f.decimals > 0 || f.spaces > 0 || f.digits < 1 {
			return 0
		}
		return f.distinct
	})
}

func (g *guess) flatAsAccount() {
	for _, c := range g.columns {
		if c.role == "flat" && c.facts.distinct > .8 {
			c.also = "account"
			g.e.add("account", c.label(), "своего номера счёта нет; номер квартиры не повторяется")
			return
		}
	}
}

// best gives the role to the free column with the highest score over zero.
func (g *guess) best(name, why string, score func(*facts) float64) {
	var winner *column
	top := 0.0
	for _, c := range g.columns {
		if c.role == name {
			return
		}
		if c.role != "" || c.facts.filled == 0 {
			continue
		}
		if s := score(&c.facts); s > top {
			winner, top = c, s
		}
	}
	if winner == nil {
		return
	}
	winner.role = name
	g.e.add(name, winner.label(), why)
}

func (c *column) label() string {
	if c.name != "" {
		return c.name
	}
	return Source{c.place}.String()
}
