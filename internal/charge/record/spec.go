package record

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/casefile"
	"kvit/internal/decimal"
)

// Keys of the records whose words differ from those of cases; the others are read by casefile's own types.

type houseSpec struct {
	From       calendar.Date    `yaml:"from"`
	Area       decimal.Decimal  `yaml:"area" least:"0"`
	CommonArea decimal.Decimal  `yaml:"common_area" least:"0"`
	OwnHeat    decimal.Decimal  `yaml:"own_heat_area" least:"0"`
	Residents  int32            `yaml:"residents" least:"0"`
	Heating    casefile.Heating `yaml:"heating"`
	Private    bool             `yaml:"private"`
	Direct     bool             `yaml:"direct"`
}

type premisesSpec struct {
	Area       decimal.Decimal `yaml:"area" least:"0"`
	Heated     decimal.Decimal `yaml:"heated_area" least:"0"`
	Rooms      int             `yaml:"rooms" least:"0"`
	OwnHeat    bool            `yaml:"own_heat"`
	FlatPeople int32           `yaml:"flat_residents" least:"0"`
	LivingArea decimal.Decimal `yaml:"living_area" least:"0"`
	FlatLiving decimal.Decimal `yaml:"flat_living_area" least:"0"`
}

type serviceSpec struct {
	Name     string          `yaml:"name"` // as the supplier writes it on bills
	Category string          `yaml:"category"`
	Mode     string          `yaml:"mode" words:"issued computed compared"`
	From     calendar.Date   `yaml:"from"`
	Until    calendar.Date   `yaml:"until"`
	Possible bool            `yaml:"meter_possible"`
	Included bool            `yaml:"included"`
	Quantity decimal.Decimal `yaml:"quantity" least:"0"`
	FlatRest decimal.Decimal `yaml:"flat_rest" least:"0"`
	Share    decimal.Decimal `yaml:"share" least:"0"`
	Part     string          `yaml:"part"`
}

type meterSpec struct {
	Installed calendar.Date   `yaml:"installed"`
	Removed   calendar.Date   `yaml:"removed"`
	Digits    uint8           `yaml:"digits"`
	Registers uint8           `yaml:"registers"`
	Until     calendar.Date   `yaml:"verified_until"`
	Failed    calendar.Date   `yaml:"failed"`
	GasFactor decimal.Decimal `yaml:"gas_factor" least:"0"`
	Factor    decimal.Decimal `yaml:"factor" least:"0"` // of a house's own: units of the service in one of the dial
	Returns   bool            `yaml:"returns"`          // it stands on the return pipe: what it counts is taken away
}

type volumeSpec struct {
	Month  calendar.Month  `yaml:"month" need:"yes"`
	Zone   string          `yaml:"zone" words:"all day night peak half_peak"`
	Volume decimal.Decimal `yaml:"volume" need:"yes" least:"0"`
}

type gasSpec struct {
	Month calendar.Month  `yaml:"month" need:"yes"`
	Value decimal.Decimal `yaml:"value" need:"yes" least:"0"`
}
