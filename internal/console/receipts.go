package console

import (
	"cmp"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/fiscal/atol"
	"kvit/internal/web"
)

// receiptRoutes are the pages of cash receipts.
func (m *Module) receiptRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/receipts", Resource: "receipt", Action: "read", Handler: m.receipts},
		{Method: http.MethodPost, Pattern: "/c/receipts", Resource: "receipt", Action: "retry", Handler: m.retryReceipt},
	}
}

// receiptTones are how urgent states are.
var receiptTones = map[string]web.Tone{fiscal.StateDone: web.OK, fiscal.StateRefused: web.Bad, fiscal.StateWaiting: web.Warn, fiscal.StateAsked: web.Warn, fiscal.StateSent: web.Info, fiscal.StateReplaced: web.Quiet}

// receiptsShown bounds the rows of the page.
const receiptsShown = 200

// receipts is the queue of cash receipts.
func (m *Module) receipts(w http.ResponseWriter, r *http.Request) error {
	ctx, state := r.Context(), r.URL.Query().Get("state")
	list, err := m.Receipts.List(ctx, fiscal.Filter{State: cmp.Or(state, "open"), Limit: receiptsShown})
	if state == "all" {
		list, err = m.Receipts.List(ctx, fiscal.Filter{Limit: receiptsShown})
	}
	if err != nil {
		return err
	}
	v := view.Receipts{Page: m.page(r, "Кассовые чеки"), Off: !m.Receipts.Sends()}
	refused, late, err := m.Receipts.Counts(ctx)
	if err != nil {
		return err
	}
	v.Late = late
	v.Tabs = []web.Tab{{Title: "Не напечатаны", Href: "/c/receipts", Current: state == ""}, {Title: "Отклонены", Href: "/c/receipts?state=refused", Current: state == fiscal.StateRefused, Count: refused}, {Title: "Все", Href: "/c/receipts?state=all", Current: state == "all"}}
	for i := range list {
		v.Rows = append(v.Rows, receiptRow(&list[i]))
	}
	if err := m.receiptRules(r, &v); err != nil {
		return err
	}
	if n := r.URL.Query().Get("retried"); n != "" {
		v.Retried = "Чек № " + n + "."
	}
	if access.FromContext(ctx).Require("receipt", "retry") == nil {
		v.RetryTo, v.Key = "/c/receipts", web.NewKey()
	}
	return web.Render(w, r, http.StatusOK, view.ReceiptsPage(v))
}

func receiptRow(x *fiscal.Receipt) view.ReceiptRow {
	row := view.ReceiptRow{Number: strconv.FormatInt(x.ID, 10), Kind: fiscal.Kinds[x.Kind], Payment: channelWord(x.Channel), Href: "/paid/" + x.PublicID, On: x.SettledOn, Sum: x.Sum,
		State: web.State{Word: fiscal.Labels[x.State], Tone: receiptTones[x.State]}, Trouble: x.Trouble, Advice: x.Advice, Retry: x.State == fiscal.StateRefused}
	if x.PaidBy == fiscal.PaidPrepaid {
		row.Kind = "зачёт аванса"
	}
	if x.FN != "" {
		row.Fiscal = " ФН " + x.FN + ", ФД " + x.FD + ", ФП " + x.FP
	}
	return row
}

func (m *Module) receiptRules(r *http.Request, v *view.Receipts) error {
	rules, err := m.Receipts.ListPolicies(r.Context())
	if err != nil {
		return err
	}
	for i := range rules {
		p := &rules[i]
		row := view.ReceiptRule{Supplier: p.Supplier, From: p.From.Dotted(), Says: ruleSays(p)}
		if p.SupplierID == 0 {
			row.Supplier, v.RuleTaken = "все остальные", p.Assumed // the latest row of everybody is the last one
		}
		v.Rules = append(v.Rules, row)
	}
	v.NoRules = len(rules) == 0
	return nil
}

// prepaidWords say how money for a month that is not over is told.
var prepaidWords = map[string]string{atol.Advance: "вперёд – аванс и зачёт", atol.FullPrepayment: "вперёд – предоплата и зачёт", atol.FullPayment: "вперёд – сразу полный расчёт"}

func ruleSays(p *fiscal.Policy) string {
	if !*p.Duty {
		return "чек не нужен: " + p.Reason
	}
	vat := "без НДС"
	if p.Vat != "none" {
		vat = "НДС " + p.Vat[len("vat"):] + " %"
	}
	return vat + ", " + prepaidWords[p.Prepaid]
}

// retryReceipt sends a refused receipt again.
func (m *Module) retryReceipt(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PostFormValue("number"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "receipt.unknown", "Такого чека нет.")
	}
	return m.once(w, r, func(actor string) (string, error) {
		return "/c/receipts?retried=" + strconv.FormatInt(id, 10), m.Receipts.Retry(r.Context(), actor, id)
	})
}

// receiptWait is a line of the first page when receipts wait for a person.
func (m *Module) receiptWait(r *http.Request) (view.Wait, bool, error) {
	refused, late, err := m.Receipts.Counts(r.Context())
	return view.Wait{Title: "Кассовые чеки", Text: "Отклонены кассой или опаздывают больше суток", Href: "/c/receipts", Count: max(refused, late), Tone: web.Bad}, max(refused, late) > 0, err
}
