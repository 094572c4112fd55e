package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/reading"
	"kvit/internal/web"
)

func (m *Module) addReadings() {
	one := m.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[reading.Entry](), true, "Entry")
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/readings", Resource: "reading", Action: "write", Bulk: reading.RequestMax}, huma.Operation{
		OperationID: "giveReadings", Tags: []string{"readings"}, Summary: "Give readings of meters of own accounts", SkipValidateBody: true, MaxBodyBytes: reading.RequestMax, // each figure has its own verdict
		Description: "One object, a list of them, or one object a line, up to 16 MiB. Each figure gets a verdict: taken, corrected, same, asked (it looks odd: send it again with confirm), noted, refused; one stops no other. Taken ones say in which bill they count; a request about one household also tells what they change in its month.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{OneOf: []*huma.Schema{one, {Type: huma.TypeArray, Items: one}}}},
			ndjson:             {Schema: bytesSchema("One figure a line")},
		}},
	}, m.giveReadings)
}

type giveReadingsInput struct {
	DryRun  bool   `query:"dryRun" doc:"Judge only"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same input gives the first answer; with another input a 409"`
	RawBody []byte
}

type givenReadings struct{ Body reading.Outcome }

func (m *Module) giveReadings(ctx context.Context, in *giveReadingsInput) (*givenReadings, error) {
	r, err := m.Readings.Take(ctx, access.FromContext(ctx), reading.Message{Channel: reading.API, DryRun: in.DryRun, Key: in.Key, Body: in.RawBody})
	if err != nil {
		return nil, err
	}
	return &givenReadings{*r}, nil
}
