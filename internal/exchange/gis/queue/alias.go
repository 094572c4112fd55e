package queue

import (
	"context"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

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
func identify(ctx context.Context, tx *db.Tx, s *supplier.Supplier, list []object, message string) error {
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
	issued, flats := map[string]string{}, map[string]string{}
	switch list[0].Kind {
	case gis.KindDocument:
		issued, err = listAliases(ctx, tx, list[0].Supplier, aliasDocument, documents)
	case gis.KindAccount, gis.KindMeter:
		flats, err = listAliases(ctx, tx, list[0].Supplier, aliasPremises, keys)
	}
	if err != nil {
		return err
	}
	codes, err := listCodes(ctx, tx, list[0].Supplier)
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
			if b.Closed != nil {
				o.Reason = codes.settle(&b.Closed.Reason, gis.ListClosing)
			}
		case *gis.Meter:
			err = identifyMeter(ctx, tx, o, b, id, flats[keys[i]], codes)
		case *gis.Reading:
			b.MeterGUID = id
			if b.OneRate != nil {
				o.Reason = codes.settle(&b.OneRate.Resource, gis.ListResources)
			}
		case *gis.Document:
			b.AccountGUID, b.DocumentID, b.Requisites = id, issued[documents[i]], message
			o.Reason = nameCharges(b, codes)
		case *gis.Withdrawal:
			b.DocumentID = id
		case *gis.Payment:
			b.ServiceID = id
		case *gis.Acknowledgment:
			err = acknowledges(ctx, tx, s, o, b, codes)
		case *gis.Unack:
			err = unacknowledges(ctx, tx, o, b)
		case *gis.Cancellation:
			err = cancels(ctx, tx, o, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nameCharges puts the entries of the code lists into the lines of a document. The reason is why it cannot.
func nameCharges(d *gis.Document, codes codeLists) (reason string) {
	for i := range d.Charges {
		c := &d.Charges[i]
		switch {
		case c.Housing != nil:
			reason = codes.settle(&c.Housing.Service, gis.ListHousing)
		case c.Additional != nil:
			reason = codes.settle(&c.Additional.Service, gis.ListAdditional)
		case c.Municipal != nil:
			reason = codes.settle(&c.Municipal.Service, gis.ListMunicipal)
		}
		if reason != "" {
			return reason
		}
	}
	return ""
}

// identifyMeter gives a meter its place, or the version of it that is changed.
func identifyMeter(ctx context.Context, tx *db.Tx, o *object, b *gis.Meter, account, flat string, codes codeLists) (err error) {
	if c := b.Change; c != nil {
		if c.VersionGUID, err = lastAlias(ctx, tx, o.Supplier, aliasMeterVersion, meterKey(o.Entity)); c.VersionGUID == "" {
			o.Reason = "Прибора учёта ещё нет в ГИС ЖКХ."
			return err
		}
		switch {
		case c.Archived != nil:
			o.Reason = codes.settle(&c.Archived.Reason, gis.ListArchiving)
		case c.Replaced != nil:
			err = identifyNext(ctx, tx, o, c.Replaced, codes)
		}
		return err
	}
	if o.Reason = placeMeter(b.Data, account, flat); o.Reason == "" && b.Data.Resource != nil {
		o.Reason = codes.settle(&b.Data.Resource.Resource, gis.ListResources)
	}
	return nil
}

// identifyNext names the meter put in the place of one taken out: it has to be there first.
func identifyNext(ctx context.Context, tx *db.Tx, o *object, r *gis.MeterReplace, codes codeLists) (err error) {
	if r.By, err = lastAlias(ctx, tx, o.Supplier, aliasMeterVersion, strconv.FormatInt(r.Next, 10)); r.By == "" {
		o.Reason = "Прибора учёта, который поставили взамен, ещё нет в ГИС ЖКХ."
		return err
	}
	if r.Reason != nil {
		o.Reason = codes.settle(r.Reason, gis.ListFailure)
	}
	return err
}

// lastAlias is one identifier, ” when it is not known.
func lastAlias(ctx context.Context, tx *db.Tx, supplier int64, kind, key string) (string, error) {
	found, err := listAliases(ctx, tx, supplier, kind, []string{key})
	return found[key], err
}

// placeMeter puts a meter into its flat, or its house, and its account. The reason is why it cannot.
func placeMeter(d *gis.MeterData, account, flat string) (reason string) {
	switch basic := &d.Basic; {
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
