package reconcile

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// Purpose is what the purpose of a bank payment tells, as far as it can be read (formats.md 3.7).
type Purpose struct {
	Marked   []string        // numbers that words call an account: «ЛС: …», «л/с № …»
	Bare     []string        // other signs that could be one
	Register string          // number of the register or payment order it settles
	Of       calendar.Date   // and its date
	Days     []calendar.Date // days of payments it is for
	Gross    money.Amount    // what was taken, 0 when not told
	Fee      money.Amount    // what was kept back
	HasFee   bool
	Summary  bool // it is of many payments
	Returned bool // it gives back what we sent
}

var (
	accountWord = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d])(?:л\s*/\s*с(?:ч(?:[её]та?)?)?|л\.\s*с\.|лс|лиц(?:ев(?:ой|ого|ому))?\.?\s*сч(?:[её]та?|ету)?|лицсч[её]т|е\s*лс|els|код(?:\s+плательщика)?|абон(?:ент(?:а|ский)?)?\.?(?:\s*(?:№|номер))?|договор[ау]?|дог\.)\s*[:=.\-]*\s*(?:№|N|n|#|номер)?\s*[:=]?\s*([\p{L}\d][\p{L}\d/\-]*)`)
	bareToken   = regexp.MustCompile(`[\p{L}\d][\p{L}\d/\-]*`)
	registerRef = regexp.MustCompile(`(?i)(?:реестр\p{L}*|п/п|плат[её]жн\p{L}*\s+поручени\p{L}*)\s*(?:№|N|#)?\s*([\p{L}\d][\p{L}\d/\-_.]*\d|\d)\s+от\s+(\d{2}[.\-/]\d{2}[.\-/]\d{4}|\d{4}-\d{2}-\d{2})`)
	dayRange    = regexp.MustCompile(`(\d{2})(?:\.(\d{2})(?:\.(\d{4}))?)?\s*(?:[–—\-]|по)\s*(\d{2})\.(\d{2})\.(\d{4})`)
	oneDay      = regexp.MustCompile(`\d{2}[./]\d{2}[./]\d{4}|\d{2}-\d{2}-\d{4}|\d{4}-\d{2}-\d{2}`)
	grossSum    = regexp.MustCompile(`(?i)(?:принято|на\s+сумму|сумма(?:\s+платежей)?|собрано)[^\d\-]{0,20}(-?\d[\d \x{00a0}]*(?:[.,\-]\d{2})?)`)
	feeSum      = regexp.MustCompile(`(?i)(?:комисси\p{L}*|вознагражд\p{L}*|удержан\p{L}*)[^\d%]{0,30}(-?\d[\d \x{00a0}]*(?:[.,\-]\d{2})?)(\s*%)?`)
	summaryWord = regexp.MustCompile(`(?i)реестр|принят\p{L}*\s+плат|плат[её]ж\p{L}*\s+(?:населени|физ|граждан)|перечислени\p{L}*\s+(?:принят|плат|средств)|за\s+период|возмещени\p{L}*|расч[её]т\p{L}*\s+по\s+(?:операци|эквайринг)|эквайринг`)
	dashedSum   = regexp.MustCompile(`^\d+-\d{2}$`) // a sum as banks write it: 1500-00
	returnWord  = regexp.MustCompile(`(?i)^\s*возврат|возврат\s+(?:плат|сумм|ошибочн|средств|п/п|по)|возвращ`)
)

// maxSpan bounds the days one transfer may be for.
const maxSpan = 40

// ReadPurpose reads a purpose. code is the УИН/УИП of the document, where some banks put the account.
func ReadPurpose(text, code string) Purpose {
	p := Purpose{Summary: summaryWord.MatchString(text), Returned: returnWord.MatchString(text)}
	if found := registerRef.FindStringSubmatch(text); found != nil {
		p.Register = strings.TrimLeft(found[1], "0")
		p.Of, _ = calendar.ParseDate(found[2])
		p.Summary = true
	}
	p.Days = daysOf(registerRef.ReplaceAllString(text, " "))
	p.sums(text)
	p.numbers(text, code)
	return p
}

