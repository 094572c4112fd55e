package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/exchange/gis"
)

// Kinds of queries beside those of objects.
const (
	kindList    gis.Kind = "list"
	kindOwnList gis.Kind = "own_list"
)

// queries are the elements that ask what there is.
var queries = map[string]gis.Kind{
	"exportAccountRequest": gis.KindAccount, "exportMeteringDeviceDataRequest": gis.KindMeter, "exportHouseRequest": gis.KindPremises, "exportPaymentDocumentRequest": gis.KindDocument,
	"exportNsiItemRequest": kindList, "exportDataProviderNsiItemRequest": kindOwnList,
}

// has answers a query with what there is at the moment of the answer.
func (s *Server) has(m *message) []node {
	var list []node
	switch m.kind {
	case kindList, kindOwnList:
		number, _ := strconv.Atoi(m.query.find("RegistryNumber")) // no number is no list
		entries := s.list(number)
		if entries == nil || gis.Own(number) != (m.kind == kindOwnList) {
			return []node{failed(gis.CodeNothing, "Справочник не найден")}
		}
		space, _ := service(m.kind)
		return []node{codeList(space, number, entries)}
	case gis.KindPremises:
		return s.flats(m.query.find("FIASHouseGuid"))
	case gis.KindDocument:
		list = s.documents(m.query)
	default:
		list = s.ofHouse(m)
	}
	if len(list) == 0 {
		return []node{failed(gis.CodeNothing, "Нет объектов для экспорта")}
	}
	return list
}

// there are the standing objects of a kind in the order they came.
func (s *Server) there(kind gis.Kind) (list []Saved) {
	for _, x := range s.standing {
		if x.Kind == kind {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b Saved) int { return a.Order - b.Order })
	return list
}

// ofHouse are the accounts or meters of a house. Which house an account of a flat is in the simulator knows by the flat.
func (s *Server) ofHouse(m *message) (list []node) {
	house := m.query.find("FIASHouseGuid")
	own := map[string]bool{}
	for _, x := range s.there(gis.KindAccount) {
		if strings.HasPrefix(x.Entity, m.org+" ") && s.houseOf(x.node) == house {
			own[x.GUID] = true
			if m.kind == gis.KindAccount {
				list = append(list, foundAccount(&x))
			}
		}
	}
	for _, x := range s.there(gis.KindMeter) {
		if m.kind == gis.KindMeter && own[x.node.find("AccountGUID")] {
			list = append(list, foundMeter(&x))
		}
	}
	return list
}

func (s *Server) houseOf(account *node) string {
	if flat := account.find("PremisesGUID"); flat != "" {
		for house, flats := range s.o.Flats {
			for _, f := range flats {
				if flatGUID(house, f) == flat {
					return house
				}
			}
		}
	}
	return account.find("FIASHouseGuid")
}

// flatGUID is the identifier of a flat of a house.
func flatGUID(house, number string) string {
	return fmt.Sprintf("%s-%012x", house[:23], hash(house+" "+number)&0xffffffffffff)
}

func (s *Server) flats(house string) []node {
	for n := 1; n <= s.o.FlatsMade && len(s.o.Flats[house]) < s.o.FlatsMade; n++ {
		s.o.Flats[house] = append(s.o.Flats[house], strconv.Itoa(n))
	}
	if s.o.Flats[house] == nil {
		return []node{failed(gis.CodeNothing, "Нет объектов для экспорта")}
	}
	h := el(houses, "ApartmentHouse", el(houses, "BasicCharacteristicts", el(houses, "FIASHouseGuid", house)))
	for _, f := range s.o.Flats[house] {
		h.Children = append(h.Children, el(houses, "ResidentialPremises", el(houses, "PremisesNum", f), el(houses, "PremisesUniqueNumber", f), el(houses, "ModificationDate", day),
			el(houses, "PremisesGUID", flatGUID(house, f))))
	}
	return []node{el(houses, "exportHouseResult", el(houses, "HouseUniqueNumber", house), el(houses, "ModificationDate", day), h)}
}

// foundAccount is an account as it is told: what it was sent with, and its numbers.
func foundAccount(x *Saved) node {
	n := el(houses, "exportAccountResult")
	number := ""
	for _, c := range x.node.Children {
		switch c.XMLName.Local {
		case "TransportGUID", "AccountGUID":
		case "AccountNumber":
			number = c.Text
		default:
			n.Children = append(n.Children, c)
		}
	}
	n.Children = append(n.Children, el(houses, "AccountNumber", number), el(houses, "AccountGUID", x.GUID), el(account, "UnifiedAccountNumber", x.Unique), el(account, "ServiceID", x.Unique+"-01"))
	return n
}

func foundMeter(x *Saved) node {
	data, status := slices.Clone(x.node.child("DeviceDataToCreate").Children), "Active"
	if x.Number != "" {
		basic := data[0]
		basic.Children = slices.Clone(basic.Children)
		basic.Children[0] = el(houses, "MeteringDeviceNumber", x.Number)
		data[0] = basic
	}
	if x.Archived {
		status = "Archival"
	}
	return el(houses, "exportMeteringDeviceDataResult", data, el(houses, "MeteringDeviceRootGUID", x.GUID), el(houses, "StatusRootDoc", status),
		el(houses, "MeteringDeviceVersionGUID", x.version()), el(houses, "VersionNumber", "1"), el(houses, "StatusVersion", "Active"), el(houses, "UpdateDateTime", day), el(houses, "MeteringDeviceGISGKHNumber", x.Unique))
}

// documents are the payment documents of the accounts a query names.
func (s *Server) documents(query *node) (list []node) {
	month := fmt.Sprint(" ", query.find("Year"), ".", query.find("Month"))
	for _, a := range query.all("AccountGUID") {
		x, ok := s.standing[a+month]
		if !ok {
			continue
		}
		total := x.node.find("TotalPayableByPDWithDebtAndAdvance")
		d := el(bills, "PaymentDocument", el(account, "AccountGuid", a), el(bill, "PaymentDocumentNumber", x.node.find("PaymentDocumentNumber")))
		if total != "" {
			d.Children = append(d.Children, el(bills, "TotalPayableByPDWithDebtAndAdvance", total))
		}
		d.Children = append(d.Children, el(bill, "PaymentDocumentID", x.Unique), el(bills, "PaymentInformation"))
		list = append(list, el(bills, "exportPaymentDocResult", d))
	}
	return list
}
