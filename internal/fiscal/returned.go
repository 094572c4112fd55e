package fiscal

import (
	"fmt"

	"github.com/google/uuid"
)

// receiptsOfPayments names receipts of payments.
var receiptsOfPayments = uuid.MustParse("6f1c8d2e-6d0a-4a57-9f0e-7b1d5a0c9e31")

// sameReceipt is the name at the register of a payment's receipt, of several the one with number at from 0 on: always the
// same for the same payment, also when our data were returned to a moment before it was made. The register prints a name once.
func sameReceipt(publicID string, at int) string {
	if at > 0 {
		publicID = fmt.Sprintf("%s#%d", publicID, at+1)
	}
	return uuid.NewSHA1(receiptsOfPayments, []byte(publicID)).String()
}
