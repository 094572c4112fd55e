package calc

import (
	"strconv"

	"kvit/internal/tariff"
)

// policies are what a supplier does with a service where the law leaves a choice. The defaults are those of the
// charging rules; a row of the catalogue changes one for a time.
type policies struct {
	averageMonths  int  // months the average looks back on (п. 59: six)
	averageMin     int  // months it needs (three)
	averageLimit   int  // months in a row charged by average when no reading comes; 0 is no limit
	failedLimit    int  // the same when the meter failed or was lost
	expiredReads   bool // readings of a meter past its verification count (electricity, п. 80(1))
	trueUp         trueUp
	trueUpCurrent  bool    // the price of the month of the reading, not of the months it corrects
	byDays         bool    // a price that changes inside a reading's interval splits the volume by days
	wholeVolumes   volumes // of zones within bands and norms
	stepVolumes    bool    // derived volumes are rounded to volumeDigits before pricing
	volumeDigits   int
	stepDown       bool // … cut, not rounded
	linkedFactor   bool // a linked service takes the raising factor of its sources
	ownerByReading bool // metered volumes are cut at a reading on the day of the new owner, not by days
	flatDegrees    bool // reductions for temperature ignore how many degrees
	keepNegative   bool // a house meter below the sum of flats reduces nobody
	cutoffDay      int  // readings after this day count in the next month; 0 is the month's last day
	reduceByArea   bool // a negative difference is shared by area, not by persons
	correctByDays  bool // a year's correction is shared by days of ownership, not put on the holder
	undelivered    undelivered
	zonesApart     bool // a normative is not charged by prices of zones
	normPersons    normPersons
}

// normPersons is who a social norm counts.
type normPersons uint8

const (
	normLastDay normPersons = iota // who lives here on the last day of the month
	normHalf                       // who lives here on the 15th: a change counts from the month it falls in the first half of
	normByDays                     // by the days of residence
)

// volumes is how the parts of a zone's volume are rounded.
type volumes uint8

const (
	exactVolumes volumes = iota
	wholeNearest         // whole units that add up to the band
	wholeDown            // whole units cut down; a zone's last band takes the rest
)

// undelivered is which hours of an interruption take off the normative's volume (п. 100).
type undelivered uint8

const (
	undeliveredAll    undelivered = iota // all, once the allowance is exceeded
	undeliveredExcess                    // those beyond the allowance
	undeliveredNone
)

// trueUp is what a reading corrects.
type trueUp uint8

const (
	trueUpFull    trueUp = iota // months charged by average and by normative
	trueUpAverage               // months charged by average only
	trueUpNone
)

func defaults(rules tariff.Rules) policies {
	p := policies{averageMonths: 6, averageMin: 3, averageLimit: 3, failedLimit: 3}
	switch rules {
	case tariff.RulesElectricity:
		p.expiredReads, p.failedLimit, p.wholeVolumes = true, 0, wholeNearest
	case tariff.RulesGas:
		p.averageMonths, p.averageMin = 12, 1
	case tariff.RulesHeat:
		p.reduceByArea = true
	}
	return p
}

// policiesOf resolves the rows that hold in the month: everybody's, then of the rules, of the service, the supplier's.
func (b *Book) policiesOf(s Service, supplier Supplier) *policies {
	p := defaults(b.engine.services[s].Rules)
	for rank := range 8 {
		for i := range b.engine.catalog.Policies {
			row := &b.engine.catalog.Policies[i]
			if row.Holds(b.last) && b.rankOf(row, s, supplier) == rank {
				p.set(row.Name, row.Value)
			}
		}
	}
	return &p
}

// rankOf is how narrow a row is; −1 when it is of something else.
func (b *Book) rankOf(row *tariff.Policy, s Service, supplier Supplier) (rank int) {
	of := &b.engine.services[s]
	for _, part := range [...]struct {
		given, fits bool
		weight      int
	}{
		{row.Rules != "", row.Rules == of.Rules, 1},
		{row.Service != "", row.Service == of.Code, 2},
		{row.Supplier != "", supplier != 0 && row.Supplier == b.engine.suppliers.word(int16(supplier)), 4},
	} {
		switch {
		case part.given && !part.fits:
			return -1
		case part.given:
			rank += part.weight
		}
	}
	return rank
}

// set takes one policy; tariff.Check has refused unknown names and values.
func (p *policies) set(name, value string) {
	n, _ := strconv.Atoi(value) // "none" is 0, no limit
	switch name {
	case "average_months":
		p.averageMonths = n
	case "average_min_months":
		p.averageMin = n
	case "average_limit":
		p.averageLimit = n
	case "failed_limit":
		p.failedLimit = n
	case "expired_meter":
		p.expiredReads = value == "readings"
	case "true_up":
		p.trueUp = map[string]trueUp{"full": trueUpFull, "average_only": trueUpAverage, "none": trueUpNone}[value]
	case "true_up_price":
		p.trueUpCurrent = value == "current"
	case "tariff_change":
		p.byDays = value == "by_days"
	case "volumes":
		p.wholeVolumes = map[string]volumes{"exact": exactVolumes, "whole": wholeNearest, "whole_down": wholeDown}[value]
	case "volume_digits":
		p.volumeDigits, p.stepVolumes = n, value != "none"
	case "volume_rounding":
		p.stepDown = value == "down"
	case "linked_factor":
		p.linkedFactor = value == "same"
	case "owner_change":
		p.ownerByReading = value == "by_reading"
	case "degrees":
		p.flatDegrees = value == "ignore"
	case "negative_common":
		p.keepNegative = value == "ignore"
	case "negative_common_by":
		p.reduceByArea = value == "area"
	case "correction_of":
		p.correctByDays = value == "by_days"
	case "undelivered":
		p.undelivered = map[string]undelivered{"all_hours": undeliveredAll, "excess": undeliveredExcess, "none": undeliveredNone}[value]
	case "norm_persons":
		p.normPersons = map[string]normPersons{"last_day": normLastDay, "half_month": normHalf, "by_days": normByDays}[value]
	case "normative_zones":
		p.zonesApart = value == "none"
	case "cutoff_day":
		p.cutoffDay = n
	}
}

// CutoffDay is the day of a month after which readings of a supplier's service count in the next one; 0 is no such day.
func (b *Book) CutoffDay(s Service, supplier Supplier) int { return b.policy(s, supplier).cutoffDay }

// ExpiredReads tells whether readings of a supplier's service count after the verification of the meter has ended.
func (b *Book) ExpiredReads(s Service, supplier Supplier) bool {
	return b.policy(s, supplier).expiredReads
}
