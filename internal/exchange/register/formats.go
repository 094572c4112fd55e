package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/fault"
)

// LoadFormats reads an onboarding sheet, formats.json or the same in YAML: the month, the charge registers and
// the files of payments. A file with one profile or a list of them is such a sheet too: what has an amount and no
// charges is payments. Keys it does not know are kept in Unknown. Every profile is checked.
func LoadFormats(path string) (month string, registers, payments []Profile, err error) {
	raw, err := readDocument(path)
	if err != nil {
		return "", nil, nil, err
	}
	if !isSheet(raw) {
		list, err := LoadProfiles(path)
		for _, p := range list {
			if p.ofPayments() {
				payments = append(payments, p)
			} else {
				registers = append(registers, p)
			}
		}
		return "", registers, payments, err
	}
	var sheet struct {
		Month     string            `json:"month"`
		Registers []json.RawMessage `json:"registers"`
		Payments  []json.RawMessage `json:"payments"`
	}
	if err := json.Unmarshal(raw, &sheet); err != nil {
		return "", nil, nil, unreadable(path, err)
	}
	if registers, err = decodeList(path, "registers", sheet.Registers); err != nil {
		return "", nil, nil, err
	}
	payments, err = decodeList(path, "payments", sheet.Payments)
	return sheet.Month, registers, payments, err
}

// LoadReadings reads the layouts of files of readings: those under the key readings of an onboarding sheet, or a file of
// one profile or a list of them. Every profile is checked.
func LoadReadings(path string) ([]Profile, error) {
	raw, err := readDocument(path)
	if err != nil {
		return nil, err
	}
	key, list := "", []json.RawMessage{raw}
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'['}):
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, unreadable(path, err)
		}
	case isSheet(raw):
		var sheet struct {
			Readings []json.RawMessage `json:"readings"`
		}
		if err := json.Unmarshal(raw, &sheet); err != nil {
			return nil, unreadable(path, err)
		}
		key, list = "readings", sheet.Readings
	}
	return decodeProfiles(path, key, list, true)
}

// isSheet tells a sheet from profiles by its keys.
func isSheet(raw json.RawMessage) bool {
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return !bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'['})
	}
	return keys["kind"] == nil
}

// ofPayments tells a register of payments from one of charges by its roles.
func (p *Profile) ofPayments() bool {
	_, amount := p.roles()["amount"]
	for _, role := range []string{"charge", "due", "opening"} {
		if _, ok := p.roles()[role]; ok {
			return false
		}
	}
	return amount
}

// LoadProfiles reads a file with one profile, or a list of them, in YAML or JSON.
func LoadProfiles(path string) ([]Profile, error) {
	raw, err := readDocument(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'['}) {
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, unreadable(path, err)
		}
		return decodeList(path, "", list)
	}
	return decodeList(path, "", []json.RawMessage{raw})
}

func decodeList(path, key string, list []json.RawMessage) ([]Profile, error) {
	return decodeProfiles(path, key, list, false)
}

func decodeProfiles(path, key string, list []json.RawMessage, reads bool) ([]Profile, error) {
	profiles := make([]Profile, 0, len(list))
	for i, raw := range list {
		where := filepath.Base(path)
		if key != "" || len(list) > 1 {
			where += ", " + key + "[" + strconv.Itoa(i) + "]"
		}
		var p Profile
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, placed(err, where)
		}
		p.Where, p.Reads = where, reads
		if err := p.Validate(); err != nil {
			return nil, placed(err, where)
		}
		profiles = append(profiles, p)
	}
	return profiles, nil
}

// placed names the profile in the message of a fault about one of its keys.
func placed(err error, where string) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return unreadable(where, err)
	}
	return f.Within(where)
}

func unreadable(path string, cause error) error {
	return fault.Newf(fault.Invalid, "profile.unreadable", "Файл профилей %s не разобрать: проверьте скобки, кавычки и отступы.", filepath.Base(path)).Because(cause)
}

// maxSheet bounds a file of profiles.
const maxSheet = 16 << 20

// readDocument gives JSON; YAML is turned into it, so that both have one grammar.
func readDocument(path string) (json.RawMessage, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Newf(fault.NotFound, "file.not_found", "Файл не открывается: %s.", filepath.Base(path)).Because(err)
	}
	if len(raw) > maxSheet {
		return nil, unreadable(path, fmt.Errorf("%d bytes", len(raw)))
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if ext := strings.ToLower(filepath.Ext(path)); ext != ".yaml" && ext != ".yml" {
		return raw, nil
	}
	return fromYAML(raw, path)
}

func fromYAML(raw []byte, path string) (json.RawMessage, error) {
	var v any
	if err := yaml.Unmarshal(raw, &v); err != nil {
		return nil, unreadable(path, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return out, nil
}
