package gis_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/gistest"
)

// xsd is where the schemas are, seen from this package.
const xsd = "../../../../shared/samples/gis-zhkh/wsdl-12.2.2"

// TestMessagesKeepTheSchema: any message that our own limits let through is one by the schemas of ГИС ЖКХ.
func TestMessagesKeepTheSchema(t *testing.T) {
	var envelopes [][]byte
	seen := map[gis.Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(gis.Kinds).Draw(t, "kind")
		r := &gis.Request{Kind: kind, Message: uuid.NewString(), Org: uuid.NewString(), Operator: rapid.Bool().Draw(t, "operator"), Month: calendar.NewMonth(2026, 11), BIC: "044525225", Account: "40702810938000060473"}
		if rapid.Bool().Draw(t, "centre") {
			r.Provider = uuid.NewString()
		}
		for range rapid.IntRange(5, 10).Draw(t, "objects") {
			o := someObject(t, kind, r.Message)
			o.Carry(uuid.NewString())
			if o.Broken() == "" {
				r.Objects = append(r.Objects, o)
			}
		}
		if len(r.Objects) == 0 {
			return
		}
		text, err := r.Encode(1_795_000_000_000_000)
		if err != nil {
			t.Fatal(err)
		}
		envelopes, seen[kind] = append(envelopes, text), seen[kind]+1
	})
	for _, k := range gis.Kinds {
		if seen[k] == 0 {
			t.Errorf("no message of %s was let through", k)
		}
	}
	for _, k := range []gis.Kind{gis.KindAccount, gis.KindMeter, gis.KindPremises, gis.KindDocument} {
		q := gis.Query{Kind: k, Message: uuid.NewString(), Org: uuid.NewString(), House: uuid.NewString(), Month: calendar.NewMonth(2026, 11), Accounts: []string{uuid.NewString(), uuid.NewString()}}
		text, err := q.Encode(1_795_000_000_000_000)
		if err != nil {
			t.Fatal(err)
		}
		envelopes = append(envelopes, text)
	}
	gistest.Check(t, xsd, append(envelopes, otherMessages(t)...))
}

// otherMessages are those that carry no object: asking what became of a message and for a code list.
func otherMessages(t *testing.T) [][]byte {
	seen := &gistest.Recorder{Transport: silent{}}
	c := &gis.Client{Transport: seen, Signer: gis.Unsigned{}, Now: func() calendar.Micros { return 1_795_000_000_000_000 }}
	if _, err := c.Ask(t.Context(), gis.KindAccount, uuid.NewString(), uuid.NewString()); err == nil {
		t.Error("silence was an answer")
	}
	if _, err := c.List(t.Context(), uuid.NewString(), 2); err == nil {
		t.Error("silence was a code list")
	}
	if _, err := c.List(t.Context(), uuid.NewString(), gis.ListMunicipal); err == nil {
		t.Error("silence was a supplier's own code list")
	}
	return seen.Messages()
}

// silent is a transport that never answers.
type silent struct{}

func (silent) Call(context.Context, string, string, []byte) ([]byte, error) {
	return nil, fmt.Errorf("silence")
}

func maybe(t *rapid.T, g *rapid.Generator[string]) string {
	if rapid.Bool().Draw(t, "there") {
		return g.Draw(t, "value")
	}
	return ""
}

var (
	anyNumber = rapid.StringMatching(`[ A-Za-zА-Яа-я0-9/<&"'_-]{0,34}`)
	anySum    = rapid.OneOf(sums(5_000_00), sums(5_000_00), sums(5_000_00), sums(20_000_000_000_00))
	anyFigure = rapid.OneOf(rapid.StringMatching(`[0-9]{1,6}(\.[0-9]{1,6})?`), rapid.StringMatching(`[0-9]{1,6}(\.[0-9]{1,4})?`), rapid.StringMatching(`-?[0-9]{1,16}(\.[0-9]{1,8})?`))
	anyDay    = rapid.SampledFrom([]string{"2026-11-24", "2026-02-28", "24.11.2026"})
	anyGUID   = rapid.SampledFrom([]string{"a1b2c3d4-0000-4000-8000-000000000001", "A1B2C3D4-0000-4000-8000-00000000000F", "a1b2c3d4"})
)

