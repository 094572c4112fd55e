package simulator

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"kvit/internal/exchange/gis"
)

// elements of requests that hold an object.
var elements = map[string]gis.Kind{
	"Account":                                  gis.KindAccount,
	"MeteringDevicesValues":                    gis.KindReading,
	"PaymentDocument":                          gis.KindDocument,
	"WithdrawPaymentDocument":                  gis.KindWithdrawal,
	"SupplierNotificationOfOrderExecution":     gis.KindPayment,
	"NotificationOfOrderExecutionCancellation": gis.KindCancellation,
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
func entity(kind gis.Kind, o *node) string {
	switch kind {
	case gis.KindAccount:
		return o.find("AccountNumber")
	case gis.KindReading:
		return o.find("MeteringDeviceRootGUID")
	case gis.KindDocument:
		return o.find("AccountGuid")
	case gis.KindWithdrawal:
		return o.find("PaymentDocumentID")
	case gis.KindPayment:
		return o.find("ServiceID") + o.find("PaymentDocumentID")
	}
	return o.find("OrderID")
}

// result is what is said of an object.
type result struct {
	transport, guid, unique string
	account                 bool
	code, text              string
}

// save saves an object once; sent again it is there already.
func (s *Server) save(kind gis.Kind, o *node) result {
	r := result{transport: o.find("TransportGUID"), account: kind == gis.KindAccount}
	if old, ok := s.saved[r.transport]; ok {
		r.guid, r.code, r.text = old.GUID, gis.CodeExists, "Объект уже существует"
		return r
	}
	if r.code, r.text = s.objection(kind, o); r.code != "" {
		return r
	}
	x := Saved{Kind: kind, Entity: entity(kind, o), Text: o.plain(), GUID: newGUID(s.rng), Order: len(s.saved)}
	x.Unique = s.number(kind, len(s.saved))
	if old, ok := s.accounts[x.Entity]; ok && kind == gis.KindAccount {
		x.GUID, x.Unique = old.GUID, old.Unique // the same account told again
	}
	if kind == gis.KindAccount {
		s.accounts[x.Entity] = x
	}
	s.saved[r.transport], s.unique[x.Unique] = x, true
	r.guid, r.unique = x.GUID, x.Unique
	return r
}

// objection is why an object is not saved.
func (s *Server) objection(kind gis.Kind, o *node) (code, text string) {
	guid := o.find("TransportGUID")
	if fated(guid, s.o.Refuse) {
		s.refused[guid] = true
		return "INT002000", "Отказано: сведения не прошли проверку"
	}
	if ref := o.child("MunicipalResource"); ref != nil && !strings.HasPrefix(ref.find("GUID"), s.listMark()) {
		return gis.CodeList, "Запись справочника не действует"
	}
	number := map[gis.Kind]string{gis.KindWithdrawal: "PaymentDocumentID", gis.KindCancellation: "OrderID"}[kind]
	if number != "" && !s.unique[o.find(number)] {
		return "INT002012", "Такого объекта нет: " + o.find(number)
	}
	return "", ""
}

// number is the number the portal gives: ЕЛС, ИПД, the number of a payment.
func (s *Server) number(kind gis.Kind, n int) string {
	switch kind {
	case gis.KindAccount:
		return fmt.Sprintf("40ОН%06d", n)
	case gis.KindDocument:
		return fmt.Sprintf("40ОН%06d-01-6%03d", n, n%1000)
	case gis.KindPayment:
		return fmt.Sprintf("%032d", n)
	}
	return ""
}

// listMark is what GUIDs of the code list begin with: another after it changed.
func (s *Server) listMark() string {
	if s.o.ChangeList > 0 && s.since() >= s.o.ChangeList {
		return "22222222"
	}
	return "11111111"
}

// resources of the code list of metered resources.
var resources = []string{"Холодная вода", "Горячая вода", "Электрическая энергия", "Газ", "Тепловая энергия", "Сточные бытовые воды"}

func (s *Server) list() (list []listEntry) {
	for i, name := range resources {
		list = append(list, listEntry{Code: fmt.Sprint(i + 1), GUID: fmt.Sprintf("%s-0000-4000-8000-%012d", s.listMark(), i+1), Name: name})
	}
	return list
}

func newGUID(r *rand.Rand) string {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}
