package web

import "strconv"

// QuartileChart shows where one flat stands among those like it: the middle half of them as a band, the flat as a dot.
type QuartileChart struct {
	Title                           string // the finding, in neutral words
	Flats                           int    // compared with
	Low, Lower, Middle, Upper, High int64
	Own                             int64
	LowerText, MiddleText           string
	UpperText, OwnText              string
	Unit                            string
}

// at is a place on the scale from zero to the largest figure, in percent.
func (c *QuartileChart) at(n int64) string {
	top := max(c.High, c.Own, 1)
	return strconv.FormatFloat(2+96*float64(max(n, 0))/float64(top), 'f', 1, 64) + "%"
}

func (c *QuartileChart) span(from, to int64) string {
	top := max(c.High, c.Own, 1)
	return strconv.FormatFloat(max(1, 96*float64(to-from)/float64(top)), 'f', 1, 64) + "%"
}
