// Package db opens either database and runs transactions on it.
//
// One set of SQL serves SQLite (embedded default) and PostgreSQL: statements use $1 placeholders and the forms
// listed in docs/decisions/0002-one-set-of-sql.md. Only this package knows the drivers: it folds their errors
// into faults, retries conflicts, and copies rows in bulk.
//
// Invariants: SQLite runs in WAL with synchronous=FULL and one writing connection; PostgreSQL does not run in
// locale C; a closure given to Write may run more than once, so it changes nothing outside the transaction.
package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"kvit/internal/fault"
)

// Dialect is which database stands behind a DB.
type Dialect int

// The two databases.
const (
	SQLite Dialect = iota
	Postgres
)

// String is the name of the dialect.
func (d Dialect) String() string { return [...]string{"sqlite", "postgres"}[d] }

// Bounds of retrying a transaction that met a conflict.
const (
	triesMax     = 30
	backoffFirst = time.Millisecond
	backoffMax   = 250 * time.Millisecond
)

// poolConnsMax is the size of the PostgreSQL pool: above 8 connections two cores only gain latency.
const poolConnsMax = 12

// connectTimeout bounds opening one connection: a network that swallowed the last try must not hold up the pool for long.
const connectTimeout = 5 * time.Second

// DB is an open database.
type DB struct {
	Dialect Dialect
	write   *sql.DB // SQLite: the only writing connection
	read    *sql.DB // SQLite: readers; PostgreSQL: the same pool
	pool    *pgxpool.Pool
	file    string // of SQLite
	ids     idBlock
	joint   joint
	commit  func(commit func() error) error // how a writing transaction is committed
}

// Config says which database to open: URL (postgres://…) wins over Path (a SQLite file).
type Config struct {
	Path string
	URL  string
}

// readerLife is how long a SQLite reader goes by the statistics it was opened with.
const readerLife = 10 * time.Minute

// Open connects and checks the settings correctness rests on; it does not migrate. Errors are Unavailable
// (cannot connect) or Invalid (settings).
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.URL != "" {
		return openPostgres(ctx, c.URL)
	}
	return openSQLite(ctx, c.Path)
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, unavailable(err)
	}
	common := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)"
	writer, err := sqlite.NewConnector(common + "&_txlock=immediate&_pragma=cache_size(-32000)")
	if err != nil {
		return nil, unavailable(err)
	}
	reader, err := sqlite.NewConnector(common + "&_txlock=deferred&_pragma=query_only(1)&_pragma=cache_size(-8000)")
	if err != nil {
		return nil, unavailable(err)
	}
	write, read := sql.OpenDB(keeping{writer}), sql.OpenDB(keeping{reader})
	write.SetMaxOpenConns(1)
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	read.SetConnMaxLifetime(readerLife)
	d := &DB{Dialect: SQLite, write: write, read: read, file: path, commit: plainly}
	if err := d.checkSQLite(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *DB) checkSQLite(ctx context.Context) error {
	var mode string
	var sync int
	err := d.write.QueryRowContext(ctx, "SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous").Scan(&mode, &sync)
	if err != nil {
		return unavailable(err)
	}
	if !strings.EqualFold(mode, "wal") || sync != 2 {
		return fault.Newf(fault.Invalid, "db.unsafe_sqlite", "SQLite открыта в режиме %s, synchronous=%d; нужны wal и full: иначе при сбое питания теряются платежи.", mode, sync)
	}
	return nil
}

func openPostgres(ctx context.Context, address string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "db.url", "Адрес базы данных не разобран. Пример: postgres://kvit@localhost/kvit").Because(err)
	}
	cfg.MaxConns = poolConnsMax
	if t := &cfg.ConnConfig.ConnectTimeout; *t == 0 || *t > connectTimeout {
		*t = connectTimeout
	}
	if _, set := cfg.ConnConfig.RuntimeParams["jit"]; !set {
		// Our sub-queries for the newest row look dear to the planner: it compiled plans for longer than they ran.
		cfg.ConnConfig.RuntimeParams["jit"] = "off"
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, unavailable(err)
	}
	sqlDB := stdlib.OpenDBFromPool(pool)
	d := &DB{Dialect: Postgres, write: sqlDB, read: sqlDB, pool: pool, commit: plainly}
	if err := d.checkPostgres(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *DB) checkPostgres(ctx context.Context) error {
	var ctype, commit string
	err := d.read.QueryRowContext(ctx, "SELECT datctype, current_setting('synchronous_commit') FROM pg_database WHERE datname = current_database()").Scan(&ctype, &commit)
	if err != nil {
		return unavailable(err)
	}
	if ctype == "C" || ctype == "POSIX" {
		return fault.New(fault.Invalid, "db.locale_c", "База PostgreSQL создана в локали C: поиск по-русски ничего не найдёт. Создайте базу с LOCALE 'C.UTF-8' или ICU ru.")
	}
	if commit == "off" {
		return fault.New(fault.Invalid, "db.unsafe_postgres", "В PostgreSQL выключен synchronous_commit: при сбое теряются платежи. Включите его.")
	}
	return nil
}

// Close closes all connections.
func (d *DB) Close() {
	d.write.Close()
	if d.read != d.write {
		d.read.Close()
	}
	if d.pool != nil {
		d.pool.Close()
	}
}

// plainly commits.
func plainly(commit func() error) error { return commit() }

// BreakCommits puts a fault before or after the commit of every writing transaction, where fault tests break the
// program: wrong may call commit or not, return another outcome than it had, or panic. Set it before the first use.
func (d *DB) BreakCommits(wrong func(commit func() error) error) { d.commit = wrong }

