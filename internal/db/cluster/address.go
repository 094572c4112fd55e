package cluster

import (
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"

	"kvit/internal/fault"
)

// Address is an address of a database as PostgreSQL's programs take it.
type Address struct {
	User, Database string
	Tools          string   // without a password
	Env            []string // the password, where other users of the machine do not see it
}

// toolSettings are what may stand in an address and PostgreSQL's programs know too.
var toolSettings = []string{"sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "connect_timeout"}

// ParseAddress reads an address as the program takes it.
func ParseAddress(address string) (Address, error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return Address{}, fault.New(fault.Invalid, "db.url", "Адрес базы данных не разобран. Пример: postgres://kvit@localhost/kvit").Because(err)
	}
	q := url.Values{"host": {cfg.Host}, "port": {fmt.Sprint(cfg.Port)}, "user": {cfg.User}, "dbname": {cfg.Database}}
	if given, err := url.Parse(address); err == nil {
		for _, name := range toolSettings {
			if v := given.Query().Get(name); v != "" {
				q.Set(name, v)
			}
		}
	}
	a := Address{User: cfg.User, Database: cfg.Database, Tools: "postgresql:///?" + q.Encode()}
	if cfg.Password != "" {
		a.Env = []string{"PGPASSWORD=" + cfg.Password}
	}
	return a, nil
}
