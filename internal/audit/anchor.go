package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// anchorMax bounds the anchor file: some 250 bytes a checkpoint.
const anchorMax = 256 << 20

// ReadAnchor reads the checkpoints kept outside the database, one JSON line each. A last line without its end was cut
// by a crash and is left out. A file that is not there holds none.
func ReadAnchor(path string) ([]Checkpoint, error) {
	list, _, err := readAnchor(path)
	return list, err
}

func readAnchor(path string) (list []Checkpoint, whole int64, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err == nil && info.Size() > anchorMax {
		err = fmt.Errorf("%d bytes", info.Size())
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, 0, fault.Newf(fault.Unavailable, "audit.anchor", "Якорь журнала %s не читается.", path).Because(err)
	}
	b = b[:bytes.LastIndexByte(b, '\n')+1]
	for line := range bytes.Lines(b) {
		var c Checkpoint
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, 0, fault.Newf(fault.Invalid, "audit.anchor_broken", "Якорь журнала %s испорчен: строка %d.", path, len(list)+1).Because(err)
		}
		list = append(list, c)
	}
	return list, int64(len(b)), nil
}

// Anchor appends to the file the checkpoints it does not hold yet. Keep the file, or a copy of it, where the database's
// owner cannot write.
func (k Key) Anchor(ctx context.Context, tx *db.Tx, path string) error {
	have, whole, err := readAnchor(path)
	if err != nil {
		return err
	}
	var last int64
	if len(have) > 0 {
		last = have[len(have)-1].Seq
	}
	list, err := listCheckpoints(ctx, tx, last)
	if err != nil || len(list) == 0 {
		return err
	}
	var b bytes.Buffer
	for i := range list {
		list[i].Key = k.Public()
		if err := json.NewEncoder(&b).Encode(&list[i]); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		_, err = f.WriteAt(b.Bytes(), whole)
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		return fault.Newf(fault.Unavailable, "audit.anchor", "Якорь журнала %s не записывается. Проверьте путь и права.", path).Because(err)
	}
	return nil
}
