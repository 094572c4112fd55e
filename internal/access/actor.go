// Package access knows who is asking and what they may: staff, sessions, API tokens, residents' links, and the one
// table of permissions.
//
// Owns: tables staff, session, api_token, sign_in_failure, demo_link. Does not own: pages, forms (web), what the
// objects are.
//
// Invariants: a foreign object is NotFound, one's own but not permitted is Forbidden; secrets are stored as digests
// (passwords as argon2id, TOTP seeds sealed with the installation's key); a session gets a new id at every sign-in;
// an actor of one supplier never gets another's scope.
package access

import (
	"slices"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Role is what a person or a program is to the settlement centre (reliability.md section 7).
type Role string

// Roles.
const (
	Anonymous        Role = "anonymous"
	Resident         Role = "resident"
	SupplierOperator Role = "supplier_operator"
	SupplierAdmin    Role = "supplier_admin"
	CentreOperator   Role = "centre_operator"
	CentreAccountant Role = "centre_accountant"
	Auditor          Role = "auditor"
	Clerk            Role = "clerk" // takes cash at a desk of the centre
	APIToken         Role = "api_token"
	System           Role = "system"
)

// Roles lists every role that may ask over the network.
var Roles = []Role{Anonymous, Resident, SupplierOperator, SupplierAdmin, CentreOperator, CentreAccountant, Auditor, APIToken, Clerk}

// Actor is who is asking.
type Actor struct {
	Role        Role
	UserID      int64  // of staff, or the person's
	Name        string // login of staff, for the log and the page
	SupplierID  int64  // of a supplier's people and tokens
	BuildingID  int64  // of the home a resident has chosen
	HouseholdID int64
	HomeID      int64           // of his homes (package person); 0: none
	Rights      Rights          // over that home
	From, To    calendar.Date   // of his own time there, both included; 0: no bound
	Scopes      []string        // of a token: «intake:write»
	FreshAt     calendar.Micros // when a person last proved in this session who he is
	Acting      *Acting         // somebody of the centre acts for the resident; nil: he is there himself
	Limited     bool            // a person's proof does not open what he owes: an account of Госуслуги nobody confirmed
}

// String names the actor in the audit log: ids, not persons.
func (a Actor) String() string {
	if a.Acting != nil {
		return a.Acting.Staff
	}
	if a.Role == Resident && a.UserID != 0 {
		return string(a.Role) + ":" + strconv.FormatInt(a.UserID, 10)
	}
	if a.Name != "" {
		return string(a.Role) + ":" + a.Name
	}
	return string(a.Role)
}

// Relation is how much of a resource a role reaches.
type Relation int

// Relations.
const (
	None     Relation = iota
	Own               // the home a resident has chosen
	Self              // a person's own things, with a home or without
	Supplier          // its own supplier's data only
	All
)

// Resource and action pairs that routes declare, with who may. A pair that is not here is a route nobody may use;
// the test of routes refuses it.
var Table = map[string]map[string]map[Role]Relation{
	"public":       {"read": everyone(All)},
	"news":         {"subscribe": everyone(All)}, // of how the service does, by mail
	"style":        {"read": everyone(All)},
	"static":       {"read": everyone(All)},
	"view":         {"change": everyone(All)}, // text size, theme, language
	"session":      {"start": everyone(All), "end": everyone(All)},
	"notification": {"receive": everyone(All)},
	"home": { // the first page: of a resident without a bill it leads where he adds one
		"open":   {Resident: All, CentreOperator: All, CentreAccountant: All, Auditor: All},
		"share":  {Resident: Own}, // which part of its bill he pays
		"manage": {Resident: Own}, // who else sees it, who pays for what, which accounts are of it
	},
	"quickbill": {"read": everyone(All), "pay": everyone(All), "tell": everyone(All)}, // the code in the address is the right
	"bill": {
		"read": {Resident: Own, CentreOperator: All, CentreAccountant: All, Auditor: All},
	},
	"payment": {
		"read":   {Resident: Own, SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All},
		"pay":    {Resident: Own},
		"assign": {CentreAccountant: All},
	},
	"chat":    {"own": {Resident: Own}}, // his own, in messengers
	"autopay": {"own": {Resident: Own}},
	"person":  {"own": {Resident: Self}},                        // what is a person's own: homes, people he lets in, messages
	"profile": {"own": {Resident: Self}},                        // how he signs in: contacts, keys, sessions; a limited session opens this alone
	"check":   {"read": everyone(All), "report": everyone(All)}, // whether a paper is genuine
	"document": { // of households
		"own":      {Resident: Own},
		"paper":    {Resident: Own}, // bills with it or without
		"read":     {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"withdraw": {CentreOperator: All, CentreAccountant: All},
	},
	"intake": {
		"read":  {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All, APIToken: Supplier},
		"write": {SupplierOperator: Supplier, SupplierAdmin: Supplier, APIToken: Supplier},
	},
	"fact": { // of charging: the kinds a supplier may tell are in charge/record
		"read":  {CentreOperator: All, CentreAccountant: All, Auditor: All, APIToken: Supplier},
		"write": {CentreOperator: All, APIToken: Supplier},
	},
	"reading": { // of meters: a supplier gives those of its own accounts
		"read":    {Resident: Own, CentreOperator: All, CentreAccountant: All, Auditor: All, Clerk: All},
		"write":   {Resident: Own, CentreOperator: All, APIToken: Supplier, Clerk: All},
		"control": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, APIToken: Supplier}, // what an inspector read
		"missing": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All},
		"answer":  {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, APIToken: Supplier},
	},
	"meter": { // their lives: a supplier's of his own accounts
		"see":   {Resident: Own}, // his own, on his pages
		"read":  {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All, APIToken: Supplier},
		"write": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, APIToken: Supplier},
	},
	"device": { // send: the device's own secret is the right
		"send":   everyone(All),
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"manage": {CentreOperator: All},
		"own":    {Resident: Own},
	},
	"agent": { // banks and networks that pay to us; send: the agent's own secret is the right
		"send":   everyone(All),
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"manage": {CentreAccountant: All},
	},
	"register": {
		"read": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreAccountant: All, Auditor: All, APIToken: Supplier},
	},
	"event": {
		"read": {APIToken: Supplier},
	},
	"webhook": {
		"read":  {SupplierOperator: Supplier, SupplierAdmin: Supplier, APIToken: Supplier},
		"write": {SupplierAdmin: Supplier, APIToken: Supplier},
	},
	"exchange": { // of files with suppliers
		"read":   {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All},
		"resend": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All},
	},
	"subscriber": {
		"read": {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"act":  {CentreOperator: All}, // for a resident, who is told
		"tell": {CentreOperator: All}, // facts of charging
	},
	"review": {
		"read":   {CentreOperator: All, Auditor: All},
		"decide": {CentreOperator: All},
	},
	"run": { // charging a month and issuing its bills; whoever began a run does not approve it
		"read":    {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"start":   {CentreOperator: All, CentreAccountant: All},
		"approve": {CentreAccountant: All},
		"publish": {CentreAccountant: All},
	},
	"house": { // balances of houses: a supplier sees the services it sells there
		"read": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All, APIToken: Supplier},
	},
	"conflict": { // what suppliers say differently: a supplier sees those of its own accounts
		"read":   {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, CentreAccountant: All, Auditor: All, APIToken: Supplier},
		"decide": {CentreOperator: All},
	},
	"payout": { // money to suppliers, closed days, the way of a payment: own is a supplier's
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"decide": {CentreAccountant: All},
		"own":    {SupplierOperator: Supplier, SupplierAdmin: Supplier},
	},
	"issued": { // bills as they were issued
		"decide": {CentreOperator: All, CentreAccountant: All},
	},
	"centre": {
		"read": {CentreOperator: All, CentreAccountant: All, Auditor: All},
	},
	"gis": { // what ГИС ЖКХ is told
		"read":  {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"write": {CentreOperator: All},
	},
	"cash": { // the desk: a clerk serves, sees his own shift and takes back within it; the centre looks on
		"serve": {Clerk: All},
		"read":  {Clerk: All, CentreAccountant: All, Auditor: All},
	},
	"receipt": { // cash receipts
		"read":  {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"retry": {CentreOperator: All, CentreAccountant: All},
	},
	"refund": { // what payers and their banks want back; above a limit two persons agree
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"decide": {CentreOperator: All, CentreAccountant: All},
	},
	"notice": { // messages to people: their log, waves and wordings
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"decide": {CentreOperator: All, CentreAccountant: All},
	},
	"appeal": { // what residents ask to have checked: a supplier those to him
		"own":    {Resident: Own},
		"read":   {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, APIToken: Supplier},
		"answer": {SupplierOperator: Supplier, SupplierAdmin: Supplier, CentreOperator: All, APIToken: Supplier},
	},
	"reconcile": { // our payments, partners' registers, the bank; whoever explains a difference does not accept it
		"read":    {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"load":    {CentreOperator: All, CentreAccountant: All},
		"run":     {CentreOperator: All, CentreAccountant: All},
		"explain": {CentreOperator: All, CentreAccountant: All},
		"accept":  {CentreAccountant: All},
		"manage":  {CentreAccountant: All},
	},
	"suspense": { // money nobody knows; whoever proposes whose it is does not confirm it
		"read":    {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"propose": {CentreOperator: All, CentreAccountant: All},
		"confirm": {CentreAccountant: All},
	},
	"handover": { // of houses to other centres and from them; send: a signature by a pinned key is the right
		"send":   everyone(All),
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"decide": {CentreOperator: All, CentreAccountant: All},
		"pin":    {CentreAccountant: All},
	},
	"copy": { // copies, and the steps after a return to one
		"read":   {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"decide": {CentreAccountant: All},
	},
	"status": { // what the centre tells of the service
		"read":  {CentreOperator: All, CentreAccountant: All, Auditor: All},
		"write": {CentreOperator: All, CentreAccountant: All},
	},
	"audit": {
		"read": {CentreAccountant: All, Auditor: All},
	},
}

func everyone(r Relation) map[Role]Relation {
	m := map[Role]Relation{}
	for _, role := range Roles {
		m[role] = r
	}
	return m
}

// Declared tells whether the table knows a resource and action.
func Declared(resource, action string) bool { return Table[resource][action] != nil }

// Reach is how much of a resource the actor's action reaches; a token needs the scope «resource:action» too.
func (a Actor) Reach(resource, action string) Relation {
	r := Table[resource][action][a.Role]
	if a.Acting != nil && !a.Acting.may(resource, action) {
		return None
	}
	if a.Role == System {
		r = All // the command line and the program's own chores: whoever may start them holds the data itself
	}
	open := Table[resource][action][Anonymous] != None // what anybody may needs no scope
	if a.Role == APIToken && !open && !slices.Contains(a.Scopes, resource+":"+action) {
		return None
	}
	if r == Supplier && a.SupplierID == 0 || r == Self && (a.UserID == 0 || a.Limited && resource != "profile") || r == Own && (a.HouseholdID == 0 || !a.mayAtHome(resource, action)) {
		return None
	}
	return r
}

// OfHome tells whether an action is about the home a resident has chosen.
func OfHome(resource, action string) bool { return Table[resource][action][Resident] == Own }

// Require is nil when the actor may, Unauthenticated for someone unknown, else Forbidden.
func (a Actor) Require(resource, action string) error {
	if a.Reach(resource, action) != None {
		return nil
	}
	if a.Role == Anonymous {
		return fault.New(fault.Unauthenticated, "access.sign_in", "Войдите, чтобы открыть эту страницу.")
	}
	return fault.New(fault.Forbidden, "access.forbidden", "Для этого действия у вас нет прав. Если они нужны, обратитесь в расчётный центр.")
}

// Scope narrows a query of tenants' tables: stores take it, so a query cannot forget it. SupplierID 0 with All set
// is every supplier.
type Scope struct {
	All        bool
	SupplierID int64
}

// Scope is what of the suppliers' data the actor's action reaches.
func (a Actor) Scope(resource, action string) (Scope, error) {
	switch a.Reach(resource, action) {
	case All:
		return Scope{All: true}, nil
	case Supplier:
		return Scope{SupplierID: a.SupplierID}, nil
	default:
		if err := a.Require(resource, action); err != nil {
			return Scope{}, err
		}
		return Scope{}, fault.New(fault.Forbidden, "access.forbidden", "Для этого действия у вас нет прав.")
	}
}

// Sees tells whether the scope covers a supplier.
func (s Scope) Sees(supplierID int64) bool {
	return s.All || s.SupplierID != 0 && s.SupplierID == supplierID
}

// Filter is the SQL condition of the scope on a column, for $n; the argument goes with it.
func (s Scope) Filter(column, placeholder string) (string, any) {
	if s.All {
		return "(CAST(" + placeholder + " AS BIGINT) = 0)", int64(0)
	}
	return "(" + column + " = " + placeholder + ")", s.SupplierID
}
