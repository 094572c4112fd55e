package access

import "strings"

// Right is one thing a person may do with a home that is his, or that he was let into.
type Right byte

// Rights over a home, in the order they are written in.
const (
	See       Right = 's' // the bill, its history, payments
	Pay       Right = 'p'
	Read      Right = 'r' // give readings of meters
	Documents Right = 'd' // certificates and statements
	Manage    Right = 'm' // let others in, autopay, devices, appeals, consents
)

// Rights are what a person may do with a home: letters of Right.
type Rights string

// AllRights are those of an owner or a tenant.
const AllRights Rights = "sprdm"

// Has tells whether the right is among them.
func (r Rights) Has(one Right) bool { return strings.IndexByte(string(r), byte(one)) >= 0 }

// residentRights are the rights that actions of residents need. What is not listed needs Manage.
var residentRights = map[string]Right{
	"bill:read": See, "payment:read": See, "payment:pay": Pay, "autopay:own": Pay,
	"reading:read": Read, "reading:write": Read, "meter:see": Read,
	"home:share": See, "chat:own": See, "document:own": Documents,
}

// mayAtHome tells whether a resident's rights over the chosen home allow an action. A session of a household without a
// person behind it, as tests start one, has all of them.
func (a Actor) mayAtHome(resource, action string) bool {
	if a.Role != Resident || a.UserID == 0 {
		return true
	}
	need, listed := residentRights[resource+":"+action]
	if !listed {
		need = Manage
	}
	own := resource == "payment" && a.Rights.Has(Pay) // who pays sees what he paid
	return a.Rights.Has(need) || need == See && own
}
