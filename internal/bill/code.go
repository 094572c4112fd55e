package bill

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/match"
)

// Code opens a household's bill without signing in: Token (80 bits) alone, from a link or a QR; Typed (8 signs)
// only together with an account number.
type Code struct {
	Token string
	Typed string
}

const tokenBytes = 10 // 80 bits

// CodeOf gives the code of a household, made on first use. The same household keeps its code until it is renewed; only digests are
// stored, so the code is derived from the installation's secret.
func (m *Module) CodeOf(ctx context.Context, ref Ref) (Code, error) {
	list, err := m.codesOf(ctx, []Ref{ref})
	if err != nil {
		return Code{}, err
	}
	return list[0], nil
}

// MakeCodes makes the codes of households that have none yet, all in one transaction.
func (m *Module) MakeCodes(ctx context.Context, refs []Ref) error {
	_, err := m.codesOf(ctx, refs)
	return err
}

// codesOf gives the codes of households in their order; those that have none yet get theirs in one transaction.
func (m *Module) codesOf(ctx context.Context, refs []Ref) ([]Code, error) {
	secret, err := m.secret.Of(ctx, m.db)
	if err != nil {
		return nil, err
	}
	codes := make([]Code, len(refs))
	var missing []int
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		missing = missing[:0]
		for i, ref := range refs {
			epoch, err := epochOf(ctx, tx, ref)
			if err != nil {
				return err
			}
			codes[i] = derive(secret, ref, epoch)
			known := 0
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM bill_code WHERE token_digest = $1", digestOf(codes[i].Token)).Scan(&known); err != nil {
				return err
			}
			if known == 0 {
				missing = append(missing, i)
			}
		}
		return nil
	})
	if err == nil && len(missing) > 0 {
		err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
			for _, i := range missing {
				epoch, err := epochOf(ctx, tx, refs[i]) // it may have been renewed meanwhile
				if err != nil {
					return err
				}
				codes[i] = derive(secret, refs[i], epoch)
				if err := insertCode(ctx, tx, codes[i], refs[i], epoch, m.now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("bill codes: %w", err)
	}
	return codes, nil
}

func derive(secret []byte, ref Ref, epoch int) Code {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%d/%d/%d", ref.Building, ref.Household, epoch)
	sum := mac.Sum(nil)
	return Code{Token: strings.ToLower(hex.EncodeToString(sum[:tokenBytes])), Typed: typed(sum[tokenBytes:])}
}

const typedLength = 8

// typedSigns are 30 signs nobody confuses.
const typedSigns = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

func typed(sum []byte) string {
	var b strings.Builder
	for i := range typedLength {
		b.WriteByte(typedSigns[int(sum[i])%len(typedSigns)])
	}
	return b.String()
}

// alike are letters of the Russian keyboard that look like signs of a code.
var alike = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "–", "", "А", "A", "В", "B", "Е", "E", "З", "3", "К", "K", "М", "M", "Н", "H", "Р", "P", "С", "C", "Т", "T", "У", "Y", "Х", "X")

// FoldCode is a code as it was meant: case, spaces, hyphens and the keyboard do not matter.
func FoldCode(s string) string { return alike.Replace(strings.ToUpper(s)) }

// IsTyped tells that a text can only be the code of a bill: eight of its signs, letters among them.
func IsTyped(s string) bool {
	s = FoldCode(s)
	return len(s) == typedLength && strings.Trim(s, typedSigns) == "" && strings.ContainsAny(s, typedSigns[8:])
}

func digestOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

var errCode = fault.New(fault.NotFound, "bill.code_unknown", "По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией.")

// FindByToken gives the household of a link's token; every wrong token is the same NotFound, one that was renewed is Gone:
// whoever has its 80 bits had the paper.
func (m *Module) FindByToken(ctx context.Context, token string) (ref Ref, err error) {
	var closed int64
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT building_id, household_id, closed_at FROM bill_code WHERE token_digest = $1", digestOf(strings.ToLower(token))).Scan(&ref.Building, &ref.Household, &closed)
	})
	switch {
	case errors.Is(err, sql.ErrNoRows) || fault.Is(db.Fold(err), fault.NotFound):
		return Ref{}, errCode
	case closed != 0:
		return Ref{}, errExpired
	}
	return ref, err
}

