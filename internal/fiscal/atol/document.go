// Package atol is the client of an on-line cash register: АТОЛ Онлайн, protocol version 5, which tells fiscal data of
// format 1.2 (ФФД 1.2).
//
// It speaks JSON over HTTP: POST getToken, POST {group}/sell, sell_refund, sell_correction, GET {group}/report/{uuid}; the
// register may call back with the same report, which is only a hint. A document is known by the external_id its sender
// made: sent again it is not printed again, the register answers with what it has.
//
// Owns: the protocol and what a document must hold (Validate). Does not own: which receipts are made and when (fiscal).
package atol

import (
	"bytes"
	"time"

	"kvit/internal/money"
)

// Operations of the register.
const (
	Sell       = "sell"            // приход
	SellRefund = "sell_refund"     // возврат прихода
	Correction = "sell_correction" // коррекция прихода
)

// Ways money was given: tags 1031, 1081, 1215.
const (
	Cash       = 0
	Electronic = 1
	Prepaid    = 2 // an advance given before is offset
)

// Methods of settlement, tag 1214, as the register names them.
const (
	FullPrepayment = "full_prepayment" // 1
	Advance        = "advance"         // 3
	FullPayment    = "full_payment"    // 4
)

// Subjects of settlement, tag 1212.
const (
	Service      = 4
	PaymentOf    = 10 // of an advance, whose subject is not known yet
	NonOperating = 15 // penalties and fines
)

// Roubles is a sum in a document: a number of roubles with kopecks, never a binary fraction.
type Roubles money.Amount

// MarshalJSON writes 385.50.
func (r Roubles) MarshalJSON() ([]byte, error) { return []byte(money.Amount(r).String()), nil }

// UnmarshalJSON reads a number of roubles, or the same in quotes.
func (r *Roubles) UnmarshalJSON(b []byte) error {
	a, err := money.Parse(string(bytes.Trim(b, `"`)))
	*r = Roubles(a)
	return err
}

// Document is what is sent: a receipt, or a correction.
type Document struct {
	Timestamp  string    `json:"timestamp"` // dd.mm.yyyy HH:MM:SS
	ExternalID string    `json:"external_id"`
	Service    *Callback `json:"service,omitempty"`
	Receipt    *Receipt  `json:"receipt,omitempty"`
	Correction *Receipt  `json:"correction,omitempty"`
}

// Body is the receipt or the correction of the document; nil when it has neither.
func (d *Document) Body() *Receipt {
	if d.Correction != nil {
		return d.Correction
	}
	return d.Receipt
}

// Callback says where the register calls back.
type Callback struct {
	CallbackURL string `json:"callback_url,omitempty"`
}

// Receipt is the fiscal document.
type Receipt struct {
	Client         Buyer           `json:"client"`
	Company        Company         `json:"company"`
	CorrectionInfo *CorrectionInfo `json:"correction_info,omitempty"`
	Items          []Item          `json:"items"`
	Payments       []Payment       `json:"payments"`
	Vats           []Vat           `json:"vats,omitempty"`
	Total          Roubles         `json:"total"`              // tag 1020
	Internet       bool            `json:"internet,omitempty"` // tag 1125
	Cashier        string          `json:"cashier,omitempty"`  // tag 1021
}

// Buyer is the buyer's address, tag 1008: an e-mail or a telephone.
type Buyer struct {
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Company is who takes the money: tags 1117, 1055, 1018, 1187.
type Company struct {
	Email          string `json:"email"`
	Sno            string `json:"sno"`
	INN            string `json:"inn"`
	PaymentAddress string `json:"payment_address"`
}

// CorrectionInfo is why a correction is made: tag 1173 and 1174. Type is «self» or «instruction».
type CorrectionInfo struct {
	Type       string `json:"type"`
	BaseDate   string `json:"base_date"` // dd.mm.yyyy, of the settlement corrected
	BaseNumber string `json:"base_number,omitempty"`
}

// Item is a line: tags 1030, 1079, 1023, 1043, 2108, 1214, 1212, 1199, 1222, 1224.
type Item struct {
	Name          string        `json:"name"`
	Price         Roubles       `json:"price"`
	Quantity      int           `json:"quantity"`
	Sum           Roubles       `json:"sum"`
	Measure       int           `json:"measure"` // 0: by the piece
	PaymentMethod string        `json:"payment_method"`
	PaymentObject int           `json:"payment_object"`
	Vat           Vat           `json:"vat"`
	AgentInfo     *AgentInfo    `json:"agent_info,omitempty"`
	SupplierInfo  *SupplierInfo `json:"supplier_info,omitempty"`
}

// AgentInfo says that the money is taken for another: tag 1222 and the agent's telephones, tag 1073.
type AgentInfo struct {
	Type        string  `json:"type"`
	PayingAgent *Phones `json:"paying_agent,omitempty"`
}

// Phones are telephones in full: +79991234567.
type Phones struct {
	Phones []string `json:"phones"`
}

// SupplierInfo is for whom the money is taken: tags 1171, 1225, 1226.
type SupplierInfo struct {
	Phones []string `json:"phones,omitempty"`
	Name   string   `json:"name"`
	INN    string   `json:"inn"`
}

// Payment is how much was given in one way.
type Payment struct {
	Type int     `json:"type"`
	Sum  Roubles `json:"sum"`
}

// Vat is a rate and what of the sum it is.
type Vat struct {
	Type string  `json:"type"`
	Sum  Roubles `json:"sum"`
}

// timeLayout is how the register writes moments.
const timeLayout = "02.01.2006 15:04:05"

// Stamp writes a moment as the register does.
func Stamp(t time.Time) string { return t.Format(timeLayout) }

// ParseStamp reads a moment of the register, in the zone of the till.
func ParseStamp(s string, zone *time.Location) (time.Time, error) {
	return time.ParseInLocation(timeLayout, s, zone)
}
