// Package benefit holds the arithmetic of social support that is paid to a person and not taken off the bill: the
// subsidy for housing and utilities of ЖК РФ ст. 159 and ПП РФ № 761 of 14.12.2005. It is pure.
//
// Owns: the subsidy's formula. Does not own: benefits netted or shown in a bill (lines
// of charge/calc), regional standards and minimums (given), decisions about people.
//
// Invariants: a subsidy is never negative and never above the actual expenses; it is rounded once.
package benefit

import (
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// MaxShare is the largest share of a family's income that it may be left to spend on housing, percent (ст. 159; the
// federal standard). Regions go lower.
const MaxShare = 22 * decimal.Scale

// Family is who asks for a subsidy, in figures of a month.
type Family struct {
	Members  int
	Standard money.Amount    // regional standard of the cost, per member
	Income   money.Amount    // of the whole family, average
	Minimum  money.Amount    // subsistence minimums of its members added up
	Share    decimal.Decimal // percent of the income it spends itself, at most MaxShare
}

// Award is a subsidy for a month, with what it was found from.
type Award struct {
	Standard money.Amount  // of the whole family
	Factor   decimal.Ratio // К: income to minimum where it is below, else 1
	Own      decimal.Ratio // what the family spends itself, roubles
	Exact    decimal.Ratio // before rounding, roubles; may be negative
	Sum      money.Amount
	Capped   bool // by the actual expenses
}

// Subsidy counts a subsidy (ПП № 761): members × standard − share × income, the last × income ÷ minimum for a
// family below the subsistence minimum.
// Single, 4 661 and income 12 500 under 22 %: 4 661 − 2 750 = 1 911.00. Three, 3 119.76 each, 34 500 of 3 × 14 200:
// 9 359.28 − 34 500 × 22 % × 0.809859… = 3 212.45.
func Subsidy(f Family) (Award, error) {
	if err := f.check(); err != nil {
		return Award{}, err
	}
	a := Award{Standard: f.Standard * money.Amount(f.Members), Factor: decimal.One()}
	if f.Income < f.Minimum {
		a.Factor = decimal.Int(int64(f.Income)).OverInt(int64(f.Minimum))
	}
	a.Own = decimal.Int(int64(f.Income)).Times(f.Share).OverInt(100 * 100).By(a.Factor)
	a.Exact = decimal.Int(int64(a.Standard)).OverInt(100).Minus(a.Own)
	sum, err := a.Exact.Round(2)
	if err != nil {
		return Award{}, fault.New(fault.Invalid, "subsidy.sum", "Субсидия не помещается в сумму: проверьте доход и стандарт.").Because(err)
	}
	a.Sum = max(money.Amount(sum), 0)
	return a, nil
}

// familyMax bounds the number of members, so that products of sums stay exact.
const familyMax = 100

func (f *Family) check() error {
	switch {
	case f.Members < 1 || f.Members > familyMax:
		return fault.Newf(fault.Invalid, "subsidy.members", "Членов семьи %d: нужно от 1 до %d.", f.Members, familyMax).WithField("members")
	case f.Standard < 0 || f.Standard > money.Max/familyMax:
		return fault.Newf(fault.Invalid, "subsidy.standard", "Стандарт стоимости %s не годится.", f.Standard.Format()).WithField("standard")
	case f.Income < 0 || f.Income > money.Max:
		return fault.Newf(fault.Invalid, "subsidy.income", "Доход семьи %s не годится.", f.Income.Format()).WithField("income")
	case f.Minimum <= 0 || f.Minimum > money.Max:
		return fault.Newf(fault.Invalid, "subsidy.minimum", "Прожиточный минимум семьи %s не годится: нужна сумма минимумов её членов.", f.Minimum.Format()).WithField("minimum")
	case f.Share < 0 || f.Share > MaxShare:
		return fault.Newf(fault.Invalid, "subsidy.share", "Доля расходов %s %% вне 0…%s %%: больше не бывает по закону.", f.Share, decimal.Decimal(MaxShare)).WithField("share")
	}
	return nil
}

// Within lowers an award to the family's actual expenses of the month: a subsidy is never above them.
func (a Award) Within(expenses money.Amount) Award {
	if expenses = max(expenses, 0); a.Sum > expenses {
		a.Sum, a.Capped = expenses, true
	}
	return a
}
