package reading

import (
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/fault"
	"kvit/internal/meter"
)

// meters are the operations on meters of the town.
func (w *town) meters() *meter.Module {
	return meter.New(meter.Deps{DB: w.d, Engine: w.m.Charges.Engine, Charged: charge.Charged, Now: w.m.Now, Today: w.m.Today})
}

func (w *town) step(s meter.Step) *meter.Told {
	w.t.Helper()
	s.Reason = "акт 7"
	told, err := w.meters().Do(w.ctx, system, s)
	if err != nil {
		w.t.Fatal(err)
	}
	return told
}

func (w *town) card(serial string) meter.Card {
	w.t.Helper()
	cards, err := w.meters().Show(w.ctx, system, meter.Query{Target: meter.Target{Supplier: "voda", Account: "100", Meter: serial}})
	if err != nil || len(cards) != 1 {
		w.t.Fatalf("%s: %+v, %v", serial, cards, err)
	}
	return cards[0]
}

// volume is what the month charges of a service, in the town.
func (w *town) volume(service string, month calendar.Month) string {
	w.t.Helper()
	p, err := w.m.Charges.Preview(w.ctx, 1, 101, month, charge.Wish{})
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for _, l := range p.Now {
		if l.Service == service {
			list = append(list, l.Volume)
		}
	}
	return strings.Join(list, " + ")
}

var water = meter.Target{Supplier: "voda", Account: "100", Meter: "4471"}

// TestAReplacementInsideAMonthAddsBothMeters: the last figures of the old and the first of the new, told once; the next
// reading is the new one's.
func TestAReplacementInsideAMonthAddsBothMeters(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		s := meter.Step{Target: water, Do: meter.Replaced, On: "2026-11-10", Closing: []meter.Figure{{Value: "176"}}, Device: &meter.Device{Serial: "NEW-1", VerifiedUntil: "2032-11-10", Figures: []meter.Figure{{Value: "0,5"}}, Place: "кухня"}}
		if told := w.step(s); told.State != "new" || len(told.Meters) != 2 {
			t.Fatalf("%+v", told)
		}
		rows := w.count("SELECT count(*) FROM charge_meter") + w.count("SELECT count(*) FROM meter_step") + w.count("SELECT count(*) FROM event")
		if told := w.step(s); told.State != "same" {
			t.Errorf("again: %+v", told)
		}
		if again := w.count("SELECT count(*) FROM charge_meter") + w.count("SELECT count(*) FROM meter_step") + w.count("SELECT count(*) FROM event"); again != rows {
			t.Errorf("rows %d, then %d", rows, again)
		}
		if r := w.load("a.csv", "100;new1;;4,5;20.11.2026;"); states(r) != "taken" || r.Lines[0].Volume != "4" {
			t.Fatalf("the new one: %+v", r.Lines)
		}
		if got := w.volume("cold_water", 202611); got != "8" && got != "4 + 4" { // 176 − 172 and 4,5 − 0,5
			t.Errorf("the month is %s", got)
		}
		old, new := w.card("4471"), w.card("NEW-1")
		if old.Until != "2026-11-10" || new.Place != "кухня" || new.Verified != "2032-11-10" || len(old.Life) < 2 || !strings.Contains(old.Life[len(old.Life)-1].Words, "теперь № NEW-1") {
			t.Errorf("old %+v\nnew %+v", old, new)
		}
		if n := w.count("SELECT count(*) FROM event WHERE kind = 'meter'"); n != 2 {
			t.Errorf("events of meters %d", n)
		}
	})
}

