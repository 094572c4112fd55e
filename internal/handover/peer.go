package handover

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/handover/seal"
	"kvit/internal/supplier"
)

// Peer is another settlement centre. Its key is pinned: a message signed by another is refused.
type Peer struct {
	Code        string          `json:"code"`
	Name        string          `json:"name"`
	INN         string          `json:"inn,omitempty"`
	Key         string          `json:"key"`
	Fingerprint string          `json:"fingerprint"`
	URL         string          `json:"url,omitempty"`      // where its program takes messages; '' carries files
	Supplier    string          `json:"supplier,omitempty"` // code it is paid out under
	AddedBy     string          `json:"addedBy"`
	AddedAt     calendar.Micros `json:"-"`
	public      seal.Public
}

// agent is the name its payments come under: who took them first.
func (p *Peer) agent() string { return "handover-" + p.Code }

func (p *Peer) validate() error {
	if p.Code == "" || strings.Trim(p.Code, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(p.Code) > 40 {
		return fault.Newf(fault.Invalid, "handover.peer_code", "Код центра %q: нужны латинские буквы, цифры и дефис.", p.Code).WithField("code")
	}
	if strings.TrimSpace(p.Name) == "" {
		return fault.New(fault.Invalid, "handover.peer_name", "Назовите центр: его имя увидят жители.").WithField("name")
	}
	if p.URL != "" {
		u, err := url.Parse(p.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fault.Newf(fault.Invalid, "handover.peer_url", "Адрес %q не годится. Пример: https://rc.example.ru.", p.URL).WithField("url").Because(err)
		}
		p.URL = strings.TrimRight(p.URL, "/")
	}
	public, err := seal.ParsePublic(p.Key)
	p.public, p.Key, p.Fingerprint = public, public.String(), public.Fingerprint()
	return err
}

// Pin writes a centre down with its key. A key that is pinned stays: another one for the same code is a Conflict while a house
// is on its way, and needs replace to be said otherwise.
func (m *Module) Pin(ctx context.Context, actor string, p Peer, replace bool) (*Peer, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	if p.Key == m.Keys.Public().String() {
		return nil, fault.New(fault.Invalid, "handover.own_key", "Это наш собственный ключ. Нужен ключ другого центра.").WithField("key")
	}
	p.AddedBy, p.AddedAt = actor, m.Now()
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		if p.Supplier != "" {
			if _, err := supplier.Find(ctx, tx, p.Supplier); err != nil {
				return err
			}
		}
		if err := mayPin(ctx, tx, &p, replace); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO handover_peer (code, name, inn, key, url, supplier, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (code) DO UPDATE SET name = excluded.name, inn = excluded.inn, key = excluded.key, url = excluded.url, supplier = excluded.supplier, added_by = excluded.added_by, added_at = excluded.added_at`,
			p.Code, p.Name, p.INN, p.Key, p.URL, p.Supplier, p.AddedBy, int64(p.AddedAt))
		if err != nil {
			return fmt.Errorf("pin a centre: %w", err)
		}
		return audit.Record(ctx, tx, p.AddedAt, actor, "handover.peer", "centre:"+p.Code, map[string]string{"fingerprint": p.Fingerprint, "url": p.URL})
	})
	return &p, err
}

func mayPin(ctx context.Context, tx *db.Tx, p *Peer, replace bool) error {
	all, err := listPeers(ctx, tx)
	if err != nil {
		return err
	}
	for i := range all {
		old := &all[i]
		switch {
		case old.Code != p.Code && old.Key == p.Key:
			return fault.Newf(fault.Conflict, "handover.key_taken", "Этот ключ уже закреплён за центром %s.", old.Code)
		case old.Code == p.Code && old.Key != p.Key && !replace:
			return fault.Newf(fault.Conflict, "handover.key_pinned", "За центром %s закреплён другой ключ (%s). Если он правда сменил ключ, убедитесь по телефону и повторите с --replace.", p.Code, old.Fingerprint)
		case old.Code == p.Code && old.Key != p.Key:
			open, err := listWhere(ctx, tx, "WHERE peer = $1 AND state NOT IN ('completed', 'declined', 'cancelled') LIMIT 1", p.Code)
			if err != nil || len(open) == 0 {
				return err
			}
			return fault.Newf(fault.Conflict, "handover.key_in_use", "С центром %s передаётся дом %s: ключ не меняют на полдороге. Закончите или отмените передачу.", p.Code, open[0].House)
		}
	}
	return nil
}

func listPeers(ctx context.Context, tx *db.Tx) (list []Peer, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT code, name, inn, key, url, supplier, added_by, added_at FROM handover_peer ORDER BY code")
	if err != nil {
		return nil, fmt.Errorf("list centres: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Peer
		if err := rows.Scan(&p.Code, &p.Name, &p.INN, &p.Key, &p.URL, &p.Supplier, &p.AddedBy, &p.AddedAt); err != nil {
			return nil, err
		}
		if p.public, err = seal.ParsePublic(p.Key); err != nil {
			return nil, err
		}
		p.Fingerprint = p.public.Fingerprint()
		list = append(list, p)
	}
	return list, rows.Err()
}

// ListPeers gives the centres whose keys are pinned, by code.
func (m *Module) ListPeers(ctx context.Context) (list []Peer, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listPeers(ctx, tx)
		return err
	})
	return list, err
}

// peerOf is the pinned centre of a code or a key; Forbidden when nobody is.
func peerOf(ctx context.Context, tx *db.Tx, name string) (*Peer, error) {
	all, err := listPeers(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Code == name || all[i].Key == name {
			return &all[i], nil
		}
	}
	return nil, fault.New(fault.Forbidden, "handover.stranger", "Ключ этого центра у нас не закреплён. Обменяйтесь ключами и закрепите: kvit handover peers add.")
}
