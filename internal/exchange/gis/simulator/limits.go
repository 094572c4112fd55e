package simulator

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"kvit/internal/exchange/gis"
)

// forms are what the schema allows in elements, by their names. They are made when a message comes: no other command waits for them.
var forms = sync.OnceValue(func() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"AccountNumber": regexp.MustCompile(`^.{1,30}$`), "PaymentDocumentNumber": regexp.MustCompile(`^.{1,30}$`), "MeteringDeviceNumber": regexp.MustCompile(`^.{0,50}$`),
		"UnifiedAccountNumber": regexp.MustCompile(`^.{10}$`), "ServiceID": regexp.MustCompile(`^.{13}$`), "PaymentDocumentID": regexp.MustCompile(`^.{18}$`),
		"OrderID": regexp.MustCompile(`^.{1,32}$`), "Comment": regexp.MustCompile(`^.{1,210}$`), "recalculationReason": regexp.MustCompile(`^.{1,500}$`),
		"MeteringValue": figure, "MeteringValueT1": figure, "MeteringValueT2": figure, "MeteringValueT3": figure,
		"DateValue": date, "OrderDate": date, "CancellationDate": date, "InstallationDate": date, "VerificationDate": date,
		"Amount": regexp.MustCompile(`^\d{1,11}(\.\d{2})?$`), "Rate": regexp.MustCompile(`^-?\d{1,8}(\.\d{1,6})?$`), "Volume": regexp.MustCompile(`^-?\d{1,15}(\.\d{1,7})?$`),
		"TotalPayable": sum, "AccountingPeriodTotal": sum, "TotalPayableByChargeInfo": sum, "TotalPayableByPD": sum, "TotalPayableByPDWithDebtAndAdvance": sum, "PaidCash": sum, "sum": sum,
		"TotalByPenaltiesAndCourtCosts": sum, "DebtPreviousPeriods": debt, "AdvanceBllingPeriod": debt,
		"LivingPersonsNumber": regexp.MustCompile(`^\d{1,4}$`), "TotalSquare": area, "ResidentialSquare": area, "HeatedArea": area,
		"BankBIK": regexp.MustCompile(`^\d{9}$`), "operatingAccountNumber": regexp.MustCompile(`^\d{20}$`), "Code": regexp.MustCompile(`^(A?\d{1,4}\.?)+$`),
		"Month": regexp.MustCompile(`^([1-9]|1[0-2])$`), "Year": regexp.MustCompile(`^\d{4}$`),
	}
})

var (
	figure = regexp.MustCompile(`^\d{1,15}(\.\d{1,7})?$`)
	date   = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	sum    = regexp.MustCompile(`^-?\d{1,11}(\.\d{1,2})?$`)
	debt   = regexp.MustCompile(`^-?\d{1,8}(\.\d{1,2})?$`)
	area   = regexp.MustCompile(`^\d{1,21}(\.\d{1,4})?$`)
	guid   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

// needed are the elements an object of a kind cannot go without, «a|b» either of them.
var needed = map[gis.Kind][]string{
	gis.KindAccount: {"Accommodation", "PayerInfo", "isUOAccount|isRSOAccount|isCRAccount|isRCAccount|isOGVorOMSAccount|isTKOAccount"}, gis.KindMeter: {"MeteringDeviceNumber|ArchiveDevice|ReplaceDevice", "NotLinkedWithMetering|MeteringDeviceVersionGUID"},
	gis.KindReading: {"MeteringDeviceRootGUID", "MeteringValue|MeteringValueT1", "DateValue"}, gis.KindDocument: {"AccountGuid", "PaymentInformationKey"},
	gis.KindWithdrawal: {"PaymentDocumentID"}, gis.KindPayment: {"OrderDate", "Amount", "ServiceID|PaymentDocumentID"}, gis.KindCancellation: {"OrderID", "CancellationDate"},
	gis.KindAck: {"NotificationsOfOrderExecutionGUID", "PaymentDocumentID", "HSType|MSType|ASType", "Amount"}, gis.KindUnack: {"NotificationsOfOrderExecutionGUID", "PaymentDocumentID"},
}

// broken tells which limit of the schema a message breaks, ” when none.
func (q *request) broken(kind gis.Kind, objects []*node) string {
	if n := len(objects); n == 0 || n > gis.Operations[kind].Max {
		return "Число объектов в сообщении вне границ схемы"
	}
	if !guid.MatchString(q.org) || !guid.MatchString(q.message) {
		return "Заголовок не соответствует схеме"
	}
	seen := map[string]bool{}
	for _, g := range q.body.all("TransportGUID") {
		if seen[g] || !guid.MatchString(g) {
			return "TransportGUID не соответствует схеме: " + g
		}
		seen[g] = true
	}
	for _, o := range objects {
		if o.find("TransportGUID") == "" {
			return "Нет TransportGUID"
		}
		for _, either := range needed[kind] {
			if !hasOne(o, strings.Split(either, "|")) {
				return "Нет элемента " + either
			}
		}
	}
	return q.wrongForm()
}

func hasOne(o *node, names []string) bool {
	for _, n := range names {
		if o.child(n) != nil {
			return true
		}
	}
	return false
}

// wrongForm names an element whose text is not of its form.
func (q *request) wrongForm() (bad string) {
	q.body.each(func(n *node) {
		name := n.XMLName.Local
		form := forms()[name]
		if form == nil && strings.HasSuffix(strings.ToUpper(name), "GUID") {
			form = guid
		}
		if form != nil && (!form.MatchString(n.Text) || !utf8.ValidString(n.Text)) {
			bad = "Элемент " + name + " не соответствует схеме: " + n.Text
		}
	})
	return bad
}
