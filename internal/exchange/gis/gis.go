// Package gis speaks with ГИС ЖКХ, the state's system of housing: typed messages of its asynchronous SOAP exchange
// (schemas 12.2.2) and its Excel templates.
//
// Owns: elements, namespaces, their order, the limits of the schema; the client with its Transport and Signer; reading
// and writing of the templates. Does not own: what has to be told and when (gis/queue), signatures and GOST TLS (a
// certified proxy of the operator fills Transport and Signer).
//
// Invariants: a message that breaks a limit of the schema is never sent; every object of a request carries its own
// TransportGUID; names of elements of ГИС ЖКХ stay in this package.
package gis

// Kind is what an object tells of.
type Kind string

// Kinds of objects.
const (
	KindAccount      Kind = "account"
	KindMeter        Kind = "meter"
	KindReading      Kind = "reading"
	KindDocument     Kind = "document"
	KindWithdrawal   Kind = "withdrawal"
	KindPayment      Kind = "payment"
	KindCancellation Kind = "cancellation"
	KindAck          Kind = "acknowledgment"
	KindUnack        Kind = "ack_cancellation"
)

// Kinds are all kinds in the order they depend on each other: identifiers come with accounts, then with documents.
var Kinds = []Kind{KindAccount, KindMeter, KindReading, KindDocument, KindWithdrawal, KindPayment, KindAck, KindUnack, KindCancellation}

// Namespaces of the schemas.
const namespace = "http://dom.gosuslugi.ru/schema/integration/"

// prefixes of the namespaces in our messages; struct tags use them.
var prefixes = []struct{ prefix, uri string }{
	{"soap", "http://schemas.xmlsoap.org/soap/envelope/"},
	{"base", namespace + "base/"},
	{"nsi", namespace + "nsi-base/"},
	{"acc", namespace + "account-base/"},
	{"bb", namespace + "bills-base/"},
	{"mdb", namespace + "metering-device-base/"},
	{"pb", namespace + "payments-base/"},
	{"hm", namespace + "house-management/"},
	{"dm", namespace + "device-metering/"},
	{"bills", namespace + "bills/"},
	{"pay", namespace + "payment/"},
	{"nc", namespace + "nsi-common/"},
	{"own", namespace + "nsi/"},
}

// Operation is an operation of one of the services.
type Operation struct {
	Path   string // of the service
	Action string // SOAPAction
	Max    int    // objects in a request
}

// Paths of the services.
const (
	pathHouses   = "/ext-bus-home-management-service/services/HomeManagementAsync"
	pathMetering = "/ext-bus-device-metering-service/services/DeviceMeteringAsync"
	pathBills    = "/ext-bus-bills-service/services/BillsAsync"
	pathPayment  = "/ext-bus-payment-service/services/PaymentAsync"
	pathNSI      = "/ext-bus-nsi-common-service/services/NsiCommonAsync"
	pathOwnNSI   = "/ext-bus-nsi-service/services/NsiAsync"
)

// Operations by the kind of object they take; the bounds are the schema's, and for documents and readings the smaller
// of versions 12.2.2 and 14.4.
var Operations = map[Kind]Operation{
	KindAccount:      {pathHouses, "importAccountData", 100},
	KindMeter:        {pathHouses, "importMeteringDeviceData", 100},
	KindReading:      {pathMetering, "importMeteringDeviceValues", 1000},
	KindDocument:     {pathBills, "importPaymentDocumentData", 500},
	KindWithdrawal:   {pathBills, "importPaymentDocumentData", 1000},
	KindPayment:      {pathPayment, "importSupplierNotificationsOfOrderExecution", 250},
	KindCancellation: {pathPayment, "importNotificationsOfOrderExecutionCancellation", 500},
	KindAck:          {pathBills, "importAcknowledgment", 500},
	KindUnack:        {pathBills, "importAcknowledgment", 500},
}

// Roles of a supplier: which kind of account he keeps.
const (
	RoleUO  = "uo"
	RoleRSO = "rso"
	RoleCR  = "cr"
	RoleRC  = "rc"
	RoleOGV = "ogv"
	RoleTKO = "tko"
)
