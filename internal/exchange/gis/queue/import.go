package queue

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Imported is what a file of ГИС ЖКХ brought.
type Imported struct {
	Table   string `json:"table"`
	Rows    int    `json:"rows"`
	Known   int    `json:"known"`   // rows whose identifiers are kept now
	Unknown int    `json:"unknown"` // rows of accounts, meters or documents that are not ours
	Broken  int    `json:"broken"`  // rows whose identifier is not of its form
	Empty   int    `json:"empty"`   // rows without an identifier
}

// Places of the columns in the layouts that are read back.
const (
	accountsNumber, accountsService, accountsUnified                = 1, 2, 6
	metersSerial, metersAccount, metersNumber, metersGUID           = 0, 2, 7, 8
	documentsService, documentsPeriod, documentsAccount, documentID = 0, 2, 10, 11
)

// Import reads identifiers out of a file of ГИС ЖКХ: ЕЛС and ИЖКУ of accounts, numbers of meters, ИПД of documents.
func (m *Module) Import(ctx context.Context, code string, r io.Reader) (res *Imported, err error) {
	table, rows, err := gis.ReadSheet(r)
	if err != nil {
		return nil, err
	}
	read := map[string]func(context.Context, *db.Tx, int64, []string, *Imported) error{gis.TableAccounts: m.takeAccount, gis.TableMeters: m.takeMeter, gis.TableDocuments: m.takeDocument}[table]
	if read == nil {
		return nil, fault.New(fault.Invalid, "gis.file_nothing", "В файле нет идентификаторов: их приносят файлы лицевых счетов, приборов учёта и платёжных документов.")
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, code)
		if err != nil {
			return err
		}
		res = &Imported{Table: table, Rows: len(rows)}
		for _, row := range rows {
			if err := read(ctx, tx, s.ID, row, res); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "UPDATE gis_object SET next_at = 0 WHERE supplier_id = $1 AND state = 'waiting'", s.ID)
		return err
	})
	return res, err
}

// lookAlike turns Latin letters into the Cyrillic ones they look like: identifiers are written with these.
var lookAlike = strings.NewReplacer("A", "А", "B", "В", "C", "С", "E", "Е", "H", "Н", "K", "К", "M", "М", "O", "О", "P", "Р", "T", "Т", "X", "Х", "Y", "У")

func cyrillic(s string) string { return lookAlike.Replace(strings.ToUpper(s)) }

// keep keeps the identifiers of a row that are of their form, and counts it once.
func (m *Module) keep(ctx context.Context, tx *db.Tx, supplierID int64, res *Imported, ids ...identifier) error {
	kept := 0
	for _, x := range ids {
		if x.value == "" {
			continue
		}
		if !x.valid(x.value) {
			res.Broken++
			return nil
		}
		if err := saveAlias(ctx, tx, supplierID, learnt{x.kind, x.key, x.value, fromFile}, m.Now()); err != nil {
			return err
		}
		kept++
	}
	if kept == 0 {
		res.Empty++
	} else {
		res.Known++
	}
	return nil
}

// identifier is a value of a row with what it is of.
type identifier struct {
	kind, key, value string
	valid            func(string) bool
}

// accountOf finds a supplier's account by its number, 0 when it is not his.
func accountOf(ctx context.Context, tx *db.Tx, supplierID int64, number string) (id int64, err error) {
	err = tx.Scan(ctx, "SELECT account_id FROM account_route WHERE supplier_id = $1 AND number = $2", []any{supplierID, number}, func(v []int64, _ []byte) error {
		id = v[0]
		return nil
	})
	return id, err
}

func (m *Module) takeAccount(ctx context.Context, tx *db.Tx, supplierID int64, row []string, res *Imported) error {
	id, err := accountOf(ctx, tx, supplierID, row[accountsNumber])
	if err != nil {
		return err
	}
	if id == 0 {
		res.Unknown++
		return nil
	}
	key := accountKey(id)
	return m.keep(ctx, tx, supplierID, res, identifier{aliasService, key, cyrillic(row[accountsService]), gis.ValidServiceID},
		identifier{aliasUnified, key, cyrillic(row[accountsUnified]), gis.ValidUnified})
}

// anyText is the form of a number the portal gives a meter.
func anyText(s string) bool { return len(s) <= 100 }

func (m *Module) takeMeter(ctx context.Context, tx *db.Tx, supplierID int64, row []string, res *Imported) error {
	var id, found int64
	query := `SELECT DISTINCT m.meter_id FROM v_meter m JOIN v_account_claim a ON a.building_id = m.building_id AND a.account_id = m.account_id WHERE a.supplier_id = $1 AND m.serial = $2`
	args := []any{supplierID, row[metersSerial]}
	if row[metersAccount] != "" {
		query, args = query+" AND a.number = $3", append(args, row[metersAccount])
	}
	err := tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		id, found = v[0], found+1
		return nil
	})
	if err != nil {
		return err
	}
	if found != 1 {
		res.Unknown++ // not ours, or several have that number: the account tells which
		return nil
	}
	key := strconv.FormatInt(id, 10)
	return m.keep(ctx, tx, supplierID, res, identifier{aliasMeterNumber, key, row[metersNumber], anyText}, identifier{aliasMeter, key, row[metersGUID], gis.ValidGUID})
}

func (m *Module) takeDocument(ctx context.Context, tx *db.Tx, supplierID int64, row []string, res *Imported) error {
	id, err := accountOf(ctx, tx, supplierID, row[documentsAccount])
	if err == nil && id == 0 {
		id, err = accountBy(ctx, tx, supplierID, aliasService, cyrillic(row[documentsService]))
	}
	if err != nil {
		return err
	}
	month, ok := monthOf(row[documentsPeriod])
	if id == 0 || !ok {
		res.Unknown++
		return nil
	}
	return m.keep(ctx, tx, supplierID, res, identifier{aliasDocument, documentKey(id, int64(month)), cyrillic(row[documentID]), gis.ValidDocumentID})
}

// accountBy finds an account by an identifier it has now, 0 when none has it.
func accountBy(ctx context.Context, tx *db.Tx, supplierID int64, kind, value string) (id int64, err error) {
	err = tx.Scan(ctx, "SELECT CAST(own_key AS BIGINT) FROM v_gis_identifier WHERE supplier_id = $1 AND kind = $2 AND value = $3", []any{supplierID, kind, value}, func(v []int64, _ []byte) error {
		id = v[0]
		return nil
	})
	return id, err
}

// monthOf reads a month as templates write it.
func monthOf(text string) (calendar.Month, bool) {
	var month, year int
	if n, err := fmt.Sscanf(text, "%d.%d", &month, &year); err != nil || n != 2 {
		return 0, false
	}
	m := calendar.NewMonth(year, month)
	return m, m.Valid()
}
