// Package supplier owns suppliers (поставщики, исполнители), their requisites and the services they name.
//
// Owns: tables supplier, service, service_part, supplier_requisites. Does not own: accounts, profiles' meaning, tariffs.
// Invariants: a supplier's code is unique and never changes; a supplier met first in a file is created by its
// code alone, with status «draft», and waits for requisites; bank details that are in force change by two persons and
// after a day, whoever asks and however (reliability.md S13).
package supplier

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/qr"
)

// Modes of a supplier's charges: whose figure the resident is shown.
const (
	ModeIssued   = "issued"   // the supplier's figure
	ModeComputed = "computed" // Kvit's figure
	ModeCompared = "compared" // both, differences listed
)

// Statuses of a supplier.
const (
	StatusDraft  = "draft"  // met in a file, requisites not given yet
	StatusActive = "active" // requisites loaded
)

// Supplier is an organisation that charges residents. Requisites may be empty while Status is draft.
type Supplier struct {
	ID          int64           `json:"-" yaml:"-"`
	Code        string          `json:"code" yaml:"code"`
	Name        string          `json:"name" yaml:"name"`
	INN         string          `json:"inn,omitempty" yaml:"inn"`
	KPP         string          `json:"kpp,omitempty" yaml:"kpp"`
	Bank        string          `json:"bank,omitempty" yaml:"bank"`
	BIC         string          `json:"bic,omitempty" yaml:"bic"`
	CorrAccount string          `json:"corrAccount,omitempty" yaml:"corr_account"`
	BankAccount string          `json:"bankAccount,omitempty" yaml:"account"`
	Phone       string          `json:"phone,omitempty" yaml:"phone"`
	Address     string          `json:"address,omitempty" yaml:"address"`
	Services    []string        `json:"services,omitempty" yaml:"-"` // in words, for people
	Mapping     []Service       `json:"mapping,omitempty" yaml:"-"`  // what they are in the catalogue
	MappedAt    calendar.Micros `json:"-" yaml:"-"`                  // when Mapping, or the mode of its services, last changed
	Mode        string          `json:"mode" yaml:"mode"`
	Status      string          `json:"status" yaml:"-"`
	GIS         *GIS            `json:"-" yaml:"gis"`      // nil: takes no part in ГИС ЖКХ
	Online      *Online         `json:"-" yaml:"online"`   // nil: is not asked for balances
	Reach       Reach           `json:"-" yaml:"-"`        // how people reach him beside the telephone
	Barcodes    []string        `json:"-" yaml:"barcodes"` // layouts of the linear codes on his papers (qr.Linear)
}

// HasRequisites tells whether a payment document may carry a QR of this supplier.
func (s *Supplier) HasRequisites() bool { return s.BankAccount != "" && s.BIC != "" && s.Name != "" }

// Validate checks code, mode and requisites where given: ИНН check digits, the key of the bank account for its
// БИК (formats.md 0.1).
func (s *Supplier) Validate() error {
	if s.Code == "" || strings.ContainsAny(s.Code, ": \t") {
		return fault.Newf(fault.Invalid, "supplier.code", "Код поставщика %q: нужен непустой код без пробелов и двоеточий.", s.Code).WithField("code")
	}
	switch s.Mode {
	case "":
		s.Mode = ModeIssued
	case ModeIssued, ModeComputed, ModeCompared:
	default:
		return fault.Newf(fault.Invalid, "supplier.mode", "Поставщик %s: режим %q, а бывает issued, computed или compared.", s.Code, s.Mode).WithField("mode")
	}
	for i := range s.Mapping {
		if err := s.Mapping[i].validate(); err != nil {
			return err
		}
	}
	if s.GIS != nil {
		if err := s.GIS.validate(s.Code); err != nil {
			return err
		}
	}
	if s.Online != nil {
		if err := s.Online.validate(s.Code); err != nil {
			return err
		}
	}
	if err := s.Reach.validate(s.Code); err != nil {
		return err
	}
	for _, layout := range s.Barcodes {
		if _, err := qr.ParseLinear(layout); err != nil {
			return fault.As(err).Within("поставщик " + s.Code)
		}
	}
	if s.INN != "" && !qr.ValidINN(s.INN) {
		return fault.Newf(fault.Invalid, "supplier.inn", "Поставщик %s: ИНН %s с ошибкой в контрольной цифре. Сверьте с карточкой организации.", s.Code, s.INN).WithField("inn")
	}
	if s.BankAccount != "" && !qr.ValidBankAccount(s.BIC, s.BankAccount) {
		return fault.Newf(fault.Invalid, "supplier.account", "Поставщик %s: счёт %s не подходит к БИК %s. Сверьте с договором.", s.Code, s.BankAccount, s.BIC).WithField("account")
	}
	return nil
}

// Module holds the operations on suppliers and a cache of codes: suppliers are few and read everywhere.
type Module struct {
	db       *db.DB
	now      func() calendar.Micros
	mu       sync.RWMutex
	services map[serviceKey]int64
	names    map[int64]string
	parts    map[int64]int64

	// CheckCatalog refuses a code the catalogue does not have, with its place and the nearest one. Nil: any code will do.
	CheckCatalog func(ctx context.Context, code string) error
}

type serviceKey struct {
	supplier int64
	name     string
}

// New makes the module.
func New(d *db.DB, now func() calendar.Micros) *Module {
	return &Module{db: d, now: now, services: map[serviceKey]int64{}, names: map[int64]string{}, parts: map[int64]int64{}}
}

// LoadResult counts what a load did. Proposed are the changes of bank details that wait for another person.
type LoadResult struct {
	Added    int     `json:"added"`
	Changed  int     `json:"changed"`
	Proposed []int64 `json:"proposed,omitempty"`
}

