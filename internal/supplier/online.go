package supplier

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// Online is how a supplier is asked for balances at once (docs/formats/online.md).
type Online struct {
	URL    string `json:"url" yaml:"url"`
	Secret string `json:"secret" yaml:"secret"` // name of the file with his secret, in keys/online of the data folder
}

// validate checks the address and the name of the secret.
func (o *Online) validate(code string) error {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil:
		return fault.Newf(fault.Invalid, "supplier.online_url", "Поставщик %s: online.url %q – не адрес. Нужен https://…", code, o.URL).WithField("online")
	case o.Secret == "" || strings.ContainsAny(o.Secret, `/\`) || strings.HasPrefix(o.Secret, "."):
		return fault.Newf(fault.Invalid, "supplier.online_secret", "Поставщик %s: online.secret – имя файла с ключом из keys/online папки данных, без пути.", code).WithField("online")
	}
	return nil
}

// ListOnline gives the suppliers who answer balance queries, by code.
func ListOnline(ctx context.Context, tx *db.Tx) ([]Supplier, error) {
	return list(ctx, tx, "WHERE online <> '' ")
}

// ListLinear gives the suppliers whose papers have linear codes, by code.
func ListLinear(ctx context.Context, tx *db.Tx) ([]Supplier, error) {
	return list(ctx, tx, "WHERE barcodes <> '' ")
}

// List gives all suppliers by code.
func List(ctx context.Context, tx *db.Tx) ([]Supplier, error) { return list(ctx, tx, "") }

func list(ctx context.Context, tx *db.Tx, where string) ([]Supplier, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM supplier "+where+"ORDER BY code")
	if err != nil {
		return nil, fmt.Errorf("list suppliers: %w", err)
	}
	defer rows.Close()
	var list []Supplier
	for rows.Next() {
		s, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
