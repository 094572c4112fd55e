package biller

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// FileMax is the most a file of agents may hold, in bytes.
const FileMax = 1 << 20

// LoadRow is what became of an agent of a file.
type LoadRow struct {
	Code   string `json:"code"`
	State  string `json:"state"`            // added, changed, same
	Secret string `json:"secret,omitempty"` // made here, told once
}

// Load stores the agents of a YAML file: new ones are added, known ones changed. Nothing is stored unless the whole file
// is right. A secret that the file does not give is made and told once; a known agent keeps the one it has.
func (m *Module) Load(ctx context.Context, actor access.Actor, text []byte) ([]LoadRow, error) {
	if err := actor.Require("agent", "manage"); err != nil {
		return nil, err
	}
	list, err := m.parse(text)
	if err != nil {
		return nil, err
	}
	rows := make([]LoadRow, len(list))
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		for i := range list {
			if rows[i], err = m.save(ctx, tx, actor, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, err
}

func (m *Module) parse(text []byte) ([]entry, error) {
	var list struct {
		Agents []entry `yaml:"agents"`
	}
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "agent.yaml", "Файл агентов не разобран: нужен список agents с полями code, name, dialect.").Because(err)
	}
	if len(list.Agents) == 0 {
		return nil, fault.New(fault.Invalid, "agent.empty", "В файле нет ни одного агента: нужен список agents.")
	}
	seen := map[string]bool{}
	for i := range list.Agents {
		e := &list.Agents[i]
		if err := e.settle(m.Zone); err != nil {
			return nil, err
		}
		if seen[e.Code] {
			return nil, fault.Newf(fault.Invalid, "agent.twice", "Агент %s записан дважды. Оставьте одну запись.", e.Code).WithField("code")
		}
		seen[e.Code] = true
	}
	return list.Agents, nil
}

// save writes one agent unless nothing differs.
func (m *Module) save(ctx context.Context, tx *db.Tx, actor access.Actor, e *entry) (LoadRow, error) {
	row := LoadRow{Code: e.Code, State: "added"}
	if e.Supplier != "" {
		if _, err := supplier.Find(ctx, tx, e.Supplier); err != nil {
			return row, err
		}
	}
	was, err := findAgent(ctx, tx, e.Code, m.Zone)
	switch {
	case err == nil:
		row.State = "changed"
	case !fault.Is(err, fault.NotFound):
		return row, err
	}
	a := Agent{Settings: e.Settings, CreatedAt: m.Now(), digest: was.digest, sealed: was.sealed}
	if row.Secret, err = m.secure(&a, e.Secret, was); err != nil {
		return row, err
	}
	if row.State == "changed" {
		if a.CreatedAt = was.CreatedAt; a.same(was) {
			row.State = "same"
			return row, nil
		}
	}
	if err := saveAgent(ctx, tx, &a, m.Now()); err != nil {
		return row, err
	}
	return row, audit.Record(ctx, tx, m.Now(), actor.String(), "agent."+row.State, "agent:"+a.Code, a.Settings)
}

// secretMin is the fewest signs of a secret that a file gives.
const secretMin = 12

// secure gives an agent its secret: the file's, the one it has, or a new one, which is told.
func (m *Module) secure(a *Agent, given string, was *Agent) (told string, err error) {
	if a.Auth == AuthIP {
		a.digest, a.sealed = "", nil
		return "", nil
	}
	sealed := a.Auth == AuthHash
	if given == "" {
		if was.digest != "" && !sealed || len(was.sealed) > 0 && sealed {
			return "", nil
		}
		told = newSecret()
		given = told
	}
	if len(given) < secretMin {
		return "", wrong(&a.Settings, "secret", "секрет короче 12 знаков")
	}
	if sealed {
		return told, m.seal(a, given, was)
	}
	a.digest, a.sealed = digestOf(given), nil
	return told, nil
}

// seal keeps a secret that signatures need as it is; the same one stays as it lies.
func (m *Module) seal(a *Agent, secret string, was *Agent) error {
	a.digest = ""
	if len(was.sealed) > 0 {
		known, err := m.Access.Unseal(sealLabel(a.Code), was.sealed)
		if err != nil {
			return err
		}
		if string(known) == secret {
			a.sealed = was.sealed
			return nil
		}
	}
	a.sealed = m.Access.Seal(sealLabel(a.Code), []byte(secret))
	return nil
}

func sealLabel(code string) string { return "agent:" + code }

func newSecret() string {
	var b [20]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	return hex.EncodeToString(b[:])
}

// digestPrefix begins a secret that a file gives as a digest already.
const digestPrefix = "sha256:"

// digestOf is the SHA-256 of a secret, or the digest a file gives instead. Secrets are long and random: a slow hash would
// only slow every request down.
func digestOf(secret string) string {
	if digest, ok := strings.CutPrefix(secret, digestPrefix); ok && len(digest) == 2*sha256.Size {
		return strings.ToLower(digest)
	}
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}
