package gis

import (
	"context"
	"encoding/xml"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// KindPremises is asked about only: flats of a house with their identifiers.
const KindPremises Kind = "premises"

// queries are the operations that tell what ГИС ЖКХ has, by the kind of object, with how many of ours one may name.
var queries = map[Kind]Operation{
	KindAccount:  {pathHouses, "exportAccountData", 1},
	KindMeter:    {pathHouses, "exportMeteringDeviceData", 1},
	KindPremises: {pathHouses, "exportHouseData", 1},
	KindDocument: {pathBills, "exportPaymentDocumentData", QueryMax},
}

// QueryMax is how many accounts one query of documents names.
const QueryMax = 1000

// Asked tells whether ГИС ЖКХ can be asked about objects of a kind.
func Asked(k Kind) bool { return queries[k].Path != "" }

// Query asks what ГИС ЖКХ has: of a house, or payment documents of accounts for a month.
type Query struct {
	Kind     Kind
	Message  string // our MessageGUID
	Org      string
	House    string // code of ФИАС
	Month    calendar.Month
	Accounts []string // GUIDs
}

type accountQuery struct {
	XMLName xml.Name `xml:"hm:exportAccountRequest"`
	body
	House string `xml:"hm:FIASHouseGuid"`
}

type meterQuery struct {
	XMLName xml.Name `xml:"hm:exportMeteringDeviceDataRequest"`
	body
	House string `xml:"hm:FIASHouseGuid"`
}

type premisesQuery struct {
	XMLName xml.Name `xml:"hm:exportHouseRequest"`
	body
	House string `xml:"hm:FIASHouseGuid"`
}

type documentQuery struct {
	XMLName xml.Name `xml:"bills:exportPaymentDocumentRequest"`
	body
	Year     int      `xml:"base:Year"`
	Month    int      `xml:"base:Month"`
	Accounts []string `xml:"bills:AccountGUID"`
}

func (q *Query) content() any {
	switch q.Kind {
	case KindAccount:
		return accountQuery{body: versioned("10.0.1.1"), House: q.House}
	case KindMeter:
		return meterQuery{body: versioned("11.1.0.2"), House: q.House}
	case KindPremises:
		return premisesQuery{body: versioned("12.2.0.1"), House: q.House}
	}
	return documentQuery{body: versioned("10.0.1.1"), Year: q.Month.Year(), Month: q.Month.Number(), Accounts: q.Accounts}
}

// Encode writes the query as it is sent at a moment.
func (q *Query) Encode(at calendar.Micros) ([]byte, error) {
	if q.Kind == KindDocument {
		if n := len(q.Accounts); n == 0 || n > QueryMax {
			return nil, fmt.Errorf("query of %d accounts, at most %d", n, QueryMax)
		}
	} else if !ValidGUID(q.House) {
		return nil, fault.New(fault.Invalid, "gis.house", "У дома нет кода ФИАС: спросить о нём ГИС ЖКХ нельзя. Допишите guid в реестре домов.")
	}
	return wrap(header{Date: stamp(at), Message: q.Message, Org: q.Org, Operator: true}, q.content())
}

// Query sends a query and gives the GUID it was taken under, as Send does.
func (c *Client) Query(ctx context.Context, q *Query) (guid string, err error) {
	text, err := q.Encode(c.Now())
	if err != nil {
		return "", err
	}
	return c.sent(ctx, queries[q.Kind], q.Message, text)
}
