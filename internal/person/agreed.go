package person

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Division is who pays what of a home's bill today: an owner and a tenant by services, or the people of a home as they agreed.
// The zero value is a home nobody shares.
type Division struct {
	Agreement *Agreement // in force; nil: none
	roles     Shares     // nil: no owner lets the home to a tenant
	roleOf    map[int64]Role
}

// DivisionOf gives who pays what of a home. While an owner and a tenant live there it is theirs, whatever was agreed before; an
// agreement holds while everybody named may see and pay.
func (m *Module) DivisionOf(ctx context.Context, building, household int64) (d Division, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		d = Division{}
		people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND household_id <> 0", building, household)
		if err != nil {
			return err
		}
		if Shared(people, m.Today()) {
			d.roleOf = map[int64]Role{}
			for i := range people {
				if people[i].Lives() {
					d.roleOf[people[i].PersonID] = people[i].Role
				}
			}
			d.roles, err = listShares(ctx, tx, building, household)
			return err
		}
		list, err := listAgreements(ctx, tx, "building_id = $1 AND household_id = $2 AND state = 'agreed'", building, household)
		if len(list) > 0 && list[0].stands(people, m.Today()) {
			d.Agreement = &list[0]
		}
		return err
	})
	return d, err
}

// Has tells whether somebody pays a part of the home's bill, and not all of it.
func (d *Division) Has(person int64) bool { return d.Sums(person) || d.Lines(person) != nil }

// Sums tells whether somebody pays a part of every line.
func (d *Division) Sums(person int64) bool {
	return d.Agreement != nil && d.Agreement.Sums() && d.Agreement.PartOf(person) >= 0
}

// Lines tells which lines somebody pays, by the name of the service and whether it is capital repair; nil when he does not pay by
// lines.
func (d *Division) Lines(person int64) func(service string, capital bool) bool {
	if role, lives := d.roleOf[person]; lives {
		return func(service string, capital bool) bool { return d.roles.Of(service, capital) == role }
	}
	if d.Agreement == nil || d.Agreement.Sums() {
		return nil
	}
	mine, taken := d.Agreement.PartOf(person), map[string]int{}
	if mine < 0 {
		return nil
	}
	rest := mine
	for i := range d.Agreement.Parts {
		p := &d.Agreement.Parts[i]
		if p.Rest {
			rest = i
		}
		for _, s := range p.Services {
			taken[s] = i
		}
	}
	return func(service string, _ bool) bool {
		of, named := taken[service]
		return named && of == mine || !named && rest == mine
	}
}

// AgreementsOf are the agreement of a home that stands and the offer that waits, as one of those named sees them; nil where there
// is none, or he is not named.
func (m *Module) AgreementsOf(ctx context.Context, actor access.Actor) (agreed, offered *Agreement, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		agreed, offered = nil, nil
		people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND household_id <> 0", actor.BuildingID, actor.HouseholdID)
		if err != nil {
			return err
		}
		list, err := listAgreements(ctx, tx, "building_id = $1 AND household_id = $2 AND state IN ('proposed', 'agreed')", actor.BuildingID, actor.HouseholdID)
		for i := range list {
			switch {
			case list[i].PartOf(actor.UserID) < 0, !list[i].stands(people, m.Today()):
			case list[i].State == AgreementAgreed:
				agreed = &list[i]
			default:
				offered = &list[i]
			}
		}
		return err
	})
	return agreed, offered, err
}

const agreementColumns = "agreement_id, building_id, household_id, way, state, proposed_by, created_at, agreed_at, month, ended_at"

func listAgreements(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Agreement, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+agreementColumns+" FROM person_agreement WHERE "+where+" ORDER BY agreement_id", args...)
	if err != nil {
		return nil, fmt.Errorf("list agreements: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a Agreement
		if err := rows.Scan(&a.ID, &a.Building, &a.Household, &a.Way, &a.State, &a.ProposedBy, &a.CreatedAt, &a.AgreedAt, &a.Month, &a.EndedAt); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for i := range list {
		if list[i].Parts, err = listAgreementParts(ctx, tx, list[i].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func listAgreementParts(ctx context.Context, tx *db.Tx, id int64) (list []Part, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT person_id, percent, sum_kop, services, rest, answered_at FROM person_agreement_part WHERE agreement_id = $1 ORDER BY part_no", id)
	if err != nil {
		return nil, fmt.Errorf("parts of an agreement: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Part
		var services string
		var sum int64
		var rest int
		if err := rows.Scan(&p.PersonID, &p.Percent, &sum, &services, &rest, &p.AnsweredAt); err != nil {
			return nil, err
		}
		p.Sum, p.Rest = money.Amount(sum), rest == 1
		if err := json.Unmarshal([]byte(services), &p.Services); err != nil {
			return nil, fmt.Errorf("parts of agreement %d: %w", id, err)
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// findAgreement is one of the actor's home that names him, or NotFound.
func findAgreement(ctx context.Context, tx *db.Tx, actor access.Actor, id int64) (a Agreement, err error) {
	list, err := listAgreements(ctx, tx, "building_id = $1 AND household_id = $2 AND agreement_id = $3", actor.BuildingID, actor.HouseholdID, id)
	if err != nil {
		return a, err
	}
	if len(list) == 0 || list[0].PartOf(actor.UserID) < 0 {
		return a, errNoAgreement
	}
	return list[0], nil
}

func insertAgreement(ctx context.Context, tx *db.Tx, key string, a *Agreement) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO person_agreement (agreement_id, client_key, building_id, household_id, way, state, proposed_by, created_at, agreed_at, month, ended_at, ended_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0)`, a.ID, key, a.Building, a.Household, string(a.Way), a.State, a.ProposedBy, int64(a.CreatedAt))
	if err != nil {
		return fmt.Errorf("propose an agreement: %w", err)
	}
	for i := range a.Parts {
		p := &a.Parts[i]
		services, err := json.Marshal(p.Services)
		if err != nil {
			return err
		}
		rest := 0
		if p.Rest {
			rest = 1
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO person_agreement_part (agreement_id, person_id, part_no, percent, sum_kop, services, rest, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			a.ID, p.PersonID, int64(i), p.Percent, int64(p.Sum), string(services), int64(rest), int64(p.AnsweredAt))
		if err != nil {
			return fmt.Errorf("propose a part: %w", err)
		}
	}
	return nil
}