// Handle is the database/sql handle that writes, for libraries that need one (job queue, migrations).
func (d *DB) Handle() *sql.DB { return d.write }

// Pool is the PostgreSQL pool, nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// Tx is one transaction. Its methods are those of sql.Tx; Copy adds bulk writing.
type Tx struct {
	*sql.Tx
	Dialect Dialect
	conn    *sql.Conn
}

// Read runs fn in one read-only snapshot.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	err := d.once(ctx, d.read, &sql.TxOptions{ReadOnly: d.Dialect == Postgres, Isolation: d.isolation(sql.LevelRepeatableRead)}, fn, plainly)
	var f *fault.Error
	if err != nil && !errors.As(err, &f) && isAway(err) {
		return unavailable(err)
	}
	return err
}

// Write runs fn SERIALIZABLE (PostgreSQL) or IMMEDIATE (SQLite), again on conflict. For operations of
// consoles, where several rows are read and then written.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return d.retry(ctx, d.isolation(sql.LevelSerializable), fn)
}

// WriteLocal runs fn READ COMMITTED (PostgreSQL) or IMMEDIATE (SQLite), again on conflict. For payments,
// readings, intake and runs, whose correctness rests on constraints and on a version row.
func (d *DB) WriteLocal(ctx context.Context, fn func(*Tx) error) error {
	return d.retry(ctx, d.isolation(sql.LevelReadCommitted), fn)
}

func (d *DB) isolation(level sql.IsolationLevel) sql.IsolationLevel {
	if d.Dialect == SQLite {
		return sql.LevelDefault
	}
	return level
}

func (d *DB) retry(ctx context.Context, level sql.IsolationLevel, fn func(*Tx) error) error {
	return again(ctx, func() error { return d.once(ctx, d.write, &sql.TxOptions{Isolation: level}, fn, d.commit) })
}

// again does a transaction until it meets no conflict, with growing pauses, and folds its error.
func again(ctx context.Context, once func() error) error {
	backoff := backoffFirst
	for try := 1; ; try++ {
		err := once()
		if err == nil || !isConflict(err) || try == triesMax {
			return Fold(err)
		}
		select {
		case <-ctx.Done():
			return Fold(ctx.Err())
		case <-time.After(backoff/2 + rand.N(backoff)):
		}
		backoff = min(2*backoff, backoffMax)
	}
}

// once runs fn in one transaction on one connection. A panic rolls back and goes on.
func (d *DB) once(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, fn func(*Tx) error, commit func(func() error) error) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return Fold(err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	if err := fn(&Tx{Tx: tx, Dialect: d.Dialect, conn: conn}); err != nil {
		return err
	}
	return commit(func() error {
		done = true
		return tx.Commit()
	})
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// isConflict tells whether running the transaction again may succeed: serialization failure and deadlock of
// PostgreSQL, SQLITE_BUSY.
func isConflict(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == 5
}

// IsDuplicate tells whether err is a violation of a unique or primary key.
func IsDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == 1555 || lite.Code() == 2067)
}

// Fold turns driver errors into faults: no row → NotFound, unique → Conflict, connection → Unavailable.
// Faults and other errors pass through.
func Fold(err error) error {
	var f *fault.Error
	switch {
	case err == nil || errors.As(err, &f):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "not_found", "Ничего не нашли.").Because(err)
	case IsDuplicate(err):
		return fault.New(fault.Conflict, "duplicate", "Такая запись уже есть.").Because(err)
	case isConflict(err):
		return fault.New(fault.Conflict, "db.busy", "Данные только что изменил кто-то другой. Повторите.").Because(err)
	case isAway(err):
		return unavailable(err)
	}
	return err
}

func isAway(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "53")
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err) || isCut(err)
}

// isCut tells of a connection that ended in the middle of an exchange.
func isCut(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

func unavailable(err error) error {
	return fault.New(fault.Unavailable, "db.unavailable", "База данных не отвечает. Проверьте, что она запущена и адрес указан верно.").Because(err)
}

// idBlock hands out ids from a block reserved in the database.
type idBlock struct {
	mu         sync.Mutex
	next, last int64
}

// idBlockSize is how many ids a small request reserves at once.
const idBlockSize = 1000

// NextIDs reserves n consecutive ids, unique in the installation for ever, and returns the first. Ids are not
// gap-free: a block reserved by a process that died is lost.
func (d *DB) NextIDs(ctx context.Context, n int) (int64, error) {
	d.ids.mu.Lock()
	defer d.ids.mu.Unlock()
	if d.ids.next == 0 || d.ids.last-d.ids.next+1 < int64(n) {
		size := max(int64(n), idBlockSize)
		last, err := d.reserve(ctx, size)
		if err != nil {
			return 0, err
		}
		d.ids.next, d.ids.last = last-size+1, last
	}
	first := d.ids.next
	d.ids.next += int64(n)
	return first, nil
}

func (d *DB) reserve(ctx context.Context, size int64) (last int64, err error) {
	err = d.WriteLocal(ctx, func(tx *Tx) error {
		return tx.QueryRowContext(ctx, "UPDATE id_block SET last_id = last_id + $1 WHERE name = 'all' RETURNING last_id", size).Scan(&last)
	})
	if err != nil {
		return 0, fmt.Errorf("reserve ids: %w", err)
	}
	return last, nil
}

// SkipIDs lets ids go on above all that may have been given in a time that is lost.
func SkipIDs(ctx context.Context, tx *Tx, by int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE id_block SET last_id = last_id + $1 WHERE name = 'all'", by)
	return err
}
