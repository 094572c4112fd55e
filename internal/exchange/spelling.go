package exchange

import (
	"context"
	"strings"
	"unicode/utf8"

	"kvit/internal/db"
	"kvit/internal/match"
	"kvit/internal/money"
)

// findSpelling finds the account a number means when the supplier has none of that very number: the same but for
// look-alike letters or leading zeros; or the only account that differs in one sign and of which the supplier says
// that exactly this sum was paid, or whose number failed its check digit, or rather both. Two candidates for the same
// reasons are no candidate: money never goes to a stranger because numbers look alike.
func findSpelling(ctx context.Context, tx *db.Tx, supplierID int64, number string, amount money.Amount) (string, error) {
	s := newSpelling(number, amount)
	if err := s.seeStored(ctx, tx, supplierID); err != nil {
		return number, err
	}
	if found := s.found(); found != "" {
		return found, nil
	}
	return number, nil
}

// spelling weighs which account a number means.
type spelling struct {
	number     string
	folded     string
	length     int
	amount     money.Amount
	suspects   map[string]bool         // numbers that failed their check digit when they came
	candidates map[string]money.Amount // what each is said to have paid
}

func newSpelling(number string, amount money.Amount) *spelling {
	return &spelling{number: number, folded: match.FoldNumber(number), length: utf8.RuneCountInString(number), amount: amount,
		suspects: map[string]bool{}, candidates: map[string]money.Amount{}}
}

// see takes an account into account; paid is what its supplier says was paid.
func (s *spelling) see(number string, paid money.Amount) {
	if utf8.RuneCountInString(number) != s.length {
		return
	}
	if likeness(match.FoldNumber(number), s.folded, true, true) > 0 {
		s.candidates[number] = paid
	}
}

// found is the account meant for the most reasons, or nothing when two have as many.
func (s *spelling) found() (number string) {
	best := 0
	for candidate, paid := range s.candidates {
		switch reasons := likeness(match.FoldNumber(candidate), s.folded, paid == s.amount, s.suspects[candidate]); {
		case reasons > best:
			number, best = candidate, reasons
		case reasons == best && best > 0:
			number = ""
		}
	}
	return number
}

// likeness counts the reasons to take a folded number for a candidate's: 0 none, 3 they are the same.
func likeness(candidate, number string, samePaid, suspect bool) (reasons int) {
	if candidate == number {
		return 3
	}
	width := max(len(candidate), len(number)) // a sign put for a leading zero
	if !sameButOneSign(padded(candidate, width), padded(number, width)) {
		return 0
	}
	if samePaid {
		reasons++
	}
	if suspect {
		reasons++
	}
	return reasons
}

// padded gives a folded number its leading zeros back.
func padded(s string, width int) string { return strings.Repeat("0", width-len(s)) + s }

// seeStored shows the accounts of a supplier that are stored, looking the spellings of the number up one by one: a
// supplier may have a million others.
func (s *spelling) seeStored(ctx context.Context, tx *db.Tx, supplierID int64) error {
	if err := s.suspectStored(ctx, tx, supplierID); err != nil {
		return err
	}
	spellings := match.Spellings(s.number)
	if len(spellings) == 0 {
		return nil
	}
	args := []any{supplierID}
	of := db.In("r.number", spellings, &args)
	rows, err := tx.QueryContext(ctx, `SELECT r.number, coalesce((SELECT sum(c.paid_kop) FROM charge c WHERE c.building_id = r.building_id AND c.account_id = r.account_id
			AND c.month = (SELECT max(m.month) FROM charge m WHERE m.building_id = r.building_id AND m.account_id = r.account_id)), 0)
		FROM account_route r WHERE r.supplier_id = $1 AND `+of, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		var paid money.Amount
		if err := rows.Scan(&number, &paid); err != nil {
			return err
		}
		s.see(number, paid)
	}
	return rows.Err()
}

func (s *spelling) suspectStored(ctx context.Context, tx *db.Tx, supplierID int64) error {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT i.account FROM intake_issue i JOIN intake_file f ON f.file_id = i.file_id
		WHERE f.supplier_id = $1 AND i.type = 'acc_typo'`, supplierID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			return err
		}
		s.suspects[number] = true
	}
	return rows.Err()
}

// sameButOneSign tells whether two numbers of one length differ in at most one place.
func sameButOneSign(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	differ := 0
	for i := range len(a) {
		if a[i] != b[i] {
			differ++
		}
	}
	return differ <= 1
}
