package atol

import (
	"encoding/json"
	"strings"
	"testing"

	"kvit/internal/money"
)

// good is a document the format allows: an agent's line of 120,00 ₽ with VAT of 20,00 ₽.
func good() *Document {
	item := Item{Name: "Вода", Price: 12000, Quantity: 1, Sum: 12000, PaymentMethod: FullPayment, PaymentObject: Service, Vat: VatOf("vat20", FullPayment, 12000),
		AgentInfo: &AgentInfo{Type: "paying_agent", PayingAgent: &Phones{[]string{"+78000000000"}}}, SupplierInfo: &SupplierInfo{Name: "Водоканал", INN: "9950013244", Phones: []string{"+74912123456"}}}
	return &Document{Timestamp: "24.11.2026 12:00:00", ExternalID: "x", Receipt: &Receipt{Client: Buyer{Email: "a@b.ru"}, Company: Company{Email: "c@d.ru", Sno: "osn", INN: "9900000031", PaymentAddress: "https://epd.example"},
		Items: []Item{item}, Payments: []Payment{{Electronic, 12000}}, Vats: Totals([]Item{item}), Total: 12000}}
}

// TestValidate names the tag of each field that the format does not allow.
func TestValidate(t *testing.T) {
	if found := Validate(Sell, good()); len(found) > 0 {
		t.Fatalf("a good document: %v", found)
	}
	for name, c := range map[string]struct {
		tag   int
		spoil func(*Document)
	}{
		"a long name":                   {1030, func(d *Document) { d.Receipt.Items[0].Name = strings.Repeat("ю", 129) }},
		"no name":                       {1030, func(d *Document) { d.Receipt.Items[0].Name = "" }},
		"price times quantity":          {1043, func(d *Document) { d.Receipt.Items[0].Quantity = 2 }},
		"a total that is not the lines": {1020, func(d *Document) { d.Receipt.Total++ }},
		"paid less":                     {1020, func(d *Document) { d.Receipt.Payments[0].Sum-- }},
		"VAT that does not add up":      {1102, func(d *Document) { d.Receipt.Vats[0].Sum++ }},
		"a rate there is not":           {1199, func(d *Document) { d.Receipt.Items[0].Vat.Type = "vat18" }},
		"an advance with a plain rate":  {1199, func(d *Document) { d.Receipt.Items[0].PaymentMethod = Advance }},
		"a method there is not":         {1214, func(d *Document) { d.Receipt.Items[0].PaymentMethod = "credit" }},
		"a subject there is not":        {1212, func(d *Document) { d.Receipt.Items[0].PaymentObject = 1 }},
		"an agent there is not":         {1222, func(d *Document) { d.Receipt.Items[0].AgentInfo.Type = "friend" }},
		"a supplier without an agent":   {1222, func(d *Document) { d.Receipt.Items[0].AgentInfo = nil }},
		"an agent without a supplier":   {1226, func(d *Document) { d.Receipt.Items[0].SupplierInfo = nil }},
		"the agent's own ИНН":           {1226, func(d *Document) { d.Receipt.Items[0].SupplierInfo.INN = "9900000031" }},
		"a supplier without a name":     {1225, func(d *Document) { d.Receipt.Items[0].SupplierInfo.Name = "" }},
		"a telephone in words":          {1171, func(d *Document) { d.Receipt.Items[0].SupplierInfo.Phones = []string{"8 800"} }},
		"an agent's telephone":          {1073, func(d *Document) { d.Receipt.Items[0].AgentInfo.PayingAgent.Phones = nil }},
		"no buyer":                      {1008, func(d *Document) { d.Receipt.Client = Buyer{} }},
		"a buyer's e-mail that is none": {1008, func(d *Document) { d.Receipt.Client.Email = "ivan" }},
		"a tax system there is not":     {1055, func(d *Document) { d.Receipt.Company.Sno = "envd" }},
		"a wrong ИНН":                   {1018, func(d *Document) { d.Receipt.Company.INN = "12" }},
		"no place":                      {1187, func(d *Document) { d.Receipt.Company.PaymentAddress = "" }},
		"no sender":                     {1117, func(d *Document) { d.Receipt.Company.Email = "" }},
		"no lines": {1059, func(d *Document) {
			d.Receipt.Items = nil
			d.Receipt.Vats = nil
			d.Receipt.Total, d.Receipt.Payments[0].Sum = 0, 0
		}},
		"more lines than a receipt holds": {1059, func(d *Document) { d.Receipt.Items = make([]Item, 101) }},
		"a correction sent as a receipt":  {1173, func(d *Document) { d.Correction, d.Receipt = d.Receipt, nil }},
		"a way of paying there is not":    {1031, func(d *Document) { d.Receipt.Payments[0].Type = 9 }},
		"a measure":                       {2108, func(d *Document) { d.Receipt.Items[0].Measure = 10 }},
	} {
		d := good()
		c.spoil(d)
		named := false
		for _, f := range Validate(Sell, d) {
			named = named || f.Tag == c.tag
		}
		if !named {
			t.Errorf("%s: tag %d is not named: %v", name, c.tag, Validate(Sell, d))
		}
	}
	d := good()
	d.Correction, d.Receipt = d.Receipt, nil
	d.Correction.CorrectionInfo = &CorrectionInfo{Type: "instruction", BaseDate: "24.11.2026"}
	if found := Validate(Correction, d); len(found) != 1 || found[0].Tag != 1174 {
		t.Errorf("an instruction without its number: %v", found)
	}
}

// TestVatIsWithinTheSum: НК РФ ст. 164 п. 4 – the calculated rate of an advance gives the same sum.
func TestVatIsWithinTheSum(t *testing.T) {
	for _, c := range []struct {
		rate, method string
		sum          int64
		want         Vat
	}{
		{"vat20", FullPayment, 12000, Vat{"vat20", 2000}},
		{"vat20", Advance, 12000, Vat{"vat120", 2000}},
		{"vat22", FullPrepayment, 12200, Vat{"vat122", 2200}},
		{"vat10", FullPayment, 33, Vat{"vat10", 3}},
		{"vat20", FullPayment, 3, Vat{"vat20", 1}}, // 0,5 kopecks and up
		{"none", Advance, 500, Vat{"none", 0}},
	} {
		if got := VatOf(c.rate, c.method, money.Amount(c.sum)); got != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// TestSumsTravelExactly: roubles in JSON are digits, not binary fractions.
func TestSumsTravelExactly(t *testing.T) {
	b, err := json.Marshal(Roubles(1_234_567_89))
	if err != nil || string(b) != "1234567.89" {
		t.Fatalf("%s, %v", b, err)
	}
	for text, want := range map[string]Roubles{"0.1": 10, "385.5": 38550, `"385.50"`: 38550, "12": 1200} {
		var r Roubles
		if err := json.Unmarshal([]byte(text), &r); err != nil || r != want {
			t.Errorf("%s: %d, %v", text, r, err)
		}
	}
}
