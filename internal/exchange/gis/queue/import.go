package queue

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// Imported is what a file of ГИС ЖКХ brought.
type Imported struct {
	Table   string        `json:"table"`
	Rows    int           `json:"rows"`
	Known   int           `json:"known"`   // rows whose identifiers are kept now; payments that Kvit has; readings taken
	Unknown int           `json:"unknown"` // rows of accounts, meters, documents or payments that are not ours
	Broken  int           `json:"broken"`  // rows with a mistake
	Empty   int           `json:"empty"`   // rows without an identifier
	Issues  []gis.Finding `json:"issues"`
}

// Places of the columns in the layouts that are read back.
const (
	accountsNumber, accountsService, accountsUnified, accountsStatus = 1, 2, 21, 22
	premisesNo, premisesGUID                                         = 0, 6
	metersSerial, metersAccount, metersNumber, metersGUID            = 1, 9, 34, 35
	metersStatus, documentsStatus, paymentsStatus                    = 33, 38, 6
)

// statuses are the columns where the portal writes what became of a row.
var statuses = map[string]int{gis.TableAccounts: accountsStatus, gis.TableMeters: metersStatus, gis.TablePayments: paymentsStatus, gis.TableDocuments: documentsStatus}

// intake is a file that is being read.
type intake struct {
	m    *Module
	s    supplier.Supplier
	book *gis.Book
	res  *Imported
	flat map[string]string // identifiers of flats by numbers of records
}

// Import reads a file of ГИС ЖКХ: ЕЛС and ИЖКУ of accounts, numbers of meters, ИПД of documents are kept; readings are
// taken; payments are looked for among those Kvit has. What is wrong is told with its line and column.
func (m *Module) Import(ctx context.Context, actor access.Actor, code string, r io.Reader) (res *Imported, err error) {
	book, err := gis.ReadBook(r)
	if err != nil {
		return nil, err
	}
	in := &intake{m: m, book: book}
	if err := m.DB.Read(ctx, func(tx *db.Tx) error { in.s, err = supplier.Find(ctx, tx, code); return err }); err != nil {
		return nil, err
	}
	in.begin()
	if book.Table == gis.TableReadings {
		err = in.readings(ctx, actor)
		return in.end(), err
	}
	findings := len(book.Findings)
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		book.Findings = book.Findings[:findings] // of a transaction that was taken back
		in.begin()
		if err := in.take(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE gis_object SET next_at = 0 WHERE supplier_id = $1 AND state = 'waiting' AND class = ''", in.s.ID)
		return err
	})
	return in.end(), err
}

func (in *intake) begin() {
	in.res = &Imported{Table: in.book.Table, Rows: len(in.book.Pages[0]), Issues: []gis.Finding{}}
	in.flat = map[string]string{}
	if in.book.Table == gis.TableAccounts {
		for _, r := range in.book.Pages[1] {
			in.flat[r.Cells[premisesNo]] = r.Cells[premisesGUID]
		}
	}
}

func (in *intake) end() *Imported {
	in.res.Issues = append(in.res.Issues, in.book.Findings...)
	return in.res
}

