package person

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

var (
	errNoAgreement = fault.New(fault.NotFound, "agreement.none", "Такой договорённости нет: её приняли, отклонили или закончили. Откройте страницу снова.")
	errShareRights = fault.New(fault.Forbidden, "agreement.rights", "Делить счёт может тот, кто его видит и платит.")
)

// Propose offers the others of the actor's home who pays which part of its bill, under the form's own key: pressed twice it is one
// offer. It comes into force when all named have agreed; until then, and for whoever is not named, nothing changes.
func (m *Module) Propose(ctx context.Context, key string, actor access.Actor, way Way, parts []Part) (a Agreement, err error) {
	a = Agreement{Building: actor.BuildingID, Household: actor.HouseholdID, Way: way, State: AgreementProposed, ProposedBy: actor.UserID, CreatedAt: m.now(), Parts: slices.Clone(parts)}
	if err := a.check(); err != nil {
		return a, err
	}
	mine := a.PartOf(actor.UserID)
	if mine < 0 {
		return a, fault.New(fault.Invalid, "agreement.own", "Вашей части нет. Впишите и себя.").WithField("parts")
	}
	a.Parts[mine].AnsweredAt = a.CreatedAt
	if a.ID, err = m.db.NextIDs(ctx, 1); err != nil {
		return a, err
	}
	return a, m.db.Write(ctx, func(tx *db.Tx) error { return m.propose(ctx, tx, key, &a) })
}

func (m *Module) propose(ctx context.Context, tx *db.Tx, key string, a *Agreement) error {
	var known int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM person_agreement WHERE client_key = $1", key).Scan(&known); err != nil || known > 0 {
		return err // the same form again
	}
	people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND household_id <> 0", a.Building, a.Household)
	if err != nil {
		return err
	}
	if Shared(people, m.Today()) {
		return fault.New(fault.Conflict, "agreement.let", "Здесь живут собственник и наниматель. Кто за что платит, решает собственник.").WithField("parts")
	}
	if !a.stands(people, m.Today()) {
		return errShareRights.WithField("parts")
	}
	open, err := listAgreements(ctx, tx, "building_id = $1 AND household_id = $2 AND state = 'proposed'", a.Building, a.Household)
	if err != nil {
		return err
	}
	for i := range open {
		if !open[i].stands(people, m.Today()) { // somebody's access ended while it waited
			if err := m.endAgreement(ctx, tx, &open[i], AgreementEnded, 0); err != nil {
				return err
			}
			continue
		}
		return fault.New(fault.Conflict, "agreement.waits", "Одно предложение уже ждёт ответа. Сначала ответьте на него или отзовите.").WithField("parts")
	}
	if err := insertAgreement(ctx, tx, key, a); err != nil {
		return err
	}
	if err := m.noteAgreement(ctx, tx, Text(a.ProposedBy), a, "proposed"); err != nil {
		return err
	}
	return m.tellParts(ctx, tx, a, a.ProposedBy, "proposed", "Вам предлагают поделить счёт за жильё. Ответьте на странице «Моя часть счёта».")
}

// Answer is what one who was named says to an offer; month is the month billed now. When all have agreed it comes into force in the
// place of the one before. The same said twice is said once.
func (m *Module) Answer(ctx context.Context, actor access.Actor, id int64, yes bool, month calendar.Month) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		a, err := findAgreement(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		mine := a.PartOf(actor.UserID)
		switch {
		case yes && a.Parts[mine].AnsweredAt != 0:
			return nil
		case a.State != AgreementProposed:
			return errNoAgreement
		case !yes:
			if err := m.endAgreement(ctx, tx, &a, AgreementDeclined, actor.UserID); err != nil {
				return err
			}
			return m.tellParts(ctx, tx, &a, actor.UserID, "declined", "Поделить счёт не договорились: один из вас отказался. Платите как раньше.")
		}
		a.Parts[mine].AnsweredAt = m.now()
		if _, err := tx.ExecContext(ctx, "UPDATE person_agreement_part SET answered_at = $3 WHERE agreement_id = $1 AND person_id = $2", a.ID, actor.UserID, int64(m.now())); err != nil {
			return fmt.Errorf("answer an agreement: %w", err)
		}
		if slices.ContainsFunc(a.Parts, func(p Part) bool { return p.AnsweredAt == 0 }) {
			return nil
		}
		return m.bringIntoForce(ctx, tx, &a, actor, month)
	})
}

