package privacy_test

import (
	"context"
	"regexp"
	"testing"

	"kvit/docs/privacy"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// personal are names of columns that a table may not hold without saying what they are.
var personal = regexp.MustCompile(`phone|mail|fio|payer|owner_name|contact|address|comment|words|^printed$|^flat$|^room$|secret|title$|sealed|password|evidence|photo|thumb`)

// TestEveryColumnIsListed compares docs/privacy/data.csv with the schema of all migrations.
func TestEveryColumnIsListed(t *testing.T) {
	columns, err := privacy.Columns()
	if err != nil {
		t.Fatal(err)
	}
	listed, whole := map[string]bool{}, map[string]bool{}
	for _, c := range columns {
		if key := c.Table + "." + c.Name; listed[key] {
			t.Errorf("%s is listed twice", key)
		} else {
			listed[key] = true
		}
		whole[c.Table] = whole[c.Table] || c.Name == "*"
		if c.Data != privacy.None && (c.Purpose == "" || c.Basis == "" || c.Term == "" || c.Seen == "") {
			t.Errorf("%s.%s: say what for, by which right, how long and who sees it", c.Table, c.Name)
		}
		if c.Name == "*" && c.Data != privacy.None {
			t.Errorf("%s: a table with personal data lists its columns one by one", c.Table)
		}
		switch c.Copy {
		case privacy.Keep, privacy.Clear, privacy.Account, privacy.JSON, privacy.Drop:
		default:
			t.Errorf("%s.%s: a copy cannot %q", c.Table, c.Name, c.Copy)
		}
	}
	schema := map[string]bool{}
	err = dbtest.SQLite(t).Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.QueryContext(context.Background(), "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'river%' ORDER BY 1, 2")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				return err
			}
			schema[table+"."+column], schema[table+".*"] = true, true
			switch {
			case listed[table+"."+column]:
			case !whole[table]:
				t.Errorf("%s.%s is not in docs/privacy/data.csv: add a row «%s,%s,what it holds,what for,by which right,how long,who sees it,keep|clear|account|json|drop», or with «none» when it is no personal data", table, column, table, column)
			case personal.MatchString(column):
				t.Errorf("%s.%s looks like personal data, and %s is listed as holding none: add its columns one by one to docs/privacy/data.csv", table, column, table)
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range listed {
		if !schema[key] {
			t.Errorf("docs/privacy/data.csv lists %s, which is not in the schema", key)
		}
	}
}
