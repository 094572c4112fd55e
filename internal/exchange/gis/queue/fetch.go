package queue

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// Fetch asks ГИС ЖКХ for the identifiers of a supplier's houses: flats, accounts, meters. It gives how many questions
// there are; answers come with later rounds.
func (m *Module) Fetch(ctx context.Context, code string) (questions int, err error) {
	s, houses, err := m.housesToFetch(ctx, code)
	if err != nil {
		return 0, err
	}
	kinds := []gis.Kind{gis.KindPremises, gis.KindAccount, gis.KindMeter}
	first, err := m.DB.NextIDs(ctx, max(1, len(houses)*len(kinds)))
	if err != nil {
		return 0, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		questions = 0
		for _, h := range houses {
			for _, k := range kinds {
				r := &request{id: first + int64(questions), supplier: s.ID, kind: k, batch: h, message: uuid.NewString(), purpose: purposeFetch}
				if err := m.insertRequest(ctx, tx, r, 0); err != nil {
					return err
				}
				questions++
			}
		}
		_, err := tx.ExecContext(ctx, "UPDATE gis_request SET next_at = 0 WHERE supplier_id = $1 AND purpose = 'fetch' AND state = 0", s.ID)
		return err
	})
	return questions, err
}

// housesToFetch are the houses of a supplier that ГИС ЖКХ can be asked about and is not being asked about.
func (m *Module) housesToFetch(ctx context.Context, code string) (s supplier.Supplier, list []int64, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		if s, err = supplier.Find(ctx, tx, code); err != nil {
			return err
		}
		if s.GIS == nil {
			return notParticipant(code)
		}
		houses, err := housesOf(ctx, tx, s.ID)
		if err != nil {
			return err
		}
		open := map[int64]bool{}
		err = tx.Scan(ctx, "SELECT DISTINCT batch FROM gis_request WHERE supplier_id = $1 AND purpose = 'fetch' AND state < 3", []any{s.ID}, func(v []int64, _ []byte) error {
			open[v[0]] = true
			return nil
		})
		for i := range houses {
			if gis.ValidGUID(houses[i].GUID) && !open[houses[i].ID] {
				list = append(list, houses[i].ID)
			}
		}
		return err
	})
	return s, list, err
}

// notParticipant refuses a supplier the centre posts nothing for.
func notParticipant(code string) error {
	return fault.Newf(fault.Invalid, "gis.supplier", "Поставщик %s не участвует в обмене с ГИС ЖКХ: впишите gis в файл поставщиков.", code).WithField("supplier")
}

// keepFound keeps the identifiers an answer brings, of all that is ours, and gives what there is by our keys.
func (m *Module) keepFound(ctx context.Context, tx *db.Tx, r *request, s *gis.State) (f *foundThere, err error) {
	f = &foundThere{accounts: map[int64]gis.FoundAccount{}, documents: map[int64]gis.FoundDocument{}, meters: map[int64]bool{}, archived: map[int64]bool{}}
	switch r.kind {
	case gis.KindAccount:
		err = m.keepAccounts(ctx, tx, r, s.Accounts, f)
	case gis.KindMeter:
		err = m.keepMeters(ctx, tx, r, s.Meters, f)
	case gis.KindPremises:
		err = m.keepFlats(ctx, tx, r, s.Flats)
	case gis.KindDocument:
		err = m.keepDocuments(ctx, tx, r, s, f)
	}
	return f, err
}

func (m *Module) keepAccounts(ctx context.Context, tx *db.Tx, r *request, list []gis.FoundAccount, f *foundThere) error {
	for i := range list {
		x := &list[i]
		id, err := accountOf(ctx, tx, r.supplier, x.Number)
		if err != nil {
			return err
		}
		if id == 0 {
			continue
		}
		f.accounts[id] = *x
		key := accountKey(id)
		known := []learnt{{aliasAccount, key, x.GUID, fromExport}, {aliasUnified, key, x.Unified, fromExport}, {aliasService, key, x.ServiceID, fromExport}, {aliasPremises, key, x.Premises(), fromExport}}
		if err := saveLearnt(ctx, tx, r.supplier, id, known, m.Now()); err != nil {
			return err
		}
	}
	return nil
}

