package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"kvit/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the files of the schema, as written.
func Migrations() fs.FS { return migrations }

// Migrate brings the schema up to date. Several processes may call it at once.
func (d *DB) Migrate(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", Fold(err))
	}
	return d.migrateJobs(ctx)
}

// CheckSchema refuses a database whose schema is older or newer than this program.
func (d *DB) CheckSchema(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return unavailable(err)
	}
	sources := p.ListSources()
	want := sources[len(sources)-1].Version
	switch {
	case have < want:
		return fault.New(fault.Conflict, "db.schema_old", "Схема базы данных старее программы. Выполните: kvit migrate")
	case have > want:
		return fault.New(fault.Conflict, "db.schema_new", "База данных создана более новой версией Квита. Обновите программу.")
	}
	return d.checkJobs(ctx)
}

func (d *DB) provider() (*goose.Provider, error) {
	if d.Dialect == Postgres {
		sub, err := fs.Sub(migrations, "migrations")
		if err != nil {
			return nil, err
		}
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectPostgres, d.write, sub, goose.WithSessionLocker(locker))
	}
	sub, err := sqliteMigrations()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, d.write, sub)
}

// words turns the migrations' PostgreSQL words into SQLite's.
var words = strings.NewReplacer("BIGINT", "INTEGER", "SMALLINT", "INTEGER", "BOOLEAN", "INTEGER", "BYTEA", "BLOB", "TRUE", "1", "FALSE", "0")

// storage is how PostgreSQL is to store a table: nothing to SQLite.
var storage = regexp.MustCompile(`^ALTER TABLE \w+ (RE)?SET \(.*\);$`)

// translate says a migration in SQLite's words. A closing line «); -- fact» marks a table whose rows live in the primary
// key itself.
func translate(sql string) string {
	var b strings.Builder
	for line := range strings.Lines(words.Replace(sql)) {
		switch text := strings.TrimSuffix(line, "\n"); {
		case text == "); -- fact":
			line = ") STRICT, WITHOUT ROWID;\n"
		case text == ");":
			line = ") STRICT;\n"
		case strings.HasPrefix(text, "ALTER TABLE ") && storage.MatchString(text):
			line = "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// sqliteMigrations is the list of migrations in SQLite's words, translated once: opening asks for it twice.
var sqliteMigrations = sync.OnceValues(func() (fs.FS, error) {
	out := fstest.MapFS{}
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		b, err := migrations.ReadFile("migrations/" + e.Name())
		if err != nil {
			return nil, err
		}
		out[e.Name()] = &fstest.MapFile{Data: []byte(translate(string(b)))}
	}
	return out, nil
})
