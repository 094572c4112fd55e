package portal

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// meterCharts draw what a meter counted month by month: a chart for each register, one under another.
func meterCharts(c *reading.Card) (list []web.PairChart) {
	for _, zone := range c.Zones {
		used := usedByMonth(c, zone)
		if len(used) < 2 {
			continue
		}
		var last calendar.Month
		for month := range used {
			last = max(last, month)
		}
		list = append(list, zoneChart(c, zone, used, last))
	}
	return list
}

// usedByMonth is what a register counted between its readings, in the month of the later one.
func usedByMonth(c *reading.Card, zone calc.Zone) map[calendar.Month]decimal.Decimal {
	used := map[calendar.Month]decimal.Decimal{}
	var before *decimal.Decimal
	for i := range c.Readings {
		x := &c.Readings[i]
		if x.Zone != zone {
			continue
		}
		if before != nil && x.Value >= *before { // lower: the meter was replaced or went through zero
			used[x.On.Month()] += x.Value - *before
		}
		value := x.Value
		before = &value
	}
	return used
}

func zoneChart(c *reading.Card, zone calc.Zone, used map[calendar.Month]decimal.Decimal, last calendar.Month) web.PairChart {
	name := c.Name
	if title := c.ZoneTitle(zone); title != "" {
		name += ", " + title
	}
	chart := web.PairChart{Now: "последние 12 месяцев", Before: "год назад", Unit: c.Unit}
	var sum, top decimal.Decimal
	most := last
	shown, known := 0, false
	for i := monthsShown - 1; i >= 0; i-- {
		month := last.Add(-i)
		p := web.PairPoint{Month: month.Title(), Short: month.Short()}
		if n, ok := used[month]; ok {
			p.Now, p.NowText, p.HasNow = int64(n), decimal.Shown(n, 2), true
			shown++
			if sum += n; n > top {
				top, most = n, month
			}
		}
		if n, ok := used[month.Add(-12)]; ok {
			p.Before, p.BeforeText, p.HasBefore, known = int64(n), decimal.Shown(n, 2), true, true
		}
		chart.Points = append(chart.Points, p)
	}
	if !known {
		chart.Before = ""
	}
	chart.Title = name + ": больше всего ушло за " + most.Title()
	if shown > 0 {
		chart.Summary = "В среднем " + decimal.Shown(sum.Exact().OverInt(int64(shown)).Decimal(), 2) + "\u00a0" + c.Unit + " в месяц. Если за месяц показаний не было, его расход стоит в следующем."
	}
	return chart
}