func (m *Module) bringIntoForce(ctx context.Context, tx *db.Tx, a *Agreement, actor access.Actor, month calendar.Month) error {
	people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2", a.Building, a.Household)
	if err != nil {
		return err
	}
	if !a.stands(people, m.Today()) {
		return errShareRights
	}
	former, err := listAgreements(ctx, tx, "building_id = $1 AND household_id = $2 AND state = 'agreed'", a.Building, a.Household)
	if err != nil {
		return err
	}
	for i := range former {
		if err := m.endAgreement(ctx, tx, &former[i], AgreementEnded, actor.UserID); err != nil {
			return err
		}
		if err := m.tellLeftOut(ctx, tx, &former[i], a); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE person_agreement SET state = 'agreed', agreed_at = $2, month = $3 WHERE agreement_id = $1", a.ID, int64(m.now()), int64(month)); err != nil {
		return fmt.Errorf("agree: %w", err)
	}
	if err := m.noteAgreement(ctx, tx, Text(actor.UserID), a, "agreed"); err != nil {
		return err
	}
	return m.tellParts(ctx, tx, a, 0, "agreed", "Договорились, кто какую часть счёта платит. Ваша часть – на странице «Моя часть счёта».")
}

// tellLeftOut tells those of a former agreement who have no part of the new one.
func (m *Module) tellLeftOut(ctx context.Context, tx *db.Tx, former, fresh *Agreement) error {
	left := *former
	left.Parts = slices.DeleteFunc(slices.Clone(former.Parts), func(p Part) bool { return fresh.PartOf(p.PersonID) >= 0 })
	return m.tellParts(ctx, tx, &left, 0, "ended", "Ваша договорённость о частях счёта закончилась: её заменила другая, без вас.")
}

// End takes an offer back, or ends what was agreed, from this moment: any of those named may, and the others are told. One that
// stands no longer stays so.
func (m *Module) End(ctx context.Context, actor access.Actor, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		a, err := findAgreement(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		switch a.State {
		case AgreementProposed:
			if err := m.endAgreement(ctx, tx, &a, AgreementWithdrawn, actor.UserID); err != nil {
				return err
			}
			return m.tellParts(ctx, tx, &a, actor.UserID, "withdrawn", "Предложение поделить счёт отозвали. Платите как раньше.")
		case AgreementAgreed:
			if err := m.endAgreement(ctx, tx, &a, AgreementEnded, actor.UserID); err != nil {
				return err
			}
			return m.tellParts(ctx, tx, &a, actor.UserID, "ended", "Договорённость о частях счёта закончил один из вас. Теперь счёт один на всех.")
		}
		return nil
	})
}

// dropAgreements ends what a person who loses a home had agreed there, and tells the others.
func (m *Module) dropAgreements(ctx context.Context, tx *db.Tx, h *Home) error {
	list, err := listAgreements(ctx, tx, "building_id = $1 AND household_id = $2 AND state IN ('proposed', 'agreed')", h.Building, h.Household)
	for i := range list {
		a := &list[i]
		if err != nil || a.PartOf(h.PersonID) < 0 {
			continue
		}
		if err = m.endAgreement(ctx, tx, a, AgreementEnded, 0); err == nil {
			err = m.tellParts(ctx, tx, a, h.PersonID, "ended", "Договорённость о частях счёта закончилась: у одного из вас больше нет доступа. Теперь счёт один на всех.")
		}
	}
	return err
}

func (m *Module) endAgreement(ctx context.Context, tx *db.Tx, a *Agreement, state string, by int64) error {
	if _, err := tx.ExecContext(ctx, "UPDATE person_agreement SET state = $2, ended_at = $3, ended_by = $4 WHERE agreement_id = $1", a.ID, state, int64(m.now()), by); err != nil {
		return fmt.Errorf("end an agreement: %w", err)
	}
	actor := "system"
	if by != 0 {
		actor = Text(by)
	}
	return m.noteAgreement(ctx, tx, actor, a, state)
}

func (m *Module) noteAgreement(ctx context.Context, tx *db.Tx, actor string, a *Agreement, step string) error {
	return audit.Record(ctx, tx, m.now(), actor, "person.agreement."+step, fmt.Sprintf("home:%d/%d", a.Building, a.Household), map[string]any{"agreement": a.ID, "way": a.Way})
}

// tellParts tells those of an agreement but one.
func (m *Module) tellParts(ctx context.Context, tx *db.Tx, a *Agreement, but int64, step, text string) error {
	for i := range a.Parts {
		if who := a.Parts[i].PersonID; who != but {
			if err := m.tell(ctx, tx, Message{Key: fmt.Sprintf("agreement-%s-%d-%d", step, a.ID, who), Person: who, Text: text}); err != nil {
				return err
			}
		}
	}
	return nil
}
