package statement

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/privacy"
)

// ConsentVersion and ConsentText are what a household agrees to when it gives up paper (ЖК РФ ст. 155 ч. 2: an electronic
// document instead of paper needs its consent). A changed text gets a new version.
const (
	ConsentVersion = "2026-11"
	ConsentText    = "Я согласен получать счета за жильё и коммунальные услуги только в электронном виде: на сайте расчётного центра и сообщением о новом счёте. " +
		"Бумажный счёт присылать не нужно. Согласие можно отозвать в любой день: со следующего месяца бумажный счёт придёт снова. Платить и получать услуги можно и без этого согласия."
)

// Paperless is what a household said last about paper.
type Paperless struct {
	Given   bool // bills come without paper
	Since   calendar.Micros
	Version string // of the text it agreed to
}

// PaperlessOf tells whether a household agreed to bills without paper.
func (m *Module) PaperlessOf(ctx context.Context, ref bill.Ref) (p Paperless, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = findPaperless(ctx, tx, ref)
		return err
	})
	return p, err
}

func findPaperless(ctx context.Context, tx *db.Tx, ref bill.Ref) (p Paperless, err error) {
	given, actor := 0, ""
	err = tx.QueryRowContext(ctx, "SELECT given, recorded_at, text_version, actor FROM statement_paperless WHERE building_id = $1 AND household_id = $2 ORDER BY recorded_at DESC LIMIT 1", ref.Building, ref.Household).Scan(&given, &p.Since, &p.Version, &actor)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return p, nil
	}
	if err == nil && given != 0 {
		p.Given, err = privacy.Allowed(ctx, tx, access.PersonOf(actor), privacy.Electronic)
	}
	return p, err
}

// SetPaperless records consent to bills without paper, or paper asked for again. The same said twice is said once.
func (m *Module) SetPaperless(ctx context.Context, actor string, ref bill.Ref, given bool) error {
	if ref.Household == 0 {
		return fault.New(fault.NotFound, "statement.no_household", "Документы делаем по счёту семьи, а этот лицевой счёт пока ни с чьим не соединён.")
	}
	at := m.Now()
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := findPaperless(ctx, tx, ref)
		if err != nil || was.Given == given && (was.Version == ConsentVersion || !given) {
			return err
		}
		flag, action := 0, "statement.paper_asked"
		if given {
			flag, action = 1, "statement.paperless_agreed"
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO statement_paperless (building_id, household_id, recorded_at, given, text_version, text_digest, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			ref.Building, ref.Household, int64(at), flag, ConsentVersion, digestOf([]byte(ConsentText)), actor); err != nil {
			return err
		}
		return audit.Record(ctx, tx, at, actor, action, "household:"+bill.RefText(ref), map[string]any{"version": ConsentVersion})
	})
	if err != nil {
		return fmt.Errorf("consent to bills without paper: %w", err)
	}
	return nil
}

// listPaperless gives the households of a building that get no paper.
func listPaperless(ctx context.Context, tx *db.Tx, building int64) (map[int64]bool, error) {
	rows, err := tx.QueryContext(ctx, `SELECT p.household_id, p.actor FROM statement_paperless p WHERE p.building_id = $1 AND p.given <> 0
		AND NOT EXISTS (SELECT 1 FROM statement_paperless n WHERE n.building_id = p.building_id AND n.household_id = p.household_id AND n.recorded_at > p.recorded_at)`, building)
	if err != nil {
		return nil, fmt.Errorf("households without paper: %w", err)
	}
	defer rows.Close()
	agreed := map[int64]string{}
	for rows.Next() {
		var household int64
		var actor string
		if err := rows.Scan(&household, &actor); err != nil {
			return nil, err
		}
		agreed[household] = actor
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	gone := map[int64]bool{}
	for household, actor := range agreed {
		if gone[household], err = privacy.Allowed(ctx, tx, access.PersonOf(actor), privacy.Electronic); err != nil {
			return nil, err
		}
	}
	return gone, nil
}

// Channels by which an issued bill reaches a household without paper; messages bring the names of their own.
const (
	ByPage = "page"
	ByPDF  = "pdf"
	ByXML  = "xml"
)

// Delivery is the proof that an issued bill reached its household.
type Delivery struct {
	Channel string
	At      calendar.Micros
	Proof   string // who opened it, or the id of the message
}

// Delivered notes that a bill reached its household by a channel; only the first time is kept. Bills that were not issued
// have no delivery.
func (m *Module) Delivered(ctx context.Context, b *bill.Bill, channel, proof string) error {
	if b.Issued == nil {
		return nil
	}
	month, err := calendar.ParseMonth(b.Issued.Month)
	if err != nil {
		return fmt.Errorf("delivery of bill %s: %w", b.Issued.Number, err)
	}
	args := []any{b.BuildingID, b.HouseholdID, int64(month), b.Issued.Version, channel}
	known := 0
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM statement_delivery WHERE building_id = $1 AND household_id = $2 AND month = $3 AND version = $4 AND channel = $5", args...).Scan(&known)
	})
	if err == nil && known == 0 {
		at := m.Now()
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO statement_delivery (building_id, household_id, month, version, channel, delivered_at, proof)
				VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`, append(args, int64(at), proof)...)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("delivery of bill %s: %w", b.Issued.Number, err)
	}
	return nil
}

// ListDeliveries gives how an issued bill reached its household, the first time of each channel, the earliest first.
func (m *Module) ListDeliveries(ctx context.Context, ref bill.Ref, month calendar.Month, version int) (list []Delivery, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT channel, delivered_at, proof FROM statement_delivery WHERE building_id = $1 AND household_id = $2 AND month = $3 AND version = $4 ORDER BY delivered_at, channel",
			ref.Building, ref.Household, int64(month), version)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d Delivery
			if err := rows.Scan(&d.Channel, &d.At, &d.Proof); err != nil {
				return err
			}
			list = append(list, d)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries of a bill: %w", err)
	}
	return list, nil
}