// TestStepsAreJudged: what cannot be is refused with what to do, and nothing of it is written.
func TestStepsAreJudged(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		device := &meter.Device{Serial: "N-2", Figures: []meter.Figure{{Value: "0"}}}
		for code, s := range map[string]meter.Step{
			"meter.figures":       {Target: water, Do: meter.Replaced, On: "2026-11-10", Device: device},
			"meter.closing_below": {Target: water, Do: meter.Replaced, On: "2026-11-10", Device: device, Closing: []meter.Figure{{Value: "170"}}},
			"meter.same_serial":   {Target: water, Do: meter.Replaced, On: "2026-11-10", Device: &meter.Device{Serial: "ХВ 0004471", Figures: device.Figures}, Closing: []meter.Figure{{Value: "176"}}},
			"meter.future":        {Target: water, Do: meter.Removed, On: "2026-12-10"},
			"meter.before":        {Target: water, Do: meter.Failed, On: "2019-12-10"},
			"meter.unknown":       {Target: meter.Target{Supplier: "voda", Account: "100", Meter: "0"}, Do: meter.Failed},
			"account.unknown":     {Target: meter.Target{Supplier: "voda", Account: "999"}, Do: meter.Failed},
			"meter.seal":          {Target: water, Do: meter.Sealed},
			"meter.until":         {Target: water, Do: meter.Verified, On: "2026-11-10", Until: "2026-11-09"},
			"meter.not_taken":     {Target: meter.Target{Supplier: "voda", Account: "100", Service: "gas"}, Do: meter.Installed, Device: device},
			"meter.registers":     {Target: water, Do: meter.Described, Device: &meter.Device{Registers: []meter.Register{{Name: "Т1", Zone: "day"}, {Name: "Т1", Zone: "night"}}}},
		} {
			s.Reason = "акт 7"
			if _, err := w.meters().Do(w.ctx, system, s); fault.CodeOf(err) != code {
				t.Errorf("want %s, got %v", code, err)
			}
		}
		if _, err := w.meters().Do(w.ctx, system, meter.Step{Target: water, Do: meter.Failed}); fault.CodeOf(err) != "meter.reason" {
			t.Errorf("without a reason: %v", err)
		}
		other := access.Actor{Role: access.APIToken, SupplierID: 2, Scopes: []string{"meter:write", "meter:read"}}
		if _, err := w.meters().Do(w.ctx, other, meter.Step{Target: water, Do: meter.Failed, Reason: "акт"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another's meter: %v", err)
		}
		if n := w.count("SELECT count(*) FROM meter_step") + w.count("SELECT count(*) FROM charge_meter WHERE recorded_at > 1"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

// TestALifeIsTold: seal, verification, failure, each with its consequence, in the order of days.
func TestALifeIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.step(meter.Step{Target: meter.Target{Supplier: "voda", Account: "100", Meter: "ГВ55"}, Do: meter.Verified, On: "2026-11-05", Until: "2032-11-05"})
		w.step(meter.Step{Target: meter.Target{Supplier: "voda", Account: "100", Meter: "ГВ55"}, Do: meter.Sealed, On: "2026-11-06", Seal: "77"})
		c := w.card("ГВ55")
		if c.Verified != "2032-11-05" || c.Seal != "77" || c.SealOff || !c.InUse(w.today) || c.Expired(w.today) {
			t.Errorf("%+v", c)
		}
		w.step(meter.Step{Target: meter.Target{Supplier: "voda", Account: "100", Meter: "ГВ55"}, Do: meter.SealBroken, On: "2026-11-08"})
		w.step(meter.Step{Target: meter.Target{Supplier: "voda", Account: "100", Meter: "ГВ55"}, Do: meter.Failed, On: "2026-11-09"})
		c = w.card("ГВ55")
		var kinds []string
		for _, e := range c.Life {
			kinds = append(kinds, string(e.Kind))
		}
		if got := strings.Join(kinds, " "); !c.SealOff || c.Failed != "2026-11-09" || !strings.HasSuffix(got, "verified sealed seal_broken failed") {
			t.Errorf("%s: %+v", got, c)
		}
		if _, err := w.meters().Do(w.ctx, system, meter.Step{Target: meter.Target{Supplier: "voda", Account: "100", Meter: "ГВ55"}, Do: meter.Verified, Until: "2033-01-01", Reason: "акт"}); fault.CodeOf(err) != "meter.failed" {
			t.Errorf("a broken one is verified: %v", err)
		}
	})
}

