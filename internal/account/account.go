// Package account owns personal accounts (лицевые счета): where each lives, what its supplier claims of it, and
// whose household basket it is in.
//
// Owns: tables account_route, account, account_claim, household, household_link, account_version. Does not own: how accounts are
// matched (match), sums (charge, ledger).
//
// Invariants: an account has one lifelong id and one live building; facts are appended and the latest
// recorded_at holds; an account nobody could place lives in a pseudo-building of its supplier (negative id);
// household 0 means nobody's basket.
package account

import (
	"hash/fnv"

	"kvit/internal/calendar"
)

// Statuses of a claim: can the premises be told.
const (
	StatusPlaced   = "placed"    // building known
	StatusRuledOut = "ruled_out" // the house register says there are no such premises
	StatusUnplaced = "unplaced"  // nothing tells the building yet
	StatusDoubtful = "doubtful"  // several buildings are possible; a person decides
)

// pseudoPerSupplier is how many pseudo-buildings hold the unplaced accounts of one supplier.
const pseudoPerSupplier = 64

// UnplacedBuilding is the pseudo-building of an account without a building: negative, 64 per supplier.
func UnplacedBuilding(supplierID int64, number string) int64 {
	h := fnv.New32a()
	h.Write([]byte(number))
	return -(supplierID*pseudoPerSupplier + int64(h.Sum32()%pseudoPerSupplier))
}

// Route says where an account lives now.
type Route struct {
	SupplierID int64
	Number     string
	AccountID  int64
	BuildingID int64
}

// Account is the fact that an account lived in a building from OpenedAt until ClosedAt (zero: still does).
type Account struct {
	BuildingID int64
	AccountID  int64
	SupplierID int64
	Number     string
	OpenedAt   calendar.Micros
	ClosedAt   calendar.Micros
	MovedFrom  int64 // building it came from, 0 when new
}

// Claim is what a supplier's row says of an account. Evidence is the JSON the matcher reads back.
type Claim struct {
	BuildingID int64
	AccountID  int64
	RecordedAt calendar.Micros
	FileID     int64
	RowNo      int64
	Printed    string
	Status     string
	Flat, Room string
	Evidence   []byte
	Digest     int64 // of status, flat, room and evidence: an equal claim is not written again
}

// Household is a basket's premises. Flat and Room are as the matcher settled them.
type Household struct {
	BuildingID  int64
	HouseholdID int64
	RecordedAt  calendar.Micros
	Flat, Room  string
}

// Link says whose basket an account is in, by which rule and how sure (0 … 1000).
type Link struct {
	BuildingID  int64
	AccountID   int64
	RecordedAt  calendar.Micros
	HouseholdID int64
	Rule        string
	Score       int
	Evidence    string
}
