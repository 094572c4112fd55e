package whole

import (
	"path/filepath"
	"strconv"
)

// reconciled compares a statement in which money came for which there are no payments.
func (j judged) reconciled() {
	j.t.Helper()
	dir := j.t.TempDir()
	partners, statement := filepath.Join(dir, "partners.yaml"), filepath.Join(dir, "statement.txt")
	write(j.t, partners, "- {code: bank, name: Банк, fee: 85, settle: 1}\n")
	write(j.t, statement, "1CClientBankExchange\nРасчСчет=40702810000000000001\nСекцияДокумент=Платежное поручение\nНомер=1\nСумма=5.00\nДатаПоступило=05.10.2026\nПлательщик1=ООО «Ромашка»\nПлательщикИНН=7777777777\nНазначениеПлатежа=Аренда\nКонецДокумента\nКонецФайла\n")
	j.is(0, "reconcile-partners", nil, "reconcile", "partners", partners)
	j.is(0, "reconcile-load", nil, "reconcile", "load", statement)
	j.fails(1, "reconcile", "load", partners)
	j.is(1, "reconcile-run", nil, "reconcile", "run")
	j.is(0, "reconcile-show", nil, "reconcile", "show")
	var list []struct{ ID int64 }
	j.is(0, "reconcile-list", &list, "reconcile", "list", "--cause", "bank_only")
	if len(list) == 0 {
		j.t.Fatal("money for which there are no payments is no difference")
	}
	id := strconv.FormatInt(list[0].ID, 10)
	j.is(0, "reconcile-case", nil, "reconcile", "explain", id, "--reason", "аренда", "--by", "olga")
	j.fails(1, "reconcile", "accept", id, "--by", "olga")
	j.is(0, "reconcile-case", nil, "reconcile", "accept", id, "--by", "vera")
}
