package register

import (
	"testing"

	"kvit/internal/exchange/charset"
)

func TestOnlyLinesOfTheKindWantedAreRecords(t *testing.T) {
	sum, rows := readAll(t, `{"kind":"csv","delimiter":"|","quote":"\"","line_prefix":"6|","columns":{"account":1,"opening":4,"due":5}}`, charset.CP1251,
		"1|\"1.3.8\"|17|02.11.2026|\n4||\"D21\"|\"LS-0014\"|1|\n6|\"LS-0014\"|1|2|10.00|146.29|\n6|\"LS-0015\"|1|2|0.00|431.04|\n22|\"LS-0014\"|1|\"77\"|5.00|6.00|\n")
	if len(rows) != 2 || sum.Sums.Due != 57733 || rows[0].Account != "LS-0014" || len(rows[0].Findings)+len(rows[1].Findings) > 0 {
		t.Errorf("%d rows, due %v", len(rows), sum.Sums.Due)
	}
}

func TestAMonthMayStandInTwoColumns(t *testing.T) {
	for _, columns := range []string{"[1,2]", "[2,1]"} {
		_, rows := readAll(t, `{"kind":"csv","delimiter":";","period":"2026-10","columns":{"account":0,"period":`+columns+`,"due":3}}`, charset.UTF8, "1;10;2026;5.00\n2;9;2026;5.00\n3;2026;10;5.00\n")
		if rows[0].OtherPeriod || !rows[1].OtherPeriod || rows[2].OtherPeriod || rows[0].Month != 202610 {
			t.Errorf("%s: %v %v %v", columns, rows[0].Month, rows[1].Month, rows[2].Month)
		}
	}
}

func TestATotalMayHaveWordsBehindIt(t *testing.T) {
	sum, _ := readAll(t, `{"kind":"csv","delimiter":";","columns":{"account":0,"due":1},"control_total":{"prefix":"Итого: "}}`, charset.UTF8, "1;1000.00\n2;500.00\nИтого: 1 500.00 руб.\n")
	wantControl(t, sum, 3, true)
}
