package simulator

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"

	"kvit/internal/exchange/gis"
)

// Namespaces of what is answered.
const (
	soap    = "http://schemas.xmlsoap.org/soap/envelope/"
	schema  = "http://dom.gosuslugi.ru/schema/integration/"
	base    = schema + "base/"
	nsi     = schema + "nsi-base/"
	account = schema + "account-base/"
	bill    = schema + "bills-base/"
	houses  = schema + "house-management/"
	meters  = schema + "device-metering/"
	bills   = schema + "bills/"
	payment = schema + "payment/"
	common  = schema + "nsi-common/"
	own     = schema + "nsi/"
)

// service is the namespace of the service that works objects of a kind, and the version of its answers.
func service(k gis.Kind) (space, version string) {
	switch k {
	case gis.KindReading:
		return meters, "10.0.1.1"
	case gis.KindDocument, gis.KindWithdrawal, gis.KindAck, gis.KindUnack:
		return bills, "10.0.1.1"
	case gis.KindPayment, gis.KindCancellation:
		return payment, "10.0.1.1"
	case kindList:
		return common, "10.0.1.2"
	case kindOwnList:
		return own, "10.0.1.2"
	}
	return houses, "11.0.0.1"
}

// day stands for moments nobody compares.
const day = "2026-01-01T00:00:00Z"

func versionOf(v string) xml.Attr {
	return xml.Attr{Name: xml.Name{Space: base, Local: "version"}, Value: v}
}

// receipt is the answer to a message that was taken.
func receipt(m *message) node {
	return el(base, "AckRequest", el(base, "Ack", el(base, "MessageGUID", m.guid), el(base, "RequesterMessageGUID", m.own)))
}

// state is the answer of getState with what is known of the objects.
func state(m *message, at int, known []node) node {
	space, version := service(m.kind)
	return el(space, "getStateResult", versionOf(version), el(base, "RequestState", fmt.Sprint(at)), el(base, "MessageGUID", m.guid), known)
}

// failed is an error in place of results.
func failed(code, text string) node {
	return el(base, "ErrorMessage", el(base, "ErrorCode", code), el(base, "Description", text))
}

// results are what became of objects. Houses wrap theirs.
func results(kind gis.Kind, list []result) (all []node) {
	space, _ := service(kind)
	for i := range list {
		if space == houses {
			all = append(all, el(space, "CommonResult", list[i].parts(space)))
		} else {
			all = append(all, el(space, "ImportResult", list[i].parts(space)))
		}
	}
	if space == houses && len(all) > 0 {
		return []node{el(space, "ImportResult", versionOf("10.0.1.1"), all)}
	}
	return all
}

func (r *result) parts(space string) (list []node) {
	if r.guid != "" {
		list = append(list, el(base, "GUID", r.guid))
	}
	list = append(list, el(base, "TransportGUID", r.transport))
	if r.code != "" {
		return append(list, el(base, "Error", el(base, "ErrorCode", r.code), el(base, "Description", r.text)))
	}
	if r.unique != "" {
		list = append(list, el(base, "UniqueNumber", r.unique))
	}
	list = append(list, el(base, "UpdateDate", day))
	switch r.kind {
	case gis.KindAccount:
		list = append(list, el(space, "ImportAccount", el(account, "UnifiedAccountNumber", r.unique), el(account, "ServiceID", r.unique+"-01")))
	case gis.KindMeter:
		list = append(list, el(space, "importMeteringDevice", el(space, "MeteringDeviceGUID", r.guid)))
	}
	return list
}

// codeList is a code list as it is sent.
func codeList(space string, number int, entries []listEntry) node {
	item := el(space, "NsiItem", el(nsi, "NsiItemRegistryNumber", strconv.Itoa(number)), el(nsi, "Created", day))
	kind := xml.Attr{Name: xml.Name{Space: "http://www.w3.org/2001/XMLSchema-instance", Local: "type"}, Value: "n:NsiElementStringFieldType"}
	name := xml.Attr{Name: xml.Name{Local: "xmlns:n"}, Value: nsi}
	for _, x := range entries {
		field := el(nsi, "NsiElementField", name, kind, el(nsi, "Name", "Наименование"), el(nsi, "Value", x.Name))
		item.Children = append(item.Children, el(nsi, "NsiElement", el(nsi, "Code", x.Code), el(nsi, "GUID", x.GUID), el(nsi, "Modified", day), el(nsi, "IsActual", "true"), field))
	}
	return item
}

type listEntry struct{ Code, GUID, Name string }

// failure is a fault: the message was not taken.
func failure(code, text string) node {
	return el(soap, "Fault", el("", "faultcode", "Client"), el("", "faultstring", text),
		el("", "detail", el(base, "Fault", el(base, "ErrorCode", code), el(base, "ErrorMessage", text))))
}

// say writes an answer.
func (s *Server) say(w http.ResponseWriter, status int, content node) {
	head := el(soap, "Header", el(base, "ResultHeader", el(base, "Date", day), el(base, "MessageGUID", newGUID(s.rng))))
	text, err := xml.Marshal(el(soap, "Envelope", head, el(soap, "Body", content)))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(status)
	w.Write(text) //nolint:errcheck // the client is away
}
