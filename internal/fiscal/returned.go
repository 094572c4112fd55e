package fiscal

import "github.com/google/uuid"

// receiptsOfPayments names receipts of payments.
var receiptsOfPayments = uuid.MustParse("6f1c8d2e-6d0a-4a57-9f0e-7b1d5a0c9e31")

// sameReceipt is the name of the receipt of a payment at the register: always the same for the same payment, also when our data
// were returned to a moment before it was made. The register prints a name once.
func sameReceipt(publicID string) string {
	return uuid.NewSHA1(receiptsOfPayments, []byte(publicID)).String()
}
