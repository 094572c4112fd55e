package person

// Checks are the invariants of agreements on who pays which part of a bill, as queries for offenders.
var Checks = []struct{ ID, Query string }{
	{"I2.shares_are_agreed_by_all", `SELECT a.agreement_id || '' FROM person_agreement a WHERE a.state = 'agreed' AND (a.agreed_at = 0 OR a.month = 0
		OR EXISTS (SELECT 1 FROM person_agreement_part p WHERE p.agreement_id = a.agreement_id AND p.answered_at = 0))`},
	{"I2.shares_make_a_whole", `SELECT a.agreement_id || '' FROM person_agreement a WHERE a.state IN ('proposed', 'agreed')
		AND CASE WHEN a.way = 'percent' THEN coalesce((SELECT sum(p.percent) FROM person_agreement_part p WHERE p.agreement_id = a.agreement_id), 0) <> 10000
			ELSE coalesce((SELECT sum(p.rest) FROM person_agreement_part p WHERE p.agreement_id = a.agreement_id), 0) <> 1 END`},
}
