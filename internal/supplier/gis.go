package supplier

import (
	"slices"
	"strings"

	"kvit/internal/exchange/gis"
	"kvit/internal/fault"
)

// GIS is a supplier's part in ГИС ЖКХ: who he is there and what the centre posts for him.
type GIS struct {
	Org      string                `json:"orgPPAGUID" yaml:"orgPPAGUID"`
	Role     string                `json:"role" yaml:"role"`                   // which kind of account he keeps
	Sends    []gis.Kind            `json:"sends,omitempty" yaml:"sends"`       // empty: payments, their cancellations, readings
	Services map[string]GISService `json:"services,omitempty" yaml:"services"` // by his own names of services
}

// GISService is an entry of the supplier's code list of services.
type GISService struct {
	Code string `json:"code" yaml:"code"`
	GUID string `json:"guid" yaml:"guid"`
	Kind string `json:"kind" yaml:"kind"` // housing, municipal, additional
}

// Kinds of services of a payment document of ГИС ЖКХ.
const (
	GISHousing    = "housing"
	GISMunicipal  = "municipal"
	GISAdditional = "additional"
)

var gisRoles = []string{gis.RoleUO, gis.RoleRSO, gis.RoleCR, gis.RoleRC, gis.RoleOGV, gis.RoleTKO}

// Posts tells whether the centre posts objects of a kind for the supplier.
func (g *GIS) Posts(k gis.Kind) bool {
	if g == nil {
		return false
	}
	if len(g.Sends) == 0 {
		return k == gis.KindPayment || k == gis.KindCancellation || k == gis.KindReading
	}
	return slices.Contains(g.Sends, k)
}

// validate checks GUIDs and words.
func (g *GIS) validate(code string) error {
	switch {
	case !gis.ValidGUID(g.Org):
		return fault.Newf(fault.Invalid, "supplier.gis_org", "Поставщик %s: gis.orgPPAGUID %q – не GUID. Он есть в личном кабинете ГИС ЖКХ.", code, g.Org).WithField("gis")
	case !slices.Contains(gisRoles, g.Role):
		return fault.Newf(fault.Invalid, "supplier.gis_role", "Поставщик %s: gis.role %q, а бывает %s.", code, g.Role, strings.Join(gisRoles, ", ")).WithField("gis")
	}
	for _, k := range g.Sends {
		if !slices.Contains(gis.Kinds, k) {
			return fault.Newf(fault.Invalid, "supplier.gis_sends", "Поставщик %s: в gis.sends записано %q, а бывает account, meter, reading, document, withdrawal, payment, cancellation.", code, string(k)).WithField("gis")
		}
	}
	for name, s := range g.Services {
		if !gis.ValidGUID(s.GUID) || !slices.Contains([]string{GISHousing, GISMunicipal, GISAdditional}, s.Kind) {
			return fault.Newf(fault.Invalid, "supplier.gis_service", "Поставщик %s: услуга %q в gis.services: нужны code, guid и kind – housing, municipal или additional.", code, name).WithField("gis")
		}
	}
	return nil
}