// TestRegistersGoByTheirNames: as printed on the device, in whatever order; Т1 of this one is the half-peak.
func TestRegistersGoByTheirNames(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		of := meter.Target{Supplier: "svet", Account: "300", Service: "electricity"}
		device := &meter.Device{Serial: "NP-3", Registers: []meter.Register{{Name: "Т1", Zone: "half_peak"}, {Name: "Т2", Zone: "night"}, {Name: "Т3", Zone: "peak"}}, Figures: []meter.Figure{{Register: "Т3", Value: "30"}, {Register: "night", Value: "20"}, {Register: "T1", Value: "10"}}}
		s := meter.Step{Target: of, Do: meter.Replaced, On: "2026-11-10", Device: device, Closing: []meter.Figure{{Register: "ночь", Value: "2600"}, {Register: "day", Value: "6200"}}}
		s.Target.Meter = "900100"
		w.step(s)
		r := w.load("a.csv", "300;NP3;T1;15;20.11.2026;\n300;NP3;Т3;38;20.11.2026;\n300;NP3;Т2;22;20.11.2026;")
		if states(r) != "taken taken taken" || r.Lines[0].Zone != "half_peak" || r.Lines[0].Volume != "5" || r.Lines[1].Zone != "peak" || r.Lines[1].Volume != "8" {
			t.Fatalf("%+v", r.Lines)
		}
		sheet, err := w.m.Sheet(w.ctx, resident, home)
		if err != nil {
			t.Fatal(err)
		}
		for i := range sheet.Cards {
			if c := &sheet.Cards[i]; c.Serial == "NP-3" && c.ZoneTitle(calc.HalfPeak) != "Т1 полупик" {
				t.Errorf("the field is called %q", c.ZoneTitle(calc.HalfPeak))
			}
		}
	})
}

// TestOneDeviceOfTwoAccounts: linked, a reading of one is a reading of the other, and so is a replacement; parted, no more.
func TestOneDeviceOfTwoAccounts(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		sewer := meter.Target{Supplier: "stoki", Account: "200", Service: "sewage"}
		s := meter.Step{Target: sewer, Do: meter.Installed, On: "2026-10-23", Device: &meter.Device{Serial: "С-1", Figures: []meter.Figure{{Value: "172"}}}}
		w.step(s)
		sewer.Meter = "С-1"
		told, err := w.meters().Link(w.ctx, system, meter.LinkRequest{One: water, Other: sewer, Reason: "один прибор"})
		if err != nil || told.State != "new" {
			t.Fatalf("%+v, %v", told, err)
		}
		if told, err = w.meters().Link(w.ctx, system, meter.LinkRequest{One: sewer, Other: water, Reason: "один прибор"}); err != nil || told.State != "same" {
			t.Errorf("again: %+v, %v", told, err)
		}
		w.give("", given(cold, 20261120, 180))
		readings := func(account string) int64 {
			return w.count("SELECT count(*) FROM charge_reading r JOIN charge_meter m ON m.building_id = r.building_id AND m.meter_id = r.meter_id WHERE r.on_day = 20261120 AND r.value_e7 = 1800000000 AND m.account_id = " + account)
		}
		if readings("11") != 1 || readings("12") != 1 {
			t.Errorf("voda has %d, stoki %d", readings("11"), readings("12"))
		}
		if n := w.count("SELECT count(*) FROM event WHERE kind = 'reading' AND account_id = 12"); n != 2 { // the first figure of the device and this one
			t.Errorf("stoki is told %d times", n)
		}
		told = w.step(meter.Step{Target: water, Do: meter.Replaced, On: "2026-11-20", Closing: []meter.Figure{{Value: "180"}}, Device: &meter.Device{Serial: "N-9", Figures: []meter.Figure{{Value: "0"}}}})
		if len(told.Meters) != 4 {
			t.Errorf("replaced for all: %+v", told.Meters)
		}
		if r := w.load("b.csv", "100;N9;;0;20.11.2026;"); states(r) != "same" {
			t.Errorf("the first figure of the new one: %+v", r.Lines)
		}
		if _, err := w.meters().Link(w.ctx, system, meter.LinkRequest{One: water, Other: meter.Target{Supplier: "svet", Account: "300", Service: "electricity"}, Reason: "ошибка"}); fault.CodeOf(err) != "meter.units" {
			t.Errorf("water and power: %v", err)
		}
	})
}

