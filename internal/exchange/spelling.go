package exchange

import (
	"context"
	"path"
	"strconv"
	"strings"

	"kvit/internal/db"
	"kvit/internal/match"
	"kvit/internal/money"
)

// channelOf names a channel by its register: the file's name up to the first sign that is not a letter, so
// sber_1026.txt is sber.
func channelOf(name string) string {
	base := strings.ToLower(path.Base(name))
	i := strings.IndexFunc(base, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' || (r >= '0' && r <= '9') })
	if i > 0 {
		return base[:i]
	}
	return "register"
}

// findSpelling finds the account a number means when the supplier has none of that very number: the same but for
// look-alike letters or leading zeros; or the only account that differs in one sign and of which the supplier says
// that exactly this sum was paid, or whose number failed its check digit, or rather both. Two candidates for the same
// reasons are no candidate: money never goes to a stranger because numbers look alike.
func findSpelling(ctx context.Context, tx *db.Tx, supplierID int64, number string, amount money.Amount) (string, error) {
	alike, err := alikeNumbers(ctx, tx, supplierID, number)
	if err != nil || len(alike) == 0 {
		return number, err
	}
	suspects, err := suspectNumbers(ctx, tx, supplierID)
	if err != nil {
		return number, err
	}
	folded, found, best := match.FoldNumber(number), number, 0
	for _, c := range alike {
		switch reasons := likeness(match.FoldNumber(c.number), folded, c.paid == amount, suspects[c.number]); {
		case reasons > best:
			found, best = c.number, reasons
		case reasons == best && best > 0:
			found = number
		}
	}
	return found, nil
}

// alikeNumber is an account that a wrong number may mean, and what its supplier says was paid.
type alikeNumber struct {
	number string
	paid   money.Amount
}

// alikeNumbers looks the spellings of a number up one by one: a supplier may have a million others.
func alikeNumbers(ctx context.Context, tx *db.Tx, supplierID int64, number string) (list []alikeNumber, err error) {
	args, places := []any{supplierID}, []string{}
	for _, s := range match.Spellings(number) {
		args = append(args, s)
		places = append(places, "$"+strconv.Itoa(len(args)))
	}
	if len(places) == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.number, coalesce((SELECT sum(c.paid_kop) FROM charge c WHERE c.building_id = r.building_id AND c.account_id = r.account_id
			AND c.month = (SELECT max(m.month) FROM charge m WHERE m.building_id = r.building_id AND m.account_id = r.account_id)), 0)
		FROM account_route r WHERE r.supplier_id = $1 AND r.number IN (`+strings.Join(places, ",")+`)`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c alikeNumber
		if err := rows.Scan(&c.number, &c.paid); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
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

// suspectNumbers are the numbers that failed their check digit when they came.
func suspectNumbers(ctx context.Context, tx *db.Tx, supplierID int64) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT i.account FROM intake_issue i JOIN intake_file f ON f.file_id = i.file_id
		WHERE f.supplier_id = $1 AND i.type = 'acc_typo'`, supplierID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	suspects := map[string]bool{}
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		suspects[n] = true
	}
	return suspects, rows.Err()
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
