package losses

import (
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Part is where some of a resource went, in words.
type Part struct{ Title, Volume string }

// Parts tells where the month's resource went; what is nothing is left out.
func (s *Service) Parts() []Part {
	m := &s.Now
	var list []Part
	add := func(title string, q Quantity) {
		if q != 0 {
			list = append(list, Part{title, Words(q, s.Unit)})
		}
	}
	if m.House != nil {
		list = append(list, Part{"Дом по общедомовому счётчику", Words(*m.House, s.Unit)})
	}
	add("Квартиры по счётчикам", m.Metered)
	add("Квартиры по среднему", m.Averaged)
	add("Квартиры по нормативу", m.Normative)
	add("Квартиры по данным поставщика", m.Other)
	add("Общие нужды, начислено", m.Common)
	add("Нежилые помещения", m.NonResidential)
	add("На тепло и горячую воду дома", m.OwnUse)
	if m.Loss != nil {
		list = append(list, Part{"Потери", Words(*m.Loss, s.Unit)})
	}
	return list
}

// Chart draws the trend; its title is the finding.
func (s *Service) Chart() web.TrendChart {
	c := web.TrendChart{Title: s.finding(), Whole: "дом", Part: "квартиры и общие нужды", Unit: UnitWord(s.Unit)}
	for i := range s.Trend {
		m := &s.Trend[i]
		month, err := calendar.ParseMonth(m.Month)
		if err != nil {
			continue // the month was written by us
		}
		part := m.Flats() + m.Common
		p := web.TrendPoint{Month: month.Title(), Short: month.Short(), Part: Words(part, s.Unit), Size: int64(part), HasPart: m.told || m.Reported}
		if m.House != nil {
			p.HasWhole, p.Whole, p.WholeN, p.More = true, Words(*m.House, s.Unit), int64(*m.House), Words(*m.House-part, s.Unit)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// finding says how the loss goes over the year.
func (s *Service) finding() string {
	usual, ok := usualLoss(s.Trend[:len(s.Trend)-1])
	now := s.Now.Loss
	switch {
	case now == nil:
		return s.Name + " за год"
	case !ok:
		return fmt.Sprintf("%s: потери %s", s.Name, with(*now, s.Unit))
	case *now > usual:
		return fmt.Sprintf("%s: потери больше обычных %s", s.Name, with(usual, s.Unit))
	case *now < usual:
		return fmt.Sprintf("%s: потери меньше обычных %s", s.Name, with(usual, s.Unit))
	}
	return fmt.Sprintf("%s: потери обычные, %s", s.Name, with(usual, s.Unit))
}