// FindByTyped gives the token of the household that the code of the bill and any number printed on it open together:
// an account's number or the unified one. Whether the number exists is not told.
func (m *Module) FindByTyped(ctx context.Context, number, code string) (token string, err error) {
	secret, err := m.secret.Of(ctx, m.db)
	if err != nil {
		return "", err
	}
	number = match.FoldNumber(strings.TrimSpace(number))
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		token = ""
		refs, err := listTyped(ctx, tx, FoldCode(code))
		if err != nil {
			return err
		}
		for i := range refs {
			if has, err := m.hasNumber(ctx, tx, refs[i].Ref, number); err != nil {
				return err
			} else if has {
				token = derive(secret, refs[i].Ref, refs[i].epoch).Token
			}
		}
		return nil
	})
	if err == nil && token == "" {
		return "", errCode
	}
	return token, err
}

// typedRef is a household a typed code names, with the number of its code.
type typedRef struct {
	Ref
	epoch int
}

// listTyped are the households whose paper carries a code.
func listTyped(ctx context.Context, tx *db.Tx, code string) (refs []typedRef, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT building_id, household_id, epoch FROM bill_code WHERE code_digest = $1 AND closed_at = 0", digestOf(code))
	if err != nil {
		return nil, fmt.Errorf("find code: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var ref typedRef
		if err := rows.Scan(&ref.Building, &ref.Household, &ref.epoch); err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, rows.Err()
}

// hasNumber tells whether a folded number stands on a household's bill, wherever the household is now.
func (m *Module) hasNumber(ctx context.Context, tx *db.Tx, ref Ref, number string) (bool, error) {
	building, err := account.BuildingOf(ctx, tx, ref.Household)
	if err != nil {
		return false, err
	}
	members, err := account.ListMembers(ctx, tx, building, ref.Household, m.now())
	if err != nil || number == "" {
		return false, err
	}
	for i := range members {
		e, err := members[i].Claim.Decode()
		if err != nil {
			return false, err
		}
		unified, _, _ := strings.Cut(e.ELS, "-")
		if slices.Contains([]string{match.FoldNumber(members[i].Claim.Printed), match.FoldNumber(members[i].Number), match.FoldNumber(unified)}, number) {
			return true, nil
		}
	}
	return false, nil
}

// FindByAnyCode gives the household a code alone names: the public code of a household, the token of a link, or the
// code typed off paper where no other household has it. Everything else is NotFound.
func (m *Module) FindByAnyCode(ctx context.Context, code string) (ref Ref, err error) {
	code = strings.TrimSpace(code)
	switch {
	case IsTyped(code):
		return m.findTyped(ctx, code)
	case len(code) == 2*tokenBytes:
		return m.FindByToken(ctx, code)
	}
	return m.FindByCode(ctx, code)
}

func (m *Module) findTyped(ctx context.Context, code string) (ref Ref, err error) {
	var refs []typedRef
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		refs, err = listTyped(ctx, tx, FoldCode(code))
		return err
	})
	if err != nil {
		return ref, err
	}
	if len(refs) != 1 {
		return ref, errCode
	}
	return refs[0].Ref, nil
}

// ListByCode gives the households of a code read off a bill: the public one of a household, or the one typed off paper.
func ListByCode(ctx context.Context, tx *db.Tx, code string) (refs []Ref, err error) {
	code = strings.TrimSpace(code)
	if IsTyped(code) {
		typed, err := listTyped(ctx, tx, FoldCode(code))
		for i := range typed {
			refs = append(refs, typed[i].Ref)
		}
		return refs, err
	}
	id, err := account.ParseHouseholdCode(FoldCode(code))
	if err != nil {
		return nil, nil //nolint:nilerr // it is no code at all
	}
	building, err := account.BuildingOf(ctx, tx, id)
	if fault.Is(db.Fold(err), fault.NotFound) {
		return nil, nil
	}
	return []Ref{{Building: building, Household: id}}, err
}
