package ledger

import (
	"fmt"
	"strings"
)

// Centre is the pseudo-building of the centre's own book: day closes post buildings' totals into it, and bank
// statements and payouts live there.
const Centre = int64(0)

// Names of accounts of the centre's book; clearing accounts and suspense are named as in buildings.
const (
	Bank      = "bank"         // our accounts in banks, as their statements show them
	Transit   = "bank:transit" // between what a statement shows and what it is for: below zero, money nobody has explained
	Own       = "bank:own"     // on its way between two accounts of ours
	OtherOut  = "bank:other"   // what left for no payout of ours: the bank's own charges and the like
	FeeIncome = "fee"          // what the centre keeps of suppliers' money for its work
	Passing   = "passing"      // money on its way between two buildings, one of which a close counted and the other not yet
)

// PartnerFee is the account of what a bank, an acquirer or an agent keeps back of the payments it brings.
func PartnerFee(partner string) string { return partnerFee + partner }

const partnerFee = "fee:"

// IsPartnerFee tells whether an account is that of some partner's fee.
func IsPartnerFee(name string) bool { return strings.HasPrefix(name, partnerFee) }

// Payable is the account of what the centre owes a supplier.
func Payable(supplierID int64) string { return fmt.Sprintf("payable:%d", supplierID) }

// Held is the account of what the centre keeps back of what it owes a supplier.
func Held(supplierID int64) string { return fmt.Sprintf("held:%d", supplierID) }

// PayoutSent is the account of a payout on its way: the order was given to the bank, and no statement has told yet what
// became of it. It nets to zero with the statement.
func PayoutSent(id int64) string { return fmt.Sprintf("payout:%d", id) }