// take takes the rows that have no mistake.
func (in *intake) take(ctx context.Context, tx *db.Tx) error {
	one := map[string]func(context.Context, *db.Tx, *gis.Row) error{gis.TableAccounts: in.account, gis.TableMeters: in.meter, gis.TableDocuments: in.document, gis.TablePayments: in.payment}[in.book.Table]
	for i := range in.book.Pages[0] {
		r := &in.book.Pages[0][i]
		in.refusal(r)
		if r.Wrong {
			in.res.Broken++
			continue
		}
		if err := one(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// refusal tells what the portal wrote against a row that it did not take.
func (in *intake) refusal(r *gis.Row) {
	column := statuses[in.book.Table]
	said := strings.ToLower(r.Cells[column])
	for _, good := range []string{"", "обработан", "успешно", "принят", "размещ", "загружен"} {
		if said == good || good != "" && strings.HasPrefix(said, good) {
			return
		}
	}
	in.book.Find(0, r, column, "ГИС ЖКХ не приняла строку: исправьте причину и загрузите снова.")
}

// keep keeps the identifiers of a row, and counts it once.
func (in *intake) keep(ctx context.Context, tx *db.Tx, ids ...learnt) error {
	kept := 0
	for _, x := range ids {
		if x.value == "" {
			continue
		}
		if err := saveAlias(ctx, tx, in.s.ID, x, in.m.Now()); err != nil {
			return err
		}
		kept++
	}
	if kept == 0 {
		in.res.Empty++
	} else {
		in.res.Known++
	}
	return nil
}

// unknown counts a row that is not ours.
func (in *intake) unknown(r *gis.Row, column int, says string) {
	in.res.Unknown++
	in.book.Find(0, r, column, says)
}

// accountOf finds a supplier's account by its number, 0 when it is not his.
func accountOf(ctx context.Context, tx *db.Tx, supplierID int64, number string) (id int64, err error) {
	err = tx.Scan(ctx, "SELECT account_id FROM account_route WHERE supplier_id = $1 AND number = $2", []any{supplierID, number}, func(v []int64, _ []byte) error {
		id = v[0]
		return nil
	})
	return id, err
}

// accountBy finds an account by an identifier it has now, 0 when none has it.
func accountBy(ctx context.Context, tx *db.Tx, supplierID int64, kind, value string) (id int64, err error) {
	err = tx.Scan(ctx, "SELECT CAST(own_key AS BIGINT) FROM v_gis_identifier WHERE supplier_id = $1 AND kind = $2 AND value = $3", []any{supplierID, kind, value}, func(v []int64, _ []byte) error {
		id = v[0]
		return nil
	})
	return id, err
}

func (in *intake) account(ctx context.Context, tx *db.Tx, r *gis.Row) error {
	id, err := accountOf(ctx, tx, in.s.ID, r.Cells[accountsNumber])
	if err != nil {
		return err
	}
	if id == 0 {
		in.unknown(r, accountsNumber, "Такого лицевого счёта у поставщика нет.")
		return nil
	}
	key, flat := accountKey(id), in.flat[r.Cells[0]]
	if !gis.ValidGUID(flat) {
		flat = "" // the number the portal shows people, not the identifier of its messages
	}
	return in.keep(ctx, tx, learnt{aliasService, key, r.Cells[accountsService], fromFile}, learnt{aliasUnified, key, r.Cells[accountsUnified], fromFile}, learnt{aliasPremises, key, flat, fromFile})
}

func (in *intake) meter(ctx context.Context, tx *db.Tx, r *gis.Row) error {
	guid := r.Cells[metersGUID]
	if guid != "" && !gis.ValidGUID(guid) {
		in.res.Broken++
		in.book.Find(0, r, metersGUID, "Нужен идентификатор вида 00000000-0000-0000-0000-000000000000.")
		return nil
	}
	var id, found int64
	query := `SELECT DISTINCT m.meter_id FROM v_meter m JOIN v_account_claim a ON a.building_id = m.building_id AND a.account_id = m.account_id WHERE a.supplier_id = $1 AND m.serial = $2`
	args := []any{in.s.ID, r.Cells[metersSerial]}
	if number := r.Cells[metersAccount]; number != "" {
		query, args = query+" AND (a.number = $3 OR a.account_id = $4)", append(args, number, int64(0))
		own, err := accountBy(ctx, tx, in.s.ID, aliasService, number)
		if err != nil {
			return err
		}
		args[3] = own
	}
	err := tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		id, found = v[0], found+1
		return nil
	})
	if err != nil {
		return err
	}
	if found != 1 {
		in.unknown(r, metersSerial, "Такого прибора у поставщика нет, или их несколько: укажите лицевой счёт.")
		return nil
	}
	key := strconv.FormatInt(id, 10)
	return in.keep(ctx, tx, learnt{aliasMeterNumber, key, r.Cells[metersNumber], fromFile}, learnt{aliasMeter, key, guid, fromFile})
}

func (in *intake) document(ctx context.Context, tx *db.Tx, r *gis.Row) error {
	id, err := accountOf(ctx, tx, in.s.ID, r.Cells[documentsOwn])
	if err == nil && id == 0 {
		id, err = accountBy(ctx, tx, in.s.ID, aliasService, r.Cells[documentsService])
	}
	if err != nil {
		return err
	}
	month, ok := monthOf(r.Cells[documentsPeriod])
	if id == 0 || !ok {
		in.unknown(r, documentsService, "Такого лицевого счёта у поставщика нет.")
		return nil
	}
	return in.keep(ctx, tx, learnt{aliasDocument, documentKey(id, int64(month)), r.Cells[documentID], fromFile})
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
