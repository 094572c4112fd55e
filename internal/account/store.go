package account

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// FindRoute tells where the account of a supplier lives, or NotFound.
func FindRoute(ctx context.Context, tx *db.Tx, supplierID int64, number string) (Route, error) {
	r := Route{SupplierID: supplierID, Number: number}
	err := tx.QueryRowContext(ctx, "SELECT account_id, building_id FROM account_route WHERE supplier_id = $1 AND number = $2", supplierID, number).Scan(&r.AccountID, &r.BuildingID)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return r, fault.Newf(fault.NotFound, "account.unknown", "Лицевого счёта %s у этого поставщика нет. Сверьте номер с квитанцией.", number).Because(err)
	}
	return r, err
}

// FindPrinted finds an account by the number a supplier printed, where the stored number was normalised
// (look-alike letters, lost zeros). NotFound when there is none.
func FindPrinted(ctx context.Context, tx *db.Tx, supplierID int64, printed string) (Route, error) {
	r, err := FindRoute(ctx, tx, supplierID, printed)
	if !fault.Is(err, fault.NotFound) {
		return r, err
	}
	miss := err
	rows, err := tx.QueryContext(ctx, `SELECT r.number, r.account_id, r.building_id FROM account_route r
		JOIN account_claim c ON c.building_id = r.building_id AND c.account_id = r.account_id
		WHERE r.supplier_id = $1 AND c.printed = $2 LIMIT 1`, supplierID, printed)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	if !rows.Next() {
		return r, cmp.Or(rows.Err(), miss)
	}
	return r, rows.Scan(&r.Number, &r.AccountID, &r.BuildingID)
}

// Routes is a compact index of a supplier's accounts: 24 bytes each, found by the hash of the number. Two
// numbers of one hash are told apart by the account itself, when its building is read.
type Routes struct {
	seed  maphash.Seed
	items []routeItem
}

type routeItem struct {
	hash                uint64
	accountID, building int64
}

