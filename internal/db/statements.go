package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"strings"
)

// statementsMax is how many prepared statements a SQLite connection keeps. The program has some hundreds of different
// ones; a statement takes a few kilobytes.
const statementsMax = 200

// keeping opens SQLite connections that keep their statements prepared: the driver alone prepares a query anew each
// time, which for most of ours costs more than running it.
type keeping struct{ driver.Connector }

func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keptConn{liteConn: c.(liteConn), kept: map[string]*list.Element{}, order: list.New()}, nil
}

// liteConn is what connections of the driver can do.
type liteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// liteStatement is what statements of the driver can do.
type liteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keptConn is a connection with its statements, the latest used in front. One goroutine uses it at a time.
type keptConn struct {
	liteConn
	kept  map[string]*list.Element
	order *list.List
}

// keptStatement is a prepared statement. One whose rows are being read cannot be run a second time.
type keptStatement struct {
	liteStatement
	query string
	busy  bool
}

// Unwrap gives the driver's own connection to those of its functions that look for it.
func (c *keptConn) Unwrap() driver.Conn { return c.liteConn }

func (c *keptConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteConn.ExecContext(ctx, query, args)
	}
	return s.liteStatement.ExecContext(ctx, args)
}

func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.liteStatement.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{liteRows: rows.(liteRows), of: s}, nil
}

// prepared is a statement of the query that nobody reads; nil for those that are not kept.
func (c *keptConn) prepared(ctx context.Context, query string) (*keptStatement, error) {
	if e := c.kept[query]; e != nil {
		s := e.Value.(*keptStatement)
		if s.busy {
			return nil, nil
		}
		c.order.MoveToFront(e)
		return s, nil
	}
	if !worthKeeping(query) {
		return nil, nil
	}
	own, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &keptStatement{liteStatement: own.(liteStatement), query: query}
	c.kept[query] = c.order.PushFront(s)
	return s, c.forget()
}

// worthKeeping leaves out what changes the schema or a setting.
func worthKeeping(query string) bool {
	query = strings.TrimSpace(query)
	if strings.Contains(query, ";") { // a script
		return false
	}
	word, _, _ := strings.Cut(query, " ")
	switch strings.ToUpper(strings.TrimSpace(word)) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SAVEPOINT", "RELEASE":
		return true
	}
	return false
}

// forget closes the statements least used above the limit.
func (c *keptConn) forget() error {
	for e := c.order.Back(); e != nil && c.order.Len() > statementsMax; {
		s, older := e.Value.(*keptStatement), e.Prev()
		if !s.busy {
			delete(c.kept, s.query)
			c.order.Remove(e)
			if err := s.Close(); err != nil {
				return err
			}
		}
		e = older
	}
	return nil
}

// Close closes the statements and the connection.
func (c *keptConn) Close() error {
	for e := c.order.Front(); e != nil; e = e.Next() {
		if err := e.Value.(*keptStatement).Close(); err != nil {
			return err
		}
	}
	return c.liteConn.Close()
}

// liteRows is what rows of the driver can do.
type liteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// keptRows gives its statement back when it is closed.
type keptRows struct {
	liteRows
	of *keptStatement
}

func (r *keptRows) Close() error {
	r.of.busy = false
	return r.liteRows.Close()
}
