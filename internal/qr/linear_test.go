package qr

import "testing"

func TestLinearCodesAreReadByTheirLayout(t *testing.T) {
	for _, c := range []struct {
		layout, code string
		want         Paper
		ok           bool
	}{
		{"{account:15} {period:MMYY} {sum:9} {check:2}", "004586600262089121300012710922", Paper{"004586600262089", 201312, 127109, true}, true},
		{"{account:15} {period:MMYY} {sum:9} {check:2}", "004680117498077011400011799364", Paper{"004680117498077", 201401, 117993, true}, true},
		{"{account:15} {period:MMYY} {sum:9} {check:2}", "004680117498077131400011799364", Paper{}, false},  // there is no 13th month
		{"{account:15} {period:MMYY} {sum:9} {check:2}", "00468011749807701140001179936", Paper{}, false},   // a digit is missing
		{"46{account:6}{luhn}", "461234560", Paper{Account: "123456"}, false},                               // the check digit is another
		{"46{account:6}{luhn}", "461234569", Paper{Account: "123456"}, true},                                // 46123456 → 9
		{"47{account:6}{luhn}", "461234569", Paper{}, false},                                                // another issuer
		{"{account:12}{ean}", "4006381333931", Paper{Account: "400638133393"}, true},                        // EAN-13
		{"{period:YYYYMM}{account:4}{sum:6}", "2026110017012345", Paper{"0017", 202611, 12345, true}, true}, //
		{"{period:YYMM}{account:4}", "26110017", Paper{Account: "0017", Month: 202611}, true},               //
		{"{account:4}", "００１７", Paper{}, false},                                                             // not digits of a scanner
	} {
		l, err := ParseLinear(c.layout)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := l.Read(c.code)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s by %s: %+v, %v", c.code, c.layout, got, ok)
		}
	}
}

func TestWrongLayoutsAreRefused(t *testing.T) {
	for _, layout := range []string{"", "{sum:9}", "{account}", "{account:0}", "{account:81}", "{account:10}{period:DDMM}", "{account:10}{luhn:2}", "{account:10}x", "{счёт:10}"} {
		if _, err := ParseLinear(layout); err == nil {
			t.Errorf("layout %q was taken", layout)
		}
	}
}

func TestLinearDigitsAsTheyAreTyped(t *testing.T) {
	for text, want := range map[string]string{"004586600262089 1213 000127109 22": "004586600262089121300012710922", "0045-86\r\n": "004586"} {
		if got, ok := LinearDigits(text); !ok || got != want {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
	if _, ok := LinearDigits("7M4T2KQ9"); ok {
		t.Error("a code with letters is no linear code")
	}
}
