package gis

// Meter is a meter to be entered into ГИС ЖКХ, or changed there: one of Data and Change.
type Meter struct {
	TransportGUID string       `xml:"base:TransportGUID"`
	Data          *MeterData   `xml:"hm:DeviceDataToCreate,omitempty"`
	Change        *MeterChange `xml:"hm:DeviceDataToUpdate,omitempty"`
}

// MeterChange is what became of a meter that is there: one of Renamed, Archived and Replaced.
type MeterChange struct {
	VersionGUID string        `xml:"hm:MeteringDeviceVersionGUID"`
	Renamed     *MeterRenamed `xml:"hm:UpdateAfterDevicesValues,omitempty"`
	Archived    *MeterArchive `xml:"hm:ArchiveDevice,omitempty"`
	Replaced    *MeterReplace `xml:"hm:ReplaceDevice,omitempty"`
}

// MeterRenamed is a meter known by another number.
type MeterRenamed struct {
	Number string `xml:"hm:MeteringDeviceNumber"`
}

// MeterArchive is a meter taken out.
type MeterArchive struct {
	Reason Ref `xml:"hm:ArchivingReason"`
}

// MeterReplace is a meter taken out with another put in its place, which is there already: one of Planned and Reason.
type MeterReplace struct {
	On      string `xml:"hm:VerificationDate"`
	Planned bool   `xml:"hm:PlannedVerification,omitempty"`
	Reason  *Ref   `xml:"hm:ReasonVerification,omitempty"`
	By      string `xml:"hm:ReplacingMeteringDeviceVersionGUID"`

	Next int64 `xml:"-"` // the other, by our key
}

// MeterData describes the meter: one of Resource and Electric.
type MeterData struct {
	Basic    MeterBasic    `xml:"hm:BasicChatacteristicts"` // so spelt in the schema
	Single   bool          `xml:"hm:NotLinkedWithMetering"`
	Resource *FirstOneRate `xml:"hm:MunicipalResourceNotEnergy,omitempty"`
	Electric *FirstValues  `xml:"hm:MunicipalResourceEnergy,omitempty"`
}

// MeterBasic is what a meter is and where it stands: one of Flat, Room and House.
type MeterBasic struct {
	Number      string      `xml:"hm:MeteringDeviceNumber"`
	InstalledOn string      `xml:"hm:InstallationDate,omitempty"`
	Remote      bool        `xml:"hm:RemoteMeteringMode"`
	Temperature bool        `xml:"hm:TemperatureSensor"`
	Pressure    bool        `xml:"hm:PressureSensor"`
	Flat        *FlatMeter  `xml:"hm:ResidentialPremiseDevice,omitempty"`
	House       *HouseMeter `xml:"hm:ApartmentHouseDevice,omitempty"`
}

// FlatMeter is a meter of a flat.
type FlatMeter struct {
	PremisesGUID string `xml:"hm:PremiseGUID"`
	AccountGUID  string `xml:"hm:AccountGUID"`
}

// HouseMeter is a meter of a house where one family lives.
type HouseMeter struct {
	AccountGUID string `xml:"hm:AccountGUID"`
}

// FirstOneRate is the figure a meter of water, heat or gas began with.
type FirstOneRate struct {
	Resource Ref    `xml:"mdb:MunicipalResource"`
	Value    string `xml:"mdb:MeteringValue"`
}

// FirstValues are the figures an electricity meter began with.
type FirstValues struct {
	T1 string `xml:"mdb:MeteringValueT1"`
	T2 string `xml:"mdb:MeteringValueT2,omitempty"`
	T3 string `xml:"mdb:MeteringValueT3,omitempty"`
}

// Archives tells whether the meter is taken out.
func (m *Meter) Archives() bool {
	return m.Change != nil && (m.Change.Archived != nil || m.Change.Replaced != nil)
}

// Carry gives the object its TransportGUID.
func (m *Meter) Carry(guid string) { m.TransportGUID = guid }

// maxSerial is the length of a meter's number.
const maxSerial = 50

// Broken tells which limit the meter breaks.
func (m *Meter) Broken() string {
	switch {
	case m.Data != nil && m.Change == nil:
		return m.Data.broken()
	case m.Change != nil && m.Data == nil:
		return m.Change.broken()
	}
	return "прибор учёта"
}

func (d *MeterData) broken() string {
	b := &d.Basic
	place := b.House != nil && b.Flat == nil && ValidGUID(b.House.AccountGUID) ||
		b.Flat != nil && b.House == nil && ValidGUID(b.Flat.AccountGUID) && ValidGUID(b.Flat.PremisesGUID)
	values := d.Resource != nil && d.Electric == nil && !d.Resource.Resource.broken() && meterForm.MatchString(d.Resource.Value) ||
		d.Electric != nil && d.Resource == nil && meterForm.MatchString(d.Electric.T1) && fits(d.Electric.T2, meterForm) && fits(d.Electric.T3, meterForm)
	return firstBroken(
		rule{b.Number != "" && upTo(b.Number, maxSerial), "номер прибора учёта"},
		rule{fits(b.InstalledOn, dateForm), "дата установки"},
		rule{d.Single, "связь приборов"},
		rule{place, "помещение прибора учёта"},
		rule{values, "начальное показание"},
	)
}

func (c *MeterChange) broken() string {
	var what bool
	switch {
	case c.Archived != nil:
		what = c.Renamed == nil && c.Replaced == nil && !c.Archived.Reason.broken()
	case c.Replaced != nil:
		what = c.Renamed == nil && c.Replaced.whole()
	case c.Renamed != nil:
		what = c.Renamed.Number != "" && upTo(c.Renamed.Number, maxSerial)
	}
	return firstBroken(rule{ValidGUID(c.VersionGUID), "версия прибора учёта"}, rule{what, "изменение прибора учёта"})
}

func (r *MeterReplace) whole() bool {
	return r.On != "" && fits(r.On, dateForm) && ValidGUID(r.By) && r.Planned == (r.Reason == nil) && (r.Reason == nil || !r.Reason.broken())
}
