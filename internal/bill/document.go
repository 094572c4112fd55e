package bill

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/billpdf"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/qr"
	"kvit/internal/supplier"
)

// PDF writes the payment documents of bills into one file.
func (m *Module) PDF(ctx context.Context, w io.Writer, bills []*Bill) error {
	docs := make([]billpdf.Document, len(bills))
	for i, b := range bills {
		d, err := m.Document(ctx, b)
		if err != nil {
			return err
		}
		docs[i] = d
	}
	return billpdf.Render(w, docs)
}

// LargePDF writes the payment document of a bill in large print: what to pay, by when and whom, on two pages.
func (m *Module) LargePDF(ctx context.Context, w io.Writer, b *Bill) error {
	d, err := m.Document(ctx, b)
	if err != nil {
		return err
	}
	d.LargePrint = true
	return billpdf.Render(w, []billpdf.Document{d})
}

// Host is the address of the pages as people type it.
func (m *Module) Host() string {
	return strings.TrimPrefix(strings.TrimPrefix(m.BaseURL, "https://"), "http://")
}

// Document puts a bill on paper: the same figures, nothing computed anew. An issued one has a number and a code by which the
// page of checks knows it; a live one is kept nowhere and has no code.
func (m *Module) Document(ctx context.Context, b *Bill) (billpdf.Document, error) {
	d := billpdf.Document{
		Number: "К-" + strings.ToUpper(b.Digest()[:6]),
		Moment: "по состоянию на " + b.Moment.Time().In(m.zone).Format("02.01.2006 15:04"),
		Centre: billpdf.Centre(m.Centre), Payer: b.Payer, Address: b.Address, UnifiedNo: b.ELS,
		Total: b.Total, Advance: b.Advance, Opening: b.Opening, Charge: b.Charge, Recalc: b.Recalc, Penalty: b.Penalty, Paid: b.Paid,
		Notes: notes, Plans: b.plansOnPaper(),
	}
	if slices.ContainsFunc(b.Lines, func(l Line) bool { return l.Origin == why.ByKvit }) {
		d.Notes = append(slices.Clone(notes), noteOwn)
	}
	if b.Issued != nil {
		d.CheckCode, d.CheckHost = b.Issued.CheckCode(), m.checkHost()
		d.Number, d.Moment = b.Issued.Number, "выставлен "+b.Issued.Published.Time().In(m.zone).Format("02.01.2006 15:04")+b.Issued.fate(m.zone)
	}
	if b.Status == StatusDraft {
		d.Draft, d.Number, d.CheckCode, d.Moment = true, "ПРОЕКТ", "", "проект на "+b.Moment.Time().In(m.zone).Format("02.01.2006 15:04")+", не для оплаты"
	}
	if month, err := calendar.ParseMonth(b.Month); err == nil {
		d.Month = month.Title()
	}
	if b.Area != "" {
		d.Area = strings.Replace(b.Area, ".", ",", 1) + " м²"
	}
	if b.Residents > 0 {
		d.Residents = strconv.Itoa(b.Residents)
	}
	if b.DueOn != 0 {
		d.DueDate = b.DueOn.Words()
		if b.DueOn.Day() != 15 {
			d.DueNote = "15-е число – нерабочий день, срок перенесён"
		}
	}
	if b.HouseholdID != 0 && m.BaseURL != "" && b.Status != StatusDraft && !b.Former {
		code, err := m.CodeOf(ctx, Ref{b.BuildingID, b.HouseholdID})
		if err != nil {
			return d, err
		}
		d.PayURL, d.PayHost = m.BaseURL+"/pay/"+code.Token, m.Host()
		if b.Issued != nil {
			d.PayURL += "?b=" + b.Issued.paperMark()
		}
		d.EntryCode = code.Typed[:4] + " " + code.Typed[4:]
		if d.EntryNo = b.ELS; d.EntryNo == "" && len(b.Suppliers) > 0 {
			d.EntryNo = b.Suppliers[0].Account
		}
		if b.Total > 0 {
			if d.WholeCode, err = m.wholeCode(ctx, b, code); err != nil {
				return d, err
			}
		}
	}
	return d, m.addSuppliers(ctx, b, &d)
}

// checkHost is the address of the page of checks as paper prints it; "" when nobody knows how the pages are reached.
func (m *Module) checkHost() string {
	if m.BaseURL == "" {
		return ""
	}
	return m.Host() + "/check"
}

func (m *Module) addSuppliers(ctx context.Context, b *Bill, d *billpdf.Document) error {
	return m.db.Read(ctx, func(tx *db.Tx) error {
		d.Suppliers = nil
		for i := range b.Suppliers {
			s, named := b.recipients[b.Suppliers[i].SupplierID] // of an issued bill
			if !named {
				var err error
				if s, err = m.supplierOf(ctx, tx, b.Suppliers[i].SupplierID); err != nil {
					return err
				}
			}
			d.Suppliers = append(d.Suppliers, m.recipient(b, &b.Suppliers[i], &s))
		}
		return nil
	})
}

