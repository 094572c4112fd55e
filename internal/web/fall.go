package web

import (
	"strconv"

	"kvit/internal/money"
)

// FallStep is one row of a waterfall: a total, or a change from where the sum stood to where it stands.
type FallStep struct {
	Label    string
	Sum      money.Amount
	From, To money.Amount
	Total    bool
}

// Fall is a waterfall chart: the title states the finding, each row has its cause and its sum in words.
type Fall struct {
	Title string
	Steps []FallStep
}

// bounds are the ends of the scale; zero is always on it.
func (f *Fall) bounds() (low, high money.Amount) {
	for _, s := range f.Steps {
		low, high = min(low, s.From, s.To), max(high, s.From, s.To)
	}
	return low, high
}

// at is a place on the scale in percent.
func (f *Fall) at(a money.Amount) float64 {
	low, high := f.bounds()
	if high == low {
		return 0
	}
	return 100 * float64(a-low) / float64(high-low)
}

// leastBar is the width in percent that can still be seen.
const leastBar = 0.8

func (f *Fall) left(s FallStep) string {
	return percent(min(f.at(min(s.From, s.To)), 100-leastBar))
}

func (f *Fall) width(s FallStep) string {
	return percent(max(leastBar, f.at(max(s.From, s.To))-f.at(min(s.From, s.To))))
}

func percent(p float64) string { return strconv.FormatFloat(p, 'f', 2, 64) + "%" }

// class tells a total, a rise and a fall apart by pattern, not by colour alone.
func (s *FallStep) class() string {
	switch {
	case s.Total:
		return "total"
	case s.Sum < 0:
		return "down"
	}
	return "up"
}
