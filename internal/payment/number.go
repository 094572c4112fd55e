package payment

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// ShortNumber is what a person reads to an operator: the last eight digits of a payment's public number, 947C-1B13.
func ShortNumber(publicID string) string {
	s := strings.ToUpper(strings.ReplaceAll(publicID, "-", ""))
	if len(s) < 10 {
		return s
	}
	return s[len(s)-8:len(s)-4] + "-" + s[len(s)-4:]
}

// shortForm is a short number as people type it: «№ 947C-1B13», «947c1b13».
var shortForm = regexp.MustCompile(`^(?:№\s*)?([0-9a-f]{4})[-\s]?([0-9a-f]{4})$`)

var (
	errUnknownPayment = fault.New(fault.NotFound, "payment.unknown", "Такого платежа нет. Сверьте номер.")
	errManyPayments   = fault.New(fault.Conflict, "payment.many", "Платежей с таким коротким номером несколько. Введите номер целиком.")
)

// findByShortNumber finds the only order of a short number, by the index on the end of the public one.
func findByShortNumber(ctx context.Context, tx *db.Tx, name string) (o Order, err error) {
	digits := shortForm.FindStringSubmatch(strings.ToLower(strings.TrimSpace(name)))
	if digits == nil {
		return o, errUnknownPayment
	}
	var found string
	var times int
	err = tx.QueryRowContext(ctx, "SELECT coalesce(min(public_id), ''), count(*) FROM payment_order WHERE substr(public_id, length(public_id) - 7) = $1", digits[1]+digits[2]).Scan(&found, &times)
	switch {
	case err != nil:
		return o, fmt.Errorf("find payment by its short number: %w", err)
	case times == 0:
		return o, errUnknownPayment
	case times > 1:
		return o, errManyPayments
	}
	return findOrder(ctx, tx, "public_id", found)
}
