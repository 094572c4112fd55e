package app

import (
	"context"
	"fmt"
	"io"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/online"
	"kvit/internal/reading"
	"kvit/internal/supplier"
)

// AnswerReadings takes files of a supplier's answers to readings; "-" is what comes in.
func (a *App) AnswerReadings(ctx context.Context, actor access.Actor, paths []string, in io.Reader, supplierCode string) (*reading.Answered, error) {
	var all []reading.AnswerEntry
	for _, path := range paths {
		body, err := readFile(path, in)
		if err != nil {
			return nil, err
		}
		list, err := reading.ParseAnswers(body, supplierCode)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return a.Readings.Answer(ctx, actor, all)
}

// PingSuppliers asks the suppliers who answer balance queries, or the one of a code.
func (a *App) PingSuppliers(ctx context.Context, code, account string, whole bool) (list []*online.Pinged, err error) {
	var suppliers []supplier.Supplier
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		suppliers, err = supplier.ListOnline(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	list = []*online.Pinged{}
	for i := range suppliers {
		if code == "" || suppliers[i].Code == code {
			list = append(list, a.Online.Ping(ctx, &suppliers[i], account, whole))
		}
	}
	if code != "" && len(list) == 0 {
		return nil, fault.Newf(fault.NotFound, "supplier.not_online", "Поставщик %s не отвечает на запросы остатков: у него нет online в файле поставщиков.", code)
	}
	return list, nil
}
