package reconcile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/db"
	"kvit/internal/match"
	"kvit/internal/payment"
)

// residentsAtOnce is how many payments of residents one transaction takes.
const residentsAtOnce = 300

// BookResidents credits the payments of residents that came straight to our account: whose number the purpose names, the
// rest waits as unidentified. One that is booked is not booked again.
func (m *Module) BookResidents(ctx context.Context) (booked, suspense int, err error) {
	for {
		var list []movement
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = listMovements(ctx, tx, "WHERE order_key = '' AND class = 'resident' ORDER BY movement_key LIMIT $1", residentsAtOnce)
			return err
		})
		if err != nil || len(list) == 0 {
			return booked, suspense, err
		}
		b, s, err := m.bookResidents(ctx, list)
		if err != nil {
			return booked, suspense, fmt.Errorf("book residents' payments: %w", err)
		}
		booked, suspense = booked+b, suspense+s
	}
}

func (m *Module) bookResidents(ctx context.Context, list []movement) (booked, suspense int, err error) {
	lines := make([]payment.Line, len(list))
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		for i := range list {
			x := &list[i]
			h, number, err := recognise(ctx, tx, x)
			if err != nil {
				return err
			}
			lines[i] = payment.Line{Row: x.Pos, Operation: operationOf(x.Key), SupplierCode: h.supplier, Number: number, Date: x.Date, Amount: x.Sum, Key: payment.MovementKey(operationOf(x.Key))}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	verdicts, err := m.Payments.TakeLines(ctx, payment.Source{Channel: ChannelBank}, lines, nil)
	if err != nil {
		return 0, 0, err
	}
	for _, v := range verdicts {
		if v == payment.Suspense {
			suspense++
		} else {
			booked++
		}
	}
	return booked, suspense, m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for i := range list {
			if _, err := tx.ExecContext(ctx, "UPDATE reconcile_movement SET order_key = $2 WHERE movement_key = $1", list[i].Key, lines[i].Key); err != nil {
				return err
			}
		}
		return nil
	})
}

// operationOf is a short number of a movement, the same wherever it is computed.
func operationOf(key string) string {
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:10])
}

// recognise finds whose account a resident's payment names; an empty holder when nobody's, several persons', or when the
// words do not tell an account. The number told is for people to look at.
func recognise(ctx context.Context, tx *db.Tx, x *movement) (holder, string, error) {
	p := ReadPurpose(x.Purpose, x.Code)
	for _, numbers := range [][]string{p.Marked, p.Bare} {
		found, err := findHolders(ctx, tx, numbers)
		if err != nil {
			return holder{}, "", err
		}
		if len(found) > 1 {
			found = mentioned(found, x)
		}
		if len(found) == 1 {
			return found[0], found[0].number, nil
		}
		if len(numbers) > 0 {
			return holder{}, numbers[0], nil // what words call an account wins over other signs, known or not
		}
	}
	return holder{}, "", nil
}

// findHolders finds the accounts of numbers as they are written, or the same but for look-alike letters and zeros in front.
func findHolders(ctx context.Context, tx *db.Tx, numbers []string) ([]holder, error) {
	exact, err := listHolders(ctx, tx, numbers)
	if err != nil || len(exact) > 0 {
		return exact, err
	}
	var spelt []string
	folded := map[string]bool{}
	for _, n := range numbers {
		spelt = append(spelt, match.Spellings(n)...)
		folded[match.FoldNumber(n)] = true
	}
	near, err := listHolders(ctx, tx, spelt)
	return slices.DeleteFunc(near, func(h holder) bool { return !folded[match.FoldNumber(h.number)] }), err
}

// mentioned are the holders whose supplier the payment names: by tax number, code or name.
func mentioned(list []holder, x *movement) []holder {
	text := fold(x.Purpose + " " + x.Payee.INN)
	return slices.DeleteFunc(slices.Clone(list), func(h holder) bool {
		return !(h.inn != "" && strings.Contains(text, h.inn)) && !strings.Contains(text, fold(h.name)) && !slices.Contains(strings.Fields(text), fold(h.supplier))
	})
}