// keepMeters finds our meters by their numbers and the accounts they serve.
func (m *Module) keepMeters(ctx context.Context, tx *db.Tx, r *request, list []gis.FoundMeter, f *foundThere) error {
	for i := range list {
		x := &list[i]
		if !x.Active() {
			id, err := accountBy(ctx, tx, r.supplier, aliasMeter, x.GUID)
			if err != nil {
				return err
			}
			f.archived[id] = id != 0
			continue
		}
		own, err := ownMeters(ctx, tx, r.supplier, r.batch, x.Basic.Serial)
		if err != nil {
			return err
		}
		if len(own) > 1 {
			if own, err = servedBy(ctx, tx, r.supplier, own, x.Accounts()); err != nil {
				return err
			}
		}
		if len(own) != 1 {
			continue // not ours, or nobody can tell which
		}
		f.meters[own[0].id] = true
		key := strconv.FormatInt(own[0].id, 10)
		known := []learnt{{aliasMeter, key, x.GUID, fromExport}, {aliasMeterNumber, key, x.Number, fromExport}, {aliasMeterVersion, key, x.Version, fromExport}, {aliasMeterSerial, key, x.Basic.Serial, fromExport}}
		if err := saveLearnt(ctx, tx, r.supplier, own[0].account, known, m.Now()); err != nil {
			return err
		}
	}
	return nil
}

type ownMeter struct{ id, account int64 }

// ownMeters are the meters with a number in a house, of a supplier's accounts.
func ownMeters(ctx context.Context, tx *db.Tx, supplierID, house int64, serial string) (list []ownMeter, err error) {
	err = tx.Scan(ctx, `SELECT m.meter_id, m.account_id FROM v_meter m JOIN v_account_claim a ON a.building_id = m.building_id AND a.account_id = m.account_id
		WHERE m.building_id = $1 AND a.supplier_id = $2 AND m.serial = $3 AND m.serial <> '' AND m.valid_to = 0`, []any{house, supplierID, serial}, func(v []int64, _ []byte) error {
		list = append(list, ownMeter{v[0], v[1]})
		return nil
	})
	return list, err
}

// servedBy are the meters whose accounts are among those of ГИС ЖКХ.
func servedBy(ctx context.Context, tx *db.Tx, supplierID int64, list []ownMeter, guids []string) (some []ownMeter, err error) {
	keys := make([]string, len(list))
	for i := range list {
		keys[i] = accountKey(list[i].account)
	}
	known, err := listAliases(ctx, tx, supplierID, aliasAccount, keys)
	for i := range list {
		if g := known[keys[i]]; g != "" && slices.Contains(guids, g) {
			some = append(some, list[i])
		}
	}
	return some, err
}

// keepFlats gives the accounts of a house the flats they are of.
func (m *Module) keepFlats(ctx context.Context, tx *db.Tx, r *request, flats []gis.FoundPremises) error {
	byNumber := map[string]string{}
	for _, x := range flats {
		byNumber[flatNumber(x.Number)] = x.GUID
	}
	claims, err := claimsOf(ctx, tx, r.supplier, r.batch)
	for i := 0; i < len(claims) && err == nil; i++ {
		if guid := byNumber[flatNumber(claims[i].flat)]; guid != "" && claims[i].flat != "" {
			err = saveLearnt(ctx, tx, r.supplier, claims[i].id, []learnt{{aliasPremises, accountKey(claims[i].id), guid, fromExport}}, m.Now())
		}
	}
	return err
}

// flatNumber is the number of a flat without the words and spaces people write about it.
func flatNumber(s string) string {
	s = housing.Fold(s)
	for _, word := range []string{"квартира", "кв.", "кв", " "} {
		s = strings.ReplaceAll(s, word, "")
	}
	return s
}

func (m *Module) keepDocuments(ctx context.Context, tx *db.Tx, r *request, s *gis.State, f *foundThere) error {
	for i := range s.Documents {
		x := s.Documents[i].Document
		id, err := accountBy(ctx, tx, r.supplier, aliasAccount, x.AccountGUID)
		if err != nil {
			return err
		}
		if id == 0 {
			continue
		}
		f.documents[id] = x
		if err := saveLearnt(ctx, tx, r.supplier, id, []learnt{{aliasDocument, documentKey(id, r.batch), x.DocumentID, fromExport}}, m.Now()); err != nil {
			return err
		}
	}
	return nil
}
