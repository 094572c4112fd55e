package api

import (
	"context"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/web"
)

// tokenScheme names the token in the contract.
const tokenScheme = "token"

func config() huma.Config {
	c := huma.DefaultConfig("Kvit", "1.0.0")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", "" // served by routes of our own
	c.CreateHooks = nil                                   // no $schema in answers
	c.RejectUnknownQueryParameters = true                 // dryrun=true must not apply a file
	c.AllowAdditionalPropertiesByDefault = true           // later versions add fields
	c.Info.Description = "The supplier's door of a settlement centre: files and records in, verdicts and registers of payments out. Sums are whole kopecks. " +
		"A token is issued by the settlement centre for one supplier; its scopes stand with each operation."
	c.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	c.Servers = []*huma.Server{{URL: "/", Description: "The settlement centre that serves this document"}}
	c.Tags = []*huma.Tag{
		{Name: "intakes", Description: "Files and records in, verdicts out"},
		{Name: "profiles", Description: "Layouts of files"},
		{Name: "payments", Description: "What was paid to the supplier"},
		{Name: "facts", Description: "What charging knows of the supplier's accounts"},
		{Name: "readings", Description: "Figures of meters of the supplier's accounts"},
		{Name: "events", Description: "What happened, as it happens"},
		{Name: "webhooks", Description: "The same by calls to an address of the supplier's"},
		{Name: "houses", Description: "What houses used and lost"},
		{Name: "conflicts", Description: "What suppliers say differently of a household"},
		{Name: "contract", Description: "This document"},
	}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{tokenScheme: {Type: "http", Scheme: "bearer", Description: "Authorization: Bearer kvit_…"}}
	return c
}

// describeProblem puts the answer to every fault into the contract.
func describeProblem(api huma.API) {
	c := api.OpenAPI().Components
	c.Responses = map[string]*huma.Response{"Problem": {
		Description: "What went wrong (RFC 9457): code is stable, detail says in Russian what to do",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: c.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")}},
	}}
}

// addContract serves the contract itself, to anybody.
func (m *Module) addContract() {
	object := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/openapi.json", Resource: "public", Action: "read"}, huma.Operation{
		OperationID: "openapiJSON", Tags: []string{"contract"}, Summary: "This document as JSON",
		Responses: content("OpenAPI 3.1", "application/json", object),
	}, m.contract("application/json", m.api.OpenAPI().MarshalJSON))
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/openapi.yaml", Resource: "public", Action: "read"}, huma.Operation{
		OperationID: "openapiYAML", Tags: []string{"contract"}, Summary: "This document as YAML",
		Responses: content("OpenAPI 3.1", "application/yaml", object),
	}, m.contract("application/yaml", m.api.OpenAPI().YAML))
}

func (m *Module) contract(mediaType string, text func() ([]byte, error)) func(context.Context, *struct{}) (*huma.StreamResponse, error) {
	return func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		b, err := text()
		if err != nil {
			return nil, err
		}
		return m.stream(ctx, map[string]string{"Content-Type": mediaType}, func(w io.Writer) error {
			_, err := w.Write(b)
			return err
		}), nil
	}
}