// TestAnInspectorsFigureHolds: lower than what was told, it gives the rest back in the month of the check, with what lives
// off it; the resident cannot overwrite it.
func TestAnInspectorsFigureHolds(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		before := w.volume("cold_water", 202610)
		r := w.load("control.csv", "ЛС;№ ПУ;дата;показание;контрольное\n100;4471;20.11.2026;162;да")
		if states(r) != "taken" || r.Lines[0].Volume != "-10" || !strings.Contains(r.Lines[0].Says, "Лишнее вернём") {
			t.Fatalf("%+v", r.Lines)
		}
		if got := w.volume("cold_water", 202611); got != "-10" {
			t.Errorf("November is %s", got)
		}
		if after := w.volume("cold_water", 202610); after != before {
			t.Errorf("October was %s and is %s: the check's month takes it (п. 61)", before, after)
		}
		if own := w.give("", given(cold, 20261120, 185)); !own.Refuses() || !strings.Contains(own.Lines[0].Notes[0], "снял инспектор") {
			t.Errorf("over the inspector's: %+v", own.Lines)
		}
		if r := w.load("control.csv", "ЛС;№ ПУ;дата;показание;контрольное\n100;4471;20.11.2026;162;да"); states(r) != "same" {
			t.Errorf("again: %+v", r.Lines)
		}
		g := given(cold, 20261120, 1)
		g.Control = true
		if _, err := w.m.Give(w.ctx, resident, Request{Home: home, Given: []Given{g}}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a resident as inspector: %v", err)
		}
		sheet, err := w.m.Sheet(w.ctx, resident, home)
		if err != nil || sheet.Cards[0].Control == nil || len(sheet.Cards[0].Sent) != 0 {
			t.Errorf("the page: %+v, %v", sheet, err)
		}
	})
}

// TestADeclinedReadingNoLongerCounts: the resident sees why and what to do; accepted after all, it counts again.
func TestADeclinedReadingNoLongerCounts(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		supplier := access.Actor{Role: access.SupplierOperator, SupplierID: 1, Name: "olga"}
		w.give("", given(cold, 20261120, 180))
		answer := func(e AnswerEntry) AnswerVerdict {
			t.Helper()
			e.Account, e.Meter = "100", "4471"
			out, err := w.m.Answer(w.ctx, supplier, []AnswerEntry{e})
			if err != nil {
				t.Fatal(err)
			}
			return out.Lines[0]
		}
		if v := answer(AnswerEntry{Answer: Declined, Code: "seal"}); v.State != Declined || v.Value != "180" {
			t.Fatalf("%+v", v)
		}
		if got := w.volume("cold_water", 202611); strings.HasPrefix(got, "8") && w.count("SELECT count(*) FROM charge_reading WHERE on_day = 20261120 AND NOT accepted") == 0 {
			t.Errorf("the month still is %s", got)
		}
		sheet, err := w.m.Sheet(w.ctx, resident, home)
		if err != nil {
			t.Fatal(err)
		}
		a := sheet.Cards[0].LastDeclined()
		if a == nil || !strings.Contains(a.Words(), "пломба нарушена") || a.Advice() == "" {
			t.Errorf("the resident sees %+v", a)
		}
		if v := answer(AnswerEntry{Answer: Declined, Code: "seal"}); v.State != string(Same) {
			t.Errorf("again: %+v", v)
		}
		if v := answer(AnswerEntry{Answer: Accepted, Date: "20.11.2026"}); v.State != Accepted {
			t.Errorf("after all: %+v", v)
		}
		if got := w.volume("cold_water", 202611); got != "8" {
			t.Errorf("then the month is %s", got)
		}
		for code, e := range map[string]AnswerEntry{"reading.answer": {Answer: "maybe"}, "reading.answer_code": {Answer: Declined, Code: "x"}, "reading.answer_note": {Answer: Declined, Code: "other"}, "reading.none": {Answer: Accepted, Date: "2026-11-02"}} {
			if v := answer(e); v.State != string(Refused) || v.Code != code {
				t.Errorf("want %s: %+v", code, v)
			}
		}
		out, err := w.m.Answer(w.ctx, access.Actor{Role: access.SupplierOperator, SupplierID: 2}, []AnswerEntry{{Account: "100", Answer: Accepted}})
		if err != nil || out.Lines[0].Code != "account.unknown" {
			t.Errorf("another's account: %+v, %v", out, err)
		}
		if n := w.count("SELECT count(*) FROM reading_answer"); n != 2 {
			t.Errorf("answers %d", n)
		}
	})
}

// TestAnswersComeInFiles with Russian words and a header.
func TestAnswersComeInFiles(t *testing.T) {
	list, err := ParseAnswers([]byte("ЛС;счётчик;дата;ответ;причина;пояснение\n100;4471;20.11.2026;отклонено;photo;размыто\n100;ГВ55;;Принято;;\n"), "voda")
	if err != nil || len(list) != 2 || list[0].Answer != Declined || list[0].Code != "photo" || list[0].Note != "размыто" || list[1].Answer != Accepted || list[1].Supplier != "voda" || list[1].Line != 3 {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := ParseAnswers([]byte("100;1;2"), "voda"); fault.CodeOf(err) != "reading.answers_file" {
		t.Errorf("without a header: %v", err)
	}
}