func sums(most int64) *rapid.Generator[string] {
	return rapid.Map(rapid.Int64Range(-most, most), func(n int64) string { return fmt.Sprintf("%s%d.%02d", sign(n), abs(n)/100, abs(n)%100) })
}

func sign(n int64) string {
	if n < 0 {
		return "-"
	}
	return ""
}

func abs(n int64) int64 { return max(n, -n) }

func someRef(t *rapid.T) gis.Ref {
	return gis.Ref{Code: rapid.SampledFrom([]string{"1", "1.1", "A001", "12345", "6.2."}).Draw(t, "code"), GUID: anyGUID.Draw(t, "guid"), Name: maybe(t, anyNumber)}
}

func someObject(t *rapid.T, k gis.Kind, message string) gis.Object {
	switch k {
	case gis.KindAccount:
		return someAccount(t)
	case gis.KindMeter:
		return someMeter(t)
	case gis.KindReading:
		return someReading(t)
	case gis.KindDocument:
		return someDocument(t, message)
	case gis.KindWithdrawal:
		return &gis.Withdrawal{DocumentID: "40ОН891234-02-6101"}
	case gis.KindPayment:
		p := &gis.Payment{On: anyDay.Draw(t, "day"), Amount: anySum.Draw(t, "sum")}
		if rapid.Bool().Draw(t, "by document") {
			p.DocumentID = "40ОН891234-02-6101"
		} else {
			p.ServiceID = "40ОН891234-02"
		}
		if rapid.Bool().Draw(t, "period") {
			p.Period = &gis.Period{Month: rapid.IntRange(0, 13).Draw(t, "month"), Year: rapid.IntRange(1900, 2100).Draw(t, "year")}
		}
		return p
	case gis.KindAck:
		a := &gis.Acknowledgment{NoticeGUID: anyGUID.Draw(t, "notice"), For: gis.AckPart{DocumentID: "40ОН891234-02-6101", Amount: rapid.OneOf(rapid.StringMatching(`[1-9][0-9]{0,9}`), anySum).Draw(t, "sum")}}
		*rapid.SampledFrom([]*string{&a.For.Housing, &a.For.Municipal, &a.For.Additional}).Draw(t, "service") = anyGUID.Draw(t, "entry")
		return a
	case gis.KindUnack:
		return &gis.Unack{NoticeGUID: anyGUID.Draw(t, "notice"), DocumentID: "40ОН891234-02-6101"}
	}
	return &gis.Cancellation{OrderID: fmt.Sprintf("%032d", rapid.Int().Draw(t, "order")), On: anyDay.Draw(t, "day"), Comment: maybe(t, anyNumber)}
}

func someAccount(t *rapid.T) *gis.Account {
	a := &gis.Account{Number: anyNumber.Draw(t, "number"), Persons: maybe(t, rapid.StringMatching(`-?[0-9]{1,5}`)), TotalArea: maybe(t, anyFigure), LivingArea: maybe(t, anyFigure), HeatedArea: maybe(t, anyFigure), AccountGUID: maybe(t, rapid.Just(uuid.NewString()))}
	*rapid.SampledFrom([]*bool{&a.IsUO, &a.IsRSO, &a.IsCR, &a.IsRC, &a.IsOGV, &a.IsTKO}).Draw(t, "kind") = true
	var place gis.Accommodation
	*rapid.SampledFrom([]*string{&place.PremisesGUID, &place.HouseGUID, &place.RoomGUID}).Draw(t, "place") = anyGUID.Draw(t, "guid")
	a.Accommodation = []gis.Accommodation{place}
	if rapid.Bool().Draw(t, "closed") {
		a.Closed = &gis.Closing{Reason: someRef(t), On: anyDay.Draw(t, "closed on")}
	}
	a.Payer.Renter, a.Payer.Divided = rapid.Bool().Draw(t, "renter"), rapid.Bool().Draw(t, "divided")
	return a
}

