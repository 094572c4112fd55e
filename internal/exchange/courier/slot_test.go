package courier

import (
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// TestHours: the supplier's days and hours in his zone, also where clocks change.
func TestHours(t *testing.T) {
	const base = "supplier: x\ncode: y\nwhat: payments\nfolder: /srv/x\n"
	for _, c := range []struct{ what, spec, after, until, want string }{
		{"every day", "hours: \"06:00\"", "2026-11-23T00:00:00+03:00", "2026-11-25T05:59:00+03:00", "23 06:00, 24 06:00"},
		{"working days", "hours: [\"19:30\", \"06:00\"]\ndays: [mon, fri]", "2026-11-20T06:00:00+03:00", "2026-11-23T19:30:00+03:00", "20 19:30, 23 06:00, 23 19:30"},
		{"days of the month", "hours: \"06:00\"\ndays: [1, last]", "2026-11-29T00:00:00+03:00", "2026-12-31T23:00:00+03:00", "30 06:00, 01 06:00, 31 06:00"},
		{"a zone of his own", "hours: \"06:00\"\nzone: Asia/Vladivostok", "2026-11-22T19:00:00Z", "2026-11-22T20:00:00Z", "23 06:00"},
		{"from a day to another", "hours: \"06:00\"\nfrom: 2026-11-24\nuntil: 2026-11-25", "2026-11-20T00:00:00+03:00", "2026-12-20T00:00:00+03:00", "24 06:00, 25 06:00"},
		{"an hour that clocks leave out", "hours: \"02:30\"\nzone: Europe/Berlin\ndays: sun", "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z", "29 03:30"},
		{"an hour that comes twice", "hours: \"02:30\"\nzone: Europe/Berlin\ndays: sun", "2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z", "25 02:30"},
	} {
		list, err := Parse(strings.NewReader(base + c.spec))
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		var got []string
		for _, at := range list[0].slots(moment(t, c.after), moment(t, c.until)) {
			got = append(got, at.Time().In(list[0].zone).Format("02 15:04"))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", c.what, s, c.want)
		}
	}
}

func moment(t *testing.T, s string) calendar.Micros {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.MicrosOf(at)
}

// TestWrongSchedulesAreRefused: each by the key that is wrong.
func TestWrongSchedulesAreRefused(t *testing.T) {
	for spec, code := range map[string]string{
		"{code: y, what: payments, folder: /x, hours: \"06:00\"}":                                                                                    "courier.supplier",
		"{supplier: x, code: Я, what: payments, folder: /x, hours: \"06:00\"}":                                                                       "courier.code",
		"{supplier: x, code: y, folder: /x}":                                                                                                         "courier.what",
		"{supplier: x, code: y, what: gossip, folder: /x, hours: \"06:00\"}":                                                                         "courier.what",
		"{supplier: x, code: y, what: payments, folder: x, hours: \"06:00\"}":                                                                        "remote.folder",
		"{supplier: x, code: y, what: payments, folder: /x}":                                                                                         "courier.hours",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"25:00\"}":                                                                       "courier.hours",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"06:00\", zone: Mars}":                                                           "courier.zone",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"06:00\", days: [funday]}":                                                       "courier.days",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"06:00\", from: 2026-12-01, until: 2026-11-01}":                                  "courier.until",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"06:00\", typo: 1}":                                                              "courier.keys",
		"{supplier: x, code: y, take: {file_mask: '('}, folder: /x}":                                                                                 "courier.file_mask",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"06:00\", layout: {kind: pdf}}":                                                  "profile.value",
		"{supplier: x, code: y, what: payments, folder: /x, hours: \"06:00\", answer: {profile: {kind: csv, delimiter: ';', columns: {amount: 0}}}}": "courier.answer",
		"supplier: [": "courier.yaml",
	} {
		if _, err := Parse(strings.NewReader(spec)); err == nil || fault.CodeOf(err) != code && !(code == "profile.value" && fault.Is(err, fault.Invalid)) {
			t.Errorf("%s: %v, want %s", spec, err, code)
		}
	}
}
