package gis

// FoundAccount is an account as ГИС ЖКХ has it.
type FoundAccount struct {
	Number        string `xml:"AccountNumber"`
	GUID          string `xml:"AccountGUID"`
	Unified       string `xml:"UnifiedAccountNumber"`
	ServiceID     string `xml:"ServiceID"`
	Persons       string `xml:"LivingPersonsNumber"`
	TotalArea     string `xml:"TotalSquare"`
	Closed        *found `xml:"Closed"`
	Accommodation []struct {
		PremisesGUID string `xml:"PremisesGUID"`
	} `xml:"Accommodation"`
}

// found is an element of which only its being there counts.
type found struct{}

// Premises is the flat the account is of, ” when it is of a whole house.
func (a *FoundAccount) Premises() string {
	for i := range a.Accommodation {
		if g := a.Accommodation[i].PremisesGUID; g != "" {
			return g
		}
	}
	return ""
}

// FoundMeter is a meter as ГИС ЖКХ has it.
type FoundMeter struct {
	GUID    string `xml:"MeteringDeviceRootGUID"`
	Status  string `xml:"StatusRootDoc"`
	Version string `xml:"MeteringDeviceVersionGUID"`  // changes with every change of the meter
	Number  string `xml:"MeteringDeviceGISGKHNumber"` // of ГИС ЖКХ
	Basic   struct {
		Serial     string    `xml:"MeteringDeviceNumber"`
		Flat       meterSite `xml:"ResidentialPremiseDevice"`
		Room       meterSite `xml:"LivingRoomDevice"`
		Shared     meterSite `xml:"CollectiveApartmentDevice"`
		House      meterSite `xml:"ApartmentHouseDevice"`
		Commercial meterSite `xml:"NonResidentialPremiseDevice"`
	} `xml:"BasicChatacteristicts"`
}

type meterSite struct {
	Accounts []string `xml:"AccountGUID"`
}

// Active tells whether the meter is not archived.
func (m *FoundMeter) Active() bool { return m.Status != "Archival" }

// Accounts are the GUIDs of the accounts it serves.
func (m *FoundMeter) Accounts() (list []string) {
	for _, s := range []meterSite{m.Basic.Flat, m.Basic.Room, m.Basic.Shared, m.Basic.House, m.Basic.Commercial} {
		list = append(list, s.Accounts...)
	}
	return list
}

// FoundDocument is a payment document as ГИС ЖКХ has it.
type FoundDocument struct {
	AccountGUID string `xml:"AccountGuid"`
	Number      string `xml:"PaymentDocumentNumber"`
	DocumentID  string `xml:"PaymentDocumentID"`
	Total       string `xml:"TotalPayableByPDWithDebtAndAdvance"`
}

// FoundPremises is a flat as ГИС ЖКХ has it.
type FoundPremises struct {
	Number string `xml:"PremisesNum"`
	GUID   string `xml:"PremisesGUID"`
}
