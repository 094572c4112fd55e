package queue

import (
	"context"

	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// documents are the payment documents of bills issued for the month, the newest versions.
func (e *export) documents(ctx context.Context) error {
	var issued []issuedBill
	err := e.m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		issued, err = billsOf(ctx, tx, e.house.ID, -1, e.month)
		return err
	})
	if err != nil {
		return err
	}
	for i, x := range issued {
		newest := i+1 == len(issued) || issued[i+1].ref != x.ref || issued[i+1].month != x.month
		if x.month != e.month || x.withdrawn || !newest {
			continue
		}
		b, err := e.m.Bills.IssuedFor(ctx, x.ref, x.month, x.version)
		if err != nil {
			return err
		}
		if err := e.documentRows(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (e *export) documentRows(ctx context.Context, b *bill.Bill) error {
	accounts, lines := linesOf(b, e.s.ID)
	keys, months := make([]string, len(accounts)), make([]string, len(accounts))
	for i, id := range accounts {
		keys[i], months[i] = accountKey(id), documentKey(id, int64(e.month))
	}
	return e.m.DB.Read(ctx, func(tx *db.Tx) error {
		services, err := listAliases(ctx, tx, e.s.ID, aliasService, keys)
		if err != nil {
			return err
		}
		documents, err := listAliases(ctx, tx, e.s.ID, aliasDocument, months)
		for i, id := range accounts {
			number := documentNumber(b.Issued.Number, i)
			e.add(services[keys[i]], e.documentRow(services[keys[i]], number, documents[months[i]], lines[id])...)
			for k := range lines[id] {
				e.also(e.serviceRow(number, &lines[id][k])...)
			}
		}
		return err
	})
}

// Columns of «Разделы 1-2» that are filled.
const (
	documentsService, documentsType, documentsNumber, documentsPeriod                     = 0, 1, 2, 3
	documentsDue, documentsDebt, documentsAdvance, documentsPaid, documentsTotal          = 8, 9, 10, 11, 15
	documentsBIC, documentsBank, documentsPenalty, documentsSum, documentID, documentsOwn = 16, 17, 29, 30, 36, 39
)

func (e *export) documentRow(service, number, id string, lines []bill.Line) []string {
	s, row := sumOf(lines), make([]string, len(gis.Layouts[gis.TableDocuments].Sheets[0].Columns))
	for column, text := range map[int]string{
		documentsService: service, documentsType: "Текущий", documentsNumber: number, documentsPeriod: period(e.month), documentsDue: s.charged.String(), documentsDebt: max(s.opening, 0).String(),
		documentsAdvance: max(-s.opening, 0).String(), documentsPaid: max(s.paid, 0).String(), documentsTotal: s.due.String(), documentsBIC: e.s.BIC, documentsBank: e.s.BankAccount,
		documentsPenalty: s.penalty.String(), documentsSum: (s.charged + s.penalty).String(), documentID: id, documentsOwn: lines[0].Account,
	} {
		row[column] = text
	}
	return row
}

// Columns of «Разделы 3-6» that are filled.
const (
	lineNumber, lineService, lineUnit, lineVolume, lineRate, lineOwn, lineCharged, lineRecalc, lineReason, lineRecalcSum, lineTotal = 0, 1, 2, 4, 7, 8, 10, 13, 22, 23, 29
)

func (e *export) serviceRow(number string, l *bill.Line) []string {
	row := make([]string, len(gis.Layouts[gis.TableDocuments].Sheets[1].Columns))
	row[lineNumber], row[lineService], row[lineUnit], row[lineVolume], row[lineRate] = number, supplier.ServiceTitle(l.Service, e.s.Services), l.Unit, l.VolumeText, l.RateText
	row[lineOwn], row[lineCharged], row[lineTotal] = l.Charge.String(), l.Charge.String(), (l.Charge + l.Recalc).String()
	if l.Recalc != 0 {
		row[lineRecalc], row[lineReason], row[lineRecalcSum] = l.Recalc.String(), recalcReason, l.Recalc.String()
	}
	return row
}
