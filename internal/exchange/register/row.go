package register

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Mask tells which numbers of a row are present: an absent sum and a printed zero are different things.
type Mask uint32

// Bits of Mask, one for each role that is a number or a date.
const (
	HasOpening Mask = 1 << iota
	HasCharge
	HasRecalc
	HasPenalty
	HasPaid
	HasDue
	HasArea
	HasVolume
	HasTariff
	HasReadingPrev
	HasReadingCur
	HasResidents
	HasAmount
	HasNet
	HasCommission
	HasDate
	HasPeriod
)

// Row is one data row of a register or of a file of payments. Text is trimmed and in UTF-8. The Row handed to a
// callback of Read is reused for the next row: its strings may be kept, its slices and maps may not.
type Row struct {
	Pos          int    // place in the file, counted in Unit
	Unit         string // line, record, row, document, element
	GroupPos     int    // ordinal of the group element, or number of the house header row; 0 without groups
	GroupAddress string // address of the group, or of the whole file

	Account        string // with the profile's prefix, zeros restored
	Printed        string // as the supplier printed it, with the prefix; equals Account unless repaired
	AccountNumeric bool   // the account stood in a numeric cell

	ELS, FIO, Address                    string
	Locality, Street, StreetType         string
	House, Korp, Flat, Room, Share       string
	Area, Volume, Tariff                 decimal.Decimal
	ReadingPrev, ReadingCur              decimal.Decimal
	Residents                            int
	Service, Measure                     string // service as the supplier names it and its unit of measure
	Period                               string // as printed
	Month                                calendar.Month
	OtherPeriod                          bool // the row is of another period than the file; such rows are ignored
	Version                              string
	DocNo, DocRef, DocKind               string
	Storno                               bool
	Opening, Charge, Recalc              money.Amount
	Penalty, Paid, Due                   money.Amount
	Lines                                []Line // «service|sum» pairs inside one document
	Zones                                []Zone // readings or volumes by tariff zone and meter
	Date                                 calendar.Date
	Time, Stamp                          string // time of day as printed; full moment as printed
	Operation, Supplier, Number, Purpose string
	Amount, Net, Commission              money.Amount

	Has      Mask
	Extra    map[string]string // roles this package has no field for
	Raw      string            // text of the row; set when the row has findings or Options.KeepRaw
	Findings []Finding
}

// Line is one service of a document that lists several: «Услуга=СОИ ХВС|5.25».
type Line struct {
	Service string
	Sum     money.Amount
}

// Zone is a reading or a volume of one tariff zone: day, night, peak, or the name the supplier gives (T1).
type Zone struct {
	Name      string
	Meter     string // serial number, when the file says it
	Prev, Cur decimal.Decimal
	Volume    decimal.Decimal
	HasPrev   bool // Prev is a reading
	HasCur    bool // Cur is; with neither only Volume is known
}

// Severity says what has become of the row a finding is about.
type Severity string

// Severities of findings about rows.
const (
	Repaired    Severity = "repaired"    // the row is usable, Now is what it was taken for
	Quarantined Severity = "quarantined" // the row must not be applied
)

// Finding is something wrong with a row, as data: people filter it, programs count it.
type Finding struct {
	Code     string // stable: row.amount_format, row.money_bad …
	Type     string // kind of defect in the city's words: mojibake, field_shift, amount_format, acc_zero_lost; or bad_value
	Field    string // role, such as fio or due
	Value    string // as it lies in the file
	Now      string // as it was taken; empty when quarantined
	Hint     string // Russian, says what to do
	Severity Severity
}

// Quarantined tells whether any finding bars the row from being applied.
func (r *Row) Quarantined() bool {
	for i := range r.Findings {
		if r.Findings[i].Severity == Quarantined {
			return true
		}
	}
	return false
}

// Computed is what the row's parts say is due: opening + charge + recalc + penalty − paid. It has a meaning only
// when the row carries opening and charge.
func (r *Row) Computed() (money.Amount, bool) {
	if r.Has&(HasOpening|HasCharge) != HasOpening|HasCharge {
		return 0, false
	}
	return r.Opening + r.Charge + r.Recalc + r.Penalty - r.Paid, true
}

func (r *Row) reset(unit string) {
	lines, zones, findings, extra := r.Lines[:0], r.Zones[:0], r.Findings[:0], r.Extra
	clear(extra)
	*r = Row{Unit: unit, Lines: lines, Zones: zones, Findings: findings, Extra: extra}
}
