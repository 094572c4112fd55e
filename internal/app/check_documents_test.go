package app

import "fmt"

// documentOf is a document of household 3, version n of one request.
func documentOf(number string, n int) string {
	return fmt.Sprintf(`INSERT INTO statement_document (building_id, household_id, number, request_key, version, kind, supplier_id, from_month, to_month, sum_kop, made_at, made_by, facts, digest, body)
		VALUES (1, 3, '%s', 'bill/0', %d, 'bill', 0, 202610, 202610, 0, 5, '', '', '', $1)`, number, n)
}

// numberOf leads to a document of household 3.
func numberOf(number string) string {
	return fmt.Sprintf("INSERT INTO statement_number (number, building_id, household_id, made_at) VALUES ('%s', 1, 3, 5)", number)
}

// planting is a row of planted.
type planting = struct {
	rows  []string
	names string
}

func init() {
	planted["I13.one_live_document"] = planting{join(documentOf("A", 1), numberOf("A"), documentOf("B", 2), numberOf("B")), "1/3/bill/0"}
	planted["I13.documents_are_found"] = planting{join(documentOf("A", 1)), "A"}
	planted["I13.digest_matches_the_document"] = planting{join(documentOf("A", 1), numberOf("A")), "A"}
}
