package web

import "strconv"

// PairChart sets a quantity of each month beside that of another series: this year filled, the year before an outline. A
// month nothing is known of is hatched, never drawn as zero.
type PairChart struct {
	Title   string // the finding
	Summary string // the same in a sentence with its figures
	Now     string // what is filled: «этот год»
	Before  string // what is an outline: «прошлый год»; '' when the chart has one series
	Unit    string
	Points  []PairPoint
}

// PairPoint is one month. Numbers are for the drawing, words for the table.
type PairPoint struct {
	Month, Short        string // «октябрь», «окт»
	Now, Before         int64
	NowText, BeforeText string
	HasNow, HasBefore   bool
}

// Sizes of the drawing, in its own units.
const (
	pairStep   = 50
	pairBar    = 19
	pairHeight = 130
	pairTop    = 4
	hatchTall  = 30
)

// bounds are the ends of the scale; zero is always on it.
func (c *PairChart) bounds() (low, high int64) {
	for _, p := range c.Points {
		if p.HasNow {
			low, high = min(low, p.Now), max(high, p.Now)
		}
		if p.HasBefore {
			low, high = min(low, p.Before), max(high, p.Before)
		}
	}
	return low, high
}

// level is where a number stands on the drawing, from its top.
func (c *PairChart) level(n int64) int64 {
	low, high := c.bounds()
	if high == low {
		return pairTop + pairHeight
	}
	return pairTop + int64(float64(high-n)/float64(high-low)*pairHeight)
}

// bar is the top and the height of a bar; what is not zero can be seen.
func (c *PairChart) bar(n int64) (top, tall string) {
	from, to := c.level(max(n, 0)), c.level(min(n, 0))
	if n != 0 && from == to {
		from--
	}
	return strconv.FormatInt(from, 10), strconv.FormatInt(to-from, 10)
}

func (c *PairChart) barTop(n int64) string  { top, _ := c.bar(n); return top }
func (c *PairChart) barTall(n int64) string { _, tall := c.bar(n); return tall }
func (c *PairChart) zero() string           { return strconv.FormatInt(c.level(0), 10) }

func (c *PairChart) viewBox() string {
	return "0 0 " + strconv.Itoa(pairStep*len(c.Points)) + " " + strconv.Itoa(pairTop+pairHeight+28)
}

func (c *PairChart) right() string { return strconv.Itoa(pairStep * len(c.Points)) }

// place is the left of a series' bar of month i: the outline stands before the filled one. A single series is in the middle.
func (c *PairChart) place(i int, now bool) int {
	switch {
	case c.Before == "":
		return i*pairStep + (pairStep-pairBar)/2
	case now:
		return i*pairStep + pairStep/2 + 1
	}
	return i*pairStep + pairStep/2 - pairBar - 1
}

func (c *PairChart) left(i int, now bool) string { return strconv.Itoa(c.place(i, now)) }

func (c *PairChart) middle(i int) string { return strconv.Itoa(i*pairStep + pairStep/2) }

// hatch is a hatched place of a month nothing is known of.
func (c *PairChart) hatch(i int, now bool) string {
	x, base := c.place(i, now), int(c.level(0))
	path := ""
	for up := 0; up < hatchTall; up += 6 {
		path += "M" + strconv.Itoa(x) + " " + strconv.Itoa(base-up) + "l" + strconv.Itoa(pairBar) + " -8"
	}
	return path
}

// legend says what is drawn how.
func (c *PairChart) legend() string {
	text := "Закрашено – " + c.Now
	if c.Before != "" {
		text += ", контур – " + c.Before
	}
	for _, p := range c.Points {
		if !p.HasNow || c.Before != "" && !p.HasBefore {
			return text + ". Штриховка – данных нет."
		}
	}
	return text + "."
}

// head is the heading of a column of the table.
func (c *PairChart) head(series string) string {
	if c.Unit == "" {
		return Capital(series)
	}
	return Capital(series) + ", " + c.Unit
}
