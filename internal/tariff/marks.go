package tariff

import "reflect"

// each visits the origin of every row of every table.
func (c *Catalog) each(visit func(table string, o *Origin)) {
	v := reflect.ValueOf(c).Elem()
	for i := range tables {
		list := v.Field(tables[i].index)
		for n := range list.Len() {
			visit(tables[i].key, list.Index(n).FieldByName("Origin").Addr().Interface().(*Origin))
		}
	}
}

// Mark counts the rows of a table whose figures are no law.
type Mark struct {
	Table  string `json:"table"`
	Status Status `json:"status"`
	Rows   int    `json:"rows"`
}

// Doubtful tells whether a figure must be shown with its mark.
func (s Status) Doubtful() bool {
	return s == Unconfirmed || s == StandIn || s == Plausible || s == Invented
}

// Marks counts the rows that must be replaced or compared with the law before anybody is charged by them, by table
// and status.
func (c *Catalog) Marks() []Mark {
	list := []Mark{}
	c.each(func(table string, o *Origin) {
		if !o.Status.Doubtful() {
			return
		}
		for i := range list {
			if list[i].Table == table && list[i].Status == o.Status {
				list[i].Rows++
				return
			}
		}
		list = append(list, Mark{Table: table, Status: o.Status, Rows: 1})
	})
	return list
}
