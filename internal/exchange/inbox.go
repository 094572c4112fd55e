package exchange

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kvit/internal/fault"
)

// Folders of an inbox where files go when they are done, each under its day, beside their protocols.
const (
	inboxDone    = "done"
	inboxRefused = "refused"
)

// inboxQuiet is how long a file must have been left alone: until then somebody may still be writing it.
const inboxQuiet = time.Minute

// sheetNames are the onboarding sheets looked for in an inbox.
var sheetNames = []string{"formats.json", "formats.yaml", "formats.yml"}

// TakeInbox takes in the declared files that lie in a folder, and moves each with its protocol into done or refused.
// What no profile of the folder's formats.json fits stays and is listed. A file that a crash left behind is found to be
// known and only moved. Nothing to do gives an empty report.
func (m *Module) TakeInbox(ctx context.Context, dir string) (*Report, error) {
	formats, err := findSheet(dir)
	if err != nil {
		return nil, err
	}
	waiting, err := quietFiles(dir, formats, time.Now().Add(-inboxQuiet))
	if err != nil {
		return nil, err
	}
	declared, undeclared, err := collect(formats, waiting, m.dir)
	if err != nil {
		return nil, err
	}
	declared = slices.DeleteFunc(declared, func(f *file) bool {
		unknown := f.refusal != nil
		if unknown {
			undeclared = append(undeclared, f.name)
		}
		return unknown
	})
	if len(declared) == 0 {
		return &Report{Files: []FileReport{}, Issues: []Issue{}, Undeclared: undeclared}, nil
	}
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	from := map[string]string{}
	for _, f := range declared {
		from[f.name] = f.path
	}
	report, err := m.intake(ctx, Request{Actor: "inbox"}, declared)
	if err != nil {
		return nil, err
	}
	report.Undeclared = undeclared
	for i := range report.Files {
		if err := putAway(dir, from[report.Files[i].File], report, i); err != nil {
			return report, fault.Newf(fault.Unavailable, "inbox.move", "Файл %s загружен, но не переносится из папки. Проверьте права.", report.Files[i].File).Because(err)
		}
	}
	return report, nil
}

func findSheet(dir string) (string, error) {
	for _, name := range sheetNames {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fault.Newf(fault.Invalid, "inbox.no_sheet", "В папке %s нет описания файлов formats.json. Положите его туда.", dir)
}

// quietFiles are the files of an inbox that nobody has touched since a moment.
func quietFiles(dir, formats string, since time.Time) (list []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != dir && (strings.HasPrefix(name, ".") || filepath.Dir(path) == filepath.Clean(dir) && (name == inboxDone || name == inboxRefused)) {
				return filepath.SkipDir
			}
			return nil
		}
		if unfinished(name) || path == formats || !d.Type().IsRegular() {
			return nil
		}
		info, err := d.Info()
		if err == nil && info.ModTime().Before(since) {
			list = append(list, path)
		}
		return nil // a file that has just gone is no fault
	})
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "inbox.unreadable", "Папка %s не читается. Проверьте путь и права.", dir).Because(err)
	}
	return list, nil
}

// unfinished tells the names programs give to what they are still writing.
func unfinished(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") ||
		slices.Contains([]string{".tmp", ".part", ".filepart", ".crdownload", ".lock"}, filepath.Ext(lower))
}

// putAway moves a file that was dealt with and writes its protocol beside it.
func putAway(dir, path string, r *Report, i int) error {
	f := r.Files[i]
	now := time.Now()
	folder := inboxDone
	if f.State == StateRefused {
		folder = inboxRefused
	}
	to := filepath.Join(dir, folder, now.Format("2006-01-02"))
	if err := os.MkdirAll(to, 0o750); err != nil {
		return err
	}
	name := now.Format("150405.000") + "_" + filepath.Base(path)
	one := Report{Files: []FileReport{f}, Issues: []Issue{}}
	for _, x := range r.Issues {
		if x.File == f.File {
			one.Issues = append(one.Issues, x)
		}
	}
	text, err := json.MarshalIndent(&one, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(to, name+".protocol.json"), text, 0o640); err != nil {
		return err
	}
	return os.Rename(path, filepath.Join(to, name))
}
