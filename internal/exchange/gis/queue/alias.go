package queue

import (
	"context"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
)

// listResources is the code list of metered resources (НСИ 2).
const listResources = 2

// learnt is an identifier ГИС ЖКХ gave.
type learnt struct{ kind, key, value, source string }

// saveAlias keeps an identifier. The one before stays, with its moment.
func saveAlias(ctx context.Context, tx *db.Tx, supplier int64, x learnt, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO gis_identifier (supplier_id, kind, own_key, recorded_at, value, source)
		SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT)
		WHERE NOT EXISTS (SELECT 1 FROM v_gis_identifier WHERE supplier_id = $1 AND kind = $2 AND own_key = $3 AND value = $5)
		ON CONFLICT (supplier_id, kind, own_key, recorded_at) DO UPDATE SET value = excluded.value, source = excluded.source`, supplier, x.kind, x.key, int64(at), x.value, x.source)
	return err
}

// listAliases gives the identifiers of a kind by some of our keys.
func listAliases(ctx context.Context, tx *db.Tx, supplier int64, kind string, keys []string) (map[string]string, error) {
	found := map[string]string{}
	for from := 0; from < len(keys); from += listMax {
		args := []any{supplier, kind}
		where := db.In("own_key", keys[from:min(from+listMax, len(keys))], &args)
		rows, err := tx.QueryContext(ctx, "SELECT own_key, value FROM v_gis_identifier WHERE supplier_id = $1 AND kind = $2 AND "+where, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var key, value string
			if err := rows.Scan(&key, &value); err != nil {
				rows.Close()
				return nil, err
			}
			found[key] = value
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func accountKey(id int64) string { return strconv.FormatInt(id, 10) }

func documentKey(account, month int64) string { return fmt.Sprintf("%d/%d", account, month) }

func meterEntity(id int64) string { return fmt.Sprint("meter:", id) }

// aliasOf is which identifier an object of a kind cannot go without, its key, and the words when it is not there.
func aliasOf(o *object) (kind, key, missing string) {
	switch o.Kind {
	case gis.KindMeter:
		return aliasAccount, accountKey(o.Account), "Лицевой счёт ещё не размещён в ГИС ЖКХ."
	case gis.KindReading:
		return aliasMeter, meterKey(o.Entity), "Нет идентификатора прибора учёта в ГИС ЖКХ."
	case gis.KindDocument:
		return aliasAccount, accountKey(o.Account), "Лицевой счёт ещё не размещён в ГИС ЖКХ."
	case gis.KindWithdrawal:
		return aliasDocument, documentKey(o.Account, o.Batch), "Нет идентификатора платёжного документа (ИПД)."
	case gis.KindPayment:
		return aliasService, accountKey(o.Account), "Нет идентификатора ЖКУ (ИЖКУ) лицевого счёта."
	}
	return aliasAccount, accountKey(o.Account), ""
}

// identify gives objects of one kind and supplier the identifiers they are sent with. The reason of an object that
// cannot go yet is set.
func identify(ctx context.Context, tx *db.Tx, list []object, message string) error {
	kind, _, _ := aliasOf(&list[0])
	var keys, documents []string
	for i := range list {
		_, key, _ := aliasOf(&list[i])
		keys, documents = append(keys, key), append(documents, documentKey(list[i].Account, list[i].Batch))
	}
	ids, err := listAliases(ctx, tx, list[0].Supplier, kind, keys)
	if err != nil {
		return err
	}
	issued, flats, codes := map[string]string{}, map[string]string{}, map[string]gis.Ref{}
	switch list[0].Kind {
	case gis.KindDocument:
		issued, err = listAliases(ctx, tx, list[0].Supplier, aliasDocument, documents)
	case gis.KindAccount, gis.KindMeter:
		flats, err = listAliases(ctx, tx, list[0].Supplier, aliasPremises, keys)
	}
	if err == nil && takesCodes(list[0].Kind) {
		codes, err = listCodes(ctx, tx)
	}
	if err != nil {
		return err
	}
	for i := range list {
		o := &list[i]
		id := ids[keys[i]]
		if _, _, missing := aliasOf(o); id == "" && missing != "" {
			o.Reason = missing
			continue
		}
		switch b := o.Body.(type) {
		case *gis.Account:
			b.AccountGUID = id
			if flat := flats[keys[i]]; flat != "" {
				b.Accommodation = []gis.Accommodation{{PremisesGUID: flat}}
			}
		case *gis.Meter:
			o.Reason = placeMeter(b, id, flats[keys[i]])
			if b.Data.Resource != nil {
				b.Data.Resource.Resource = codes[b.Data.Resource.Resource.Name]
			}
		case *gis.Reading:
			b.MeterGUID = id
			if b.OneRate != nil {
				b.OneRate.Resource = codes[b.OneRate.Resource.Name]
			}
		case *gis.Document:
			b.AccountGUID, b.DocumentID, b.Requisites = id, issued[documents[i]], message
		case *gis.Withdrawal:
			b.DocumentID = id
		case *gis.Payment:
			b.ServiceID = id
		case *gis.Cancellation:
			err = cancels(ctx, tx, o, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takesCodes tells whether objects of a kind name entries of a code list.
func takesCodes(k gis.Kind) bool { return k == gis.KindReading || k == gis.KindMeter }

// placeMeter puts a meter into its flat, or its house, and its account. The reason is why it cannot.
func placeMeter(b *gis.Meter, account, flat string) (reason string) {
	switch basic := &b.Data.Basic; {
	case basic.House != nil:
		basic.House.AccountGUID = account
	case flat == "":
		return "Нет идентификатора помещения в ГИС ЖКХ: спросите его, kvit gis fetch."
	default:
		basic.Flat = &gis.FlatMeter{PremisesGUID: flat, AccountGUID: account}
	}
	return ""
}

// cancels finds the number ГИС ЖКХ gave the payment that is cancelled.
func cancels(ctx context.Context, tx *db.Tx, o *object, b *gis.Cancellation) error {
	rows, err := tx.QueryContext(ctx, "SELECT number FROM gis_object WHERE supplier_id = $1 AND entity = $2 AND seq < $3 AND kind = 'payment' AND state = 'done' ORDER BY seq DESC LIMIT 1", o.Supplier, o.Entity, o.Seq)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&b.OrderID); err != nil {
			return err
		}
	}
	if b.OrderID == "" {
		o.Reason = "Нет номера платежа в ГИС ЖКХ: отменять нечего."
	}
	return rows.Err()
}

func listCodes(ctx context.Context, tx *db.Tx) (map[string]gis.Ref, error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, code, guid FROM gis_code WHERE list_no = $1", listResources)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	codes := map[string]gis.Ref{}
	for rows.Next() {
		var r gis.Ref
		if err := rows.Scan(&r.Name, &r.Code, &r.GUID); err != nil {
			return nil, err
		}
		codes[r.Name] = r
	}
	return codes, rows.Err()
}

// loadCodes asks for the code list when we have none: at first, and after ГИС ЖКХ said an entry holds no more.
func (m *Module) loadCodes(ctx context.Context, org string) error {
	var have int
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM gis_code WHERE list_no = $1", listResources).Scan(&have)
	})
	if err != nil || have > 0 {
		return err
	}
	refs, err := m.Client.List(ctx, org, listResources)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for name, r := range refs {
			_, err := tx.ExecContext(ctx, `INSERT INTO gis_code (list_no, name, code, guid, recorded_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (list_no, name) DO UPDATE SET code = excluded.code, guid = excluded.guid, recorded_at = excluded.recorded_at`, listResources, name, r.Code, r.GUID, int64(m.Now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
