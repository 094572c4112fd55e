package simulator

import (
	"fmt"
	"math/rand/v2"

	"kvit/internal/exchange/gis"
)

// elements of requests that hold an object.
var elements = map[string]gis.Kind{
	"Account":                                  gis.KindAccount,
	"MeteringDevice":                           gis.KindMeter,
	"MeteringDevicesValues":                    gis.KindReading,
	"PaymentDocument":                          gis.KindDocument,
	"WithdrawPaymentDocument":                  gis.KindWithdrawal,
	"SupplierNotificationOfOrderExecution":     gis.KindPayment,
	"NotificationOfOrderExecutionCancellation": gis.KindCancellation,
	"AcknowledgmentRequestInfo":                gis.KindAck,
	"AckCancellation":                          gis.KindUnack,
}

// objects are those of a request with their kind: a request has objects of one kind.
func (q *request) objects() (kind gis.Kind, list []*node) {
	for i := range q.body.Children {
		if k, ok := elements[q.body.Children[i].XMLName.Local]; ok {
			kind, list = k, append(list, &q.body.Children[i])
		}
	}
	return kind, list
}

// entity is what an object is about.
func (q *request) entity(kind gis.Kind, o *node) string {
	switch kind {
	case gis.KindAccount:
		return q.org + " " + o.find("AccountNumber")
	case gis.KindMeter:
		if version := o.find("MeteringDeviceVersionGUID"); version != "" {
			return version
		}
		return q.org + " " + o.find("MeteringDeviceNumber") + " " + o.find("AccountGUID")
	case gis.KindReading:
		return o.find("MeteringDeviceRootGUID")
	case gis.KindDocument:
		return fmt.Sprint(o.find("AccountGuid"), " ", q.body.find("Year"), ".", q.body.find("Month"))
	case gis.KindWithdrawal:
		return o.find("PaymentDocumentID")
	case gis.KindPayment:
		return o.find("ServiceID") + o.find("PaymentDocumentID")
	case gis.KindAck, gis.KindUnack:
		return o.find("NotificationsOfOrderExecutionGUID")
	}
	return o.find("OrderID")
}

// result is what is said of an object.
type result struct {
	kind                    gis.Kind
	transport, guid, unique string
	code, text              string
}

// save saves an object once; sent again, or another of what there is, it is there already.
func (s *Server) save(q *request, kind gis.Kind, o *node) result {
	r := result{kind: kind, transport: o.find("TransportGUID")}
	if old, ok := s.saved[r.transport]; ok {
		r.guid, r.code, r.text = old.GUID, gis.CodeExists, "Объект уже существует"
		return r
	}
	if r.code, r.text = s.objection(kind, o); r.code != "" {
		return r
	}
	x := Saved{Kind: kind, Entity: q.entity(kind, o), Text: o.plain(), GUID: newGUID(s.rng), Order: len(s.saved), node: o}
	x.Unique = s.number(kind, len(s.saved))
	if kind == gis.KindMeter && o.child("DeviceDataToUpdate") != nil {
		if r.code, r.text = s.changeMeter(o, &x); r.code != "" {
			return r
		}
	} else if old, there := s.standing[x.Entity]; there && s.stands(kind) {
		if r.code, r.text = anew(kind, o, &old); r.code != "" {
			return r
		}
		x.GUID, x.Unique = old.GUID, old.Unique // the same told again
	}
	if s.stands(kind) {
		s.standing[x.Entity] = x
	}
	switch kind {
	case gis.KindWithdrawal:
		s.withdraw(x.Entity)
	case gis.KindAck:
		s.acked[x.Entity] = true
	case gis.KindUnack:
		delete(s.acked, x.Entity)
	}
	s.saved[r.transport], s.unique[x.Unique] = x, true
	r.guid, r.unique = x.GUID, x.Unique
	return r
}

// stands tells whether there is one object of a kind for an entity, which is changed and not added to.
func (s *Server) stands(kind gis.Kind) bool {
	return kind == gis.KindAccount || kind == gis.KindMeter || kind == gis.KindDocument
}

// anew refuses an object that does not name the one there is.
func anew(kind gis.Kind, o *node, old *Saved) (code, text string) {
	if kind == gis.KindAccount && o.find("AccountGUID") == old.GUID || kind == gis.KindDocument && o.find("PaymentDocumentID") == old.Unique {
		return "", ""
	}
	return gis.CodeExists, "Такой объект уже существует"
}

// withdraw forgets the document of a number.
func (s *Server) withdraw(number string) {
	for entity, x := range s.standing {
		if x.Unique == number && x.Kind == gis.KindDocument {
			delete(s.standing, entity)
		}
	}
}

// objection is why an object is not saved.
func (s *Server) objection(kind gis.Kind, o *node) (code, text string) {
	guid := o.find("TransportGUID")
	if fated(guid, s.o.Refuse) {
		s.refused[guid] = true
		return gis.CodeData, "Отказано: сведения не прошли проверку"
	}
	if fated("busy"+guid, s.o.Busy) && !s.wasBusy[guid] {
		s.wasBusy[guid] = true
		return gis.CodeBusy, "Внутренняя ошибка. Попробуйте повторить позже"
	}
	if s.outdated(o) {
		return gis.CodeList, "Запись справочника не действует"
	}
	if code, text := s.unfounded(kind, o); code != "" {
		return code, text
	}
	number := map[gis.Kind]string{gis.KindWithdrawal: "PaymentDocumentID", gis.KindCancellation: "OrderID"}[kind]
	if number != "" && !s.unique[o.find(number)] {
		return gis.CodeNothing, "Такого объекта нет: " + o.find(number)
	}
	return "", ""
}

// number is the number the portal gives: ЕЛС, ИПД, the number of a payment or of a meter.
func (s *Server) number(kind gis.Kind, n int) string {
	switch kind {
	case gis.KindAccount:
		return fmt.Sprintf("40ОН%06d", n)
	case gis.KindMeter:
		return fmt.Sprintf("%d-%d", 100000+n, n%10)
	case gis.KindDocument:
		return fmt.Sprintf("40ОН%06d-01-6%03d", n, n%1000)
	case gis.KindPayment:
		return fmt.Sprintf("%032d", n)
	}
	return ""
}

func newGUID(r *rand.Rand) string {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}
