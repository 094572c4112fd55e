package reading

import (
	"cmp"
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// What a supplier answers to a reading.
const (
	Accepted = "accepted"
	Declined = "declined"
)

// reason is why a supplier does not accept a reading, and what the resident can do.
type reason struct{ Says, Do string }

// reasons are the codes of declined answers.
var reasons = map[string]reason{
	"seal":             {"пломба нарушена или её нет", "Вызовите поставщика: он опломбирует счётчик"},
	"verification":     {"поверка истекла", "Поверьте счётчик и передайте показание снова"},
	"not_commissioned": {"счётчик не введён в эксплуатацию", "Подайте поставщику заявку на ввод счётчика"},
	"failed":           {"счётчик неисправен", "Замените счётчик и сообщите поставщику"},
	"wrong_meter":      {"это цифры другого счётчика", "Сверьте номер и передайте показание снова"},
	"too_high":         {"расход слишком большой", "Проверьте цифры и передайте показание снова"},
	"below":            {"показание меньше прошлого", "Проверьте цифры и передайте показание снова"},
	"photo":            {"на фото другие цифры", "Передайте показание с новым фото"},
	"late":             {"передано после срока", "Передайте показание в следующем месяце до срока"},
	"other":            {"есть вопрос к показанию", "Позвоните поставщику"},
}

// ReasonCodes lists the codes of declined answers.
func ReasonCodes() []string { return slices.Sorted(maps.Keys(reasons)) }

// ReasonWords say a code to people.
func ReasonWords(code string) string { return reasons[code].Says }

// Answer is what a supplier answered to a reading.
type Answer struct {
	MeterID  int64
	On       calendar.Date
	Zone     calc.Zone
	At       calendar.Micros
	Supplier int64
	Value    decimal.Decimal
	Answer   string
	Code     string
	Note     string
}

// Words say an answer to the resident.
func (a *Answer) Words() string {
	if a.Answer == Accepted {
		return "принято поставщиком"
	}
	return "поставщик не принял: " + cmp.Or(a.Note, reasons[a.Code].Says)
}

// Advice says what the resident can do about a declined reading.
func (a *Answer) Advice() string { return reasons[a.Code].Do }

// AnswerEntry is an answer as a file or a program tells it.
type AnswerEntry struct {
	Supplier string `json:"supplier,omitempty" doc:"Code of the supplier; without it the token's own"`
	Account  string `json:"account" doc:"The supplier's account number, as he prints it"`
	Meter    string `json:"meter,omitempty"`
	Service  string `json:"service,omitempty"`
	Zone     string `json:"zone,omitempty"`
	Date     string `json:"date,omitempty" doc:"Day of the reading; without it the latest"`
	Answer   string `json:"answer" enum:"accepted,declined"`
	Code     string `json:"code,omitempty" enum:"seal,verification,not_commissioned,failed,wrong_meter,too_high,below,photo,late,other" doc:"Why it is declined"`
	Note     string `json:"note,omitempty" maxLength:"200" doc:"In words for the resident; needed with the code other"`

	Line int `json:"-"`
}

// AnswerVerdict is what became of an answer.
type AnswerVerdict struct {
	Line    int    `json:"line"`
	Account string `json:"account"`
	Meter   string `json:"meter,omitempty"`
	Day     string `json:"day,omitempty"`
	Value   string `json:"value,omitempty"`
	State   string `json:"state" enum:"accepted,declined,same,refused"`
	Code    string `json:"code,omitempty"`
	Says    string `json:"says,omitempty"`
}

// Answered is what a load of answers came to.
type Answered struct {
	OK    bool            `json:"ok"`
	Lines []AnswerVerdict `json:"lines"`
}
