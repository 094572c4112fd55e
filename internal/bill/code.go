package bill

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
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

// CodeOf gives the code of a household, made on first use. The same household keeps its code; only digests are
// stored, so the code is derived from the installation's secret.
func (m *Module) CodeOf(ctx context.Context, ref Ref) (Code, error) {
	secret, err := m.secret(ctx)
	if err != nil {
		return Code{}, err
	}
	var c Code
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		epoch, err := epochOf(ctx, tx, ref)
		if err != nil {
			return err
		}
		c = derive(secret, ref, epoch)
		return m.insertCode(ctx, tx, ref, epoch, c)
	})
	if err != nil {
		return Code{}, fmt.Errorf("bill code: %w", err)
	}
	return c, nil
}

// RenewCode makes the papers of a household so far open nothing any more: somebody moved out and has them. The next paper carries
// a new code.
func (m *Module) RenewCode(ctx context.Context, ref Ref) error {
	secret, err := m.secret(ctx)
	if err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		epoch, err := epochOf(ctx, tx, ref)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE bill_code SET closed_at = $3 WHERE building_id = $1 AND household_id = $2 AND closed_at = 0", ref.Building, ref.Household, int64(m.now())); err != nil {
			return fmt.Errorf("close codes: %w", err)
		}
		return m.insertCode(ctx, tx, ref, epoch+1, derive(secret, ref, epoch+1))
	})
}

// epochOf counts the codes of a household: the last one made is in force, the first is 1.
func epochOf(ctx context.Context, tx *db.Tx, ref Ref) (epoch int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT COALESCE(max(epoch), 1) FROM bill_code WHERE building_id = $1 AND household_id = $2", ref.Building, ref.Household).Scan(&epoch)
	return epoch, err
}

func (m *Module) insertCode(ctx context.Context, tx *db.Tx, ref Ref, epoch int, c Code) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO bill_code (token_digest, code_digest, building_id, household_id, epoch, created_at, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (token_digest) DO NOTHING`, digestOf(c.Token), digestOf(c.Typed), ref.Building, ref.Household, int64(epoch), int64(m.now()))
	return err
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

// secret is the installation's key for codes, made once.
func (m *Module) secret(ctx context.Context) ([]byte, error) {
	m.secretOnce.Lock()
	defer m.secretOnce.Unlock()
	if m.secretKey != nil {
		return m.secretKey, nil
	}
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	var text string
	err := m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ('bill_secret', $1) ON CONFLICT (name) DO NOTHING", hex.EncodeToString(fresh)); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = 'bill_secret'").Scan(&text)
	})
	if err != nil {
		return nil, fmt.Errorf("bill secret: %w", err)
	}
	m.secretKey, err = hex.DecodeString(text)
	return m.secretKey, err
}

var errCode = fault.New(fault.NotFound, "bill.code_unknown", "По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией.")

// FindByToken gives the household of a link's token; every wrong token is the same NotFound.
func (m *Module) FindByToken(ctx context.Context, token string) (ref Ref, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT building_id, household_id FROM bill_code WHERE token_digest = $1 AND closed_at = 0", digestOf(strings.ToLower(token))).Scan(&ref.Building, &ref.Household)
	})
	if errors.Is(err, sql.ErrNoRows) || fault.Is(db.Fold(err), fault.NotFound) {
		return ref, errCode
	}
	return ref, err
}

// FindByTyped gives the token of the household that the code of the bill and any number printed on it open together:
// an account's number or the unified one. Whether the number exists is not told.
func (m *Module) FindByTyped(ctx context.Context, number, code string) (token string, err error) {
	secret, err := m.secret(ctx)
	if err != nil {
		return "", err
	}
	number = match.FoldNumber(strings.TrimSpace(number))
	var found *Ref
	epoch := 1
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		found = nil
		refs, err := listTyped(ctx, tx, FoldCode(code))
		if err != nil {
			return err
		}
		for i := range refs {
			if has, err := m.hasNumber(ctx, tx, refs[i], number); err != nil {
				return err
			} else if has {
				found = &refs[i]
			}
		}
		if found == nil {
			return nil
		}
		epoch, err = epochOf(ctx, tx, *found)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case found == nil:
		return "", errCode
	}
	return derive(secret, *found, epoch).Token, nil
}

// listTyped are the households whose paper carries a code.
func listTyped(ctx context.Context, tx *db.Tx, code string) (refs []Ref, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT building_id, household_id FROM bill_code WHERE code_digest = $1 AND closed_at = 0", digestOf(code))
	if err != nil {
		return nil, fmt.Errorf("find code: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var ref Ref
		if err := rows.Scan(&ref.Building, &ref.Household); err != nil {
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
	var refs []Ref
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
	return refs[0], nil
}

// ListByCode gives the households of a code read off a bill: the public one of a household, or the one typed off paper.
func ListByCode(ctx context.Context, tx *db.Tx, code string) (refs []Ref, err error) {
	code = strings.TrimSpace(code)
	if IsTyped(code) {
		return listTyped(ctx, tx, FoldCode(code))
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
