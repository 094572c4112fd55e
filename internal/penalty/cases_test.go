package penalty

import (
	"fmt"
	"strings"
	"testing"

	"kvit/internal/calendar"
)

// worked is a case as an accountant writes it: payments «day sum», lines «from to days balance rate over amount».
type worked struct {
	name     string
	month    calendar.Month
	group    string
	supplier string
	sum      string
	due      string // expected
	paid     string
	at       calendar.Date
	lines    string
	total    string
	rest     string
}

var workedCases = []worked{
	{
		name: "WD-34 both bands", month: 202501, sum: "6200", due: "10.02.2025", paid: "20.06.2025 6200", at: 20250701,
		lines: "13.03.2025 11.05.2025 60 6200.00 9.5 300 117.80; 12.05.2025 20.06.2025 40 6200.00 9.5 130 181.23", total: "299.03",
	},
	{
		name: "WD-35 partial payment", month: 202503, sum: "10000", due: "10.04.2025", paid: "01.06.2025 4000; 15.08.2025 6000", at: 20250815,
		lines: "11.05.2025 01.06.2025 22 10000.00 9.5 300 69.67; 02.06.2025 09.07.2025 38 6000.00 9.5 300 72.20; 10.07.2025 15.08.2025 37 6000.00 9.5 130 162.23", total: "304.10",
	},
	{
		name: "WD-36a a due day off", month: 202512, sum: "4800", due: "12.01.2026", paid: "20.02.2026 4800", at: 20260220,
		lines: "12.02.2026 20.02.2026 9 4800.00 9.5 300 13.68", total: "13.68",
	},
	{
		name: "WD-36b the 15th", month: 202603, sum: "4800", due: "15.04.2026", paid: "30.05.2026 4800", at: 20260601,
		lines: "16.05.2026 30.05.2026 15 4800.00 9.5 300 22.80", total: "22.80",
	},
	{
		name: "WD-37 moratorium of 2020", month: 202001, sum: "5000", due: "10.02.2020", paid: "31.01.2021 5000", at: 20210131,
		lines: "12.03.2020 05.04.2020 25 5000.00 4.25 300 17.71; 01.01.2021 31.01.2021 31 5000.00 4.25 130 50.67", total: "68.38",
	},
	{
		name: "WD-38a key rate below the ceiling", month: 202209, sum: "7000", due: "10.10.2022", paid: "20.01.2023 7000", at: 20230120,
		lines: "10.11.2022 08.01.2023 60 7000.00 7.5 300 105.00; 09.01.2023 20.01.2023 12 7000.00 7.5 130 48.46", total: "153.46",
	},
	{
		name: "WD-38b key rate above it", month: 202209, sum: "7000", due: "10.10.2022", paid: "20.01.2024 7000", at: 20240120,
		lines: "10.11.2022 08.01.2023 60 7000.00 9.5 300 133.00; 09.01.2023 20.01.2024 377 7000.00 9.5 130 1928.50", total: "2061.50",
	},
	{
		name: "two payments of WD-38 under two rates", month: 202209, sum: "7000", due: "10.10.2022", paid: "20.01.2023 3000; 20.01.2024 4000", at: 20240120,
		lines: "10.11.2022 08.01.2023 60 3000.00 7.5 300 45.00; 10.11.2022 08.01.2023 60 4000.00 9.5 300 76.00; " +
			"09.01.2023 20.01.2023 12 3000.00 7.5 130 20.77; 09.01.2023 20.01.2024 377 4000.00 9.5 130 1102.00", total: "1243.77",
	},
	{
		name: "WD-39 capital repair has no second band", month: 202502, group: "capital_repair", sum: "720.40", due: "10.03.2025", paid: "20.08.2025 720.40", at: 20250820,
		lines: "10.04.2025 20.08.2025 133 720.40 9.5 300 30.34", total: "30.34",
	},
	{name: "WD-40 day 30", month: 202501, sum: "1000", due: "10.02.2025", paid: "12.03.2025 1000", at: 20250801, total: "0"},
	{
		name: "WD-40 day 31", month: 202501, sum: "1000", due: "10.02.2025", paid: "13.03.2025 1000", at: 20250801,
		lines: "13.03.2025 13.03.2025 1 1000.00 9.5 300 0.32", total: "0.32",
	},
	{
		name: "WD-40 day 90", month: 202501, sum: "1000", due: "10.02.2025", paid: "11.05.2025 1000", at: 20250801,
		lines: "13.03.2025 11.05.2025 60 1000.00 9.5 300 19.00", total: "19.00",
	},
	{
		name: "WD-40 day 91", month: 202501, sum: "1000", due: "10.02.2025", paid: "12.05.2025 1000", at: 20250801,
		lines: "13.03.2025 11.05.2025 60 1000.00 9.5 300 19.00; 12.05.2025 12.05.2025 1 1000.00 9.5 130 0.73", total: "19.73",
	},
	{
		name: "WE-29 fifteen days that count", month: 202210, sum: "5000", due: "10.11.2022", paid: "25.12.2022 5000", at: 20221225,
		lines: "11.12.2022 25.12.2022 15 5000.00 7.5 300 18.75", total: "18.75",
	},
	{
		name: "WE-30 under the ceiling", month: 202311, sum: "10000", due: "11.12.2023", paid: "25.01.2024 10000", at: 20240125,
		lines: "11.01.2024 25.01.2024 15 10000.00 9.5 300 47.50", total: "47.50",
	},
	{
		name: "unpaid at the day of calculation", month: 202501, sum: "1000", due: "10.02.2025", at: 20250315,
		lines: "13.03.2025 15.03.2025 3 1000.00 9.5 300 0.95", total: "0.95", rest: "1000",
	},
	{
		name: "an unpaid rest takes the rate of the day of calculation", month: 202209, sum: "7000", due: "10.10.2022", paid: "20.12.2022 3000", at: 20231220,
		lines: "10.11.2022 20.12.2022 41 3000.00 7.5 300 30.75; 10.11.2022 08.01.2023 60 4000.00 9.5 300 76.00; 09.01.2023 20.12.2023 346 4000.00 9.5 130 1011.38", total: "1118.13", rest: "4000",
	},
	{name: "paid before the due day", month: 202501, sum: "1000", due: "10.02.2025", paid: "01.02.2025 1000", at: 20260101, total: "0"},
	{
		name: "a payment after the day of calculation is not known yet", month: 202501, sum: "1000", due: "10.02.2025", paid: "14.03.2025 1000", at: 20250313,
		lines: "13.03.2025 13.03.2025 1 1000.00 9.5 300 0.32", total: "0.32", rest: "1000",
	},
	{
		name: "part paid in the free days", month: 202501, sum: "1000", due: "10.02.2025", paid: "20.02.2025 400", at: 20250313,
		lines: "13.03.2025 13.03.2025 1 600.00 9.5 300 0.19", total: "0.19", rest: "600",
	},
	{name: "an overpaid month", month: 202501, sum: "-300", due: "10.02.2025", at: 20260101, total: "0"},
	{name: "more paid than owed", month: 202501, sum: "300", due: "10.02.2025", paid: "01.03.2025 500", at: 20260101, total: "0"},
	{
		name: "a bankrupt supplier's moratorium of 2022", month: 202112, supplier: "bankrupt", sum: "2000", due: "10.01.2022", paid: "10.10.2022 2000", at: 20221010,
		lines: "10.02.2022 31.03.2022 50 2000.00 7.5 300 25.00; 02.10.2022 10.10.2022 9 2000.00 7.5 130 10.38", total: "35.38",
	},
	{
		name: "the same days of another supplier", month: 202112, supplier: "other", sum: "2000", due: "10.01.2022", paid: "11.04.2022 2000", at: 20221010,
		lines: "10.02.2022 10.04.2022 60 2000.00 9.5 300 38.00; 11.04.2022 11.04.2022 1 2000.00 9.5 130 1.46", total: "39.46",
	},
	{
		name: "a bankrupt supplier's debt due after the moratorium began", month: 202203, supplier: "bankrupt", sum: "2000", due: "11.04.2022", paid: "12.05.2022 2000", at: 20220601,
		lines: "12.05.2022 12.05.2022 1 2000.00 9.5 300 0.63", total: "0.63",
	},
	{
		name: "a day that starts and a day that ends a moratorium", month: 202002, sum: "3000", due: "10.03.2020", paid: "01.01.2021 3000", at: 20210101,
		lines: "01.01.2021 01.01.2021 1 3000.00 4.25 130 0.98", total: "0.98",
	},
	{
		name: "rule after 2026", month: 202611, sum: "1000", due: "15.12.2026", paid: "15.01.2027 1000", at: 20270115,
		lines: "15.01.2027 15.01.2027 1 1000.00 14 300 0.47", total: "0.47",
	},
}

func payments(t testing.TB, s string) (list []Payment) {
	t.Helper()
	for part := range strings.SplitSeq(s, "; ") {
		if f := strings.Fields(part); len(f) == 2 {
			list = append(list, Payment{On: date(t, f[0]), Sum: sum(t, f[1])})
		}
	}
	return list
}

func linesOf(res *Result) string {
	lines := make([]string, 0, len(res.Intervals))
	for i := range res.Intervals {
		v := &res.Intervals[i]
		lines = append(lines, fmt.Sprintf("%s %s %d %s %s %d %s", v.From.Dotted(), v.To.Dotted(), v.Days, v.Balance, v.Rate, v.Over, v.Amount))
	}
	return strings.Join(lines, "; ")
}
