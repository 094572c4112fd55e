package api

import "github.com/danielgtaylor/huma/v2"

// Record is a line of the built-in layout: one service of one account in one month. All sums are whole kopecks. It is
// here for the contract: intake reads records as it reads any other file.
type Record struct {
	Account   string `json:"account" maxLength:"64" doc:"The supplier's account number, as he prints it" example:"0012345678"`
	ELS       string `json:"els,omitempty" maxLength:"64" doc:"Unified account number (ЕЛС)"`
	Payer     string `json:"payer,omitempty" maxLength:"300" doc:"Name of the payer"`
	Address   string `json:"address,omitempty" maxLength:"1000" doc:"Whole address; or its parts below"`
	Locality  string `json:"locality,omitempty" maxLength:"300"`
	Street    string `json:"street,omitempty" maxLength:"300"`
	House     string `json:"house,omitempty" maxLength:"300"`
	Korp      string `json:"korp,omitempty" maxLength:"300" doc:"Корпус"`
	Flat      string `json:"flat,omitempty" maxLength:"300"`
	Room      string `json:"room,omitempty" maxLength:"300"`
	Share     string `json:"share,omitempty" maxLength:"300" doc:"Ownership share" example:"1/2"`
	Area      exact  `json:"area,omitempty" doc:"Area, m²" `
	Residents int    `json:"residents,omitempty" doc:"People living there"`
	Service   string `json:"service,omitempty" maxLength:"300" doc:"Service as the supplier names it" example:"Отопление"`
	Measure   string `json:"measure,omitempty" maxLength:"300" doc:"Unit of the volume" example:"Гкал"`
	Volume    exact  `json:"volume,omitempty" doc:"Volume consumed"`
	Tariff    exact  `json:"tariff,omitempty" doc:"Price of a unit, roubles"`
	Period    string `json:"period,omitempty" doc:"Month; without it the month of the request" example:"2026-10"`
	Opening   int64  `json:"opening,omitempty" doc:"Owed at the beginning of the month, kopecks"`
	Charge    int64  `json:"charge,omitempty" doc:"Charged, kopecks"`
	Recalc    int64  `json:"recalc,omitempty" doc:"Recalculated, kopecks"`
	Penalty   int64  `json:"penalty,omitempty" doc:"Penalty, kopecks"`
	Paid      int64  `json:"paid,omitempty" doc:"Paid up to the cutoff, kopecks"`
	Due       int64  `json:"due" doc:"To pay, kopecks: opening + charge + recalc + penalty − paid"`
}

// exact is a number read digit by digit.
type exact string

// Schema says that it is written as a number.
func (exact) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeNumber} }
