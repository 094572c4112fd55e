package gis

import "regexp"

// Acknowledgment acknowledges a notice of a payment (квитирование): how much of it is for a service of a payment document.
type Acknowledgment struct {
	NoticeGUID    string  `xml:"pb:NotificationsOfOrderExecutionGUID"`
	For           AckPart `xml:"pb:PaymentDocumentAck"`
	TransportGUID string  `xml:"base:TransportGUID"`
	Service       string  `xml:"-"` // the supplier's own name of it, by which the entry of the code list is found
}

// AckPart is what money is for: one of Housing, Municipal and Additional is the GUID of the entry of the code list.
// Amount is in whole kopecks, as the schema says of it.
type AckPart struct {
	DocumentID string `xml:"bb:PaymentDocumentID"`
	Housing    string `xml:"pb:HSType,omitempty"`
	Municipal  string `xml:"pb:MSType,omitempty"`
	Additional string `xml:"pb:ASType,omitempty"`
	Amount     string `xml:"pb:Amount"`
}

// Unack takes the acknowledgment of a notice back.
type Unack struct {
	NoticeGUID    string `xml:"pb:NotificationsOfOrderExecutionGUID"`
	DocumentID    string `xml:"bb:PaymentDocumentID"`
	TransportGUID string `xml:"base:TransportGUID"`
}

// Carry gives the object its TransportGUID.
func (a *Acknowledgment) Carry(guid string) { a.TransportGUID = guid }

// Carry gives the object its TransportGUID.
func (u *Unack) Carry(guid string) { u.TransportGUID = guid }

// wholeForm is a sum in whole kopecks.
var wholeForm = regexp.MustCompile(`^[1-9]\d{0,10}$`)

// Broken tells which limit the acknowledgment breaks.
func (a *Acknowledgment) Broken() string {
	entries := 0
	for _, guid := range []string{a.For.Housing, a.For.Municipal, a.For.Additional} {
		if ValidGUID(guid) {
			entries++
		} else if guid != "" {
			entries = len(guid)
		}
	}
	return firstBroken(
		rule{ValidGUID(a.NoticeGUID), "идентификатор извещения о платеже"},
		rule{ValidDocumentID(a.For.DocumentID), "ИПД"},
		rule{entries == 1, "код услуги"},
		rule{wholeForm.MatchString(a.For.Amount), "сумма"},
	)
}

// Broken tells which limit it breaks.
func (u *Unack) Broken() string {
	return firstBroken(rule{ValidGUID(u.NoticeGUID), "идентификатор извещения о платеже"}, rule{ValidDocumentID(u.DocumentID), "ИПД"})
}