// sums reads what was taken and what was kept back; a percentage is no sum.
func (p *Purpose) sums(text string) {
	if found := grossSum.FindStringSubmatch(text); found != nil {
		p.Gross = sumOf(found[1])
	}
	for _, found := range feeSum.FindAllStringSubmatch(text, -1) {
		if found[2] == "" {
			p.Fee, p.HasFee = sumOf(found[1]), true
			break
		}
	}
}

// sumOf reads «1 234.56», «1234-56» of banks and «1234».
func sumOf(text string) money.Amount {
	text = strings.TrimSpace(text)
	if i := strings.LastIndexByte(text, '-'); i > 0 {
		text = text[:i] + "." + text[i+1:]
	}
	sum, err := money.Parse(text)
	if err != nil {
		return 0
	}
	return sum
}

// daysOf are the days a text names, ranges filled.
func daysOf(text string) (days []calendar.Date) {
	add := func(d calendar.Date) {
		if !slices.Contains(days, d) && len(days) < maxSpan {
			days = append(days, d)
		}
	}
	text = dayRange.ReplaceAllStringFunc(text, func(found string) string {
		part := dayRange.FindStringSubmatch(found)
		to, err := calendar.ParseDate(part[4] + "." + part[5] + "." + part[6])
		from, wrong := calendar.ParseDate(part[1] + "." + cmp.Or(part[2], part[5]) + "." + cmp.Or(part[3], part[6]))
		if err != nil || wrong != nil || from > to || to.Days(from) > maxSpan {
			return found
		}
		for d := from; d <= to; d = d.AddDays(1) {
			add(d)
		}
		return " "
	})
	for _, found := range oneDay.FindAllString(text, -1) {
		if d, err := calendar.ParseDate(found); err == nil {
			add(d)
		}
	}
	slices.Sort(days)
	return days
}

// Bounds of an account number, in signs: shorter ones are houses, flats and months.
const (
	numberMin = 4
	bareMin   = 6
	numberMax = 30
)

// numbers gathers what may be an account's number.
func (p *Purpose) numbers(text, code string) {
	if accountLike(code, numberMin) {
		p.Marked = append(p.Marked, code)
	}
	for _, found := range accountWord.FindAllStringSubmatch(text, -1) {
		if number := strings.TrimRight(found[1], "-/"); accountLike(number, numberMin) && !slices.Contains(p.Marked, number) {
			p.Marked = append(p.Marked, number)
		}
	}
	clean := oneDay.ReplaceAllString(registerRef.ReplaceAllString(text, " "), " ")
	for _, number := range bareToken.FindAllString(clean, -1) {
		if number = strings.TrimRight(number, "-/"); accountLike(number, bareMin) && !slices.Contains(p.Marked, number) && !slices.Contains(p.Bare, number) {
			p.Bare = append(p.Bare, number)
		}
	}
}

// accountLike tells whether signs may be a number: long enough, with a digit, not a bank account or a sum.
func accountLike(s string, least int) bool {
	n := len([]rune(s))
	return n >= least && n <= numberMax && strings.IndexFunc(s, unicode.IsDigit) >= 0 && !(n == 20 && allDigits(s)) && !dashedSum.MatchString(s)
}

func allDigits(s string) bool {
	_, err := strconv.ParseUint(s[:min(len(s), 19)], 10, 64)
	return err == nil
}

// naturalAccounts begin the accounts of people (положение ЦБ № 579-П: 40817, 40820, 423, 426) and of transfers without one.
var naturalAccounts = []string{"40817", "40820", "423", "426", "40911", "30233"}

// natural tells whether the other side of a movement is a person by his account or tax number.
func natural(account, inn string) bool {
	return len(inn) == 12 || slices.ContainsFunc(naturalAccounts, func(head string) bool { return strings.HasPrefix(account, head) })
}

// personName tells whether a name with nothing beside it looks like a person's: two or three words, each with a capital.
func personName(name string) bool {
	words := strings.Fields(name)
	return (len(words) == 2 || len(words) == 3) && !strings.ContainsAny(name, "\"«.0123456789") && !slices.ContainsFunc(words, func(w string) bool {
		r := []rune(w)
		return len(r) < 2 || !unicode.IsUpper(r[0])
	})
}
