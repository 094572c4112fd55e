package supplier

import (
	"cmp"
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
	Reasons  GISReasons            `json:"reasons" yaml:"reasons"`
}

// GISReasons are the entries of code lists that are named when something ends.
type GISReasons struct {
	Closed   string `json:"closed,omitempty" yaml:"closed"`     // of an account, list 22
	Archived string `json:"archived,omitempty" yaml:"archived"` // of a meter, list 21
	Replaced string `json:"replaced,omitempty" yaml:"replaced"` // of a meter that failed, list 224; empty: it is archived, and the two are not joined
}

// ClosingReason is why accounts are closed, as the code list calls it.
func (g *GIS) ClosingReason() string {
	return cmp.Or(g.Reasons.Closed, "Расторжение договора")
}

// ArchivingReason is why meters are taken out, as the code list calls it.
func (g *GIS) ArchivingReason() string {
	return cmp.Or(g.Reasons.Archived, "Истек срок эксплуатации")
}

// GISService is an entry of a code list of services: by its code and GUID, or by its name there, so that a code list
// that changed overnight is followed.
type GISService struct {
	Name string `json:"name,omitempty" yaml:"name"`
	Code string `json:"code,omitempty" yaml:"code"`
	GUID string `json:"guid,omitempty" yaml:"guid"`
	Kind string `json:"kind" yaml:"kind"` // housing, municipal, additional
}

// Kinds of services of a payment document of ГИС ЖКХ.
const (
	GISHousing    = "housing"
	GISMunicipal  = "municipal"
	GISAdditional = "additional"
)

// List is the number of the code list that the entry stands in (schema of bills 12.2.2, ServiceType).
func (s GISService) List() int {
	switch s.Kind {
	case GISHousing:
		return gis.ListHousing
	case GISAdditional:
		return gis.ListAdditional
	}
	return gis.ListMunicipal
}

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
			return fault.Newf(fault.Invalid, "supplier.gis_sends", "Поставщик %s: в gis.sends записано %q, а бывает account, meter, reading, document, withdrawal, payment, acknowledgment, ack_cancellation, cancellation.", code, string(k)).WithField("gis")
		}
	}
	for name, s := range g.Services {
		if !gis.ValidGUID(s.GUID) && (s.GUID != "" || s.Name == "") || !slices.Contains([]string{GISHousing, GISMunicipal, GISAdditional}, s.Kind) {
			return fault.Newf(fault.Invalid, "supplier.gis_service", "Поставщик %s: услуга %q в gis.services: нужны name или code с guid, и kind – housing, municipal или additional.", code, name).WithField("gis")
		}
	}
	return nil
}
