package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/queue"
	"kvit/internal/exchange/gis/simulator"
	"kvit/internal/fault"
)

type gisCmd struct {
	Export gisExportCmd `cmd:"" help:"Записать файл для ГИС ЖКХ: лицевые счета, приборы учёта, показания, платежи, платёжные документы."`
	Import gisImportCmd `cmd:"" help:"Прочитать файл из ГИС ЖКХ: ЕЛС и ИЖКУ счетов, номера приборов, ИПД документов."`
	Fetch  gisFetchCmd  `cmd:"" help:"Спросить ГИС ЖКХ об идентификаторах: помещения, лицевые счета и приборы учёта домов поставщика."`
	Send   gisSendCmd   `cmd:"" help:"Собрать и отправить в ГИС ЖКХ то, что ждёт очереди."`
	Status gisStatusCmd `cmd:"" help:"Показать очередь в ГИС ЖКХ: сколько ждёт, сколько времени, что отклонено."`
	Retry  gisRetryCmd  `cmd:"" help:"Отправить отклонённое ещё раз, когда причина устранена."`
}

type gisExportCmd struct {
	Table    string `arg:"" name:"ТАБЛИЦА" help:"accounts, meters, readings, payments или documents." enum:"accounts,meters,readings,payments,documents"`
	Month    string `help:"Месяц показаний, платежей и документов, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Supplier string `help:"Код поставщика; без него все, кто размещает сведения через центр." placeholder:"КОД"`
	Template string `help:"Шаблон из ГИС ЖКХ: заполняется его копия, остальные листы не меняются." type:"existingfile" placeholder:"ФАЙЛ"`
	Out      string `required:"" help:"Файл .xlsx; большая таблица продолжится в файлах -2, -3 …" placeholder:"ФАЙЛ"`
}

// gisExported is what an export wrote.
type gisExported struct {
	Files   []string `json:"files"`
	Rows    int      `json:"rows"`
	Without int      `json:"without"` // rows without the identifier the portal finds them by
}

func (c gisExportCmd) Run(r *run) error {
	var month calendar.Month
	if c.Month != "" || !slices.Contains([]string{gis.TableAccounts, gis.TableMeters}, c.Table) {
		var err error
		if month, err = calendar.ParseMonth(c.Month); err != nil {
			return invalid("--month", c.Month, "2026-10", err)
		}
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	stop := r.busy()
	t, err := a.GIS.Export(r.ctx, c.Table, c.Supplier, month)
	stop()
	if err != nil {
		return err
	}
	res := gisExported{Files: []string{}, Rows: len(t.Pages[0]), Without: t.Without}
	for i, part := range t.Pages.Parts(c.Table) {
		name, err := c.write(i+1, part)
		if err != nil {
			return err
		}
		res.Files = append(res.Files, name)
	}
	return r.print(res, func() {
		r.say("Записано строк %d, файлов %d: %s", res.Rows, len(res.Files), strings.Join(res.Files, ", "))
		if res.Without > 0 {
			r.say("Без идентификатора ГИС ЖКХ строк %d: портал их не примет. Загрузите файл из ГИС ЖКХ: kvit gis import.", res.Without)
		}
	})
}

// write writes one file of the table.
func (c gisExportCmd) write(part int, pages gis.Pages) (name string, err error) {
	name = c.Out
	if part > 1 {
		ext := filepath.Ext(name)
		name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), part, ext)
	}
	var template io.Reader
	if c.Template != "" {
		text, err := os.ReadFile(c.Template)
		if err != nil {
			return "", fault.Newf(fault.Invalid, wrongArgument, "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", c.Template).Because(err)
		}
		template = bytes.NewReader(text)
	}
	var b bytes.Buffer
	if err := gis.WriteBook(&b, template, c.Table, pages); err != nil {
		return "", err
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		return "", fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", name).Because(err)
	}
	return name, nil
}

type gisImportCmd struct {
	File     string `arg:"" name:"ФАЙЛ" help:"Файл .xlsx, выгруженный из ГИС ЖКХ." type:"existingfile"`
	Supplier string `required:"" help:"Код поставщика, чей это файл." placeholder:"КОД"`
}

func (c gisImportCmd) Run(r *run) error {
	return withFile(c.File, func(f io.Reader) error {
		a, err := r.open()
		if err != nil {
			return err
		}
		defer a.Close()
		res, err := a.GIS.Import(r.ctx, operator, c.Supplier, f)
		if err != nil {
			return err
		}
		return sayImported(r, res)
	})
}

func sayImported(r *run, res *queue.Imported) error {
	err := r.print(res, func() {
		r.say("Строк %d: принято %d, без идентификатора %d, не наших %d, с ошибкой %d.", res.Rows, res.Known, res.Empty, res.Unknown, res.Broken)
		for _, x := range res.Issues[:min(len(res.Issues), issuesShown)] {
			r.say("    %s", sayFinding(r, &x))
		}
		if more := len(res.Issues) - issuesShown; more > 0 {
			r.say("    … и ещё %d: все есть с --json.", more)
		}
	})
	if err == nil && len(res.Issues) > 0 {
		return statusError(exitFindings)
	}
	return err
}

// issuesShown is how many findings are said; all are in JSON.
const issuesShown = 20

// sayFinding says where a finding is and what it is.
func sayFinding(r *run, x *gis.Finding) string {
	place := r.lang().Sprintf("лист «%s», строка %d", x.Sheet, x.Line)
	if x.Column != "" {
		place += r.lang().Sprintf(", столбец %s «%s»", x.Column, x.Field)
	}
	if x.Value != "" {
		place += " «" + x.Value + "»"
	}
	return place + ": " + r.lang().Said(x.Says)
}

// gisFlags say where ГИС ЖКХ is.
type gisFlags struct {
	URL string `name:"gis-url" help:"Адрес шлюза ГИС ЖКХ, который подписывает и шифрует по ГОСТ." env:"KVIT_GIS_URL" placeholder:"АДРЕС"`
}

type gisSendCmd struct {
	gisFlags
	Wait time.Duration `help:"Сколько ждать ответов на отправленное." placeholder:"СРОК"`
}

// errNoGateway is the answer to sending without an address.
var errNoGateway = fault.New(fault.Invalid, wrongArgument, "Не указан адрес шлюза ГИС ЖКХ: --gis-url или KVIT_GIS_URL.")

// sendPause is how often answers are asked for.
const sendPause = time.Second

func (c gisSendCmd) Run(r *run) error {
	return c.with(r, func(a *app.App) error { return a.GIS.Gather(r.ctx, true) })
}

// with opens the data with the address of the proxy, does something first, and then sends and asks.
func (c gisSendCmd) with(r *run, first func(a *app.App) error) error {
	if c.URL == "" {
		return errNoGateway
	}
	settings := r.settings()
	settings.GISURL = c.URL
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := first(a); err != nil {
		return err
	}
	return c.rounds(r, a)
}

// rounds sends and asks until nothing is under way or the time is over.
func (c gisSendCmd) rounds(r *run, a *app.App) error {
	for end := time.Now().Add(c.Wait); ; {
		if _, err := a.GIS.Round(r.ctx); err != nil {
			return err
		}
		s, err := a.GIS.Status(r.ctx)
		if err != nil {
			return err
		}
		if s.Idle() || time.Now().After(end) {
			return sayGIS(r, s)
		}
		select {
		case <-r.ctx.Done():
			return sayGIS(r, s)
		case <-time.After(sendPause):
		}
	}
}

type gisFetchCmd struct {
	gisSendCmd
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
}

func (c gisFetchCmd) Run(r *run) error {
	return c.with(r, func(a *app.App) error {
		n, err := a.GIS.Fetch(r.ctx, c.Supplier)
		if err == nil && !r.JSON {
			r.say("Вопросов к ГИС ЖКХ: %d.", n)
		}
		return err
	})
}

type gisStatusCmd struct{}

func (gisStatusCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := a.GIS.Status(r.ctx)
	if err != nil {
		return err
	}
	return sayGIS(r, s)
}

// gisKinds are the kinds of objects as people call them.
var gisKinds = map[gis.Kind]string{gis.KindAccount: "лицевые счета", gis.KindMeter: "приборы учёта", gis.KindReading: "показания", gis.KindDocument: "платёжные документы", gis.KindWithdrawal: "отзывы документов",
	gis.KindPayment: "извещения о платежах", gis.KindCancellation: "отмены извещений", gis.KindAck: "квитирование", gis.KindUnack: "отмены квитирования"}

func sayGIS(r *run, s *queue.Status) error {
	return r.print(s, func() {
		if len(s.Queues) == 0 {
			r.say("Очередь в ГИС ЖКХ пуста. Кто размещает сведения, записывают в файле поставщиков: gis.")
		}
		for _, q := range s.Queues {
			r.say("%-14s %-22s ждёт %d, отправлено %d, размещено %d, отклонено %d, возраст %s", q.Supplier, r.lang().Word(gisKinds[q.Kind]), q.Waiting, q.Sent, q.Done, q.Refused, time.Duration(q.Age)*time.Second)
		}
		for _, x := range s.Refusals {
			r.say("    %s, %s: %d – %s", x.Supplier, r.lang().Word(gisKinds[x.Kind]), x.Count, r.lang().Said(x.Reason))
			if x.Advice != "" {
				r.say("        %s", r.lang().Said(x.Advice))
			}
		}
	})
}

type gisRetryCmd struct {
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
}

func (c gisRetryCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.GIS.Retry(r.ctx, c.Supplier)
	if err != nil {
		return err
	}
	return r.print(map[string]int64{"retried": n}, func() { r.say("Отправим ещё раз: %d.", n) })
}

type simulateGISCmd struct {
	Listen     string        `help:"Где слушать." default:"127.0.0.1:8090"`
	Lose       float64       `help:"Доля вызовов, ответ на которые потерян, 0–1." placeholder:"ЧИСЛО"`
	Delay      time.Duration `help:"Сколько обрабатывается сообщение." placeholder:"СРОК"`
	Double     float64       `help:"Доля сообщений, обработанных дважды, 0–1." placeholder:"ЧИСЛО"`
	Partial    float64       `help:"Доля объектов, о которых ответ молчит, 0–1." placeholder:"ЧИСЛО"`
	Refuse     float64       `help:"Доля отклонённых объектов, 0–1." placeholder:"ЧИСЛО"`
	Busy       float64       `help:"Доля объектов, отклонённых один раз: «занята, повторите», 0–1." placeholder:"ЧИСЛО"`
	NoAccess   float64       `help:"Доля поставщиков, не передавших полномочия, 0–1." placeholder:"ЧИСЛО"`
	Flats      int           `help:"Квартиры какого числа ГИС ЖКХ знает в каждом доме, с 1." default:"400" placeholder:"ЧИСЛО"`
	Closed     time.Duration `help:"Сколько времени с запуска не отвечать." placeholder:"СРОК"`
	ChangeList time.Duration `help:"Через сколько сменить справочник ресурсов." placeholder:"СРОК"`
	Seed       uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateGISCmd) Run(r *run) error {
	o := simulator.Options{Lose: c.Lose, Delay: c.Delay, Double: c.Double, Partial: c.Partial, Refuse: c.Refuse, Busy: c.Busy, FlatsMade: c.Flats, NoAccess: c.NoAccess, Closed: c.Closed, ChangeList: c.ChangeList, Seed: cmp.Or(c.Seed, 1)}
	s := simulator.New(o)
	return serveSimulator(r, c.Listen, func(string) http.Handler { return s.Handler() })
}

// serveSimulator prints where a simulator is reached and serves it until the command is ended.
func serveSimulator(r *run, address string, handler func(base string) http.Handler) error {
	l, err := listen(address)
	if err != nil {
		return err
	}
	base := "http://" + l.Addr().String()
	r.say("%s", base)
	server := &http.Server{Handler: handler(base), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-r.ctx.Done()
		server.Close()
	}()
	if err := server.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}
