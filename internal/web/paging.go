package web

import (
	"net/http"
	"net/url"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// MaxPage bounds how many rows a list page holds; maxPages how far it is paged before a filter is asked for.
const (
	MaxPage  = 200
	maxPages = 1000
)

// Paging is a window on a list: rows Offset()+1 … Offset()+Size of Total.
type Paging struct {
	Number int // from 1
	Size   int
	Total  int // filled after counting
	url    url.URL
}

// PageOf reads ?page=; size is the rows of a page, at most MaxPage.
func PageOf(r *http.Request, size int) (Paging, error) {
	p := Paging{Number: 1, Size: min(size, MaxPage), url: *r.URL}
	text := r.URL.Query().Get("page")
	if text == "" {
		return p, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPages {
		return p, fault.Newf(fault.Invalid, "page.number", "Номер страницы – от 1 до %d. Дальше поможет отбор.", maxPages).WithField("page")
	}
	p.Number = n
	return p, nil
}

// Offset is how many rows lie before the page.
func (p Paging) Offset() int { return (p.Number - 1) * p.Size }

// From and To are the numbers of the first and last row shown.
func (p Paging) From() int { return min(p.Offset()+1, p.Total) }

// To is the number of the last row shown.
func (p Paging) To() int { return min(p.Offset()+p.Size, p.Total) }

// Prev is the address of the page before, empty on the first.
func (p Paging) Prev() string {
	if p.Number <= 1 {
		return ""
	}
	return p.at(p.Number - 1)
}

// Next is the address of the page after, empty on the last.
func (p Paging) Next() string {
	if p.To() >= p.Total || p.Number >= maxPages {
		return ""
	}
	return p.at(p.Number + 1)
}

func (p Paging) at(n int) string {
	q := p.url.Query()
	q.Set("page", strconv.Itoa(n))
	return p.url.Path + "?" + q.Encode()
}

// DayRange is a span of days in a filter, both ends included.
type DayRange struct {
	From, To calendar.Date
}

// maxDays bounds a span that a list page shows.
const maxDays = 400

// RangeOf reads ?from= and ?to=; what is missing comes from def. The end may not lie before the beginning.
func RangeOf(r *http.Request, def DayRange) (DayRange, error) {
	q := r.URL.Query()
	for _, end := range []struct {
		name string
		into *calendar.Date
	}{{"from", &def.From}, {"to", &def.To}} {
		text := q.Get(end.name)
		if text == "" {
			continue
		}
		d, err := calendar.ParseDate(text)
		if err != nil {
			return def, fault.New(fault.Invalid, "range.date", "Дату пишут так: 31.10.2026.").WithField(end.name).Because(err)
		}
		*end.into = d
	}
	if def.To < def.From {
		return def, fault.New(fault.Invalid, "range.order", "Конец срока раньше начала. Поменяйте даты местами.").WithField("to")
	}
	if def.To.Days(def.From) > maxDays {
		return def, fault.Newf(fault.Invalid, "range.long", "Срок длиннее %d дней. Возьмите год или меньше.", maxDays).WithField("from")
	}
	return def, nil
}
