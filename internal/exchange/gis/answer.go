package gis

// States of a message in ГИС ЖКХ.
const (
	StateReceived   = 1
	StateProcessing = 2
	StateDone       = 3
)

// Answer is the body of an answer: one of the three.
type Answer struct {
	Ack   *Ack   `xml:"AckRequest>Ack"`
	State *State `xml:"getStateResult"`
	Fault *struct {
		Text   string `xml:"faultstring"`
		Detail struct {
			Code string `xml:"ErrorCode"`
			Text string `xml:"ErrorMessage"`
		} `xml:"detail>Fault"`
	} `xml:"Fault"`
}

// Ack is a receipt: the GUID a message was taken under, and ours.
type Ack struct {
	Message string `xml:"MessageGUID"`
	Own     string `xml:"RequesterMessageGUID"`
}

// State is what became of a message.
type State struct {
	State   int      `xml:"RequestState"`
	Message string   `xml:"MessageGUID"`
	Error   *Failure `xml:"ErrorMessage"`
	Results []Import `xml:"ImportResult"`
	List    *List    `xml:"NsiItem"`

	Accounts  []FoundAccount `xml:"exportAccountResult"`
	Meters    []FoundMeter   `xml:"exportMeteringDeviceDataResult"`
	Documents []struct {
		Document FoundDocument `xml:"PaymentDocument"`
		Failed   *Failure      `xml:"ErrorMessage"`
	} `xml:"exportPaymentDocResult"`
	Flats []FoundPremises `xml:"exportHouseResult>ApartmentHouse>ResidentialPremises"`
}

// Failure is why something was not done.
type Failure struct {
	Code string `xml:"ErrorCode"`
	Text string `xml:"Description"`
}

// Import is a result. Bills, metering and payment answer with a result an object; houses wrap theirs.
type Import struct {
	Result
	Failed  *Failure `xml:"ErrorMessage"`
	Wrapped []Result `xml:"CommonResult"`
}

// Result is what became of one object.
type Result struct {
	GUID          string    `xml:"GUID"`
	TransportGUID string    `xml:"TransportGUID"`
	UniqueNumber  string    `xml:"UniqueNumber"`
	UpdatedAt     string    `xml:"UpdateDate"`
	Errors        []Failure `xml:"Error"`
	Account       *struct {
		Unified   string `xml:"UnifiedAccountNumber"`
		ServiceID string `xml:"ServiceID"`
	} `xml:"ImportAccount"`
}

// Objects are the results of a message by the object they are of. Of an object answered twice, that it was done counts.
func (s *State) Objects() map[string]Result {
	byGUID := map[string]Result{}
	for _, r := range s.Results {
		for _, x := range append(r.Wrapped, r.Result) {
			if old, twice := byGUID[x.TransportGUID]; x.TransportGUID != "" && !(twice && len(old.Errors) == 0) {
				byGUID[x.TransportGUID] = x
			}
		}
	}
	return byGUID
}

// Whole is the error of the message as a whole, nil when there is none.
func (s *State) Whole() *Failure {
	if s.Error != nil {
		return s.Error
	}
	for i := range s.Results {
		if s.Results[i].Failed != nil {
			return s.Results[i].Failed
		}
	}
	return nil
}
