package exchange

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/restore"
	"kvit/internal/supplier"
)

// ManifestRow is one register written: manifest.json lists them.
type ManifestRow struct {
	File     string       `json:"file"`
	Supplier string       `json:"supplier"`
	Rows     int          `json:"rows"`
	Sum      money.Amount `json:"sum"`
}

// WriteRegisters writes, for every supplier paid on a day, the register of his payments in his own layout, or the
// twelve columns of banks in his encoding and money form, with accounts as he prints them, and manifest.json. The day
// is the payer's; all doors together; reversals are negative; money in suspense is left out. Sums equal the ledger's.
func (m *Module) WriteRegisters(ctx context.Context, day calendar.Date, dir string) ([]ManifestRow, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fault.Newf(fault.Invalid, "registers.dir", "Папка %s не создаётся. Проверьте путь и права.", dir).Because(err)
	}
	manifest := []ManifestRow{}
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		if err := restore.Refuse(ctx, tx, restore.StepReconcile); err != nil {
			return err
		}
		manifest = manifest[:0]
		lines, err := m.payments.DayLines(ctx, tx, day)
		if err != nil {
			return err
		}
		for len(lines) > 0 {
			n := 1
			for n < len(lines) && lines[n].SupplierID == lines[0].SupplierID {
				n++
			}
			row, err := m.writeRegister(ctx, tx, register.Info{Day: day}, dir, lines[:n])
			if err != nil {
				return err
			}
			manifest = append(manifest, row)
			lines = lines[n:]
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("write registers: %w", err)
	}
	b, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	return manifest, os.WriteFile(filepath.Join(dir, "manifest.json"), append(b, '\n'), 0o600)
}

// writeRegister writes the payments to one supplier into his register; info says of which day, and with which payment order.
func (m *Module) writeRegister(ctx context.Context, tx *db.Tx, info register.Info, dir string, lines []payment.DayLine) (row ManifestRow, err error) {
	s, err := supplier.FindByID(ctx, tx, lines[0].SupplierID)
	if err != nil {
		return row, err
	}
	layout, err := m.LayoutOf(ctx, tx, s.ID)
	if err != nil {
		return row, err
	}
	rows := make([]register.Row, 0, len(lines))
	row.Supplier = s.Code
	for i := range lines {
		r, err := m.paymentRow(ctx, tx, &lines[i])
		if err != nil {
			return row, err
		}
		rows = append(rows, r)
		row.Rows++
		row.Sum += r.Amount
	}
	info.Supplier, info.INN = s.Code, s.INN
	row.File = strings.NewReplacer("/", "_", "\\", "_").Replace(layout.Name(info))
	return row, writeFile(filepath.Join(dir, row.File), layout, rows, info)
}

func writeFile(path string, layout register.Layout, rows []register.Row, info register.Info) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(register.Write(w, layout, rows, info), w.Flush(), f.Close())
}

// LayoutOf is how a supplier wants his registers: his latest register's profile says.
func (m *Module) LayoutOf(ctx context.Context, tx *db.Tx, supplierID int64) (register.Layout, error) {
	var text string
	err := db.Fold(tx.QueryRowContext(ctx, "SELECT profile FROM intake_file WHERE supplier_id = $1 AND purpose = 'charges' AND state = 'applied' ORDER BY file_id DESC LIMIT 1", supplierID).Scan(&text))
	p := register.Profile{Encoding: "cp1251", Money: register.RubComma}
	if err == nil {
		err = json.Unmarshal([]byte(text), &p)
	} else if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return p.Layout(), err
}

// paymentRow is one payment as the supplier gets it; the payer and address are those of his own latest register. Money that goes
// on to another settlement centre is of no account of that centre: the operation tells which payment it is.
func (m *Module) paymentRow(ctx context.Context, tx *db.Tx, l *payment.DayLine) (register.Row, error) {
	var printed string
	var e account.Evidence
	if l.AccountID != 0 {
		member, err := account.FindMember(ctx, tx, l.BuildingID, l.AccountID, m.now())
		if err != nil {
			return register.Row{}, err
		}
		if e, err = member.Claim.Decode(); err != nil {
			return register.Row{}, err
		}
		printed = member.Claim.Printed
	}
	at := l.At.Time().In(moscow)
	month := l.PaidOn.Month()
	return register.Row{Date: l.PaidOn, Time: at.Format("15:04:05"), Operation: l.Operation, Account: printed, Printed: printed, FIO: e.FIO, Address: e.Address,
		Month: month, Period: month.String(), Amount: l.Amount, Net: l.Amount,
		Has: register.HasDate | register.HasAmount | register.HasNet | register.HasCommission | register.HasPeriod}, nil
}

// moscow is the time banks write in their registers (formats.md 0.1).
var moscow = time.FixedZone("MSK", 3*3600)
