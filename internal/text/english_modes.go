package text

// modes are what is said of suppliers' figures beside Kvit's.
var modes = map[string]string{
	"    в файле поставщика об этой услуге несколько строк с разными суммами (от и до: %s), ни одна не учтена": "    the supplier's file has several rows of this service with different sums (from and to: %s), none is taken",
}