// recipient is one supplier of the document. Without his requisites the document says so and has no code of his.
func (m *Module) recipient(b *Bill, t *SupplierTotal, s *supplier.Supplier) billpdf.Supplier {
	number := ""
	if b.Issued != nil { // another one can be found by nobody
		number = b.Issued.Number
	}
	out := billpdf.Supplier{Name: s.Name, INN: s.INN, KPP: s.KPP, Bank: s.Bank, BIC: s.BIC, BankAccount: s.BankAccount, CorrAccount: s.CorrAccount, Phone: s.Phone, Account: t.Account, Due: t.Due}
	if t.Fresh != 0 {
		out.Fresh = "данные от " + t.Fresh.Time().In(m.zone).Format("02.01.2006")
	}
	if code, err := m.Code(b, t, s, number); err == nil && b.Status != StatusDraft {
		out.QR = code
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.AccountID == t.AccountID {
			out.Lines = append(out.Lines, billpdf.Line{Service: supplier.ServiceTitle(l.Service, s.Services), Volume: decimal.Grouped(l.VolumeText, 0), Rate: decimal.Grouped(l.RateText, 2), Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due})
		}
	}
	return out
}

// notes explain the figures and how to tell a forged paper.
var notes = []string{
	"Суммы показаны по последним реестрам поставщиков. Платежи, которых реестры ещё не знают, уже вычтены.",
	"Переплата у одного поставщика не покрывает долг другому, поэтому к оплате может быть больше общего остатка.",
	"Вместе с кодом для входа подходит любой лицевой счёт из этого документа.",
	"Маленький QR-код у поставщика платит только ему, по его реквизитам: сверьте их с прошлым документом.",
	"Расчётный центр не спрашивает коды из SMS и данные карт и не присылает ссылок на возврат денег.",
}

// noteOwn is said where Kvit has computed something.
const noteOwn = "Часть услуг посчитал расчётный центр. Формула, показания и цены каждой строки – в счёте на сайте, «Как посчитано»."

// Code is the supplier's payment code for an account of the bill; Invalid when his requisites are missing.
func (m *Module) Code(b *Bill, t *SupplierTotal, s *supplier.Supplier, number string) (string, error) {
	period := ""
	if month, err := calendar.ParseMonth(t.Month); err == nil {
		period = fmt.Sprintf("%02d.%04d", month.Number(), month.Year())
	}
	return qr.Payment{
		Name: s.Name, PersonalAcc: s.BankAccount, BankName: s.Bank, BIC: s.BIC, CorrespAcc: s.CorrAccount, KPP: s.KPP, PayeeINN: s.INN,
		Purpose: "ЖКУ, лицевой счёт " + t.Account + ", " + period, Sum: max(0, t.Due), PersAcc: t.Account, PaymPeriod: period, QuittID: number,
	}.Encode()
}

// Digest is the digest of a bill's figures: what was shown can be proved.
func (b *Bill) Digest() string {
	text, err := json.Marshal(struct {
		Household, Address, At string
		Lines                  []Line
		Total, Advance         int64
	}{b.Household, b.Address, b.At, b.Lines, int64(b.Total), int64(b.Advance)})
	if err != nil {
		panic(fmt.Sprintf("bill does not marshal: %v", err)) // plain values of ours
	}
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:])
}

// House computes the bills of every household of the house a bill belongs to, flat by flat; an account in nobody's
// basket stays alone.
func (m *Module) House(ctx context.Context, b *Bill, at calendar.Micros) ([]*Bill, error) {
	if b.HouseholdID == 0 || b.BuildingID <= 0 {
		return []*Bill{b}, nil
	}
	refs, err := m.listHouse(ctx, b.BuildingID)
	if err != nil {
		return nil, err
	}
	var bills []*Bill
	for _, ref := range refs {
		one, err := m.At(ctx, ref, at)
		if fault.Is(err, fault.NotFound) {
			continue // at that moment the household was not known yet
		}
		if err != nil {
			return nil, err
		}
		bills = append(bills, one)
	}
	slices.SortStableFunc(bills, func(x, y *Bill) int { return cmp.Or(byNumber(x.Flat, y.Flat), byNumber(x.Room, y.Room)) })
	return bills, nil
}

// byNumber compares flats as people count them: 2 before 10, 10 before 10а.
func byNumber(x, y string) int {
	digits := func(s string) int {
		n, _ := strconv.Atoi(s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]) // without digits it is 0
		return n
	}
	return cmp.Or(cmp.Compare(digits(x), digits(y)), cmp.Compare(x, y))
}

// listHouse gives the households of a house as they are now, for a print run.
func (m *Module) listHouse(ctx context.Context, building int64) (refs []Ref, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		refs = nil
		rows, err := tx.QueryContext(ctx, `SELECT DISTINCT l.household_id FROM household_link l WHERE l.building_id = $1 AND l.household_id <> 0
			AND l.recorded_at = (SELECT max(n.recorded_at) FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id) ORDER BY l.household_id`, building)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			r := Ref{Building: building}
			if err := rows.Scan(&r.Household); err != nil {
				return err
			}
			refs = append(refs, r)
		}
		return rows.Err()
	})
	return refs, err
}
