package why

import (
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Who found a sum.
const (
	BySupplier = "supplier" // the supplier's figure is shown
	ByKvit     = "kvit"     // computed here
	ByPayer    = "payer"    // payments alone: nothing was charged
)

// Explanation is one line of a bill to the bottom, whoever found its sum. Sums are kopecks, numbers are exact texts
// with a point.
type Explanation struct {
	Line         int            `json:"line"` // its place on the bill, from 1
	Supplier     string         `json:"supplier"`
	SupplierName string         `json:"supplierName"`
	Account      string         `json:"account"`
	Service      string         `json:"service"` // as the supplier writes it
	Title        string         `json:"title"`   // for people
	Month        string         `json:"month"`
	Origin       string         `json:"origin"` // supplier, kvit
	Steps        []Calculation  `json:"steps"`  // how the charge of the month was found
	Beside       *Beside        `json:"beside,omitempty"`
	Facts        []Fact         `json:"facts,omitempty"` // that Kvit's figures went by
	Check        *Check         `json:"check,omitempty"`
	Opening      money.Amount   `json:"opening"`
	Charge       money.Amount   `json:"charge"`
	Recalc       money.Amount   `json:"recalc"`
	Benefit      money.Amount   `json:"benefit,omitempty"`    // of Recalc
	PutOff       money.Amount   `json:"instalment,omitempty"` // of Recalc: the part of an instalment plan; below zero: put off
	Penalty      money.Amount   `json:"penalty"`
	Paid         money.Amount   `json:"paid"`
	Due          money.Amount   `json:"due"`
	Source       Source         `json:"source"`
	BillMonth    calendar.Month `json:"-"`
}

// Beside is what Kvit finds of a service whose supplier's figure is charged.
type Beside struct {
	Supplier   money.Amount  `json:"supplier"`
	Kvit       money.Amount  `json:"kvit"`
	Difference money.Amount  `json:"difference"` // of the supplier's from Kvit's
	Steps      []Calculation `json:"steps"`
}

// Verdict says in words how the two figures stand.
func (b *Beside) Verdict() string {
	switch {
	case b.Difference == 0:
		return fmt.Sprintf("Квит посчитал сам: %s. Сходится с суммой поставщика.", b.Kvit.Format())
	case b.Difference > 0:
		return fmt.Sprintf("Квит посчитал сам: %s. У поставщика на %s больше. Платите по сумме поставщика, расхождение видит расчётный центр.", b.Kvit.Format(), b.Difference.Format())
	}
	return fmt.Sprintf("Квит посчитал сам: %s. У поставщика на %s меньше. Платите по сумме поставщика, расхождение видит расчётный центр.", b.Kvit.Format(), b.Difference.Abs().Format())
}

// Source is where the figures come from: the row of a file, and when it came.
type Source struct {
	File       string          `json:"file"`
	Pos        int64           `json:"pos"`
	Unit       string          `json:"unit"` // what Pos counts: line, record, row, document, element
	RecordedAt string          `json:"recordedAt"`
	Recorded   calendar.Micros `json:"-"`
	FileID     int64           `json:"-"`
}

// Calculation is one product: volume × rate and what else enters it. Fields nobody told are empty.
type Calculation struct {
	Kind         string       `json:"kind"`               // charge, surcharge, true_up, absence, quality …
	KindText     string       `json:"kindText,omitempty"` // empty for the charge itself
	Title        string       `json:"title"`
	Method       string       `json:"method,omitempty"` // meter, average, normative … of the volume
	MethodText   string       `json:"methodText"`
	Volume       string       `json:"volume,omitempty"`
	Unit         string       `json:"unit,omitempty"`
	Rate         string       `json:"rate,omitempty"` // roubles
	RateFrom     string       `json:"rateFrom,omitempty"`
	RateDocument string       `json:"rateDocument,omitempty"`
	RateStatus   string       `json:"rateStatus,omitempty"` // verified, derived, plausible …
	Norm         string       `json:"norm,omitempty"`
	NormUnit     string       `json:"normUnit,omitempty"`
	NormDocument string       `json:"normDocument,omitempty"`
	NormStatus   string       `json:"normStatus,omitempty"`
	Factor       string       `json:"factor,omitempty"`
	Share        string       `json:"share,omitempty"`
	Base         string       `json:"base,omitempty"` // what the normative or the price multiplies
	Persons      string       `json:"persons,omitempty"`
	From         string       `json:"from,omitempty"`
	Until        string       `json:"until,omitempty"`
	Days         int32        `json:"days,omitempty"`
	DaysOf       int32        `json:"daysOf,omitempty"`
	Before       *Reading     `json:"readingBefore,omitempty"`
	After        *Reading     `json:"readingAfter,omitempty"`
	Inputs       []Input      `json:"inputs,omitempty"`
	Late         []Input      `json:"late,omitempty"` // of a penalty, in words: the term, the days, the payments
	Formula      Formula      `json:"formula"`
	Product      string       `json:"product,omitempty"` // «4,627 м³ × 43,63 ₽»
	Exact        string       `json:"exact,omitempty"`   // the product before rounding, roubles
	Sum          money.Amount `json:"sum"`
	About        string       `json:"about,omitempty"` // of a correction: the month it is about
	Cause        string       `json:"cause,omitempty"` // and why it was made
}

// Formula is the rule of a calculation.
type Formula struct {
	Code   string `json:"code"`
	Number string `json:"number,omitempty"`
	Words  string `json:"words"`
	Clause string `json:"clause,omitempty"`
}

// Fact is something a calculation went by, and where it is known from.
type Fact struct {
	Name       string          `json:"name"`
	Value      string          `json:"value"`
	Source     string          `json:"source"` // file and row, call, person
	RecordedAt string          `json:"recordedAt"`
	Late       bool            `json:"late,omitempty"` // known only after the month had been charged
	Recorded   calendar.Micros `json:"-"`
}

// Input is a figure of the house that a formula uses.
type Input struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Reading is a meter's figure and its day.
type Reading struct {
	Value    string          `json:"value"`
	On       calendar.Date   `json:"-"`
	Day      string          `json:"on"`
	Source   string          `json:"source,omitempty"` // file and row, call, person
	Recorded calendar.Micros `json:"-"`
}

// Check is a supplier's sum beside the product of what he sent. Known is false where he has not sent enough.
type Check struct {
	Known      bool         `json:"known"`
	Exact      string       `json:"exact,omitempty"` // volume × rate, roubles
	Product    money.Amount `json:"product"`         // rounded once
	Supplier   money.Amount `json:"supplier"`
	Difference money.Amount `json:"difference"`
	Agrees     bool         `json:"agrees"`
	PartOf     int          `json:"partOf,omitempty"` // n when the sum is the product's n-th part: owners pay apart
}

// Supplied explains a charge of which only a supplier's figures are known: what he sent, and whether they agree.
func Supplied(volume, rate decimal.Decimal, charge money.Amount) (Calculation, *Check) {
	c := Calculation{
		Kind: "charge", Method: "given", MethodText: "как прислал поставщик", Sum: charge,
		Formula: Formula{Code: "given", Words: "сумма поставщика"},
	}
	if volume != 0 {
		c.Volume = volume.String()
	}
	if rate != 0 {
		c.Rate = rate.String()
	}
	check := &Check{Supplier: charge}
	if volume == 0 || rate == 0 {
		return c, check
	}
	exact := volume.Exact().Times(rate)
	kopecks, err := exact.Round(2)
	if err != nil {
		return c, check
	}
	c.Formula.Words = "объём × тариф"
	c.Product = comma(c.Volume) + " × " + decimal.Grouped(c.Rate, 2) + "\u00a0₽"
	c.Exact = exact.Text(exactDigits)
	check.Known, check.Exact, check.Product = true, c.Exact, money.Amount(kopecks)
	check.Difference = charge - check.Product
	check.Agrees = check.Difference.Abs() <= 1
	if !check.Agrees {
		check.PartOf = partOf(exact, charge)
	}
	return c, check
}

// exactDigits is as many digits after the point as an exact product is written with.
const exactDigits = 14

// mostOwners is up to how many owners a sum is tried as a share of one.
const mostOwners = 12

// partOf tells that a sum is one equal share of a product: several owners of a flat pay apart.
func partOf(product decimal.Ratio, sum money.Amount) int {
	for n := int64(2); n <= mostOwners; n++ {
		kopecks, err := product.OverInt(n).Round(2)
		if err == nil && (money.Amount(kopecks)-sum).Abs() <= 1 && sum != 0 {
			return int(n)
		}
	}
	return 0
}

// Verdict says in words whether a supplier's sum agrees with what he sent.
func (c *Check) Verdict() string {
	switch {
	case !c.Known:
		return "Поставщик прислал сумму без объёма или тарифа, пересчитать её не из чего."
	case c.Agrees:
		return fmt.Sprintf("Квит пересчитал: объём × тариф = %s. Сходится с суммой поставщика.", c.Product.Format())
	}
	text := fmt.Sprintf("Квит пересчитал: объём × тариф = %s. Расходится с суммой поставщика на %s.", c.Product.Format(), c.Difference.Abs().Format())
	if c.PartOf > 0 {
		text += fmt.Sprintf(" Сумма поставщика – %s часть: так бывает, когда собственники платят отдельно.", ordinal(c.PartOf))
	}
	return text
}

func ordinal(n int) string {
	words := [...]string{2: "вторая", 3: "третья", 4: "четвёртая", 5: "пятая", 6: "шестая", 7: "седьмая", 8: "восьмая", 9: "девятая", 10: "десятая", 11: "одиннадцатая", 12: "двенадцатая"}
	return words[n]
}

// plain is the machine form of a decimal, empty for none.
func plain(d decimal.Decimal) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
