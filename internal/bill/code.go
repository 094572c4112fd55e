package bill

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
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
	c := derive(secret, ref, 1)
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO bill_code (token_digest, code_digest, building_id, household_id, epoch, created_at, closed_at)
			VALUES ($1, $2, $3, $4, 1, $5, 0) ON CONFLICT (token_digest) DO NOTHING`, digestOf(c.Token), digestOf(c.Typed), ref.Building, ref.Household, int64(m.now()))
		return err
	})
	if err != nil {
		return Code{}, fmt.Errorf("bill code: %w", err)
	}
	return c, nil
}

func derive(secret []byte, ref Ref, epoch int) Code {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%d/%d/%d", ref.Building, ref.Household, epoch)
	sum := mac.Sum(nil)
	return Code{Token: strings.ToLower(hex.EncodeToString(sum[:tokenBytes])), Typed: typed(sum[tokenBytes:])}
}

// typedSigns are 30 signs nobody confuses.
const typedSigns = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

func typed(sum []byte) string {
	var b strings.Builder
	for i := range 8 {
		b.WriteByte(typedSigns[int(sum[i])%len(typedSigns)])
	}
	return b.String()
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

// FindByTyped gives the token of the household that an account number and the code of the bill open together.
// Whether the number exists is not told.
func (m *Module) FindByTyped(ctx context.Context, number, code string) (token string, err error) {
	secret, err := m.secret(ctx)
	if err != nil {
		return "", err
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "О", "O", "З", "3").Replace(code))
	var refs []Ref
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		refs, err = m.householdsOf(ctx, tx, strings.TrimSpace(number))
		return err
	})
	if err != nil {
		return "", err
	}
	for _, ref := range refs {
		c := derive(secret, ref, 1)
		if subtle.ConstantTimeCompare([]byte(c.Typed), []byte(code)) == 1 {
			_, err := m.CodeOf(ctx, ref)
			return c.Token, err
		}
	}
	return "", errCode
}

// householdsOf are the households that have an account of a number with any supplier.
func (m *Module) householdsOf(ctx context.Context, tx *db.Tx, number string) ([]Ref, error) {
	list, err := supplier.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	var refs []Ref
	for _, s := range list {
		route, err := account.FindRoute(ctx, tx, s.ID, number)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		building, household, err := account.HouseholdOf(ctx, tx, route, m.now())
		if err != nil {
			return nil, err
		}
		if household != 0 {
			refs = append(refs, Ref{building, household})
		}
	}
	return refs, nil
}
