package api

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Payment is money paid to the supplier; a negative amount is a reversal or a refund.
type Payment struct {
	Operation string    `json:"operation" doc:"Number of the payment, the same for ever"`
	Day       string    `json:"day" format:"date" doc:"The payer's date"`
	At        time.Time `json:"at" doc:"When the order was made"`
	Channel   string    `json:"channel" doc:"Door it came by" example:"sber"`
	Account   string    `json:"account" doc:"Account as the supplier prints it"`
	Amount    int64     `json:"amount" doc:"Kopecks"`
}

// PaymentSummary closes the stream of payments: a stream without it was cut.
type PaymentSummary struct {
	Summary PaymentTotals `json:"summary"`
}

// PaymentTotals are those of the register of the day.
type PaymentTotals struct {
	Day   string `json:"day" format:"date"`
	Count int    `json:"count"`
	Sum   int64  `json:"sum" doc:"Kopecks"`
}

func (m *Module) addRegisters() {
	schemas := m.api.OpenAPI().Components.Schemas
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/registers/{day}", Resource: "register", Action: "read", Slow: true}, huma.Operation{
		OperationID: "findRegister", Tags: []string{"payments"},
		Summary:     "Register of the payments of a day, in the supplier's own layout",
		Description: "The layout is payments_out of the supplier's latest profile, or the twelve columns of bank registers in his encoding. 404 when nobody paid that day.",
		Responses:   content("The file; its name is in Content-Disposition", binary, bytesSchema("The register")),
	}, m.register)
	line := &huma.Schema{OneOf: []*huma.Schema{schemas.Schema(reflect.TypeFor[Payment](), true, "Payment"), schemas.Schema(reflect.TypeFor[PaymentSummary](), true, "PaymentSummary")}}
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/payments", Resource: "register", Action: "read", Slow: true}, huma.Operation{
		OperationID: "listPayments", Tags: []string{"payments"},
		Summary:   "Payments of a day as records",
		Responses: content("A Payment a line, then a PaymentSummary", ndjson, line),
	}, m.payments)
}

type dayPath struct {
	Day string `path:"day" format:"date" doc:"The payer's date" example:"2026-11-23"`
}

type dayQuery struct {
	Day string `query:"day" required:"true" format:"date" doc:"The payer's date" example:"2026-11-23"`
}

func (m *Module) register(ctx context.Context, in *dayPath) (*huma.StreamResponse, error) {
	day, err := dayOf(in.Day)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(m.TempDir, 0o750); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(m.TempDir, "register-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	row, err := m.Exchange.WriteSupplierRegister(ctx, access.FromContext(ctx).SupplierID, day, dir)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(dir, row.File)) // it is read to its end after the folder is gone
	if err != nil {
		return nil, err
	}
	header := map[string]string{"Content-Type": binary, "Content-Disposition": web.Disposition("attachment", row.File)}
	return m.stream(ctx, header, func(w io.Writer) error {
		defer f.Close()
		_, err := io.Copy(w, f)
		return err
	}), nil
}

func (m *Module) payments(ctx context.Context, in *dayQuery) (*huma.StreamResponse, error) {
	day, err := dayOf(in.Day)
	if err != nil {
		return nil, err
	}
	list, err := m.Exchange.ListPaid(ctx, access.FromContext(ctx).SupplierID, day)
	if err != nil {
		return nil, err
	}
	return m.lines(ctx, func(emit func(any) error) error {
		var sum money.Amount
		for i := range list {
			p := &list[i]
			sum += p.Amount
			if err := emit(Payment{Operation: p.Operation, Day: p.Day.String(), At: p.At.Time(), Channel: p.Channel, Account: p.Account, Amount: int64(p.Amount)}); err != nil {
				return err
			}
		}
		return emit(PaymentSummary{PaymentTotals{Day: day.String(), Count: len(list), Sum: int64(sum)}})
	}), nil
}

func dayOf(s string) (calendar.Date, error) {
	day, err := calendar.ParseDate(s)
	if err != nil {
		return 0, fault.New(fault.Invalid, "day.bad", "День указан неверно. Пример: 2026-11-23.").WithField("day").Because(err)
	}
	return day, nil
}
