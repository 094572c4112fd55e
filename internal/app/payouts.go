package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/exchange"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/settlement"
)

// PayoutsWritten are the files of payouts: the orders for the bank, and a register for each supplier.
type PayoutsWritten struct {
	File      string                 `json:"file"` // for the client-bank
	Orders    int                    `json:"orders"`
	Sum       money.Amount           `json:"sum"`
	Registers []exchange.ManifestRow `json:"registers"`
}

// bankFile is the name client-banks look for.
const bankFile = "kl_to_1c.txt"

// WritePayouts writes payouts that were sent into a folder: their orders for the bank in one file, and a register of each
// in its supplier's own layout, in a folder of the payout's number. Written again, the orders are the same.
func (a *App) WritePayouts(ctx context.Context, list []settlement.Payout, dir string) (*PayoutsWritten, error) {
	w := &PayoutsWritten{File: bankFile, Registers: []exchange.ManifestRow{}}
	sheet := make([]settlement.BankOrder, len(list))
	for i := range list {
		if list[i].OrderNo == 0 {
			return nil, fault.Newf(fault.Conflict, "payout.state", "Перечисление № %d ещё не отправлено: сначала kvit payout send.", list[i].ID)
		}
		w.Orders++
		w.Sum += list[i].Paid
		sheet[i] = list[i].BankOrder()
	}
	if err := a.writeOrders(sheet, dir); err != nil {
		return nil, err
	}
	for i := range list {
		row, err := a.WritePayoutRegister(ctx, access.Scope{All: true}, list[i].ID, filepath.Join(dir, strconv.FormatInt(list[i].ID, 10)))
		if fault.CodeOf(err) == "register.empty" { // it only carries what was left before
			continue
		}
		if err != nil {
			return nil, err
		}
		row.File = filepath.Join(strconv.FormatInt(list[i].ID, 10), row.File)
		w.Registers = append(w.Registers, row)
	}
	return w, nil
}

// writeOrders writes payment orders into a folder as one file for the bank.
func (a *App) writeOrders(list []settlement.BankOrder, dir string) error {
	var orders bytes.Buffer
	if err := settlement.WriteOrders(&orders, list, a.now()); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fault.Newf(fault.Invalid, "registers.dir", "Папка %s не создаётся. Проверьте путь и права.", dir).Because(err)
	}
	if err := os.WriteFile(filepath.Join(dir, bankFile), orders.Bytes(), 0o600); err != nil {
		return fmt.Errorf("payment orders: %w", err)
	}
	return nil
}

// WriteReturns writes the payment orders of unidentified money that goes back, and that no statement shows yet, into a folder.
// Written again, the orders are the same.
func (a *App) WriteReturns(ctx context.Context, actor access.Actor, dir string) (*PayoutsWritten, error) {
	list, err := a.Settlement.Returns(ctx, actor, true)
	if err != nil {
		return nil, err
	}
	w := &PayoutsWritten{File: bankFile, Orders: len(list), Registers: []exchange.ManifestRow{}}
	sheet := make([]settlement.BankOrder, len(list))
	for i := range list {
		w.Sum += list[i].Sum
		sheet[i] = list[i].BankOrder()
	}
	return w, a.writeOrders(sheet, dir)
}

// WritePayoutRegister writes the register of a payout the scope covers in its supplier's own layout into a folder.
func (a *App) WritePayoutRegister(ctx context.Context, scope access.Scope, id int64, dir string) (exchange.ManifestRow, error) {
	p, lines, err := a.Settlement.Lines(ctx, scope, id)
	if err != nil {
		return exchange.ManifestRow{}, err
	}
	info := register.Info{Day: p.Cutoff.Date(), Paid: p.OrderOn.Date()}
	if p.OrderNo != 0 {
		info.Number = strconv.Itoa(p.OrderNo)
	}
	row, err := a.Exchange.WritePayoutRegister(ctx, info, dir, lines)
	if err == nil && row.Sum != p.Collected-p.Refunded {
		err = fault.Newf(fault.Internal, "payout.register", "Реестр перечисления № %d на %s, а собрано в нём %s.", id, row.Sum.Format(), (p.Collected - p.Refunded).Format())
	}
	return row, err
}
