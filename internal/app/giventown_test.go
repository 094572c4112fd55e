package app

import (
	"io/fs"
	"os"
	"sync"
	"testing"
	"testing/fstest"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// givenTown is the town most tests of pages begin with, filled once for each kind of database: what the database and the
// folder of data hold.
type givenTown struct {
	once  sync.Once
	image *dbtest.Image
	data  fstest.MapFS
}

var givenTowns [2]givenTown // by db.Dialect

// giveTown puts the town into a fresh database and an empty folder.
func giveTown(t *testing.T, d *db.DB, dir string) {
	t.Helper()
	g := &givenTowns[d.Dialect]
	g.once.Do(func() { g.fill(t, d.Dialect) })
	if g.data == nil {
		t.Fatal("the town was not filled")
	}
	g.image.Give(t, d)
	if err := os.CopyFS(dir, g.data); err != nil {
		t.Fatal(err)
	}
}

func (g *givenTown) fill(t *testing.T, dialect db.Dialect) {
	t.Helper()
	open := dbtest.SQLite
	if dialect == db.Postgres {
		open = dbtest.Postgres
	}
	d, dir := open(t), t.TempDir()
	newTownWith(t, d, Settings{Data: dir})
	g.image = dbtest.Take(t, d)
	data := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		body, err := fs.ReadFile(os.DirFS(dir), path)
		data[path] = &fstest.MapFile{Data: body, Mode: info.Mode()}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	g.data = data
}
