package queue

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/gis"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// serviceMoney is what of a payment is for a service: as it came, and what stands of it.
type serviceMoney struct {
	service    string
	paid, left money.Amount
}

// moneyOf divides a payment of an account by services.
func moneyOf(ctx context.Context, tx *db.Tx, building, account int64, operation string) (list []serviceMoney, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT service, CAST(sum(CASE WHEN amount_kop > 0 THEN amount_kop ELSE 0 END) AS BIGINT), CAST(sum(amount_kop) AS BIGINT) FROM v_payment_service
		WHERE public_id = $1 AND building_id = $2 AND account_id = $3 GROUP BY service ORDER BY service`, operation, building, account)
	if err != nil {
		return nil, fmt.Errorf("services of a payment: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x serviceMoney
		if err := rows.Scan(&x.service, &x.paid, &x.left); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// acks acknowledge a notice of a payment, service by service; rest: the notice of what a refund left.
func acks(ctx context.Context, tx *db.Tx, s *supplier.Supplier, x *feed.Message, operation string, day calendar.Date, rest bool) ([]object, error) {
	if !s.GIS.Posts(gis.KindAck) {
		return nil, nil
	}
	all, err := moneyOf(ctx, tx, x.BuildingID, x.AccountID, operation)
	var list []object
	for i := range all {
		sum := all[i].paid
		if rest {
			sum = all[i].left
		}
		if sum <= 0 {
			continue
		}
		body := &gis.Acknowledgment{For: gis.AckPart{Amount: strconv.FormatInt(int64(sum), 10)}, Service: all[i].service}
		o := newObject(s.ID, gis.KindAck, paymentEntity(operation, x.AccountID), x.ID+"/"+all[i].service, x.AccountID, body)
		o.Building, o.Batch = x.BuildingID, int64(day.Month())
		list = append(list, o)
	}
	return list, err
}

// serviceOf is the entry of the supplier's code list for a service of his. The reason is why there is none.
func serviceOf(s *supplier.Supplier, name string) (x supplier.GISService, reason string) {
	name = cmp.Or(name, supplier.ServiceTitle(name, s.Services))
	x, ok := s.GIS.Services[name]
	if !ok {
		return x, fmt.Sprintf("Нет кода услуги «%s» в gis.services поставщика.", name)
	}
	return x, ""
}

// unack takes the acknowledgments of a payment back: ГИС ЖКХ cancels no notice that is acknowledged. Those that were
// never sent are forgotten.
func unack(ctx context.Context, tx *db.Tx, s *supplier.Supplier, x *feed.Message, entity string) ([]object, error) {
	if !s.GIS.Posts(gis.KindAck) {
		return nil, nil
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM gis_object WHERE supplier_id = $1 AND entity = $2 AND kind = 'acknowledgment' AND state = 'waiting' AND attempts = 0", s.ID, entity); err != nil {
		return nil, err
	}
	o := newObject(s.ID, gis.KindUnack, entity, x.ID, x.AccountID, &gis.Unack{})
	o.Building = x.BuildingID
	return []object{o}, nil
}

// Reasons of acknowledgments that wait.
const (
	noNotice   = "Извещение о платеже ещё не размещено в ГИС ЖКХ."
	noDocument = "Нет платёжного документа, который можно сквитировать с платежом (ИПД)."
)

// acknowledges finds the notice that is acknowledged and the latest payment document it may be for.
func acknowledges(ctx context.Context, tx *db.Tx, s *supplier.Supplier, o *object, b *gis.Acknowledgment, codes codeLists) (err error) {
	if b.NoticeGUID, err = noticeOf(ctx, tx, o); err != nil || b.NoticeGUID == "" {
		o.Reason = noNotice
		return err
	}
	if b.For.DocumentID, err = latestDocument(ctx, tx, o); err != nil || b.For.DocumentID == "" {
		o.Reason = noDocument
		return err
	}
	o.Reason = nameAck(s, b, codes)
	return nil
}

// nameAck puts in the entry of the code list that the money is for. The reason is why it cannot.
func nameAck(s *supplier.Supplier, b *gis.Acknowledgment, codes codeLists) (reason string) {
	service, reason := serviceOf(s, b.Service)
	if reason != "" {
		return reason
	}
	ref := gis.Ref{GUID: service.GUID, Name: service.Name}
	if reason = codes.settle(&ref, service.List()); reason != "" {
		return reason
	}
	b.For.Housing, b.For.Municipal, b.For.Additional = "", "", ""
	switch service.Kind {
	case supplier.GISHousing:
		b.For.Housing = ref.GUID
	case supplier.GISAdditional:
		b.For.Additional = ref.GUID
	default:
		b.For.Municipal = ref.GUID
	}
	return ""
}

// noticeOf is the GUID of the notice of a payment that stands before an object; ” when it is not there.
func noticeOf(ctx context.Context, tx *db.Tx, o *object) (guid string, err error) {
	return lastText(ctx, tx, "SELECT guid FROM gis_object WHERE supplier_id = $1 AND entity = $2 AND seq < $3 AND kind = 'payment' AND state = 'done' ORDER BY seq DESC LIMIT 1", o.Supplier, o.Entity, o.Seq)
}

// latestDocument is the ИПД of the latest document of the account that was not for a later month than it was paid in.
func latestDocument(ctx context.Context, tx *db.Tx, o *object) (id string, err error) {
	first, last := documentKey(o.Account, 0), documentKey(o.Account, o.Batch)
	return lastText(ctx, tx, "SELECT value FROM v_gis_identifier WHERE supplier_id = $1 AND kind = 'document' AND own_key > $2 AND own_key <= $3 ORDER BY own_key DESC LIMIT 1", o.Supplier, first, last)
}

// unacknowledges names what is taken back: the notice and the document of the acknowledgment that is there.
func unacknowledges(ctx context.Context, tx *db.Tx, o *object, b *gis.Unack) (err error) {
	var there string
	if there, err = lastText(ctx, tx, "SELECT number FROM gis_object WHERE supplier_id = $1 AND entity = $2 AND seq < $3 AND kind = 'acknowledgment' AND state = 'done' ORDER BY seq DESC LIMIT 1", o.Supplier, o.Entity, o.Seq); err != nil {
		return err
	}
	notice, document, _ := strings.Cut(there, " ")
	if b.NoticeGUID, b.DocumentID = notice, document; there == "" {
		o.Reason = nothingAcknowledged
	}
	return nil
}

// nothingAcknowledged is why nothing has to be taken back.
const nothingAcknowledged = "Квитирования нет: отменять нечего."

// lastText is the one text a query finds, ” when there is none.
func lastText(ctx context.Context, tx *db.Tx, query string, args ...any) (text string, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			return "", err
		}
	}
	return text, rows.Err()
}
