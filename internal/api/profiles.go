package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/exchange/register"
	"kvit/internal/web"
)

func (m *Module) addProfiles() {
	object := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "A layout as docs/formats/profile.schema.json describes it; columns of tables and text, paths of XML and JSON", Examples: []any{
		map[string]any{"kind": "csv", "delimiter": ";", "header_rows": 1, "money": "rub_comma", "columns": map[string]any{"account": 0, "address": 1, "due": 2}},
	}}
	add(m, web.Route{Method: http.MethodPut, Pattern: "/api/v1/profile", Resource: "intake", Action: "write"}, huma.Operation{
		OperationID: "saveProfile", Tags: []string{"profiles"}, Summary: "Describe a layout, for profile= of an intake", SkipValidateBody: true, // register names the key at fault
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: object}}},
	}, m.saveProfile)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/profile", Resource: "intake", Action: "read"}, huma.Operation{
		OperationID: "findProfile", Tags: []string{"profiles"}, Summary: "A layout that was described",
		Responses: content("The layout", "application/json", object),
	}, m.findProfile)
}

type profileInput struct {
	Name string `query:"name" required:"true" minLength:"1" maxLength:"100" doc:"Name of the layout among the supplier's" example:"monthly"`
}

type saveProfileInput struct {
	Name string `query:"name" required:"true" minLength:"1" maxLength:"100" doc:"Name of the layout among the supplier's" example:"monthly"`
	Body json.RawMessage
}

func (m *Module) saveProfile(ctx context.Context, in *saveProfileInput) (*struct{}, error) {
	var p register.Profile
	if err := json.Unmarshal(in.Body, &p); err != nil {
		return nil, err // it names the key at fault
	}
	return nil, m.Exchange.SaveProfile(ctx, access.FromContext(ctx).SupplierID, in.Name, p)
}

type profileOutput struct {
	Body any // register.Profile, which writes itself
}

func (m *Module) findProfile(ctx context.Context, in *profileInput) (*profileOutput, error) {
	p, err := m.Exchange.FindProfile(ctx, access.FromContext(ctx).SupplierID, in.Name)
	if err != nil {
		return nil, err
	}
	return &profileOutput{p}, nil
}
