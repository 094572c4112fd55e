package supplier

import (
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Reach is how people reach a supplier beside his telephone, and what he plans to do (page P6 of ux.md). All of it may
// be empty.
type Reach struct {
	Hours     string   `json:"hours,omitempty" yaml:"hours"` // of the telephone: «пн–пт 8:00–17:00»
	Emergency Phones   `json:"emergency,omitempty" yaml:"emergency"`
	Email     string   `json:"email,omitempty" yaml:"email"`
	Site      string   `json:"site,omitempty" yaml:"site"` // http or https
	Offices   []Office `json:"offices,omitempty" yaml:"offices"`
	Works     []Work   `json:"works,omitempty" yaml:"works"`
}

// Office is where a supplier receives people.
type Office struct {
	Address string `json:"address" yaml:"address"`
	Hours   string `json:"hours,omitempty" yaml:"hours"`
	Phone   string `json:"phone,omitempty" yaml:"phone"`
}

// Work is something a supplier plans to do; no Until is one day, no Houses is everywhere he serves.
type Work struct {
	Title  string        `json:"title" yaml:"title"`
	From   calendar.Date `json:"from" yaml:"from"`
	Until  calendar.Date `json:"until,omitempty" yaml:"until"`
	Houses []string      `json:"houses,omitempty" yaml:"houses"` // codes of the house register
}

// Over tells whether the work has ended before a day.
func (w *Work) Over(day calendar.Date) bool { return max(w.From, w.Until) < day }

// Concerns tells whether a house of a code is among those the work is done in.
func (w *Work) Concerns(house string) bool {
	for _, code := range w.Houses {
		if code == house {
			return true
		}
	}
	return len(w.Houses) == 0
}

// Phones are telephones that are answered in an emergency; a file writes one as text, several as a list.
type Phones []string

// UnmarshalYAML reads one telephone or a list.
func (p *Phones) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return node.Decode((*[]string)(p))
	}
	*p = Phones{node.Value}
	return nil
}

// over fills what r does not say from other.
func (r Reach) over(other Reach) Reach {
	if r.Hours == "" {
		r.Hours = other.Hours
	}
	if len(r.Emergency) == 0 {
		r.Emergency = other.Emergency
	}
	if r.Email == "" {
		r.Email = other.Email
	}
	if r.Site == "" {
		r.Site = other.Site
	}
	if len(r.Offices) == 0 {
		r.Offices = other.Offices
	}
	if len(r.Works) == 0 {
		r.Works = other.Works
	}
	return r
}

// empty tells that nothing is said.
func (r *Reach) empty() bool {
	return r.Hours == "" && len(r.Emergency) == 0 && r.Email == "" && r.Site == "" && len(r.Offices) == 0 && len(r.Works) == 0
}

// validate checks what pages make links of, and that works have a name and a first day.
func (r *Reach) validate(code string) error {
	if r.Site != "" && !strings.HasPrefix(r.Site, "https://") && !strings.HasPrefix(r.Site, "http://") {
		return fault.Newf(fault.Invalid, "supplier.site", "Поставщик %s: адрес сайта %q начинают с https://.", code, r.Site).WithField("site")
	}
	if r.Email != "" && (strings.Count(r.Email, "@") != 1 || strings.ContainsAny(r.Email, " ,;<>?&")) {
		return fault.Newf(fault.Invalid, "supplier.email", "Поставщик %s: почту %q пишут так: spravka@vodokanal.example.", code, r.Email).WithField("email")
	}
	for i := range r.Works {
		w := &r.Works[i]
		if w.Title == "" || w.From == 0 || w.Until != 0 && w.Until < w.From {
			return fault.Newf(fault.Invalid, "supplier.work", "Поставщик %s: у работ нужны название title и день from, а until не раньше его.", code).WithField("works")
		}
	}
	for i := range r.Offices {
		if r.Offices[i].Address == "" {
			return fault.Newf(fault.Invalid, "supplier.office", "Поставщик %s: у приёмной нужен адрес address.", code).WithField("offices")
		}
	}
	return nil
}
