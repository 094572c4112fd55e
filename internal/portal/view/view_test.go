package view

import (
	"testing"

	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func TestPages(t *testing.T) { webtest.All(t, samples()) }

func TestTitlesAreUnique(t *testing.T) { webtest.UniqueTitles(t, samples()) }

func TestScreens(t *testing.T) {
	webtest.Screens(t, web.StaticRoute().Handler, append(samples(), inEnglish("home-due", "bill-open", "start-first", "readings-open")...))
}

// TestSuppliersTextsStayText puts hostile texts where suppliers, files and people write.
func TestSuppliersTextsStayText(t *testing.T) {
	for _, p := range webtest.Payloads {
		b := sampleBill()
		b.Address, b.ELS, b.QRText, b.AtValue, b.AtError, b.PDFHref = p, p, p, p, p, p
		b.Account = &web.AccountSwitch{Current: p, Others: []web.Link{{Title: p, Href: p}}}
		b.Groups[0].Supplier, b.Groups[0].Account = p, p
		b.Groups[0].Lines[0] = BillLine{Service: p, Volume: p, Rate: p, Unit: p, Charge: 1, Source: Source{File: p, Unit: p, Href: p, At: 1}, WhyHref: p}
		b.Recipients = []Recipient{{Name: p, INN: p, Bank: p, Account: p}}
		b.Preliminary = &Preliminary{PayHref: p, Rows: []PreliminaryRow{{BillLine{Service: p, Volume: p, Rate: p, Unit: p}, p}}}
		webtest.XSS(t, BillPage(b))
		webtest.XSS(t, DevicesPage(hostileDevices(p)))
		hostileProfile(t, p)

		why := sampleWhy()
		why.Address, why.Action, why.BillHref, why.MonthError = p, p, p, p
		why.Causes, why.Rows = []WhyCause{{Title: p, Text: p, Remedy: p, Href: p}}, []WhyRow{{Title: p, Supplier: p, Href: p, Parts: []WhyPart{{p, 1}}}}
		why.Fall.Title, why.Fall.Steps[1].Label, why.Gaps = p, p, []WhyGap{{p, p, p}}
		webtest.XSS(t, WhyPage(why))
		line := sampleLineView()
		line.Service, line.Supplier, line.Account, line.BillHref, line.JSONHref, line.Source = p, p, p, p, p, Source{File: p, Unit: p, Href: p, At: 1}
		line.Steps[0] = LineStep{Title: p, Terms: []Term{{p, p, p, p, p}}, Product: p, Exact: p, Formula: p, Clause: p}
		line.Facts = []LineFact{{p, p, p, 1}}
		line.Steps[0].About, line.Steps[0].Cause, line.Beside = p, p, line.Steps
		webtest.XSS(t, LinePage(line))

		pay := samplePay(PayChosen)
		pay.Choices = []PayChoice{{Name: "pick", Value: p, Supplier: p, Service: p, SumName: "s", Sum: p, SumError: p}}
		pay.Split, pay.Hidden, pay.Key = []SplitRow{{Supplier: p, Service: p}}, []HiddenField{{p, p}}, p
		pay.Errors = web.Errors{{Field: p, Message: p}}
		webtest.XSS(t, PayCheckPage(pay))

		readings := sampleReadings()
		readings.Action, readings.Key, readings.Window, readings.Told, readings.BackHref = p, p, p, p, p
		readings.Cards[0] = ReadingCard{ID: "1", Title: p, Serial: p, Sent: p, Missing: p, Notes: []string{p}, Doubts: []string{p}, Makes: p, History: []ReadingPast{{On: 20261022, Zone: p, Value: p, Source: p}}}
		readings.Receipts = []ReadingRow{{Number: p, Href: p, Channel: p}}
		webtest.XSS(t, ReadingsPage(readings))
		receipt := sampleReadingReceipt()
		receipt.Number, receipt.Channel, receipt.Author, receipt.Bill, receipt.AgainHref = p, p, p, p, p
		receipt.Lines[0] = ReadingLine{Title: p, Serial: p, Zone: p, Value: p, Volume: p, Notes: []string{p}}
		receipt.Made, receipt.Skipped = []ReadingMade{{Service: p, Volume: p}}, []string{p}
		webtest.XSS(t, ReadingReceiptPage(receipt))

		start := Start{Page: stranger(p), Number: p, Code: p, AskCode: true, Known: &Known{p, p, p}, Errors: web.Errors{{Field: "code", Message: p}}}
		webtest.XSS(t, StartPage(start))
		webtest.XSS(t, CodePage(Code{Page: stranger(p), Text: p, Errors: web.Errors{{Field: "text", Message: p}}}))
		webtest.XSS(t, PayResultPage(PayResult{Page: resident("x"), State: PayDeclined, Number: p, Reason: p, Method: p, Receipts: []FiscalReceipt{{Title: p, FN: p, FD: p, FP: p, At: p, URL: p}}, NoReceipt: p}))
		webtest.XSS(t, SignInPage(SignIn{Page: stranger("x"), Login: p, Next: p, Action: p}))
	}
}

// TestMoneyBeforeButton holds ux.md 3.1: sum, recipient and date stand before the button that moves money.
func TestMoneyBeforeButton(t *testing.T) {
	v := samplePay(PayAll)
	v.Split, v.Total, v.Left = sampleSplit(), 621435, 100
	webtest.Order(t, PayCheckPage(v), "15\u00a0декабря", "6\u00a0214,35\u00a0₽", "Без комиссии", "АО «Водоканал»", "ИНН 6200000000", "Оплатить 6\u00a0214,35\u00a0₽")
}
