package city

import (
	"fmt"
	"hash/fnv"

	"kvit/internal/calendar"
)

// row is one record of a register: an account and what was done to it.
type row struct {
	account *account
	damage  *damage // nil for a clean row
}

// damage is how a row differs from the account it stands for.
type damage struct {
	addr    *address
	owner   *person
	number  string
	numeric bool // the number is a numeric cell without its leading zeros
	month   calendar.Month
	wrong   int64 // added to what is due
	extra   int64 // added to the charge, and so to what is due
	version int
	variant bool // other words for the same
	spaced  bool // sums with no-break spaces
	mixed   bool // bytes of another code page
	shifted bool // a stray delimiter
	storno  bool // a document that takes extra back
	late    bool // stands at the end, far from its pair
	defects []*defect
	perLine bool // defects stand one for each line of the row
}

func (r *row) number() string {
	if r.damage != nil && r.damage.number != "" {
		return r.damage.number
	}
	return r.account.number
}

func (r *row) version() int {
	if r.damage != nil && r.damage.version > 0 {
		return r.damage.version
	}
	return 1
}

func (r *row) late() bool   { return r.damage != nil && r.damage.late }
func (r *row) storno() bool { return r.damage != nil && r.damage.storno }

// document is the number of the document of a row; a storno has one of its own.
func (r *row) document() string {
	h := fnv.New32a()
	h.Write([]byte(r.account.number))
	n := h.Sum32() % 100_000_000
	if r.storno() {
		return fmt.Sprintf("9%08d", n)
	}
	return fmt.Sprintf("0%08d", n)
}

// reference is the number of the document a storno corrects.
func (r *row) reference() string {
	if !r.storno() {
		return ""
	}
	base := row{account: r.account}
	return base.document()
}

// address is the address the row prints.
func (r *row) address() *address {
	if r.damage != nil && r.damage.addr != nil {
		return r.damage.addr
	}
	return newAddress(r.account.household.house, r.account.flat, r.account.room)
}

func (r *row) owner() *person {
	if r.damage != nil && r.damage.owner != nil {
		return r.damage.owner
	}
	return r.account.owner
}

// lines are the figures the row prints: one for each service where the register has such rows.
func (r *row) lines(byService bool) []sums {
	list := []sums{r.account.sums}
	if byService {
		list = shares(r.account.sums, r.account.services)
	}
	if d := r.damage; d != nil {
		if d.storno {
			return []sums{{charge: -d.extra}}
		}
		list[0].charge += d.extra
		list[0].due += d.extra + d.wrong
	}
	return list
}
