package record

import (
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/fault"
)

// judge tells the records of one building over what is known of it.
type judge struct {
	held     *held
	engine   *calc.Engine
	services []string // codes of the catalogue
	by       string   // who tells
	today    calendar.Date
	charged  []calendar.Month // of the building
	own      int64            // supplier who tells; 0 is the centre

	// of the record now
	at       *place
	account  int64
	supplier int64
	about    calendar.Date // the earliest day it changes
}

// verdict judges one record.
func (j *judge) verdict(x *placed) Verdict {
	v := Verdict{File: x.File, Line: x.Line, Key: x.Path, Fact: x.Kind, To: x.To.String()}
	j.at, j.account, j.supplier, j.about = x.at, 0, 0, 0
	state, err := StateRefused, error(nil)
	k := kinds[x.Kind]
	if k.reach == ofService || k.reach == ofAny {
		if err = j.knows(x.service); err == nil && !x.To.wholeHouse() {
			err = j.findAccount(x)
		}
	}
	if err == nil {
		state, err = k.tell(j, x.Item)
	}
	if err != nil {
		return v.refused(err)
	}
	if v.State = state; state != StateSame {
		v.Late = j.lateSince()
	}
	return v
}

// refused says why a record does not count.
func (v Verdict) refused(err error) Verdict {
	f := fault.As(err)
	v.State, v.Code, v.Says = StateRefused, f.Code, f.Message
	return v
}

// findAccount finds whose account takes the service of a record: the supplier's who is named, the addressed one, or the
// only one of the household that takes it.
func (j *judge) findAccount(x *placed) error {
	var fits []account.Member
	for i := range x.at.members {
		m := &x.at.members[i]
		taken := len(j.held.terms(m.AccountID, x.service)) > 0
		if x.seller != 0 && m.SupplierID == x.seller || x.seller == 0 && x.Kind != Service && taken {
			fits = append(fits, *m)
		}
	}
	addressed := x.at.account != 0 && (x.seller == 0 || x.seller == x.at.supplier)
	switch {
	case addressed && (x.Kind == Service || len(j.held.terms(x.at.account, x.service)) > 0 || len(fits) != 1 || j.own != 0):
		j.account, j.supplier = x.at.account, x.at.supplier
	case len(fits) == 1:
		j.account, j.supplier = fits[0].AccountID, fits[0].SupplierID
	case len(fits) > 1:
		return fault.Newf(fault.Conflict, "fact.which_account", "Услугу %s здесь берут счетов: %d. Назовите счёт: supplier и account.", x.service, len(fits))
	default:
		return fault.Newf(fault.NotFound, "fact.no_account", "Не найден счёт, к которому относится услуга %s. Назовите его: supplier и account.", x.service)
	}
	return nil
}
