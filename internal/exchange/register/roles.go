package register

// role is what a column means.
type role uint8

// Roles of columns; the order of money roles is that of Sums.
const (
	roleExtra role = iota
	roleOpening
	roleCharge
	roleRecalc
	rolePenalty
	rolePaid
	roleDue
	roleAmount
	roleNet
	roleCommission
	roleArea
	roleVolume
	roleTariff
	roleReadingPrev
	roleReadingCur
	roleResidents
	roleAccount
	roleELS
	roleFIO
	roleAddress
	roleLocality
	roleStreet
	roleStreetType
	roleHouse
	roleKorp
	roleFlat
	roleRoom
	roleShare
	roleService
	roleMeasure
	roleVersion
	roleDocNo
	roleDocRef
	roleDocKind
	roleOperation
	roleSupplier
	roleNumber
	rolePurpose
	roleTime
	roleStamp
	roleStorno
	rolePeriod
	roleDate
	roleDay
	roleNight
	rolePeak
	roleHalfPeak
	roleZonePrev
	roleZoneCur
	roleMeters
)

// roleNames are the words of formats.json; several words may mean one role.
var roleNames = map[string]role{
	"opening": roleOpening, "charge": roleCharge, "recalc": roleRecalc, "penalty": rolePenalty, "paid": rolePaid, "due": roleDue,
	"amount": roleAmount, "net": roleNet, "commission": roleCommission,
	"area": roleArea, "volume": roleVolume, "tariff": roleTariff, "reading_prev": roleReadingPrev, "reading_cur": roleReadingCur,
	"residents": roleResidents, "account": roleAccount, "els": roleELS, "fio": roleFIO, "address": roleAddress,
	"locality": roleLocality, "street": roleStreet, "street_type": roleStreetType, "house": roleHouse, "korp": roleKorp,
	"flat": roleFlat, "room": roleRoom, "share": roleShare, "service": roleService, "measure": roleMeasure, "unit": roleMeasure,
	"version": roleVersion, "doc_no": roleDocNo, "doc_ref": roleDocRef, "doc_kind": roleDocKind,
	"operation": roleOperation, "supplier": roleSupplier, "number": roleNumber, "purpose": rolePurpose,
	"time": roleTime, "stamp": roleStamp, "ts": roleStamp, "storno": roleStorno,
	"period": rolePeriod, "date": roleDate, "day": roleDay, "night": roleNight, "peak": rolePeak, "half_peak": roleHalfPeak, "meters": roleMeters,
	"day_prev": roleZonePrev, "night_prev": roleZonePrev, "peak_prev": roleZonePrev, "half_peak_prev": roleZonePrev,
	"day_cur": roleZoneCur, "night_cur": roleZoneCur, "peak_cur": roleZoneCur, "half_peak_cur": roleZoneCur,
}

func (r role) money() bool   { return r >= roleOpening && r <= roleCommission }
func (r role) decimal() bool { return r >= roleArea && r <= roleReadingCur }
func (r role) zone() bool    { return r >= roleDay && r <= roleZoneCur }

// required tells whether a row without the role's column cannot be understood.
func (r role) required() bool { return r.money() || r == roleAccount || r == rolePeriod }

// limit is the most signs a text of the role may have.
func (r role) limit() int {
	switch r {
	case roleAccount, roleELS, roleDocNo, roleDocRef, roleOperation, roleVersion:
		return 64
	case roleAddress, rolePurpose:
		return 1000
	}
	return 300
}

// text is the field of a row a role of text fills; nil for other roles.
func (r *Row) text(at role) *string {
	switch at {
	case roleAccount:
		return &r.Account
	case roleELS:
		return &r.ELS
	case roleFIO:
		return &r.FIO
	case roleAddress:
		return &r.Address
	case roleLocality:
		return &r.Locality
	case roleStreet:
		return &r.Street
	case roleStreetType:
		return &r.StreetType
	case roleHouse:
		return &r.House
	case roleKorp:
		return &r.Korp
	case roleFlat:
		return &r.Flat
	case roleRoom:
		return &r.Room
	case roleShare:
		return &r.Share
	case roleService:
		return &r.Service
	}
	return r.documentText(at)
}

func (r *Row) documentText(at role) *string {
	switch at {
	case roleMeasure:
		return &r.Measure
	case roleVersion:
		return &r.Version
	case roleDocNo:
		return &r.DocNo
	case roleDocRef:
		return &r.DocRef
	case roleDocKind:
		return &r.DocKind
	case roleOperation:
		return &r.Operation
	case roleSupplier:
		return &r.Supplier
	case roleNumber:
		return &r.Number
	case rolePurpose:
		return &r.Purpose
	case roleTime:
		return &r.Time
	case roleStamp:
		return &r.Stamp
	}
	return nil
}
