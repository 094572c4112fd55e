package view

import (
	"slices"

	"kvit/internal/money"
)

// SplitRow says what one account gets of the payment.
type SplitRow struct {
	Home                       string // where there are several
	Supplier, Service, Account string
	Due, Pay, Left             money.Amount
	Reason                     string // why so much, in words; '' when there is nothing to say
}

// Share is what one supplier gets of a payment, with requisites where they are asked for.
type Share struct {
	Recipient
	Due, Pay, Left money.Amount
	Parts          []SplitRow
}

// known tells that there are requisites to show.
func (s Share) known() bool { return s.INN != "" || s.Account != "" }

// line is a service of a supplier; with its sum where there are several, with the account where it stands twice.
func (s Share) line(part SplitRow) string {
	if len(s.Parts) == 1 {
		return part.Service
	}
	name, times := part.Service, 0
	for i := range s.Parts {
		if s.Parts[i].Service == name {
			times++
		}
	}
	if times > 1 && part.Account != "" {
		name += ", счёт " + part.Account
	}
	return name + ": " + part.Pay.Format()
}

// sharesOf puts the rows of a split together by supplier and sets his requisites beside them.
func sharesOf(rows []SplitRow, recipients []Recipient) (list []Share) {
	at := map[string]int{}
	for _, row := range rows {
		i, ok := at[row.Supplier]
		if !ok {
			i = len(list)
			at[row.Supplier] = i
			s := Share{Recipient: Recipient{Name: row.Supplier}}
			for _, r := range recipients {
				if r.Name == row.Supplier {
					s.Recipient = r
				}
			}
			list = append(list, s)
		}
		s := &list[i]
		s.Due, s.Pay, s.Left, s.Parts = s.Due+row.Due, s.Pay+row.Pay, s.Left+row.Left, append(s.Parts, row)
	}
	return list
}

// partly tells that the payment is not what is due to the kopeck: then what stays is worth columns.
func partly(list []Share) bool {
	for i := range list {
		if list[i].Due != list[i].Pay {
			return true
		}
	}
	return false
}

// homeNames are the homes of a split, each once; one without a name where there is one only.
func homeNames(rows []SplitRow) (names []string) {
	for _, row := range rows {
		if !slices.Contains(names, row.Home) {
			names = append(names, row.Home)
		}
	}
	return names
}

func rowsOfHome(rows []SplitRow, name string) (own []SplitRow) {
	for _, row := range rows {
		if row.Home == name {
			own = append(own, row)
		}
	}
	return own
}

// commonReason is why every row got what it got, where that is one reason for all of several; then it is said once.
func commonReason(rows []SplitRow) string {
	const several = 3
	why, n := "", 0
	for _, row := range rows {
		if row.Reason == "" {
			continue
		}
		if n > 0 && row.Reason != why {
			return ""
		}
		why, n = row.Reason, n+1
	}
	if n < several {
		return ""
	}
	return why
}

// withoutReason leaves out a reason that was said above.
func withoutReason(rows []SplitRow, why string) []SplitRow {
	rows = slices.Clone(rows)
	for i := range rows {
		if rows[i].Reason == why {
			rows[i].Reason = ""
		}
	}
	return rows
}

// sharesTitle is the caption of the table of a home.
func sharesTitle(home string) string {
	if home == "" {
		return "Кому сколько"
	}
	return "Кому сколько: " + home
}
