// Package api is the REST door of a supplier's program: files and records in, verdicts, registers of payments and the
// feed of events out.
//
// Owns: the contract (docs/api/openapi.yaml) and its encoding. Does not own: intake, payments, who may (access).
//
// Every operation is a row of web's table of routes and is described to huma, which decodes it and writes the
// contract; faults of both go through web.Error. Invariants: the supplier is the token's, a foreign object is not
// found; a file accepted with 202 is stored and survives a restart.
package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/charge/losses"
	"kvit/internal/charge/record"
	"kvit/internal/conflict"
	"kvit/internal/event/feed"
	"kvit/internal/event/webhook"
	"kvit/internal/exchange"
	"kvit/internal/meter"
	"kvit/internal/reading"
	"kvit/internal/supplier/task"
	"kvit/internal/web"
)

// Deps are what the API stands on.
type Deps struct {
	Exchange  *exchange.Module
	Records   *record.Module
	Readings  *reading.Module
	Losses    *losses.Module
	Conflicts *conflict.Module
	Feed      *feed.Module
	Webhooks  *webhook.Module
	TempDir   string
	Log       *slog.Logger
	Meters    *meter.Module
	Appeals   *appeal.Module
	// Tasks are what waits for the answer of the supplier an actor works for.
	Tasks func(ctx context.Context, actor access.Actor) ([]task.Task, error)
}

// Module holds the API.
type Module struct {
	Deps
	api    huma.API
	mux    *http.ServeMux
	routes []web.Route
}

// New makes the API.
func New(d Deps) *Module {
	m := &Module{Deps: d, mux: http.NewServeMux()}
	m.api = humago.New(m.mux, config())
	describeProblem(m.api)
	m.addIntakes()
	m.addProfiles()
	m.addRegisters()
	m.addFacts()
	m.addReadings()
	m.addPhotos()
	m.addAnswers()
	m.addMeters()
	m.addEvents()
	m.addWebhooks()
	m.addHouses()
	m.addConflicts()
	m.addAppeals()
	m.addWaiting()
	m.addContract()
	return m
}

// Routes are the operations with who may call them.
func (m *Module) Routes() []web.Route { return m.routes }

// add declares an operation in both tables: of routes and of the contract.
func add[I, O any](m *Module, route web.Route, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	op.Method, op.Path = route.Method, route.Pattern
	op.Security = []map[string][]string{{}}
	if route.Resource != "public" {
		op.Security = []map[string][]string{{tokenScheme: {route.Resource + ":" + route.Action}}}
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = &huma.Response{Ref: "#/components/responses/Problem"}
	huma.Register(m.api, op, fn)
	route.Machine, route.Handler = true, m.serve
	m.routes = append(m.routes, route)
}

// serve hands a request to huma and takes the fault out of its hands. What says it is too large is not read.
func (m *Module) serve(w http.ResponseWriter, r *http.Request) error {
	if r.ContentLength > exchange.DeliveryMax {
		return &http.MaxBytesError{Limit: exchange.DeliveryMax}
	}
	c := &call{ResponseWriter: w}
	m.mux.ServeHTTP(c, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	return c.err
}
