package gis

// Object is what a request carries under a TransportGUID.
type Object interface {
	// Broken tells which limit of the schema the object breaks; '' is none.
	Broken() string
	// Carry gives the object its TransportGUID.
	Carry(guid string)
}

// Ref is an entry of a code list (nsiRef).
type Ref struct {
	Code string `xml:"nsi:Code"`
	GUID string `xml:"nsi:GUID"`
	Name string `xml:"nsi:Name,omitempty"`
}

// Account is a personal account. Exactly one of the kinds is true.
type Account struct {
	IsUO          bool            `xml:"hm:isUOAccount,omitempty"`
	IsRSO         bool            `xml:"hm:isRSOAccount,omitempty"`
	IsCR          bool            `xml:"hm:isCRAccount,omitempty"`
	IsRC          bool            `xml:"hm:isRCAccount,omitempty"`
	IsOGV         bool            `xml:"hm:isOGVorOMSAccount,omitempty"`
	IsTKO         bool            `xml:"hm:isTKOAccount,omitempty"`
	Persons       string          `xml:"hm:LivingPersonsNumber,omitempty"`
	TotalArea     string          `xml:"hm:TotalSquare,omitempty"`
	LivingArea    string          `xml:"hm:ResidentialSquare,omitempty"`
	HeatedArea    string          `xml:"hm:HeatedArea,omitempty"`
	Closed        *Closing        `xml:"hm:Closed,omitempty"`
	Accommodation []Accommodation `xml:"hm:Accommodation"`
	Payer         Payer           `xml:"hm:PayerInfo"`
	TransportGUID string          `xml:"base:TransportGUID"`
	Number        string          `xml:"acc:AccountNumber,omitempty"`
	AccountGUID   string          `xml:"hm:AccountGUID,omitempty"` // when ГИС ЖКХ has it already
}

// Closing is when and why an account was closed.
type Closing struct {
	Reason Ref    `xml:"hm:CloseReason"`
	On     string `xml:"hm:CloseDate"`
}

// Accommodation is the premises of an account: a house when ГИС ЖКХ knows no flat of it.
type Accommodation struct {
	PremisesGUID string `xml:"hm:PremisesGUID,omitempty"`
	HouseGUID    string `xml:"hm:FIASHouseGuid,omitempty"`
	RoomGUID     string `xml:"hm:LivingRoomGUID,omitempty"`
}

// Payer tells of the payer only what is no personal data.
type Payer struct {
	Renter  bool `xml:"hm:IsRenter,omitempty"`
	Divided bool `xml:"hm:isAccountsDivided,omitempty"`
}

// Reading are the registers of a meter on a day: one of OneRate and Electric.
type Reading struct {
	MeterGUID string         `xml:"dm:MeteringDeviceRootGUID"`
	OneRate   *OneRateValue  `xml:"dm:OneRateDeviceValue>dm:CurrentValue,omitempty"`
	Electric  *ElectricValue `xml:"dm:ElectricDeviceValue>dm:CurrentValue,omitempty"`
}

// OneRateValue is a figure of water, heat or gas.
type OneRateValue struct {
	Resource      Ref    `xml:"mdb:MunicipalResource"`
	Value         string `xml:"mdb:MeteringValue"`
	On            string `xml:"dm:DateValue"`
	TransportGUID string `xml:"base:TransportGUID"`
}

// ElectricValue are the figures of an electricity meter by its tariffs.
type ElectricValue struct {
	T1            string `xml:"mdb:MeteringValueT1"`
	T2            string `xml:"mdb:MeteringValueT2,omitempty"`
	T3            string `xml:"mdb:MeteringValueT3,omitempty"`
	On            string `xml:"dm:DateValue"`
	TransportGUID string `xml:"base:TransportGUID"`
}

// Document is a payment document (ПД) of an account for a month.
type Document struct {
	AccountGUID   string   `xml:"acc:AccountGuid"`
	Number        string   `xml:"bb:PaymentDocumentNumber,omitempty"`
	Charges       []Charge `xml:"bills:ChargeInfo"`
	Expose        bool     `xml:"bills:Expose,omitempty"`
	TotalCharged  string   `xml:"bills:TotalPayableByChargeInfo,omitempty"`
	Debt          string   `xml:"bills:DebtPreviousPeriods,omitempty"`
	Advance       string   `xml:"bills:AdvanceBllingPeriod,omitempty"` // so spelt in the schema
	Total         string   `xml:"bills:TotalPayableByPDWithDebtAndAdvance,omitempty"`
	Penalties     string   `xml:"bills:TotalByPenaltiesAndCourtCosts,omitempty"`
	TotalPayable  string   `xml:"bills:TotalPayableByPD,omitempty"`
	PaidCash      string   `xml:"bills:PaidCash,omitempty"`
	TransportGUID string   `xml:"base:TransportGUID"`
	DocumentID    string   `xml:"bb:PaymentDocumentID,omitempty"` // ИПД of the version before
	Requisites    string   `xml:"bills:PaymentInformationKey"`
}

