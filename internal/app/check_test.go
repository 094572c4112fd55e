package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// Rows of facts, as short as they can be.
func order(id int, state string, sum int) string {
	return fmt.Sprintf(`INSERT INTO payment_order (client_key, order_id, public_id, fingerprint, channel, method, state, sum_kop, refunded_kop, paid_on, gateway_id, redirect_url, reason, actor, file_id, row_no, created_at, changed_at)
		VALUES ('k%[1]d', %[1]d, 'order-%[1]d', '', 'online', 'card', '%[2]s', %[3]d, 0, 20261124, '', '', '', '', 0, 0, 1, 1)`, id, state, sum)
}

func part(building, order, no, supplier, amount, posted int) string {
	return fmt.Sprintf(`INSERT INTO payment_part (building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at)
		VALUES (%d, %d, %d, 7, %d, 0, 'debt', %d, 20261124, 'online', %d, 1)`, building, order, no, supplier, amount, posted)
}

func gisObject(guid string, seq int, state string, request int) string {
	return fmt.Sprintf(`INSERT INTO gis_object (transport_guid, supplier_id, kind, entity, seq, fact_key, batch, account_id, body, state, request_id, attempts, next_at, created_at, changed_at, guid, number, reason)
		VALUES ('%[1]s', 1, 'payment', 'payment:1', %[2]d, '%[1]s', 0, 7, '{}', '%[3]s', %[4]d, 0, 0, 1, 1, '', '', '')`, guid, seq, state, request)
}

func transaction(building, id, order int) string {
	return fmt.Sprintf(`INSERT INTO ledger_transaction (building_id, txn_id, key, kind, order_id, effective_on, recorded_at, reversal_of, reason)
		VALUES (%d, %d, 'key-%d', 'payment', %d, 20261124, 1, 0, '')`, building, id, id, order)
}

func entry(building, txn, no int, name string, supplier, amount int) []string {
	return []string{
		fmt.Sprintf(`INSERT INTO ledger_entry (building_id, txn_id, entry_no, name, account_id, supplier_id, service_id, amount_kop) VALUES (%d, %d, %d, '%s', 7, %d, 0, %d)`, building, txn, no, name, supplier, amount),
		fmt.Sprintf(`INSERT INTO ledger_balance (building_id, name, account_id, service_id, balance_kop) VALUES (%d, '%s', 7, 0, %d)
			ON CONFLICT (building_id, name, account_id, service_id) DO UPDATE SET balance_kop = ledger_balance.balance_kop + excluded.balance_kop`, building, name, amount),
	}
}

func lives(building, supplier, opened, closed int) string {
	return fmt.Sprintf("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (%d, 7, %d, '700', %d, %d, 0)", building, supplier, opened, closed)
}

func charged(service, file, opening, charge, due int) string {
	return fmt.Sprintf(`INSERT INTO charge (building_id, account_id, month, service_id, recorded_at, file_id, row_no, opening_kop, charge_kop, recalc_kop, penalty_kop, paid_kop, due_kop, volume_e7, rate_e7, given)
		VALUES (1, 7, 202610, %d, 1, %d, 1, %d, %d, 0, 0, 0, %d, 0, 0, 3)`, service, file, opening, charge, due)
}

