package person

import (
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Way is how the people of a home share its bill.
type Way string

// Ways of sharing.
const (
	ByPercent Way = "percent"  // everyone pays so many per cent of every line
	BySum     Way = "sum"      // everyone but one pays a sum a month, and one the rest
	ByService Way = "services" // everyone but one pays the services he took, and one the rest
)

// States of an agreement.
const (
	AgreementProposed  = "proposed" // somebody has not answered
	AgreementAgreed    = "agreed"   // stands
	AgreementDeclined  = "declined"
	AgreementWithdrawn = "withdrawn"
	AgreementEnded     = "ended"
)

// PercentWhole is 100 % in the measure of Part.Percent.
const PercentWhole = 10_000

// Part is what one person of a home pays by an agreement.
type Part struct {
	PersonID   int64
	Percent    int64        // of ByPercent, in hundredths of a per cent
	Sum        money.Amount // of BySum, a month
	Services   []string     // of ByService
	Rest       bool         // of BySum and ByService: pays what nobody else took; one does
	AnsweredAt calendar.Micros
}

// Agreement is what the people of one home agreed about who pays which part of its bill. To suppliers all of them stay liable
// for the whole (ЖК РФ ст. 31 ч. 3, ст. 69 ч. 2): no bill, register or penalty changes by it.
type Agreement struct {
	ID                  int64
	Building, Household int64
	Way                 Way
	State               string
	ProposedBy          int64
	CreatedAt           calendar.Micros
	AgreedAt            calendar.Micros // 0: not in force
	Month               calendar.Month  // the month billed when it came into force; 0: none was
	EndedAt             calendar.Micros
	Parts               []Part
}

// membersMax bounds those who share a home.
const membersMax = 10

// PartOf finds somebody's part; -1 when he has none.
func (a *Agreement) PartOf(person int64) int {
	return slices.IndexFunc(a.Parts, func(p Part) bool { return p.PersonID == person })
}

// Sums tells whether everybody pays of every line, and not lines of his own.
func (a *Agreement) Sums() bool { return a.Way == ByPercent || a.Way == BySum }

// check refuses parts that do not make a whole.
func (a *Agreement) check() error {
	if len(a.Parts) < 2 || len(a.Parts) > membersMax {
		return fault.Newf(fault.Invalid, "agreement.people", "Договориться могут от двух до %d человек.", membersMax).WithField("parts")
	}
	for i := range a.Parts {
		if a.PartOf(a.Parts[i].PersonID) != i {
			return fault.New(fault.Invalid, "agreement.twice", "Один человек назван дважды.").WithField("parts")
		}
	}
	switch a.Way {
	case ByPercent:
		return a.checkPercents()
	case BySum, ByService:
		return a.checkRest()
	}
	return fault.New(fault.Invalid, "agreement.way", "Выберите, как делить: в процентах, суммой или по услугам.").WithField("way")
}

func (a *Agreement) checkPercents() error {
	total := int64(0)
	for i := range a.Parts {
		if a.Parts[i].Percent < 1 || a.Parts[i].Percent > PercentWhole {
			return fault.New(fault.Invalid, "agreement.percent", "Напишите каждому его долю в процентах – больше нуля.").WithField("parts")
		}
		total += a.Parts[i].Percent
	}
	if total != PercentWhole {
		return fault.Newf(fault.Invalid, "agreement.whole", "Вместе должно выйти 100 %%, а выходит %s.", PercentText(total)).WithField("parts")
	}
	return nil
}

// checkRest refuses parts of which not exactly one takes the rest, and parts that take nothing.
func (a *Agreement) checkRest() error {
	rest, taken := 0, map[string]bool{}
	for i := range a.Parts {
		p := &a.Parts[i]
		if p.Rest {
			rest++
		} else if a.Way == BySum && p.Sum <= 0 {
			return fault.New(fault.Invalid, "agreement.sum", "Напишите каждому, сколько он платит в месяц. Пусто – у одного: он платит остальное.").WithField("parts")
		} else if a.Way == ByService && len(p.Services) == 0 {
			return fault.New(fault.Invalid, "agreement.services", "Отдайте каждому хотя бы одну услугу.").WithField("parts")
		}
		for _, s := range p.Services {
			if taken[s] {
				return fault.New(fault.Invalid, "agreement.service", "Одну услугу платит один человек.").WithField("parts")
			}
			taken[s] = true
		}
	}
	if rest != 1 {
		return fault.New(fault.Invalid, "agreement.rest", "Остальное платит один человек. Выберите кто.").WithField("parts")
	}
	return nil
}

// PercentText writes hundredths of a per cent for people: «33,33 %».
func PercentText(hundredths int64) string {
	text := strings.TrimSuffix(money.Amount(hundredths).FormatBare(), ",00") // two digits after a comma, as kopecks have
	return text + "\u00a0%"
}

// stands tells whether everybody named may still see and pay on a day.
func (a *Agreement) stands(people []Home, day calendar.Date) bool {
	for i := range a.Parts {
		if !mayShare(people, a.Parts[i].PersonID, day) {
			return false
		}
	}
	return true
}

// mayShare tells whether a person sees and pays the bill of a home on a day.
func mayShare(people []Home, person int64, day calendar.Date) bool {
	return slices.ContainsFunc(people, func(h Home) bool { return h.PersonID == person && h.SharesOn(day) })
}

// SharesOn tells whether a person may take a part of the home's bill on a day: he sees it and may pay it.
func (h *Home) SharesOn(day calendar.Date) bool {
	rights := h.RightsOn(day)
	return rights.Has(access.See) && rights.Has(access.Pay)
}

// Owed shares what is due of a home among the parts of an agreement of sums, to the kopeck. due is what all have to pay together
// now, net the same less what is paid ahead; paid is what each has paid since they agreed, in the order of parts; months is how
// many months were billed since, the first included. What one has paid counts for him: who paid too little pays it later,
// and nobody else does; who paid too much pays less later.
func (a *Agreement) Owed(due, net money.Amount, paid []money.Amount, months int) []money.Amount {
	all := net
	for _, p := range paid {
		all += p
	}
	own := a.obligations(all, months)
	left, agreed, sum := make([]int64, len(own)), make([]int64, len(own)), money.Amount(0)
	for i := range own {
		left[i], agreed[i] = int64(max(0, own[i]-paid[i])), int64(max(0, own[i]))
		sum += money.Amount(left[i])
	}
	if sum == 0 {
		left = agreed
	}
	return money.Split(due, left) // what others paid above their parts is nobody's to pay again
}

// obligations are what each has to pay of everything since the agreement.
func (a *Agreement) obligations(all money.Amount, months int) []money.Amount {
	if a.Way == ByPercent {
		weights := make([]int64, len(a.Parts))
		for i := range a.Parts {
			weights[i] = a.Parts[i].Percent
		}
		return money.Split(all, weights)
	}
	own, rest := make([]money.Amount, len(a.Parts)), all
	for i := range a.Parts {
		if !a.Parts[i].Rest {
			own[i] = max(0, min(a.Parts[i].Sum*money.Amount(max(1, months)), rest))
			rest -= own[i]
		}
	}
	own[slices.IndexFunc(a.Parts, func(p Part) bool { return p.Rest })] = rest
	return own
}

// Months counts the months billed since an agreement came into force, the first included.
func (a *Agreement) Months(billed calendar.Month) int {
	n := 1
	for m := a.Month; m.Valid() && m < billed; m = m.Add(1) {
		n++
	}
	return n
}
