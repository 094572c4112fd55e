package web

import "strconv"

// TrendChart shows a quantity and a part of it month by month: the whole as an outline, the part filled.
type TrendChart struct {
	Title  string // the finding
	Whole  string // what the outline is: «Дом»
	Part   string
	Unit   string
	Points []TrendPoint
}

// TrendPoint is one month. Words are for the table, numbers for the drawing.
type TrendPoint struct {
	Month        string // «октябрь 2026»
	Short        string // «окт»
	Whole, Part  string
	More         string // the difference, in words
	WholeN, Size int64  // Size is the part's number
	HasWhole     bool
	HasPart      bool
}

// Sizes of the drawing, in its own units.
const (
	trendStep   = 50
	trendBar    = 34
	trendHeight = 130
	trendMonths = 12 // the drawing is this wide at least: two bars across a page would be towers
)

func (c *TrendChart) viewBox() string {
	return "0 0 " + strconv.Itoa(trendStep*max(trendMonths, len(c.Points))) + " " + strconv.Itoa(trendHeight+32)
}

// height is how tall a number is drawn; what is below zero has no height.
func (c *TrendChart) height(n int64) int64 {
	top := int64(0)
	for _, p := range c.Points {
		top = max(top, p.WholeN, p.Size)
	}
	if top <= 0 || n <= 0 {
		return 0
	}
	return max(1, n/max(1, top/trendHeight))
}

func (c *TrendChart) top(n int64) string  { return strconv.FormatInt(4+trendHeight-c.height(n), 10) }
func (c *TrendChart) tall(n int64) string { return strconv.FormatInt(c.height(n), 10) }
func trendLeft(i int) string              { return strconv.Itoa(i*trendStep + (trendStep-trendBar)/2) }
func trendMiddle(i int) string            { return strconv.Itoa(i*trendStep + trendStep/2) }