func file(supplier, rows, applied, ignored, given, printed, read int) []string {
	return []string{
		"INSERT INTO intake_batch (batch_id, digest, recorded_at, done_building, state, actor, created_at, finished_at) VALUES (1, '', 1, 0, 'applied', '', 1, 1)",
		fmt.Sprintf(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied, repaired,
			ignored, quarantined, control_file, control_read, control_given, created_at, applied_at)
			VALUES (5, 1, %d, 'file.csv', '', 0, 'charges', 'line', 0, 0, '{}', 202610, 'applied', 0, '', '', %d, %d, 0, %d, 0, %d, %d, %d, 1, 1)`, supplier, rows, applied, ignored, printed, read, given),
	}
}

func chargeRun(id int) string {
	return fmt.Sprintf(`INSERT INTO charge_run (run_id, kind, month, scope, state, facts_at, catalog, cause, from_month, undoes, created_by, created_at, approved_by, finished_at)
		VALUES (%d, 'month', 202610, '[]', 'checked', 5, '', '', 0, 0, '', 1, '', 1)`, id)
}

func chargeMark(month, run, lines, sum, recorded int) string {
	return fmt.Sprintf(`INSERT INTO charge_building (building_id, month, part, run_id, facts_at, recorded_at, households, lines, issues, amount_kop)
		VALUES (1, %d, 0, %d, 5, %d, 1, %d, 0, %d)`, month, run, recorded, lines, sum)
}

func chargeLine(month, run, sum int) string {
	return fmt.Sprintf(`INSERT INTO charge_line (building_id, account_id, month, run_id, line_no, service_no, kind, method, formula, component, zone, band, party, about, service_id, volume_e7,
		rate_e7, amount_kop, detail) VALUES (1, 7, %[1]d, %[2]d, 1, 1, 0, 1, 1, 0, 0, 0, 0, %[1]d, 4, 0, 0, %[3]d, $1)`, month, run, sum)
}

func takes(building, from, until int) string {
	return fmt.Sprintf(`INSERT INTO charge_subscription (building_id, account_id, service, valid_from, recorded_at, source, household_id, supplier_id, service_id, category, valid_to, mode,
		meter_possible, included, quantity_e7, share_e7, part_num, part_den, flat_rest_e7) VALUES (%d, 7, 'gas', %d, 1, '', 3, 1, 4, '', %d, 'computed', FALSE, FALSE, 0, 0, 0, 0, 0)`, building, from, until)
}

func meterIn(building int) string {
	return fmt.Sprintf(`INSERT INTO charge_meter (building_id, meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, registers, verified_to, failed_on, gas_e7)
		VALUES (%d, 9, 1, '', 7, 'gas', 20200101, 0, 0, 1, 0, 0, 0)`, building)
}

func readingOf(source string) string {
	return fmt.Sprintf(`INSERT INTO charge_reading (building_id, meter_id, on_day, zone, recorded_at, reading_id, value_e7, initial, accepted, source)
		VALUES (1, 9, 20261120, 0, 1, 77, 0, FALSE, TRUE, '%s')`, source)
}

func message(id int, state, reason string) string {
	return fmt.Sprintf(`INSERT INTO device_message (message_id, received_at, door, login_id, topic, body, state, reason, device_id) VALUES (%d, 1, 'http', 3, '', $1, '%s', '%s', 3)`, id, state, reason)
}

func figureOf(message, measured int, state string) string {
	return fmt.Sprintf(`INSERT INTO device_figure (device_id, channel, measured_at, on_day, value_e7, unit, dial_e7, message_id, state, reason, source) VALUES (3, 't1', %d, 20261120, 0, '', 0, %d, '%s', '', '')`, measured, message, state)
}

func meterStep(meter int) string {
	return fmt.Sprintf("INSERT INTO meter_step (building_id, meter_id, step_id, recorded_at, kind, on_day, body, reason, source) VALUES (1, %d, 5, 1, 'sealed', 20261120, '{}', '', '')", meter)
}

func declinedBy(supplier int) string {
	return fmt.Sprintf("INSERT INTO reading_answer (building_id, meter_id, on_day, zone, recorded_at, supplier_id, value_e7, answer, code, note) VALUES (1, 9, 20261120, 0, 5, %d, 7, 'declined', 'seal', '')", supplier)
}

func readOn(at int) string {
	return fmt.Sprintf(`INSERT INTO charge_reading (building_id, meter_id, on_day, zone, recorded_at, reading_id, value_e7, initial, accepted, source)
		VALUES (1, 9, 20261120, 0, %d, 77, 7, FALSE, TRUE, '')`, at)
}

func snapshot(version, supersedes, at int) string {
	return fmt.Sprintf(`INSERT INTO bill_snapshot (building_id, household_id, month, version, supersedes, run_id, published_at, published_by, reason, number, total_kop, advance_kop, digest, body)
		VALUES (1, 3, 202610, %d, %d, 5, %d, '', '', '', 0, 0, 'x', $1)`, version, supersedes, at)
}

// household is a household with account 7 in building 1.
func household() []string {
	return []string{
		"INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES (1, 'a', 'A', '', '', '', '', '', '', '', '', '[]', '', '', 1)",
		`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
			VALUES (1, 'H1', '', '', '', '', '', '', '1', '', '', 0, 0, 0, '', 'mkd', '', 1)`,
		"INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, 3, 1, '1', '')",
		"INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, 7, 1, 3, '', 0, '')",
		"INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, 7, 1, 1, 1, '700', 'placed', '1', '', '{}', 0)",
	}
}

func conflictRow(state, reason, claims string) string {
	return fmt.Sprintf(`INSERT INTO conflict_case (building_id, case_id, recorded_at, household_id, attribute, object, state, opened_at, claims, value, holds_from, rule_id, actor, reason, effect_kop)
		VALUES (1, 20, 1, 3, 'area', '', '%s', 1, '%s', '45', 0, 0, 'olga', '%s', 0)`, state, claims, reason)
}

func told(subject, seq int, kind string, fact, fed int) string {
	return fmt.Sprintf(`INSERT INTO event (building_id, subject_id, seq, account_id, household_id, recorded_at, fact_id, fed, kind, service, body) VALUES (1, %[1]d, %[2]d, %[1]d, 0, 1, %[4]d, %[5]d, '%[3]s', '', '{}')`, subject, seq, kind, fact, fed)
}

func sequence(subject, last int) string {
	return fmt.Sprintf("INSERT INTO event_subject (building_id, subject_id, last_seq, last_at) VALUES (1, %d, %d, 1)", subject, last)
}

func fedAt(supplier, position, seq int) string {
	return fmt.Sprintf("INSERT INTO event_feed (supplier_id, position, fed_at, building_id, subject_id, seq, account_id, number) VALUES (%d, %d, 1, 1, 7, %d, 7, '700')", supplier, position, seq)
}

func feedHead(supplier, position int) string {
	return fmt.Sprintf("INSERT INTO event_feed_head (supplier_id, position) VALUES (%d, %d)", supplier, position)
}

// fed is two events told to supplier 1 as they should be.
func fed() []string {
	return join(lives(1, 1, 1, 0), sequence(7, 2), told(7, 1, "account_opened", 0, 1), told(7, 2, "account_moved", 0, 1), fedAt(1, 1, 1), fedAt(1, 2, 2), feedHead(1, 2))
}

func endpointAt(position int) string {
	return fmt.Sprintf(`INSERT INTO webhook_endpoint (endpoint_id, supplier_id, url, kinds, signing, secret, old_secret, old_until, state, reason, position, failing_since, claim, claimed_until, created_at)
		VALUES (4, 1, 'https://a.example/', '', 'hmac', $1, $1, 0, 'active', '', %d, 0, 0, 0, 1)`, position)
}

func delivered(position, account, status int) string {
	return fmt.Sprintf(`INSERT INTO webhook_delivery (endpoint_id, position, account_id, state, attempts, next_at, tried_at, status, answer) VALUES (4, %d, %d, 'delivered', 1, 0, 1, %d, '')`, position, account, status)
}

// carried is a file of an exchange that was sent.
func carried(number, after, to int) []string {
	return []string{
		fmt.Sprintf(`INSERT INTO courier_file (supplier_id, code, number, slot_at, after_position, to_position, row_count, again, sum_kop, name, digest, size, state, attempts, next_at, trouble, made_at, sent_at, answered_at)
			VALUES (1, 'x', %[1]d, 1, %[2]d, %[3]d, 2, 0, 0, '%[1]d.txt', '', 0, 'sent', 1, 0, '', 1, 1, 0)`, number, after, to),
		fmt.Sprintf(`INSERT INTO courier_state (supplier_id, code, position, last_number, slot_at, looked_at, trouble) VALUES (1, 'x', %[2]d, %[1]d, 1, 0, '')
			ON CONFLICT (supplier_id, code) DO UPDATE SET position = excluded.position, last_number = excluded.last_number`, number, to),
	}
}

// stayOf is somebody who lives in a household, as a person told.
func stayOf(household int) string {
	return fmt.Sprintf("INSERT INTO charge_stay (building_id, household_id, stay_id, recorded_at, source, kind, persons, valid_from, valid_to) VALUES (1, %d, 1, 9, 'person:x', 'resident', 1, 20260101, 0)", household)
}

func join(parts ...any) (list []string) {
	for _, p := range parts {
		switch x := p.(type) {
		case string:
			list = append(list, x)
		case []string:
			list = append(list, x...)
		}
	}
	return list
}

// paid is an order credited as it should be.
func paid(sum int) []string {
	return join(order(1, "credited", sum), part(1, 1, 1, 1, sum, 1), transaction(1, 10, 1), entry(1, 10, 1, "clearing:online:2026-11-24", 0, sum), entry(1, 10, 2, "receivable", 1, -sum))
}

// autopaid is a month of an autopay rule that was paid at a try.
func autopaid(try int) string {
	return fmt.Sprintf("INSERT INTO autopay_turn (building_id, rule_id, month, household_id, state, sum_kop, next_on, tries, public_id, reason, told_at, changed_at) VALUES (1, 3, 202611, 9, 'paid', 5, 0, %d, 'p%d', '', 1, 1)", try, try)
}

// receipt is a cash receipt of order 1 with one line; cash a shift with a movement of that order.
func receipt(state string, sum, line int) []string {
	return []string{
		fmt.Sprintf(`INSERT INTO fiscal_receipt (receipt_id, external_id, kind, paid_by, channel, order_id, public_id, after_id, of_id, sum_kop, settled_on, contact, reason, state, attempts, next_at, trouble_code, trouble,
			uuid, fn, fd, fp, register, shift, number, printed_at, url, made_at, sent_at, changed_at) VALUES (9, 'x', 'sell', 'electronic', 'online', 1, 'order-1', 0, 0, %d, 20261124, '', '', '%s', 0, 0, '', '',
			'u', '', '', '', '', '', '', '', '', 1, 1, 1)`, sum, state),
		fmt.Sprintf(`INSERT INTO fiscal_line (receipt_id, line_no, building_id, account_id, supplier_id, service_id, kind, name, amount_kop, vat, method, subject, agent, supplier_name, supplier_inn, phone, about, used_kop)
			VALUES (9, 1, 1, 7, 1, 0, 'debt', 'x', %d, 'none', 4, 4, '', '', '', '', 0, 0)`, line),
	}
}

func receiptSource(receipt int) string {
	return fmt.Sprintf("INSERT INTO fiscal_source (source_key, receipt_id, order_id, exempt_kop, reason, recorded_at) VALUES ('pay:1', %d, 1, 0, '', 1)", receipt)
}

func cash(closed int, kind string, amount int) []string {
	return []string{
		fmt.Sprintf("INSERT INTO cash_shift (shift_id, desk, number, clerk, opened_at, opening_kop, opening_note, closed_at, counted_kop, handed_kop, reason) VALUES (3, '1', 1, 'olga', 1, 0, '', %d, 0, 0, '')", closed),
		fmt.Sprintf("INSERT INTO cash_movement (shift_id, movement_no, kind, amount_kop, given_kop, public_id, of_no, form_key, note, at) VALUES (3, 1, '%s', %d, 0, 'order-1', 0, 'k', '', 1)", kind, amount),
	}
}

// duty is the rule that everybody's money needs receipts.
const duty = "INSERT INTO fiscal_policy (supplier_id, valid_from, recorded_at, duty, vat, prepaid, agent, phone, channels, assumed, reason, recorded_by) VALUES (0, 20260101, 1, 1, 'none', 'advance', 'paying_agent', '', 'online', 0, '', '')"

// closedDay is a close with the payments of paid, as it should be but for its document.
func closedDay(no, day int) string {
	return fmt.Sprintf(`INSERT INTO settlement_close (close_no, day, state, actor, began_at, closed_at, transactions, body, previous, digest) VALUES (%d, %d, 'closed', '', 9, 9, 0, '{}', '', '')`, no, day)
}

func totalOf(no, supplier, sum int) string {
	return fmt.Sprintf("INSERT INTO settlement_total (close_no, supplier_id, channel, day, payments, collected_kop, refunded_kop, fee_kop) VALUES (%d, %d, 'online', 20261124, 1, %d, 0, 0)", no, supplier, sum)
}

func dueOf(no, supplier, sum, payout int) string {
	return fmt.Sprintf("INSERT INTO settlement_due (supplier_id, close_no, day, payments, collected_kop, refunded_kop, fee_kop, payout_id) VALUES (%d, %d, 20261124, 1, %d, 0, 0, %d)", supplier, no, sum, payout)
}

// payout is a payout to supplier 1 of one payment.
func payout(id, closeNo, sum, carried, paid int, state string) string {
	return fmt.Sprintf(`INSERT INTO settlement_payout (payout_id, supplier_id, close_no, cutoff, planned_on, state, payments, collected_kop, refunded_kop, fee_kop, held_kop, carried_kop, paid_kop, left_kop, previous_id, carried_by, details,
			order_no, order_on, author, prepared_at, approver, approved_at, sender, sent_at, settled_on, settled_at, bank_key, return_key, reason)
		VALUES (%d, 1, %d, 20261124, 20261125, '%s', 1, %d, 0, 0, 0, %d, %d, 0, 0, 0, '{}', 0, 0, 'a', 1, 'b', 1, '', 0, 0, 0, '', '', '')`, id, closeNo, state, sum, carried, paid)
}

// planted are violations, each by the least rows that break the invariant, and the row that must be named.
var planted = map[string]struct {
	rows  []string
	names string
}{
	"I1.transactions_sum_to_zero":      {join(transaction(1, 10, 0), entry(1, 10, 1, "clearing:x", 0, 5), entry(1, 10, 2, "receivable", 1, -4)), "1/10"},
	"I1.entries_have_transactions":     {join(entry(1, 10, 1, "clearing:x", 0, 5), entry(1, 10, 2, "clearing:y", 1, -5)), "1/10"},
	"I1.balances_equal_entries":        {join(paid(5), "UPDATE ledger_balance SET balance_kop = balance_kop - 1 WHERE name = 'receivable'"), "1/receivable/7"},
	"I1.transfers_net_to_zero":         {join(transaction(1, 10, 0), entry(1, 10, 1, "transfer:3", 0, 5), entry(1, 10, 2, "receivable", 1, -5)), "transfer:3"},
	"I2.due_follows_from_parts":        {join(charged(0, 0, 100, 50, 151)), "1/7/202610"},
	"I3.advance_uses_are_posted":       {join("INSERT INTO payment_advance_use (building_id, use_id, order_id, part_no, account_id, supplier_id, service_id, amount_kop, used_on, recorded_at) VALUES (1, 1, 1, 1, 7, 1, 1, 5, 20261124, 1)"), "1/7"},
	"I3.moved_advances_add_up":         {join(paid(5), "UPDATE payment_part SET reason = 'moved'"), "1/1"},
	"I20.autopay_paid_by_its_key":      {join(autopaid(1)), "1/3/202611"},
	"I20.autopay_charges_a_month_once": {join(autopaid(2), order(1, "credited", 5), order(2, "credited", 5), "UPDATE payment_order SET client_key = 'autopay:3:202611:' || order_id, public_id = 'p' || order_id"), "1/3/202611"},
	"I3.order_equals_parts":            {join(paid(5), "UPDATE payment_order SET sum_kop = 6"), "order-1"},
	"I3.parts_have_orders":             {join(paid(5), "DELETE FROM payment_order"), "1/1"},
	"I3.suspense_equals_ledger":        {join("INSERT INTO payment_suspense (order_id, building_id, channel, supplier_code, number, amount_kop, paid_on, recorded_at, assigned_at, assigned_by) VALUES (1, -1, 'sber', 'x', '1', 5, 20261124, 1, 0, '')"), "1"},
	"I3.posted_parts_equal_ledger":     {join(paid(5), "UPDATE payment_part SET building_id = 2"), "1/2"},
	"I3.credited_means_posted":         {join(order(1, "credited", 5), part(1, 1, 1, 1, 5, 0)), "order-1"},
	"I3.posted_means_captured":         {join(paid(5), "UPDATE payment_order SET state = 'declined'"), "order-1"},
	"I4.refunds_within_captured":       {join(paid(5), "UPDATE payment_order SET refunded_kop = 6"), "order-1"},
	"I4.refunds_have_parts":            {join(paid(5), "UPDATE payment_order SET refunded_kop = 4"), "order-1"},
	"I7.notifications_have_a_state":    {join("INSERT INTO gateway_event (event_key, body, state, note, received_at) VALUES ('e1', $1, 'received', '', 1), ('e2', $1, 'applied', '', 400000000)"), "e1"},
	"I10.rows_have_verdicts":           {file(1, 3, 2, 0, 0, 0, 0), "file.csv"},
	"I10.issues_for_each_row_left_out": {file(1, 3, 2, 1, 0, 0, 0), "file.csv"},
	"I10.control_sums_or_issue":        {file(1, 3, 3, 0, 1, 100, 99), "file.csv"},
	"I10.batches_are_finished":         {join(file(1, 0, 0, 0, 0, 0, 0), "UPDATE intake_batch SET finished_at = 0"), "1"},
	"I11.intervals_do_not_overlap":     {join(lives(1, 1, 1, 9), lives(2, 1, 5, 0)), "1/7"},
	"I11.one_live_building":            {join(lives(1, 1, 1, 0), lives(2, 1, 1, 0)), "7"},
	"I11.routes_lead_to_live_accounts": {join(lives(1, 1, 1, 2), "INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES (1, '700', 7, 1)"), "1:700"},
	"I11.links_name_households":        {join("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, 7, 1, 3, '', 0, '')"), "1/7"},
	"I9.lines_equal_postings":          {join(chargeRun(5), chargeMark(202610, 5, 1, 100, 1), chargeLine(202610, 5, 100)), "1/5"},
	"I9.buildings_equal_lines":         {join(chargeRun(5), chargeLine(202610, 5, 0)), "1/202610"},
	"I9.lines_come_out_again":          {join(chargeRun(5), chargeMark(202610, 5, 1, 0, 1), chargeLine(202610, 5, 0)), "1/202610"},
	"I9.line_or_reason":                {join(chargeRun(5), chargeMark(202610, 5, 0, 0, 1), takes(1, 0, 0)), "1/7/gas"},
	"I9.sheets_hold_the_facts":         {join(takes(1, 0, 0), "INSERT INTO charge_sheet (building_id, version, known_at, households, body) VALUES (1, 1, 1, 0, $1)"), "1"},
	"I11.meters_live_in_one_building":  {join(meterIn(1), meterIn(2)), "9"},
	"I11.subscriptions_do_not_overlap": {join(takes(1, 0, 0), takes(1, 20260101, 0)), "1/7/gas"},
	"I9.penalties_are_posted_apart":    {join(chargeRun(5), chargeMark(202610, 5, 1, 100, 1), strings.Replace(chargeLine(202610, 5, 100), "1, 1, 0, 1", "1, 1, 13, 0", 1)), "1/7"},
	"I12.closed_months_get_nothing":    {join(chargeRun(5), chargeMark(202610, 5, 0, 0, 9), "INSERT INTO charge_month (month, closed_at, closed_by) VALUES (202610, 8, '')"), "1/202610"},
	"I13.digest_matches_the_bill":      {join(snapshot(1, 0, 5)), "1/3/202610/1"},
	"I13.one_live_bill":                {join(snapshot(1, 0, 5), snapshot(2, 0, 6)), "1/3/202610"},
	"I13.bills_follow_from_facts":      {join(snapshot(1, 0, 5)), "1/3/202610/1"},
	"I13.published_households_have_bills": {join(lives(1, 1, 1, 0), charged(0, 5, 0, 5, 5), file(1, 1, 1, 0, 0, 0, 0), household(), chargeRun(5),
		"INSERT INTO bill_published (building_id, run_id, month, published_at, issued, without, already, total_kop) VALUES (1, 5, 202610, 5, 0, 0, 0, 0)"), "1/3/202610"},
	"I16.audit_chain":                         {join("INSERT INTO audit_event (seq, at, actor, action, object, detail, prev_digest, digest) VALUES (1, 1, 'a', 'b', 'c', '', '', 'x')"), "event 1: digest"},
	"I18.events_in_sequence":                  {join(fed(), "UPDATE event_subject SET last_seq = 3"), "1/7"},
	"I18.events_have_facts":                   {join(lives(1, 1, 1, 0), sequence(7, 1), told(7, 1, "payment", 1, 0)), "1/7/1"},
	"I18.payments_are_told":                   {join(lives(1, 1, 1, 0), paid(5), sequence(8, 1), told(8, 1, "payment", 0, 0)), "1/1"},
	"I18.readings_are_told":                   {join(meterIn(1), readingOf("reading:page:житель:П-1")), "1/9/20261120/0"},
	"I18.feeds_have_no_gaps":                  {join(fed(), "DELETE FROM event_feed WHERE position = 1"), "1"},
	"I18.feeds_in_order":                      {join(fed(), "UPDATE event_feed SET seq = 3 - seq"), "1/2"},
	"I18.fed_events_are_there":                {join(fed(), "UPDATE event SET fed = 0 WHERE seq = 2"), "1/2"},
	"I18.own_events_are_fed":                  {join(fed(), "DELETE FROM event_feed", "DELETE FROM event_feed_head"), "1/7/1"},
	"I19.conflicts_name_households":           {join(conflictRow("open", "", `[{"who":"a","value":"1"},{"who":"b","value":"2"}]`)), "1/20"},
	"I19.decisions_have_reasons":              {join(household(), conflictRow("decided", "", "[]")), "1/20"},
	"I18.decisions_are_told":                  {join(household(), conflictRow("decided", "обмер", "[]")), "1/20"},
	"I19.open_conflicts_disagree":             {join(household(), conflictRow("open", "", `[{"who":"a","value":"45.3"},{"who":"b","value":"45.27"}]`)), "1/20"},
	"I17.feeds_show_own_accounts":             {join(fed(), "UPDATE event_feed SET supplier_id = 2"), "2/1"},
	"I19.messages_have_a_state":               {join(message(5, "unreadable", ""), message(6, "alive", "")), "5"},
	"I19.figures_have_messages":               {join(message(5, "alive", ""), figureOf(5, 1, "taken")), "3/t1/1"},
	"I19.readings_have_messages":              {join(meterIn(1), readingOf("reading:device:d-17:П-1")), "1/9/20261120/0"},
	"I19.one_reading_a_day":                   {join(message(5, "read", ""), figureOf(5, 1, "taken"), figureOf(5, 2, "taken")), "3/t1/20261120"},
	"I18.cursors_not_ahead":                   {join(fed(), endpointAt(3)), "4"},
	"I18.gis_objects_have_a_state":            {[]string{gisObject("g1", 1, "sent", 9)}, "g1"},
	"I18.gis_objects_in_order":                {[]string{gisObject("g1", 1, "waiting", 0), gisObject("g2", 2, "sent", 9)}, "g2"},
	"I18.deliveries_have_a_state":             {join(fed(), endpointAt(2), delivered(1, 7, 500)), "4/1"},
	"I17.deliveries_of_own_feeds":             {join(fed(), endpointAt(2), delivered(1, 8, 200)), "4/1"},
	"I18.people_are_told":                     {join(stayOf(3), sequence(4, 1), told(4, 1, "residents", 0, 0)), "1/3"},
	"I18.bills_are_told":                      {join(snapshot(1, 0, 5), sequence(4, 1), told(4, 1, "bill_published", 202610001, 0)), "1/3/202610/1"},
	"I18.corrections_are_told":                {join(chargeRun(5), "UPDATE charge_run SET kind = 'recalculation'", chargeMark(202610, 5, 1, 100, 9), sequence(7, 1), told(7, 1, "charge", 6, 0)), "1/5"},
	"I18.files_follow_on":                     {join(carried(1, 0, 5), carried(2, 4, 9)), "1/x/2"},
	"I18.files_have_a_state":                  {join(carried(1, 0, 5), "UPDATE courier_file SET state = 'accepted'"), "1/x/1"},
	"I18.refusals_are_of_files":               {join(carried(1, 0, 5), "INSERT INTO courier_refusal (supplier_id, code, number, row_no, position, account, reason, wanted, again_number, recorded_at) VALUES (1, 'x', 1, 3, 2, '', '', 0, 1, 1)"), "1/x/1/3"},
	"I17.routes_and_accounts_of_one_supplier": {join(lives(1, 1, 1, 0), "INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES (2, '700', 7, 1)"), "2:700"},
	"I17.charges_of_own_services":             {join(lives(1, 1, 1, 0), charged(4, 0, 0, 5, 5), "INSERT INTO service (service_id, supplier_id, name) VALUES (4, 2, 'ХВС')"), "1/7/202610"},
	"I17.charges_of_own_files":                {join(lives(1, 1, 1, 0), charged(0, 5, 0, 5, 5), file(2, 0, 0, 0, 0, 0, 0)), "1/7/202610"},
	"I17.parts_of_the_accounts_supplier":      {join(lives(1, 2, 1, 0), paid(5)), "1/1"},
	"I11.meter_steps_have_meters":             {[]string{meterStep(9)}, "1/9"},
	"I18.meter_steps_are_told":                {join(meterIn(1), meterStep(9)), "1/9/5"},
	"I20.photos_have_pictures":                {join(photoTaken(1_790_000_000_000_000)), "1/9/5"},
	"I20.photos_within_term":                  {join(photoTaken(1)), "1/9/5"},
	"I17.answers_of_own_meters":               {join(lives(1, 1, 1, 0), meterIn(1), declinedBy(2)), "1/9/20261120"},
	"I11.declined_readings_do_not_count":      {join(lives(1, 1, 1, 0), meterIn(1), declinedBy(1), readOn(1)), "1/9/20261120"},
	"I3.receipts_equal_payments":              {join(paid(5), receipt("waiting", 4, 4), receiptSource(9)), "pay:1"},
	"I3.receipt_lines_add_up":                 {join(paid(5), receipt("waiting", 5, 4), receiptSource(9)), "9"},
	"I4.advances_used_once":                   {join(paid(5), receipt("waiting", 5, 5), receiptSource(9), "UPDATE fiscal_line SET method = 3, used_kop = 6"), "9/1"},
	"I18.receipts_have_a_state":               {join(paid(5), receipt("done", 5, 5), receiptSource(9)), "9"},
	"I18.receipts_printed_once":               {join(paid(5), receiptSource(8)), "pay:1"},
	"I3.payments_have_receipts":               {join(paid(5), duty), "order-1"},
	"I1.cash_shifts_add_up":                   {cash(9, "supply", 5), "1-1"},
	"I3.cash_payments_are_in_shifts":          {cash(0, "take", 5), "1-1-1"},
	"I4.cash_given_back_is_refunded":          {join(cash(9, "cancel", -5), "UPDATE cash_shift SET opening_kop = 5"), "1-1-1"},
	"I5.payout_formula":                       {[]string{payout(50, 1, 5, 0, 4, "prepared")}, "50"},
	"I5.payout_equals_its_closes":             {[]string{dueOf(1, 1, 4, 50), payout(50, 1, 5, 0, 5, "prepared")}, "50"},
	"I5.close_in_one_payout":                  {[]string{dueOf(1, 1, 5, 50), payout(50, 1, 5, 0, 5, "cancelled")}, "1/1"},
	"I5.carried_once":                         {[]string{dueOf(1, 1, 5, 50), payout(50, 1, 5, 3, 8, "prepared")}, "50"},
	"I6.differences_have_cases":               {[]string{reconciledDay(5, 4, 4)}, "x/20261124"},
	"I6.money_of_the_bank_has_cases":          {[]string{reconciledDay(5, 5, 3)}, "x/20261124"},
	"I6.cases_have_owners":                    {[]string{reconcileCase("open", "", "")}, "7"},
	"I6.accepted_by_two":                      {[]string{reconcileCase("accepted", "olga", "olga")}, "7"},
	"I6.registers_equal_lines": {[]string{`INSERT INTO reconcile_register (digest, partner, register_id, channel, file_id, name, day_from, day_to, order_no, order_day, lines, repeated, quarantined, gross_kop, fee_kop, fee_told,
		printed_kop, control, loaded_at, loaded_by) VALUES ('d', 'x', 3, 'x', 0, 'x.csv', 20261124, 20261124, '', 0, 2, 1, 0, 5, 0, 0, 0, 0, 1, '')`}, "x.csv"},
	"I7.movements_have_a_state": {[]string{`INSERT INTO reconcile_movement (movement_key, movement_id, statement_id, row_no, account, incoming, day, kind, number, doc_day, sum_kop, other_name, other_inn, other_account, other_bic,
		code, purpose, class, order_key) VALUES ('k', 7, 0, 1, '', 1, 20261124, '', '1', 0, 5, '', '', '', '', '', '', 'resident', 'reg:none')`}, "7"},
	"I7.statements_equal_movements":        {[]string{"INSERT INTO reconcile_statement (digest, statement_id, file_id, name, accounts, day_from, day_to, movements, repeated, notes, loaded_at, loaded_by) VALUES ('d', 3, 0, 's.txt', '', 0, 0, 1, 0, '', 1, '')"}, "s.txt"},
	"I5.bank_equals_statements":            {[]string{movementIn(9)}, "bank:9"},
	"I3.suspense_by_two":                   {[]string{"INSERT INTO reconcile_proposal (order_id, shares, reason, asked_by, asked_at) VALUES (7, '[]', '', 'olga', 1)"}, "7"},
	"I5.two_persons":                       {join(payout(50, 1, 5, 0, 5, "approved"), "UPDATE settlement_payout SET approver = author"), "50"},
	"I5.dues_equal_totals":                 {[]string{totalOf(1, 1, 5), dueOf(1, 1, 4, 0)}, "1/1"},
	"I5.totals_equal_transactions":         {join(paid(5), "UPDATE ledger_transaction SET close_no = 1", closedDay(1, 20261124), totalOf(1, 1, 4)), "1/1"},
	"I5.every_payment_is_counted":          {join(paid(5), closedDay(1, 20261124), "UPDATE settlement_close SET began_at = 3600000009"), "1/10"},
	"I5.centre_owes_what_is_not_paid":      {join(household(), totalOf(1, 1, 5), dueOf(1, 1, 5, 0)), "1"},
	"I5.closes_are_chained":                {[]string{closedDay(1, 20261124)}, "1"},
	"I11.requisites_by_two_persons":        {join(household(), `INSERT INTO supplier_requisites (change_id, supplier_id, state, former, wanted, reason, author, proposed_at, decider, decided_at, effective_at) VALUES (3, 1, 'applied', '{"bankAccount":"4"}', '{}', '', 'a', 1, 'a', 1, 90000000000)`), "3"},
	"I21.two_persons_hand_over":            {[]string{handedOver("out", "confirmed", 0, 0, 0), "UPDATE handover SET second_by = first_by"}, "h"},
	"I21.left_and_came_as_agreed":          {[]string{handedOver("in", "completed", 0, 0, 5), handedAccount("in", 0, 5)}, "h"},
	"I21.accounts_sum_to_the_act":          {[]string{handedOver("out", "completed", 1, 7, 0), handedAccount("out", 6, 0)}, "h"},
	"I21.left_accounts_keep_nothing":       {join(handedOver("out", "completed", 1, 0, 0), handedAccount("out", 0, 0), paid(5), "UPDATE ledger_transaction SET order_id = 0", "UPDATE ledger_entry SET account_id = 0 WHERE name <> 'receivable'"), "1/7"},
	"I21.no_month_is_billed_twice":         {join(handedOver("in", "completed", 0, 0, 0), chargeRun(5), chargeMark(202610, 5, 1, 0, 9), chargeLine(202610, 5, 0)), "1/202610"},
	"I21.late_money_is_sent_on_once":       {[]string{"INSERT INTO handover_forward (building_id, txn_id, number, order_id, amount_kop, message_no, booked_at, recorded_at) VALUES (1, 10, 3, 1, 5, 0, 0, 1)"}, "1/10"},
	"I11.measured_follows_readings":        {[]string{"INSERT INTO charge_measured (building_id, service, month, recorded_at, source, volume_e7, gap, missing) VALUES (1, 'gas', 202610, 1, '', 5, '', 0)"}, "1/gas/2026-10"},
	"I27.messages_have_orders":             {[]string{notified(1, 5, 1, "sms", "waiting", 0)}, "1"},
	"I27.one_way_carries_a_message":        {[]string{noticeOrder(5), notified(1, 5, 1, "sms", "sent", 1), notified(2, 5, 1, "mail", "delivered", 1)}, "5/1"},
	"I27.consents_taken_back_hold":         {[]string{noticeOrder(5), notified(1, 5, 1, "sms", "sent", 70000000), "INSERT INTO notice_person (person_id, quiet_from, quiet_to, only_important, voice, agreed, changed_at) VALUES (1, 0, 0, 0, 0, 0, 1)"}, "1"},
	"I2.shares_are_agreed_by_all":          {join(sharesAgreed(5, "percent", 1), sharePart(5, 7, 10000, 0, 0)), "5"},
	"I2.shares_make_a_whole":               {join(sharesAgreed(5, "sum", 1), sharePart(5, 7, 0, 0, 1)), "5"},
	"I2.left_out_is_disputed":              {[]string{appealed("answered", 5, "x"), appealStep("answered"), leftOut(5)}, "1/5"},
	"I2.disputed_is_left_out":              {[]string{appealed("sent", 5, "x"), appealStep("sent")}, "1/5"},
	"I11.one_dispute_of_a_line":            {[]string{appealed("sent", 5, "x"), appealed("sent", 6, "y")}, "100000005"},
	"I18.appeals_follow_their_steps":       {[]string{appealed("solved", 5, "x"), appealStep("answered")}, "1/5"},
	"I18.appeals_have_routes":              {[]string{"INSERT INTO appeal_route (number, client_key, building_id, appeal_id) VALUES ('100000005', 'k', 1, 5)"}, "100000005"},
	"I13.calculations_keep_digest":         {[]string{appealed("withdrawn", 5, "x"), appealStep("withdrawn")}, "100000005"},
	"I17.entries_of_the_accounts_supplier": {join(lives(1, 2, 1, 0), transaction(1, 10, 0), entry(1, 10, 1, "receivable", 1, 5), entry(1, 10, 2, "advance", 2, -5)), "1/10"},
}

// appealed is a dispute of account 7's line whose calculation is another one than its digest says.
func appealed(state string, id int, digest string) string {
	return fmt.Sprintf(`INSERT INTO appeal (building_id, appeal_id, number, kind, household_id, person_id, account_id, supplier_id, service_id, service, account, month, line_no, penalty, reason, words, sum_kop, aside, state, round, answer_by, clause,
		outcome, answer, change_kop, shows_in, shown_kop, shown_in, shown_source, escalated_at, drafted_at, sent_at, answered_at, changed_at, calculation, digest)
		VALUES (1, %[1]d, '10000000%[1]d', 'dispute', 3, 0, 7, 1, 0, '', '700', 202610, 1, FALSE, 'other', '', 5, TRUE, '%[2]s', 1, 20261124, '', '', '', 0, 0, 0, 0, '', 0, 1, 1, 1, 1, '{}', '%[3]s')`, id, state, digest)
}

func appealStep(kind string) string {
	return fmt.Sprintf("INSERT INTO appeal_step (building_id, appeal_id, step_no, kind, words, side, actor, recorded_at) VALUES (1, 5, 1, '%s', '', '', '', 1)", kind)
}

func leftOut(appeal int) string {
	return fmt.Sprintf("INSERT INTO appeal_aside (building_id, appeal_id, aside_no, household_id, account_id, service_id, penalty, sum_kop, began_at, ended_at) VALUES (1, %d, 1, 3, 7, 0, FALSE, 5, 1, 0)", appeal)
}

// handedOver is a hand-over of house 1, number 3.
func handedOver(side, state string, accounts, due, book int) string {
	return fmt.Sprintf(`INSERT INTO handover (handover_id, number, side, peer, building_id, house, address, month, cut_at, accounts, due_kop, book_kop, package_digest, act_digest, state, first_by, second_by, their_persons,
		reason, created_at, moved_at, changed_at) VALUES ('h', 3, '%s', 'x', 1, 'H', '', 202610, 1, %d, %d, %d, '', '', '%s', 'a', 'b', '', '', 1, 1, 1)`, side, accounts, due, book, state)
}

func handedAccount(side string, due, book int) string {
	return fmt.Sprintf("INSERT INTO handover_account (building_id, account_id, number, side, last_month, due_kop, book_kop) VALUES (1, 7, 3, '%s', 202610, %d, %d)", side, due, book)
}

// photoTaken is a photo of a meter whose bytes are nowhere.
func photoTaken(at int64) string {
	return fmt.Sprintf(`INSERT INTO reading_photo (building_id, meter_id, photo_id, recorded_at, taken_at, household_id, receipt_no, channel, author, device, digest, thumb, reason)
		VALUES (1, 9, 5, 1, %d, 1, 'П-1', 'page', '', '', 'aa', 'aa', '')`, at)
}

func checkOf(t *testing.T, d *db.DB) *CheckReport {
	t.Helper()
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLateBookIsClean: what is only on its way is no finding: a captured order not posted yet, an unfinished move.
func TestLateBookIsClean(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rows := join(order(1, "captured", 5), part(1, 1, 1, 1, 5, 0), lives(1, 1, 1, 0), lives(2, 1, 5, 0), sequence(7, 1), told(7, 1, "account_moved", 0, 0),
			`INSERT INTO account_move (move_id, account_id, supplier_id, number, from_building_id, to_building_id, reason, actor, recorded_at, step, finished_at) VALUES (1, 7, 1, '700', 1, 2, '', '', 5, 0, 0)`)
		for _, statement := range rows {
			if _, err := d.Handle().ExecContext(context.Background(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if r := checkOf(t, d); !r.OK {
			t.Errorf("%+v", r.Invariants)
		}
	})
}

// movementIn is a movement on our bank account that is said to stand in the centre's book.
func movementIn(id int) string {
	return fmt.Sprintf(`INSERT INTO reconcile_movement (movement_key, movement_id, statement_id, row_no, account, incoming, day, kind, number, doc_day, sum_kop, other_name, other_inn, other_account, other_bic, code, purpose, class, order_key, booked)
		VALUES ('m%[1]d', %[1]d, 0, 1, '', 1, 20261124, '', '', 0, 5, '', '', '', '', '', '', 'credit', '', 1)`, id)
}

func reconciledDay(ours, register, bank int) string {
	return fmt.Sprintf(`INSERT INTO reconcile_day (partner, day, ours_kop, register_kop, has_register, fee_kop, bank_kop, bank_fee_kop, has_bank, state, run_at) VALUES ('x', 20261124, %d, %d, 1, 0, %d, 0, 1, '', 1)`, ours, register, bank)
}

func reconcileCase(state, explained, accepted string) string {
	owner := explained
	return fmt.Sprintf(`INSERT INTO reconcile_case (case_key, case_id, partner, day, cause, operation, order_key, ours_kop, theirs_kop, other_day, state, wanted, owner, note, explained_by, accepted_by, opened_at, changed_at)
		VALUES ('k', 7, 'x', 20261124, 'no_register', '', '', 5, 0, 0, '%s', '', '%s', 'n', '%s', '%s', 1, 1)`, state, owner, explained, accepted)
}

// sharesAgreed is an agreement on who pays which part of a bill, sharePart one of its parts.
func sharesAgreed(id int, way string, at int) []string {
	return []string{fmt.Sprintf(`INSERT INTO person_agreement (agreement_id, client_key, building_id, household_id, way, state, proposed_by, created_at, agreed_at, month, ended_at, ended_by)
		VALUES (%d, 'k', 1, 1, '%s', 'agreed', 1, 1, %d, 202610, 0, 0)`, id, way, at)}
}

func sharePart(id, person, percent, rest, answered int) string {
	return fmt.Sprintf("INSERT INTO person_agreement_part (agreement_id, person_id, part_no, percent, sum_kop, services, rest, answered_at) VALUES (%d, %d, 1, %d, 5, '[]', %d, %d)", id, person, percent, rest, answered)
}

func noticeOrder(id int) string {
	return fmt.Sprintf(`INSERT INTO notice_order (order_id, client_key, topic, template, person_id, building_id, household_id, contact_kind, contact, words, ask, wave_id, not_before, not_after, created_at, planned_at)
		VALUES (%[1]d, 'k%[1]d', 'bill', 'bill', 1, 1, 1, '', '', '{}', '', 0, 0, 0, 1, 1)`, id)
}

func notified(id, order, person int, channel, state string, sent int) string {
	return fmt.Sprintf(`INSERT INTO notice (notice_id, order_id, person_id, building_id, household_id, wave_id, topic, channel, others, address, state, reason, subject, text, tries, next_at, outside_id, created_at, sent_at, changed_at)
		VALUES (%d, %d, %d, 1, 1, 0, 'bill', '%s', '', '', '%s', '', '', '', 1, 0, '', 1, %d, 1)`, id, order, person, channel, state, sent)
}
