package notice

// Checks are the invariants of messages, as queries for offenders; app runs them among those of all modules.
var Checks = []struct{ ID, Query string }{
	{"I27.messages_have_orders", `SELECT n.notice_id || '' FROM notice n WHERE NOT EXISTS (SELECT 1 FROM notice_order o WHERE o.order_id = n.order_id AND o.planned_at > 0)`},
	{"I27.one_way_carries_a_message", `SELECT order_id || '/' || person_id FROM notice WHERE topic <> 'security' AND state IN ('sent', 'delivered') AND channel <> 'page' GROUP BY order_id, person_id HAVING count(*) > 1`},
	{"I27.consents_taken_back_hold", `SELECT n.notice_id || '' FROM notice n JOIN notice_person p ON p.person_id = n.person_id
		WHERE p.agreed = 0 AND n.topic <> 'security' AND n.channel <> 'page' AND n.state IN ('sent', 'delivered') AND n.sent_at > p.changed_at + 60000000`},
}
