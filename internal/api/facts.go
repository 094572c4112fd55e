package api

import (
	"context"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/record"
	"kvit/internal/web"
)

func (m *Module) addFacts() {
	one := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "A fact under the keys that docs/formats/facts.md describes", Examples: []any{
		map[string]any{"fact": "reading", "supplier": "vodokanal", "account": "1600123456", "service": "cold_water", "meter": "4471201", "date": "2026-10-31", "value": "251.904"},
	}}
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/facts", Resource: "fact", Action: "write", Bulk: record.RequestMax}, huma.Operation{
		OperationID: "tellFacts", Tags: []string{"facts"}, Summary: "Tell facts of charging of own accounts", SkipValidateBody: true, MaxBodyBytes: record.RequestMax, // each record has its own verdict
		Description: "Services, meters, verifications, readings, acts, breaches of quality, objects, instalments: one JSON object a line, or a list of them, up to 16 MiB. Each gets a verdict; those refused do not stop the others. The same fact again changes nothing, another content of it supersedes, withdraw takes it back.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			ndjson:             {Schema: bytesSchema("One fact a line")},
			"application/json": {Schema: &huma.Schema{Type: huma.TypeArray, Items: one}},
		}},
	}, m.tellFacts)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/accounts/{supplier}/{number}/facts", Resource: "fact", Action: "read"}, huma.Operation{
		OperationID: "listFacts", Tags: []string{"facts"}, Summary: "What is known of an account for charging, and who said so",
	}, m.listFacts)
}

type tellFactsInput struct {
	DryRun  bool   `query:"dryRun" doc:"Judge only"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same input gives the first answer; with another input a 409"`
	Type    string `header:"Content-Type" hidden:"true"`
	RawBody []byte
}

type toldFacts struct{ Body record.Report }

func (m *Module) tellFacts(ctx context.Context, in *tellFactsInput) (*toldFacts, error) {
	r, err := m.Records.Take(ctx, access.FromContext(ctx), record.Request{Lines: strings.HasPrefix(in.Type, ndjson), DryRun: in.DryRun, Key: in.Key, Body: in.RawBody})
	if err != nil {
		return nil, err
	}
	return &toldFacts{*r}, nil
}

type listFactsInput struct {
	Supplier string    `path:"supplier" maxLength:"64" doc:"Code of the supplier" example:"vodokanal"`
	Number   string    `path:"number" maxLength:"64" doc:"The supplier's account number, as he prints it"`
	At       time.Time `query:"at" doc:"As it was known then; without it now" example:"2026-11-01T00:00:00Z"`
}

type knownFacts struct{ Body record.Facts }

func (m *Module) listFacts(ctx context.Context, in *listFactsInput) (*knownFacts, error) {
	at := calendar.Micros(math.MaxInt64)
	if !in.At.IsZero() {
		at = calendar.MicrosOf(in.At)
	}
	f, err := m.Records.Show(ctx, access.FromContext(ctx), record.Addressee{Supplier: in.Supplier, Account: in.Number}, at)
	if err != nil {
		return nil, err
	}
	return &knownFacts{*f}, nil
}
