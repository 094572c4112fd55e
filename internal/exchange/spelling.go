package exchange

import (
	"context"
	"path"
	"strings"

	"kvit/internal/db"
	"kvit/internal/match"
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

// findSpelling finds the account a number means when the supplier has none of that very number: the same sign by
// sign but for look-alike letters or leading zeros, or the one account whose number failed its check digit when
// it came and differs in a single sign. Two candidates are no candidate.
func findSpelling(ctx context.Context, tx *db.Tx, supplierID int64, number string) (string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT i.account FROM intake_issue i JOIN intake_file f ON f.file_id = i.file_id
		WHERE f.supplier_id = $1 AND i.type IN ('acc_typo', 'acc_lookalike', 'acc_zero_lost')`, supplierID)
	if err != nil {
		return number, err
	}
	defer rows.Close()
	found := ""
	for rows.Next() {
		var candidate string
		if err := rows.Scan(&candidate); err != nil {
			return number, err
		}
		if !sameButOneSign(match.FoldNumber(candidate), match.FoldNumber(number)) {
			continue
		}
		if found != "" {
			return number, rows.Err()
		}
		found = candidate
	}
	if found == "" {
		return number, rows.Err()
	}
	return found, rows.Err()
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