// Charge is a line of a payment document: one of the three.
type Charge struct {
	Housing    *ServiceCharge `xml:"bills:HousingService,omitempty"`
	Additional *ServiceCharge `xml:"bills:AdditionalService,omitempty"`
	Municipal  *ServiceCharge `xml:"bills:MunicipalService,omitempty"`
}

// ServiceCharge is what a service comes to.
type ServiceCharge struct {
	Service  Ref            `xml:"bills:ServiceType"`
	Rate     string         `xml:"bills:Rate"`
	Total    string         `xml:"bills:TotalPayable"`
	Period   string         `xml:"bills:AccountingPeriodTotal,omitempty"`
	Recalc   *Recalculation `xml:"bills:PaymentRecalculation,omitempty"`
	Consumed *Consumption   `xml:"bills:Consumption,omitempty"`
}

// Recalculation is a sum for other months with its reason.
type Recalculation struct {
	Reason string `xml:"bills:recalculationReason"`
	Sum    string `xml:"bills:sum"`
}

// Consumption is a volume used by the household itself.
type Consumption struct {
	Volume Volume `xml:"bills:Volume"`
}

// Volume is an amount of a service; Type I is the household's own.
type Volume struct {
	Type  string `xml:"type,attr,omitempty"`
	Value string `xml:",chardata"`
}

// Withdrawal takes a payment document back.
type Withdrawal struct {
	TransportGUID string `xml:"base:TransportGUID"`
	DocumentID    string `xml:"bb:PaymentDocumentID"`
}

// Payment is a supplier's notice that he was paid: to a document or to a service of the account.
type Payment struct {
	On            string  `xml:"pay:OrderDate"`
	Period        *Period `xml:"pay:OrderPeriod,omitempty"`
	DocumentID    string  `xml:"bb:PaymentDocumentID,omitempty"`
	ServiceID     string  `xml:"acc:ServiceID,omitempty"`
	Amount        string  `xml:"pay:Amount"`
	TransportGUID string  `xml:"base:TransportGUID"`
}

// Period is a month as payments write it.
type Period struct {
	Month int `xml:"base:Month"`
	Year  int `xml:"base:Year"`
}

// Cancellation takes a notice of a payment back.
type Cancellation struct {
	OrderID       string `xml:"pb:OrderID"`
	On            string `xml:"pb:CancellationDate"`
	Comment       string `xml:"pb:Comment,omitempty"`
	TransportGUID string `xml:"base:TransportGUID"`
}

// Carry gives the object its TransportGUID.
func (a *Account) Carry(guid string) { a.TransportGUID = guid }

// Carry gives the object its TransportGUID.
func (r *Reading) Carry(guid string) {
	if r.OneRate != nil {
		r.OneRate.TransportGUID = guid
	}
	if r.Electric != nil {
		r.Electric.TransportGUID = guid
	}
}

// Carry gives the object its TransportGUID.
func (d *Document) Carry(guid string) { d.TransportGUID = guid }

// Carry gives the object its TransportGUID.
func (w *Withdrawal) Carry(guid string) { w.TransportGUID = guid }

// Carry gives the object its TransportGUID.
func (p *Payment) Carry(guid string) { p.TransportGUID = guid }

// Carry gives the object its TransportGUID.
func (c *Cancellation) Carry(guid string) { c.TransportGUID = guid }

// NewObject is an empty object of a kind.
func NewObject(k Kind) Object {
	switch k {
	case KindAccount:
		return &Account{}
	case KindMeter:
		return &Meter{}
	case KindReading:
		return &Reading{}
	case KindDocument:
		return &Document{}
	case KindWithdrawal:
		return &Withdrawal{}
	case KindPayment:
		return &Payment{}
	case KindAck:
		return &Acknowledgment{}
	case KindUnack:
		return &Unack{}
	}
	return &Cancellation{}
}
