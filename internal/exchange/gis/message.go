package gis

import (
	"encoding/xml"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Request is a message to be sent.
type Request struct {
	Kind     Kind
	Message  string // our MessageGUID
	Org      string // orgPPAGUID of the supplier it is sent for
	Operator bool   // signed by the operator of the information system, not by the supplier
	Month    calendar.Month
	BIC      string // requisites of documents
	Account  string
	Provider string // orgPPAGUID of whose accounts a centre bills for
	Objects  []Object
}

// body is what all requests begin with: the mark for the signature and the version of the element.
type body struct {
	ID      string `xml:"Id,attr"`
	Version string `xml:"base:version,attr"`
}

func versioned(version string) body { return body{"signed-data-container", version} }

type accountsBody struct {
	XMLName xml.Name `xml:"hm:importAccountRequest"`
	body
	Accounts []Object `xml:"hm:Account"`
}

type metersBody struct {
	XMLName xml.Name `xml:"hm:importMeteringDeviceDataRequest"`
	body
	Meters []Object `xml:"hm:MeteringDevice"`
}

type readingsBody struct {
	XMLName xml.Name `xml:"dm:importMeteringDeviceValuesRequest"`
	body
	Readings []Object `xml:"dm:MeteringDevicesValues"`
}

type documentsBody struct {
	XMLName xml.Name `xml:"bills:importPaymentDocumentRequest"`
	body
	Confirmed  bool       `xml:"bills:ConfirmAmountsCorrect,omitempty"`
	Month      int        `xml:"base:Month"`
	Year       int        `xml:"base:Year"`
	Requisites requisites `xml:"bills:PaymentInformation"`
	Documents  []Object   `xml:"bills:PaymentDocument"`
	Provider   *provider  `xml:"bills:PaymentProviderInformation,omitempty"`
}

type requisites struct {
	BIC           string `xml:"pb:BankBIK"`
	Account       string `xml:"pb:operatingAccountNumber"`
	TransportGUID string `xml:"base:TransportGUID"`
}

type provider struct {
	Org string `xml:"bills:orgPPAGUID"`
}

type withdrawalsBody struct {
	XMLName xml.Name `xml:"bills:importPaymentDocumentRequest"`
	body
	Withdrawals []Object `xml:"bills:WithdrawPaymentDocument"`
}

type paymentsBody struct {
	XMLName xml.Name `xml:"pay:importSupplierNotificationsOfOrderExecutionRequest"`
	body
	Payments []Object `xml:"pay:SupplierNotificationOfOrderExecution"`
}

type cancellationsBody struct {
	XMLName xml.Name `xml:"pay:importNotificationsOfOrderExecutionCancellationRequest"`
	body
	Cancellations []Object `xml:"pay:NotificationOfOrderExecutionCancellation"`
}

type acksBody struct {
	XMLName xml.Name `xml:"bills:importAcknowledgmentRequest"`
	body
	Acks   []Object `xml:"bills:AcknowledgmentRequestInfo"`
	Unacks []Object `xml:"bills:AckCancellation"`
}

type stateBody struct {
	XMLName xml.Name `xml:"base:getStateRequest"`
	Message string   `xml:"base:MessageGUID"`
}

// ownListBody asks for a list the supplier keeps himself.
type ownListBody struct {
	XMLName xml.Name `xml:"own:exportDataProviderNsiItemRequest"`
	body
	List int `xml:"own:RegistryNumber"`
}

type listBody struct {
	XMLName xml.Name `xml:"nc:exportNsiItemRequest"`
	body
	List  int    `xml:"nc:RegistryNumber"`
	Group string `xml:"nsi:ListGroup"`
}

// content is the body element of a request. Requisites have the message's own GUID as their key: it is used in this
// message alone.
func (r *Request) content() any {
	switch r.Kind {
	case KindAccount:
		return accountsBody{body: versioned("10.0.1.1"), Accounts: r.Objects}
	case KindMeter:
		return metersBody{body: versioned("11.1.0.8"), Meters: r.Objects}
	case KindReading:
		return readingsBody{body: versioned("10.0.1.1"), Readings: r.Objects}
	case KindDocument:
		b := documentsBody{body: versioned("11.2.0.16"), Confirmed: true, Month: r.Month.Number(), Year: r.Month.Year(), Requisites: requisites{r.BIC, r.Account, r.Message}, Documents: r.Objects}
		if r.Provider != "" {
			b.Provider = &provider{r.Provider}
		}
		return b
	case KindWithdrawal:
		return withdrawalsBody{body: versioned("11.2.0.16"), Withdrawals: r.Objects}
	case KindPayment:
		return paymentsBody{body: versioned("10.0.1.1"), Payments: r.Objects}
	case KindAck:
		return acksBody{body: versioned("11.0.0.2"), Acks: r.Objects}
	case KindUnack:
		return acksBody{body: versioned("11.0.0.2"), Unacks: r.Objects}
	}
	return cancellationsBody{body: versioned("10.0.1.1"), Cancellations: r.Objects}
}

type header struct {
	Date     string `xml:"base:Date"`
	Message  string `xml:"base:MessageGUID"`
	Org      string `xml:"base:orgPPAGUID"`
	Operator bool   `xml:"base:IsOperatorSignature,omitempty"`
}

type envelope struct {
	XMLName xml.Name   `xml:"soap:Envelope"`
	Names   []xml.Attr `xml:",any,attr"`
	Header  header     `xml:"soap:Header>base:RequestHeader"`
	Body    struct {
		Content any
	} `xml:"soap:Body"`
}

// wrap puts a body element into its envelope.
func wrap(h header, content any) ([]byte, error) {
	e := envelope{Header: h}
	for _, p := range prefixes {
		e.Names = append(e.Names, xml.Attr{Name: xml.Name{Local: "xmlns:" + p.prefix}, Value: p.uri})
	}
	e.Body.Content = content
	text, err := xml.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("message of the state system: %w", err)
	}
	return append([]byte(xml.Header), text...), nil
}

// Encode writes the message as it is sent at a moment. It refuses what the schema does not allow.
func (r *Request) Encode(at calendar.Micros) ([]byte, error) {
	if n := len(r.Objects); n == 0 || n > Operations[r.Kind].Max {
		return nil, fmt.Errorf("request of %d objects of kind %s, at most %d", n, r.Kind, Operations[r.Kind].Max)
	}
	if r.Kind == KindDocument && (!bicForm.MatchString(r.BIC) || !bankForm.MatchString(r.Account)) {
		return nil, errRequisites
	}
	for i, o := range r.Objects {
		if b := o.Broken(); b != "" {
			return nil, fmt.Errorf("object %d of kind %s: %s", i, r.Kind, b)
		}
	}
	return wrap(header{stamp(at), r.Message, r.Org, r.Operator}, r.content())
}

// errRequisites is why no document of a supplier can be sent.
var errRequisites = fault.New(fault.Invalid, "gis.requisites", "У поставщика нет БИК и расчётного счёта: без них платёжные документы в ГИС ЖКХ не принимают. Загрузите реквизиты: kvit suppliers load.")

func stamp(at calendar.Micros) string { return at.Time().Format(time.RFC3339) }