// LoadRoutes reads all routes of a supplier.
func LoadRoutes(ctx context.Context, tx *db.Tx, supplierID int64) (*Routes, error) {
	x := &Routes{seed: maphash.MakeSeed()}
	rows, err := tx.QueryContext(ctx, "SELECT number, account_id, building_id FROM account_route WHERE supplier_id = $1", supplierID)
	if err != nil {
		return nil, fmt.Errorf("load routes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		var it routeItem
		if err := rows.Scan(&number, &it.accountID, &it.building); err != nil {
			return nil, err
		}
		it.hash = maphash.String(x.seed, number)
		x.items = append(x.items, it)
	}
	slices.SortFunc(x.items, func(a, b routeItem) int { return cmp.Compare(a.hash, b.hash) })
	return x, rows.Err()
}

// Find gives the account and building of a number; ok is false when the supplier has no such account.
func (x *Routes) Find(number string) (accountID, building int64, ok bool) {
	if x == nil || len(x.items) == 0 {
		return 0, 0, false
	}
	h := maphash.String(x.seed, number)
	i, ok := slices.BinarySearchFunc(x.items, h, func(it routeItem, h uint64) int { return cmp.Compare(it.hash, h) })
	if !ok {
		return 0, 0, false
	}
	return x.items[i].accountID, x.items[i].building, true
}

// ListLive lists the live accounts of a building at a moment, with the latest claim known then.
func ListLive(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) ([]Account, error) {
	rows, err := tx.QueryContext(ctx, `SELECT account_id, supplier_id, number, opened_at, closed_at, moved_from FROM account
		WHERE building_id = $1 AND opened_at <= $2 AND (closed_at = 0 OR closed_at > $2) ORDER BY account_id`, building, int64(at))
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	defer rows.Close()
	var list []Account
	for rows.Next() {
		a := Account{BuildingID: building}
		if err := rows.Scan(&a.AccountID, &a.SupplierID, &a.Number, &a.OpenedAt, &a.ClosedAt, &a.MovedFrom); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// ListClaims gives the latest claim known at a moment of every account of a building.
func ListClaims(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (map[int64]Claim, error) {
	rows, err := tx.QueryContext(ctx, `SELECT account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest
		FROM account_claim WHERE building_id = $1 AND recorded_at <= $2 ORDER BY account_id, recorded_at`, building, int64(at))
	if err != nil {
		return nil, fmt.Errorf("list claims: %w", err)
	}
	defer rows.Close()
	claims := map[int64]Claim{}
	for rows.Next() {
		c := Claim{BuildingID: building}
		var evidence string
		if err := rows.Scan(&c.AccountID, &c.RecordedAt, &c.FileID, &c.RowNo, &c.Printed, &c.Status, &c.Flat, &c.Room, &evidence, &c.Digest); err != nil {
			return nil, err
		}
		c.Evidence = []byte(evidence)
		claims[c.AccountID] = c
	}
	return claims, rows.Err()
}

// ListLinks gives the latest link known at a moment of every account of a building.
func ListLinks(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (map[int64]Link, error) {
	rows, err := tx.QueryContext(ctx, `SELECT account_id, recorded_at, household_id, rule, score, evidence
		FROM household_link WHERE building_id = $1 AND recorded_at <= $2 ORDER BY account_id, recorded_at`, building, int64(at))
	if err != nil {
		return nil, fmt.Errorf("list links: %w", err)
	}
	defer rows.Close()
	links := map[int64]Link{}
	for rows.Next() {
		l := Link{BuildingID: building}
		if err := rows.Scan(&l.AccountID, &l.RecordedAt, &l.HouseholdID, &l.Rule, &l.Score, &l.Evidence); err != nil {
			return nil, err
		}
		links[l.AccountID] = l
	}
	return links, rows.Err()
}

// Member is an account of a household at a moment, with the latest claim.
type Member struct {
	Account
	Claim Claim
	Link  Link
}

// memberRows reads members of households at a moment: accounts that then lived in their building, each with the latest
// link and claim known then. $3 is the moment. The latest is asked for account by account: as «nothing later exists» PostgreSQL
// may read all accounts of the house for each. SQLite takes the tables of a CROSS JOIN in their order.
const memberRows = `SELECT l.building_id, l.household_id, a.account_id, a.supplier_id, a.number, a.opened_at, a.closed_at, a.moved_from,
			l.rule, l.score, l.evidence, l.recorded_at,
			c.printed, c.status, c.flat, c.room, c.evidence, c.file_id, c.row_no, c.recorded_at
		FROM household_link l CROSS JOIN account a CROSS JOIN account_claim c
		WHERE a.building_id = l.building_id AND a.account_id = l.account_id AND a.opened_at <= $3 AND (a.closed_at = 0 OR a.closed_at > $3)
		AND c.building_id = l.building_id AND c.account_id = l.account_id AND c.recorded_at <= $3
		AND l.recorded_at <= $3 AND l.recorded_at = (SELECT max(n.recorded_at) FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id AND n.recorded_at <= $3)
		AND c.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = c.building_id AND n.account_id = c.account_id AND n.recorded_at <= $3) `

// ListMembers gives the accounts of a household at a moment: those whose latest link known then names it and
// that then lived in the building.
func ListMembers(ctx context.Context, tx *db.Tx, building, household int64, at calendar.Micros) ([]Member, error) {
	return listMembers(ctx, tx, "AND l.building_id = $1 AND l.household_id = $2 ORDER BY a.supplier_id, a.number", building, household, int64(at))
}

// ListBuildingMembers gives the accounts of all households of a stretch of buildings at a moment, household by household.
func ListBuildingMembers(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) ([]Member, error) {
	return listMembers(ctx, tx, "AND l.building_id BETWEEN $1 AND $2 AND l.household_id <> 0 ORDER BY l.building_id, l.household_id, a.supplier_id, a.number", first, last, int64(at))
}

func listMembers(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Member, err error) {
	rows, err := tx.QueryContext(ctx, memberRows+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMember(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

func scanMember(scan func(...any) error) (m Member, err error) {
	var evidence string
	err = scan(&m.BuildingID, &m.Link.HouseholdID, &m.AccountID, &m.SupplierID, &m.Number, &m.OpenedAt, &m.ClosedAt, &m.MovedFrom,
		&m.Link.Rule, &m.Link.Score, &m.Link.Evidence, &m.Link.RecordedAt,
		&m.Claim.Printed, &m.Claim.Status, &m.Claim.Flat, &m.Claim.Room, &evidence, &m.Claim.FileID, &m.Claim.RowNo, &m.Claim.RecordedAt)
	m.Claim.Evidence = []byte(evidence)
	m.Link.BuildingID, m.Claim.BuildingID = m.BuildingID, m.BuildingID
	m.Link.AccountID, m.Claim.AccountID = m.AccountID, m.AccountID
	return m, err
}

// HouseholdOf gives the household of an account at a moment and the building it then lived in; household 0
// when it was in nobody's basket. It follows the account back over moves.
func HouseholdOf(ctx context.Context, tx *db.Tx, r Route, at calendar.Micros) (building, household int64, err error) {
	building, err = buildingAt(ctx, tx, r, at)
	if err != nil {
		return 0, 0, err
	}
	err = tx.QueryRowContext(ctx, `SELECT household_id FROM household_link WHERE building_id = $1 AND account_id = $2 AND recorded_at <= $3
		ORDER BY recorded_at DESC LIMIT 1`, building, r.AccountID, int64(at)).Scan(&household)
	if fault.Is(db.Fold(err), fault.NotFound) {
		return building, 0, nil
	}
	return building, household, err
}

// BuildingOf gives the building a household lives in; NotFound when there is no such household.
func BuildingOf(ctx context.Context, tx *db.Tx, household int64) (building int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT building_id FROM household WHERE household_id = $1 ORDER BY recorded_at DESC LIMIT 1", household).Scan(&building)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return 0, fault.New(fault.NotFound, "household.unknown", "Такого абонента нет.").Because(err)
	}
	return building, err
}

func buildingAt(ctx context.Context, tx *db.Tx, r Route, at calendar.Micros) (int64, error) {
	building := r.BuildingID
	for {
		var opened calendar.Micros
		var from int64
		err := tx.QueryRowContext(ctx, `SELECT opened_at, moved_from FROM account WHERE building_id = $1 AND account_id = $2
			ORDER BY opened_at DESC LIMIT 1`, building, r.AccountID).Scan(&opened, &from)
		if err != nil {
			return 0, db.Fold(err)
		}
		if opened <= at {
			return building, nil
		}
		if from == 0 {
			return 0, fault.Newf(fault.NotFound, "account.not_yet", "Счёт %s тогда ещё не был заведён.", r.Number)
		}
		building = from
	}
}

// Batch is what one step of an intake writes about accounts.
type Batch struct {
	Routes     []Route
	Accounts   []Account
	Claims     []Claim
	Households []Household
	Links      []Link
}

// Write appends a batch. Rows must be new: the caller knows what is there.
func (b *Batch) Write(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Copy(ctx, "account_route", []string{"supplier_id", "number", "account_id", "building_id"}, db.Rows(b.Routes, 4, func(r *Route, row []any) {
		row[0], row[1], row[2], row[3] = r.SupplierID, r.Number, r.AccountID, r.BuildingID
	}))
	if err != nil {
		return err
	}
	_, err = tx.Copy(ctx, "account", []string{"building_id", "account_id", "supplier_id", "number", "opened_at", "closed_at", "moved_from"}, db.Rows(b.Accounts, 7, func(a *Account, row []any) {
		row[0], row[1], row[2], row[3], row[4], row[5], row[6] = a.BuildingID, a.AccountID, a.SupplierID, a.Number, int64(a.OpenedAt), int64(a.ClosedAt), a.MovedFrom
	}))
	if err != nil {
		return err
	}
	_, err = tx.Copy(ctx, "account_claim", []string{"building_id", "account_id", "recorded_at", "file_id", "row_no", "printed", "status", "flat", "room", "evidence", "digest"}, db.Rows(b.Claims, 11, func(c *Claim, row []any) {
		row[0], row[1], row[2], row[3], row[4] = c.BuildingID, c.AccountID, int64(c.RecordedAt), c.FileID, c.RowNo
		row[5], row[6], row[7], row[8], row[9], row[10] = c.Printed, c.Status, c.Flat, c.Room, string(c.Evidence), c.Digest
	}))
	if err != nil {
		return err
	}
	_, err = tx.Copy(ctx, "household", []string{"building_id", "household_id", "recorded_at", "flat", "room"}, db.Rows(b.Households, 5, func(h *Household, row []any) {
		row[0], row[1], row[2], row[3], row[4] = h.BuildingID, h.HouseholdID, int64(h.RecordedAt), h.Flat, h.Room
	}))
	if err != nil {
		return err
	}
	_, err = tx.Copy(ctx, "household_link", []string{"building_id", "account_id", "recorded_at", "household_id", "rule", "score", "evidence"}, db.Rows(b.Links, 7, func(l *Link, row []any) {
		row[0], row[1], row[2], row[3], row[4], row[5], row[6] = l.BuildingID, l.AccountID, int64(l.RecordedAt), l.HouseholdID, l.Rule, int64(l.Score), l.Evidence
	}))
	if err != nil {
		return err
	}
	return b.count(ctx, tx)
}

// count notes that the batch's buildings were written to: who keeps something made of them sees that it is old.
func (b *Batch) count(ctx context.Context, tx *db.Tx) error {
	var list []int64
	for i := range b.Accounts {
		list = append(list, b.Accounts[i].BuildingID)
	}
	for i := range b.Claims {
		list = append(list, b.Claims[i].BuildingID)
	}
	for i := range b.Households {
		list = append(list, b.Households[i].BuildingID)
	}
	for i := range b.Links {
		list = append(list, b.Links[i].BuildingID)
	}
	slices.Sort(list)
	for _, building := range slices.Compact(list) {
		if building <= 0 {
			continue // nobody lives in a pseudo-building
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO account_version (building_id, version) VALUES ($1, 1)
			ON CONFLICT (building_id) DO UPDATE SET version = account_version.version + 1`, building); err != nil {
			return fmt.Errorf("count writes of building %d: %w", building, err)
		}
	}
	return nil
}
