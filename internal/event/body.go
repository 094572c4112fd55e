package event

// Kind is what an event tells of.
type Kind string

// Kinds of events.
const (
	KindReading       Kind = "reading"        // a reading was accepted or withdrawn
	KindMeter         Kind = "meter"          // a meter was installed, verified, replaced, removed
	KindResidents     Kind = "residents"      // how many people live or are registered
	KindOwnership     Kind = "ownership"      // shares of owners changed
	KindArea          Kind = "area"           // areas of the premises
	KindAccountOpened Kind = "account_opened" // an account appeared
	KindAccountMoved  Kind = "account_moved"  // an account was placed in another house
	KindAccountClosed Kind = "account_closed" // an account ended
	KindPayment       Kind = "payment"        // money was credited to an account
	KindRefund        Kind = "refund"         // money went back to the payer
	KindBillPublished Kind = "bill_published" // a bill was issued
	KindCharge        Kind = "charge"         // a month was charged, or corrected
)

// Kinds lists all kinds.
var Kinds = []Kind{KindReading, KindMeter, KindResidents, KindOwnership, KindArea, KindAccountOpened, KindAccountMoved, KindAccountClosed, KindPayment, KindRefund, KindBillPublished, KindCharge}

// Titles are the words people see for kinds.
var Titles = map[Kind]string{
	KindReading: "Показания", KindMeter: "Приборы учёта", KindResidents: "Число жильцов", KindOwnership: "Доли собственников", KindArea: "Площади",
	KindAccountOpened: "Счёт открыт", KindAccountMoved: "Счёт перенесён", KindAccountClosed: "Счёт закрыт", KindPayment: "Платежи", KindRefund: "Возвраты",
	KindBillPublished: "Счёт выставлен", KindCharge: "Начисления",
}

// Body is what an event says. Its fields are ids and figures: sums are kopecks, exact decimals and days are texts,
// months YYYY-MM. A zero of a decimal text is "0".
type Body interface{ Kind() Kind }

// Reading is a figure of a meter's register.
type Reading struct {
	Meter    int64  `json:"meter"`
	Serial   string `json:"serial,omitempty"` // as it stands on the meter
	Service  string `json:"service"`          // of the catalogue
	Zone     string `json:"zone,omitempty"`
	Day      string `json:"day"`
	Value    string `json:"value"`
	Volume   string `json:"volume,omitempty"` // since the reading before
	Source   string `json:"source,omitempty"` // the door: page, api, file, device …
	Withdraw bool   `json:"withdrawn,omitempty"`
}

// Meter is what became of a meter.
type Meter struct {
	Meter      int64  `json:"meter"`
	Serial     string `json:"serial,omitempty"`
	Service    string `json:"service"`
	What       string `json:"what"` // installed, commissioned, sealed, seal_broken, verified, failed, replaced, removed, described, replacement_told
	Day        string `json:"day"`
	VerifiedTo string `json:"verifiedTo,omitempty"`
}

// Residents is how many people there are in a household from a day on.
type Residents struct {
	Living     *int   `json:"living,omitempty"`
	Registered *int   `json:"registered,omitempty"`
	Temporary  *int   `json:"temporary,omitempty"`
	Day        string `json:"day"`
}

// Ownership is how the premises are shared from a day on. Who the owners are is not told.
type Ownership struct {
	Owners int      `json:"owners"`
	Shares []string `json:"shares,omitempty"` // "1/2"
	Day    string   `json:"day"`
}

// Area is the areas of the premises from a day on, square metres.
type Area struct {
	Total  string `json:"total,omitempty"`
	Living string `json:"living,omitempty"`
	Heated string `json:"heated,omitempty"`
	Day    string `json:"day"`
}

// AccountOpened is an account that appeared.
type AccountOpened struct{}

// AccountMoved is an account that lives in another house now.
type AccountMoved struct {
	House int64 `json:"house"` // id of the house; below zero: not placed
}

// AccountClosed is an account that ended.
type AccountClosed struct {
	Day string `json:"day"`
}

// Payment is money credited to an account; a negative sum is a reversal a bank sent.
type Payment struct {
	Operation string `json:"operation"` // number of the payment, the same for ever
	Day       string `json:"day"`       // the payer's
	Channel   string `json:"channel"`
	Sum       int64  `json:"sum"`
}

// Refund is money that went back to the payer; the sum is positive.
type Refund struct {
	Operation string `json:"operation"` // of the payment
	Day       string `json:"day"`
	Sum       int64  `json:"sum"`
}

// BillPublished is a bill that was issued; the sum is of the addressee's own lines.
type BillPublished struct {
	Number string `json:"number"`
	Month  string `json:"month"`
	Sum    int64  `json:"sum"`
}

// Charge is what a month came to for an account, or a correction of it.
type Charge struct {
	Month   string `json:"month"`
	About   string `json:"about,omitempty"` // the month corrected
	Service string `json:"service,omitempty"`
	Sum     int64  `json:"sum"`
}

// Kind of each body.
func (Reading) Kind() Kind       { return KindReading }
func (Meter) Kind() Kind         { return KindMeter }
func (Residents) Kind() Kind     { return KindResidents }
func (Ownership) Kind() Kind     { return KindOwnership }
func (Area) Kind() Kind          { return KindArea }
func (AccountOpened) Kind() Kind { return KindAccountOpened }
func (AccountMoved) Kind() Kind  { return KindAccountMoved }
func (AccountClosed) Kind() Kind { return KindAccountClosed }
func (Payment) Kind() Kind       { return KindPayment }
func (Refund) Kind() Kind        { return KindRefund }
func (BillPublished) Kind() Kind { return KindBillPublished }
func (Charge) Kind() Kind        { return KindCharge }
