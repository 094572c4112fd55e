package settlement

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"kvit/internal/billpdf"
	"kvit/internal/money"
)

// moscow is the time documents of banks and between firms are dated in.
var moscow = time.FixedZone("MSK", 3*3600)

// sheet is the document as it is printed.
func (d *Document) sheet(digest string) *billpdf.Sheet {
	return &billpdf.Sheet{
		Title: fmt.Sprintf("Закрытие дня № %d за %s", d.No, d.Day.Date().Dotted()),
		Facts: [][2]string{
			{"Закрыто", d.ClosedAt.Micros().Time().In(moscow).Format("02.01.2006 15:04:05") + " (МСК)"}, {"Кто закрыл", d.Actor},
			{"Платежей", strconv.FormatInt(d.Payments, 10)}, {"Собрано", d.Collected.Format()}, {"Возвращено и сторнировано", d.Refunded.Format()}, {"Комиссия центра", d.Fee.Format()},
			{"Невыясненные", fmt.Sprintf("пришло %s, отнесено %s; ждут %d на %s", d.Suspense.In.Format(), d.Suspense.Out.Format(), d.Suspense.Waiting, d.Suspense.Sum.Format())},
			{"Сверка", d.Reconciled.State},
		},
		Tables: []billpdf.SheetTable{d.channelTable(), d.supplierTable(), d.bookTable(), d.reconciledTable(), d.exceptionTable()},
		Foot:   "Отпечаток " + digest,
	}
}

func (d *Document) channelTable() billpdf.SheetTable {
	t := billpdf.SheetTable{Title: "По каналам и дням плательщиков", Columns: []string{"Канал", "День", "Платежей", "Собрано", "Возвращено", "Комиссия"}, Numbers: 4, Empty: "Платежей не было."}
	for _, c := range d.Channels {
		day := c.Day.Date().Dotted()
		if c.Late {
			day += ", поздние"
		}
		t.Rows = append(t.Rows, []string{c.Channel, day, strconv.FormatInt(c.Payments, 10), c.Collected.FormatBare(), c.Refunded.FormatBare(), c.Fee.FormatBare()})
	}
	return t
}

func (d *Document) supplierTable() billpdf.SheetTable {
	t := billpdf.SheetTable{Title: "По поставщикам", Columns: []string{"Поставщик", "Собрано", "Возвращено", "Комиссия", "К перечислению"}, Numbers: 4, Empty: "Поставщикам ничего не пришло."}
	for _, s := range d.Suppliers {
		t.Rows = append(t.Rows, []string{s.Name, s.Collected.FormatBare(), s.Refunded.FormatBare(), s.Fee.FormatBare(), s.Net.FormatBare()})
	}
	return t
}

func (d *Document) bookTable() billpdf.SheetTable {
	t := billpdf.SheetTable{Title: "Остатки книги центра (дебет больше нуля; вместе ноль)", Columns: []string{"Счёт учёта", "Остаток"}, Numbers: 1, Empty: "Книга пуста."}
	var sum money.Amount
	for _, b := range d.Book {
		t.Rows = append(t.Rows, []string{b.Account, b.Balance.FormatBare()})
		sum += b.Balance
	}
	if len(d.Book) > 0 {
		t.Rows = append(t.Rows, []string{"Вместе", sum.FormatBare()})
	}
	return t
}

func (d *Document) reconciledTable() billpdf.SheetTable {
	t := billpdf.SheetTable{Title: "Сверка", Columns: []string{"Канал", "День", "У нас", "У партнёра", "В банке"}, Numbers: 3, Empty: d.Reconciled.State}
	told := func(a *money.Amount) string {
		if a == nil {
			return "нет данных"
		}
		return a.FormatBare()
	}
	for _, l := range d.Reconciled.Lines {
		t.Rows = append(t.Rows, []string{l.Channel, l.Day.Date().Dotted(), l.Ours.FormatBare(), told(l.Partner), told(l.Bank)})
	}
	return t
}

func (d *Document) exceptionTable() billpdf.SheetTable {
	t := billpdf.SheetTable{Title: "Ждёт решения", Empty: "Ничего."}
	for _, e := range d.Exceptions {
		t.Rows = append(t.Rows, []string{e})
	}
	return t
}

// PDF writes the document on paper. The same document gives the same bytes.
func (d *Document) PDF(w io.Writer, digest string) error {
	return billpdf.RenderSheet(w, d.sheet(digest))
}

// Text is the document as lines of text.
func (d *Document) Text(digest string) string {
	s := d.sheet(digest)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", s.Title)
	for _, f := range s.Facts {
		fmt.Fprintf(&b, "%-27s %s\n", f[0], f[1])
	}
	for i := range s.Tables {
		writeTable(&b, &s.Tables[i])
	}
	fmt.Fprintf(&b, "\n%s\n", s.Foot)
	return b.String()
}

func writeTable(b *strings.Builder, t *billpdf.SheetTable) {
	fmt.Fprintf(b, "\n%s\n", t.Title)
	if len(t.Rows) == 0 {
		fmt.Fprintf(b, "  %s\n", t.Empty)
		return
	}
	rows := t.Rows
	if len(t.Columns) > 0 {
		rows = append([][]string{t.Columns}, rows...)
	}
	for _, row := range rows {
		for i, cell := range row {
			if i >= len(row)-t.Numbers {
				fmt.Fprintf(b, " %16s", cell)
			} else {
				fmt.Fprintf(b, "  %-28s", cell)
			}
		}
		b.WriteByte('\n')
	}
}
