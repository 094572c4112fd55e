package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/conflict"
	"kvit/internal/web"
)

func (m *Module) addConflicts() {
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/conflicts", Resource: "conflict", Action: "read"}, huma.Operation{
		OperationID: "listConflicts", Tags: []string{"conflicts"}, Summary: "What suppliers say differently of households of own accounts",
		Description: "Area, residents, payer, flat, meters: what each says, and what was decided. Of others the value alone, of their payers the initials. A decision is also told by the event conflict_decided.",
	}, m.listConflicts)
}

type conflictsInput struct {
	Attribute string `query:"attribute" enum:"area,residents,owner,flat,meter_number,meter_digits,meter_verified" doc:"Without it all"`
	State     string `query:"state" enum:"open,decided,agreed,all" default:"open"`
	House     string `query:"house" maxLength:"64" doc:"Code of the register"`
	Limit     int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

type conflictsOutput struct{ Body []conflict.Shown }

func (m *Module) listConflicts(ctx context.Context, in *conflictsInput) (*conflictsOutput, error) {
	list, err := m.Conflicts.List(ctx, access.FromContext(ctx), conflict.Filter{Attribute: conflict.Attribute(in.Attribute), State: conflict.State(in.State), All: in.State == "all", House: in.House, Limit: in.Limit})
	return &conflictsOutput{list}, err
}