// Load is LoadAs by whoever holds the command line.
func (m *Module) Load(ctx context.Context, r io.Reader) (LoadResult, error) {
	return m.LoadAs(ctx, "cli", r)
}

// LoadAs reads a YAML list of suppliers and stores it: new codes are added, known ones changed. Nothing is stored
// unless the whole list is right. Bank details that are in force stay: other ones become a proposal.
func (m *Module) LoadAs(ctx context.Context, actor string, r io.Reader) (LoadResult, error) {
	list, err := parse(r)
	if err != nil {
		return LoadResult{}, err
	}
	if err := m.checkMapping(ctx, list); err != nil {
		return LoadResult{}, err
	}
	first, err := m.db.NextIDs(ctx, 2*len(list)+1) // before the transaction: SQLite has one writing connection
	if err != nil {
		return LoadResult{}, err
	}
	var res LoadResult
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		res = LoadResult{}
		for i := range list {
			if err := m.save(ctx, tx, &list[i], actor, first+2*int64(i), &res); err != nil {
				return err
			}
		}
		return nil
	})
	return res, err
}

func (m *Module) checkMapping(ctx context.Context, list []Supplier) error {
	for i := range list {
		for k := range list[i].Mapping {
			x := &list[i].Mapping[k]
			if m.CheckCatalog == nil {
				continue
			}
			if err := m.CheckCatalog(ctx, x.Catalog); err != nil {
				return fault.As(err).Within(fmt.Sprintf("поставщик %s, строка %d", list[i].Code, x.line))
			}
		}
	}
	return nil
}

// save adds or changes a supplier; fresh and the id after it are his to use.
func (m *Module) save(ctx context.Context, tx *db.Tx, s *Supplier, actor string, fresh int64, res *LoadResult) error {
	s.Status = StatusActive
	old, err := Find(ctx, tx, s.Code)
	switch {
	case fault.Is(err, fault.NotFound):
		s.ID, s.MappedAt = fresh, m.now()
		res.Added++
		return insert(ctx, tx, s, m.now())
	case err != nil:
		return err
	}
	s.ID, s.MappedAt = old.ID, old.MappedAt
	if !sameMapping(old.Mapping, s.Mapping) || s.Mode != old.Mode && len(s.Mapping) > 0 {
		s.MappedAt = m.now()
	}
	res.Changed++
	wanted := s.Requisites().over(old.Requisites())
	if old.BankAccount == "" || wanted == old.Requisites() {
		s.setRequisites(wanted)
		return update(ctx, tx, s, m.now())
	}
	s.setRequisites(old.Requisites())
	if err := update(ctx, tx, s, m.now()); err != nil {
		return err
	}
	c, err := m.propose(ctx, tx, &old, wanted, actor, "файл поставщиков", fresh+1)
	res.Proposed = append(res.Proposed, c.ID)
	return err
}

// Ensure gives the supplier of a code, created as a draft when unknown.
func (m *Module) Ensure(ctx context.Context, code string) (s Supplier, err error) {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return s, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		s, err = Find(ctx, tx, code)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		s = Supplier{ID: id, Code: code, Name: code, Mode: ModeIssued, Status: StatusDraft}
		if err := s.Validate(); err != nil {
			return err
		}
		return insert(ctx, tx, &s, m.now())
	})
	return s, err
}

// ServiceID gives the id of a service as a supplier names it, created when new. It keeps a cache and opens a
// transaction of its own on a miss, so call it outside others.
func (m *Module) ServiceID(ctx context.Context, supplierID int64, name string) (int64, error) {
	key := serviceKey{supplierID, name}
	m.mu.RLock()
	id, ok := m.services[key]
	m.mu.RUnlock()
	if ok {
		return id, nil
	}
	fresh, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return 0, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3) ON CONFLICT (supplier_id, name) DO NOTHING", fresh, supplierID, name); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT service_id FROM service WHERE supplier_id = $1 AND name = $2", supplierID, name).Scan(&id)
	})
	if err != nil {
		return 0, fmt.Errorf("service %q: %w", name, err)
	}
	m.mu.Lock()
	m.services[key], m.names[id] = id, name
	m.mu.Unlock()
	return id, nil
}

// ServiceName is the name a supplier gives a service id; ” is the whole account.
func (m *Module) ServiceName(ctx context.Context, tx *db.Tx, id int64) (string, error) {
	m.mu.RLock()
	name, ok := m.names[id]
	m.mu.RUnlock()
	if ok {
		return name, nil
	}
	if err := tx.QueryRowContext(ctx, "SELECT name FROM service WHERE service_id = $1", id).Scan(&name); err != nil {
		return "", fmt.Errorf("service %d: %w", id, db.Fold(err))
	}
	m.mu.Lock()
	m.names[id] = name
	m.mu.Unlock()
	return name, nil
}

// JoinPart notes that a service of a supplier is the heat of another of his. Like ServiceID it opens a transaction of its
// own the first time.
func (m *Module) JoinPart(ctx context.Context, part, whole int64) error {
	m.mu.RLock()
	known := m.parts[part]
	m.mu.RUnlock()
	if known == whole {
		return nil
	}
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO service_part (service_id, of_service) VALUES ($1, $2) ON CONFLICT (service_id) DO UPDATE SET of_service = excluded.of_service", part, whole)
		return err
	})
	if err != nil {
		return fmt.Errorf("service %d as part of %d: %w", part, whole, err)
	}
	m.mu.Lock()
	m.parts[part] = whole
	m.mu.Unlock()
	return nil
}
