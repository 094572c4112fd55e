package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/losses"
	"kvit/internal/fault"
	"kvit/internal/web"
)

func (m *Module) addHouses() {
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/houses", Resource: "house", Action: "read"}, huma.Operation{
		OperationID: "listLosses", Tags: []string{"houses"}, Summary: "Houses by what was lost in a month, most roubles first",
		Description: "Of the services the supplier sells. A month not charged yet is counted from what is known so far, and marked.",
	}, m.listLosses)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/houses/{code}", Resource: "house", Action: "read"}, huma.Operation{
		OperationID: "houseBalance", Tags: []string{"houses"}, Summary: "What a house used and where it went, over thirteen months",
		Description: "Services the supplier sells in the house, and those of its own accounts that stand out.",
	}, m.houseBalance)
}

type lossesInput struct {
	Month   string `query:"month" required:"true" doc:"YYYY-MM" example:"2026-10"`
	Service string `query:"service" doc:"Code of the catalogue; without it all" example:"cold_water"`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

type lossesOutput struct{ Body []losses.Loss }

func (m *Module) listLosses(ctx context.Context, in *lossesInput) (*lossesOutput, error) {
	month, err := monthOf(in.Month)
	if err != nil {
		return nil, err
	}
	rows, err := m.Losses.Houses(ctx, access.FromContext(ctx), losses.List{Month: month, Service: in.Service, Limit: in.Limit})
	return &lossesOutput{rows}, err
}

type balanceInput struct {
	Code  string `path:"code" maxLength:"64" doc:"Of the house in the register" example:"H0012"`
	Month string `query:"month" required:"true" doc:"YYYY-MM" example:"2026-10"`
}

type balanceOutput struct{ Body losses.Balance }

func (m *Module) houseBalance(ctx context.Context, in *balanceInput) (*balanceOutput, error) {
	month, err := monthOf(in.Month)
	if err != nil {
		return nil, err
	}
	r, err := m.Losses.House(ctx, access.FromContext(ctx), in.Code, month)
	if err != nil {
		return nil, err
	}
	return &balanceOutput{*r}, nil
}

func monthOf(text string) (calendar.Month, error) {
	month, err := calendar.ParseMonth(text)
	if err != nil {
		return 0, fault.New(fault.Invalid, "month", "Месяц не прочитался. Введите так: 2026-10.").WithField("month").Because(err)
	}
	return month, nil
}