func someMeter(t *rapid.T) *gis.Meter {
	switch rapid.IntRange(0, 4).Draw(t, "meter") {
	case 0:
		return &gis.Meter{Change: &gis.MeterChange{VersionGUID: anyGUID.Draw(t, "version"), Renamed: &gis.MeterRenamed{Number: anyNumber.Draw(t, "number")}}}
	case 1:
		return &gis.Meter{Change: &gis.MeterChange{VersionGUID: anyGUID.Draw(t, "version"), Archived: &gis.MeterArchive{Reason: someRef(t)}}}
	case 2:
		r := &gis.MeterReplace{On: anyDay.Draw(t, "replaced on"), Planned: rapid.Bool().Draw(t, "planned"), By: anyGUID.Draw(t, "by")}
		if reason := someRef(t); rapid.Bool().Draw(t, "failed") {
			r.Reason = &reason
		}
		return &gis.Meter{Change: &gis.MeterChange{VersionGUID: anyGUID.Draw(t, "version"), Replaced: r}}
	}
	m := &gis.Meter{Data: &gis.MeterData{Single: true, Basic: gis.MeterBasic{Number: anyNumber.Draw(t, "number"), InstalledOn: maybe(t, anyDay)}}}
	if rapid.Bool().Draw(t, "flat") {
		m.Data.Basic.Flat = &gis.FlatMeter{PremisesGUID: anyGUID.Draw(t, "guid"), AccountGUID: anyGUID.Draw(t, "guid")}
	} else {
		m.Data.Basic.House = &gis.HouseMeter{AccountGUID: anyGUID.Draw(t, "guid")}
	}
	if rapid.Bool().Draw(t, "electric") {
		m.Data.Electric = &gis.FirstValues{T1: anyFigure.Draw(t, "T1"), T2: maybe(t, anyFigure), T3: maybe(t, anyFigure)}
	} else {
		m.Data.Resource = &gis.FirstOneRate{Resource: someRef(t), Value: anyFigure.Draw(t, "value")}
	}
	return m
}

func someReading(t *rapid.T) *gis.Reading {
	r := &gis.Reading{MeterGUID: anyGUID.Draw(t, "guid")}
	if rapid.Bool().Draw(t, "electric") {
		r.Electric = &gis.ElectricValue{T1: anyFigure.Draw(t, "T1"), T2: maybe(t, anyFigure), T3: maybe(t, anyFigure), On: anyDay.Draw(t, "day")}
	} else {
		r.OneRate = &gis.OneRateValue{Resource: someRef(t), Value: anyFigure.Draw(t, "value"), On: anyDay.Draw(t, "day")}
	}
	return r
}

func someDocument(t *rapid.T, message string) *gis.Document {
	d := &gis.Document{AccountGUID: anyGUID.Draw(t, "guid"), Number: anyNumber.Draw(t, "number"), Expose: rapid.Bool().Draw(t, "expose"), TotalCharged: maybe(t, anySum), Debt: maybe(t, anySum), Advance: maybe(t, anySum),
		Total: maybe(t, anySum), Penalties: maybe(t, anySum), TotalPayable: maybe(t, anySum), PaidCash: maybe(t, anySum), DocumentID: maybe(t, rapid.Just("40ОН891234-02-6101")), Requisites: message}
	for range rapid.IntRange(0, 3).Draw(t, "lines") {
		s := &gis.ServiceCharge{Service: someRef(t), Rate: anyFigure.Draw(t, "rate"), Total: anySum.Draw(t, "total"), Period: maybe(t, anySum)}
		if rapid.Bool().Draw(t, "recalculated") {
			s.Recalc = &gis.Recalculation{Reason: anyNumber.Draw(t, "reason"), Sum: anySum.Draw(t, "sum")}
		}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			d.Charges = append(d.Charges, gis.Charge{Housing: s})
		case 1:
			d.Charges = append(d.Charges, gis.Charge{Additional: s})
		default:
			if rapid.Bool().Draw(t, "volume") {
				s.Consumed = &gis.Consumption{Volume: gis.Volume{Type: "I", Value: anyFigure.Draw(t, "volume")}}
			}
			d.Charges = append(d.Charges, gis.Charge{Municipal: s})
		}
	}
	return d
}
