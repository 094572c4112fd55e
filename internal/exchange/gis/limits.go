package gis

import (
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Patterns of the schema's simple types.
var (
	guidForm   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	numberForm = regexp.MustCompile(`^.*[0-9а-яА-Яa-zA-Z].*$`)
	meterForm  = regexp.MustCompile(`^\d{1,15}(\.\d{1,7})?$`)
	sumForm    = regexp.MustCompile(`^\d{1,11}\.\d{2}$`)
	signedForm = regexp.MustCompile(`^-?\d{1,11}\.\d{2}$`)
	recalcForm = regexp.MustCompile(`^-?\d{1,10}\.\d{2}$`)
	debtForm   = regexp.MustCompile(`^-?\d{1,8}\.\d{2}$`)
	bicForm    = regexp.MustCompile(`^\d{9}$`)
	bankForm   = regexp.MustCompile(`^\d{20}$`)
	rateForm   = regexp.MustCompile(`^-?\d{1,8}(\.\d{1,6})?$`)
	volumeForm = regexp.MustCompile(`^-?\d{1,15}(\.\d{1,7})?$`)
	areaForm   = regexp.MustCompile(`^\d{1,21}(\.\d{1,4})?$`)
	dateForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	codeForm   = regexp.MustCompile(`^(A?\d{1,4}\.?)+$`)
)

// Lengths of identifiers and texts, in letters.
const (
	lenUnified  = 10 // ЕЛС
	lenService  = 13 // ИЖКУ
	lenDocument = 18 // ИПД
	maxNumber   = 30 // of an account, of a document
	maxOrderID  = 32
	maxComment  = 210
	maxCode     = 20
	maxReason   = 500
	maxPersons  = 9999
)

// ValidUnified, ValidServiceID, ValidDocumentID and ValidGUID tell whether a text may be such an identifier.
func ValidUnified(s string) bool { return utf8.RuneCountInString(s) == lenUnified }

// ValidServiceID tells whether a text may be an ИЖКУ.
func ValidServiceID(s string) bool { return utf8.RuneCountInString(s) == lenService }

// ValidDocumentID tells whether a text may be an ИПД.
func ValidDocumentID(s string) bool { return utf8.RuneCountInString(s) == lenDocument }

// ValidGUID tells whether a text is a GUID.
func ValidGUID(s string) bool { return guidForm.MatchString(s) }

// rule is a limit with the name a person knows the field by.
type rule struct {
	ok    bool
	field string
}

func firstBroken(rules ...rule) string {
	for _, r := range rules {
		if !r.ok {
			return r.field
		}
	}
	return ""
}

func fits(s string, form *regexp.Regexp) bool { return s == "" || form.MatchString(s) }

func upTo(s string, n int) bool { return utf8.RuneCountInString(s) <= n }

func (r *Ref) broken() bool {
	return !upTo(r.Code, maxCode) || !codeForm.MatchString(r.Code) || !ValidGUID(r.GUID)
}

// Broken tells which limit the account breaks.
func (a *Account) Broken() string {
	kinds := 0
	for _, is := range []bool{a.IsUO, a.IsRSO, a.IsCR, a.IsRC, a.IsOGV, a.IsTKO} {
		if is {
			kinds++
		}
	}
	persons, err := strconv.Atoi(a.Persons)
	place := len(a.Accommodation) > 0
	for _, p := range a.Accommodation {
		place = place && (ValidGUID(p.PremisesGUID) || ValidGUID(p.HouseGUID) || ValidGUID(p.RoomGUID))
	}
	return firstBroken(
		rule{kinds == 1, "тип лицевого счёта"},
		rule{a.Persons == "" || err == nil && persons >= 0 && persons <= maxPersons, "число проживающих"},
		rule{fits(a.TotalArea, areaForm) && fits(a.LivingArea, areaForm) && fits(a.HeatedArea, areaForm), "площадь"},
		rule{place, "код ФИАС дома"},
		rule{a.Closed == nil || !a.Closed.Reason.broken() && dateForm.MatchString(a.Closed.On), "закрытие счёта"},
		rule{a.Number == "" || upTo(a.Number, maxNumber) && numberForm.MatchString(a.Number), "номер лицевого счёта"},
		rule{fits(a.AccountGUID, guidForm), "идентификатор лицевого счёта"},
	)
}

// Broken tells which limit the reading breaks.
func (r *Reading) Broken() string {
	guid := rule{ValidGUID(r.MeterGUID), "идентификатор прибора учёта"}
	if v := r.OneRate; v != nil {
		return firstBroken(guid, rule{!v.Resource.broken(), "код ресурса"}, rule{meterForm.MatchString(v.Value), "показание"}, rule{dateForm.MatchString(v.On), "дата показания"})
	}
	if v := r.Electric; v != nil {
		return firstBroken(guid, rule{meterForm.MatchString(v.T1) && fits(v.T2, meterForm) && fits(v.T3, meterForm), "показание"}, rule{dateForm.MatchString(v.On), "дата показания"})
	}
	return "показание"
}

// Broken tells which limit the document breaks.
func (d *Document) Broken() string {
	for i := range d.Charges {
		if b := d.Charges[i].service().broken(); b != "" {
			return b
		}
	}
	sums := true
	for _, s := range []string{d.TotalCharged, d.Total, d.Penalties, d.TotalPayable, d.PaidCash} {
		sums = sums && fits(s, signedForm)
	}
	sums = sums && fits(d.Debt, debtForm) && fits(d.Advance, debtForm)
	return firstBroken(
		rule{ValidGUID(d.AccountGUID), "идентификатор лицевого счёта"},
		rule{d.Number == "" || upTo(d.Number, maxNumber) && numberForm.MatchString(d.Number), "номер документа"},
		rule{sums, "сумма"},
		rule{d.DocumentID == "" || ValidDocumentID(d.DocumentID), "ИПД"},
		rule{ValidGUID(d.Requisites), "платёжные реквизиты"},
	)
}

// service is the one of the three that is there.
func (c *Charge) service() *ServiceCharge {
	switch {
	case c.Housing != nil:
		return c.Housing
	case c.Additional != nil:
		return c.Additional
	}
	return c.Municipal
}

func (s *ServiceCharge) broken() string {
	if s == nil {
		return "услуга"
	}
	recalc, volume := true, true
	if s.Recalc != nil {
		recalc = s.Recalc.Reason != "" && upTo(s.Recalc.Reason, maxReason) && recalcForm.MatchString(s.Recalc.Sum)
	}
	if s.Consumed != nil {
		volume = volumeForm.MatchString(s.Consumed.Volume.Value)
	}
	return firstBroken(
		rule{!s.Service.broken(), "код услуги"},
		rule{rateForm.MatchString(s.Rate), "тариф"},
		rule{signedForm.MatchString(s.Total) && fits(s.Period, signedForm), "сумма"},
		rule{recalc, "перерасчёт"},
		rule{volume, "объём"},
	)
}

// Broken tells which limit the withdrawal breaks.
func (w *Withdrawal) Broken() string {
	return firstBroken(rule{ValidDocumentID(w.DocumentID), "ИПД"})
}

// Broken tells which limit the payment breaks.
func (p *Payment) Broken() string {
	document, service := ValidDocumentID(p.DocumentID), ValidServiceID(p.ServiceID)
	return firstBroken(
		rule{document && p.ServiceID == "" || service && p.DocumentID == "", "ИПД или ИЖКУ"},
		rule{sumForm.MatchString(p.Amount), "сумма"},
		rule{dateForm.MatchString(p.On), "дата платежа"},
		rule{p.Period == nil || p.Period.Month >= 1 && p.Period.Month <= 12 && p.Period.Year >= 1920 && p.Period.Year <= 2050, "период"},
	)
}

// Broken tells which limit the cancellation breaks.
func (c *Cancellation) Broken() string {
	return firstBroken(
		rule{c.OrderID != "" && upTo(c.OrderID, maxOrderID), "номер платежа"},
		rule{dateForm.MatchString(c.On), "дата отмены"},
		rule{upTo(c.Comment, maxComment), "комментарий"},
	)
}
