package supplier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

const columns = `supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, mapping, mapping_at, gis, online, barcodes, reach`

type scanner interface{ Scan(dest ...any) error }

func scan(row scanner) (s Supplier, err error) {
	var services, mapping, part, online, barcodes, reach string
	err = row.Scan(&s.ID, &s.Code, &s.Name, &s.INN, &s.KPP, &s.Bank, &s.BIC, &s.CorrAccount, &s.BankAccount, &s.Phone, &s.Address, &services, &s.Mode, &s.Status, &mapping, &s.MappedAt, &part, &online, &barcodes, &reach)
	if err != nil {
		return s, db.Fold(err)
	}
	if part != "" {
		err = json.Unmarshal([]byte(part), &s.GIS)
	}
	if online != "" {
		err = errors.Join(err, json.Unmarshal([]byte(online), &s.Online))
	}
	if barcodes != "" {
		err = errors.Join(err, json.Unmarshal([]byte(barcodes), &s.Barcodes))
	}
	if reach != "" {
		err = errors.Join(err, json.Unmarshal([]byte(reach), &s.Reach))
	}
	return s, errors.Join(err, json.Unmarshal([]byte(services), &s.Services), json.Unmarshal([]byte(mapping), &s.Mapping))
}

// Find gives the supplier of a code, or NotFound.
func Find(ctx context.Context, tx *db.Tx, code string) (Supplier, error) {
	s, err := scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM supplier WHERE code = $1", code))
	if fault.Is(err, fault.NotFound) {
		return s, fault.Newf(fault.NotFound, "supplier.unknown", "Поставщика с кодом %q нет. Список: kvit suppliers list.", code).Because(err)
	}
	return s, err
}

// FindByID gives the supplier of an id, or NotFound.
func FindByID(ctx context.Context, tx *db.Tx, id int64) (Supplier, error) {
	return scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM supplier WHERE supplier_id = $1", id))
}

// ListCodes gives the codes of suppliers by id: what the catalogue and files name them by.
func ListCodes(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT supplier_id, code FROM supplier")
	if err != nil {
		return nil, fmt.Errorf("codes of suppliers: %w", err)
	}
	defer rows.Close()
	codes := map[int64]string{}
	for rows.Next() {
		var id int64
		var code string
		if err := rows.Scan(&id, &code); err != nil {
			return nil, err
		}
		codes[id] = code
	}
	return codes, rows.Err()
}

// texts are the lists of a supplier as they are stored.
func (s *Supplier) texts() (t texts, err error) {
	for _, x := range []struct {
		into  *string
		value any
		none  bool
	}{
		{&t.services, append([]string{}, s.Services...), false}, {&t.mapping, append([]Service{}, s.Mapping...), false}, {&t.gis, s.GIS, s.GIS == nil}, {&t.online, s.Online, s.Online == nil},
		{&t.barcodes, s.Barcodes, len(s.Barcodes) == 0}, {&t.reach, &s.Reach, s.Reach.empty()},
	} {
		if x.none {
			continue
		}
		text, err := json.Marshal(x.value)
		if err != nil {
			return t, err
		}
		*x.into = string(text)
	}
	return t, nil
}

// texts are the parts of a supplier that are stored as JSON; empty ones he has not.
type texts struct{ services, mapping, gis, online, barcodes, reach string }

func insert(ctx context.Context, tx *db.Tx, s *Supplier, at calendar.Micros) error {
	t, err := s.texts()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO supplier ("+columns+", recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
		s.ID, s.Code, s.Name, s.INN, s.KPP, s.Bank, s.BIC, s.CorrAccount, s.BankAccount, s.Phone, s.Address, t.services, s.Mode, s.Status, t.mapping, int64(s.MappedAt), t.gis, t.online, t.barcodes, t.reach, int64(at))
	return err
}

func update(ctx context.Context, tx *db.Tx, s *Supplier, at calendar.Micros) error {
	t, err := s.texts()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE supplier SET name = $2, inn = $3, kpp = $4, bank = $5, bic = $6, corr_account = $7, bank_account = $8,
		phone = $9, address = $10, services = $11, mode = $12, status = $13, mapping = $14, mapping_at = $15, gis = $16, online = $17, recorded_at = $18, barcodes = $19, reach = $20 WHERE supplier_id = $1`,
		s.ID, s.Name, s.INN, s.KPP, s.Bank, s.BIC, s.CorrAccount, s.BankAccount, s.Phone, s.Address, t.services, s.Mode, s.Status, t.mapping, int64(s.MappedAt), t.gis, t.online, int64(at), t.barcodes, t.reach)
	return err
}

// ListServices gives whose each service is.
func ListServices(ctx context.Context, tx *db.Tx) (map[int64]int64, error) {
	owners := map[int64]int64{}
	err := tx.Scan(ctx, "SELECT service_id, supplier_id FROM service", nil, func(v []int64, _ []byte) error {
		owners[v[0]] = v[1]
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list services: %w", err)
	}
	return owners, nil
}

// ListParts gives the service of a supplier that is the heat of another, by that other.
func ListParts(ctx context.Context, tx *db.Tx) (map[int64]int64, error) {
	heat := map[int64]int64{}
	err := tx.Scan(ctx, "SELECT of_service, service_id FROM service_part", nil, func(v []int64, _ []byte) error {
		heat[v[0]] = v[1]
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list parts of services: %w", err)
	}
	return heat, nil
}

// ListServiceNames gives the services of suppliers as these name them.
func ListServiceNames(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT service_id, name FROM service")
	if err != nil {
		return nil, fmt.Errorf("list names of services: %w", err)
	}
	defer rows.Close()
	names := map[int64]string{}
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}
