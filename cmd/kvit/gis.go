package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net"
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
	res := gisExported{Files: []string{}, Rows: len(t.Rows), Without: t.Without}
	for part := 1; part == 1 || len(t.Rows) > 0; part++ {
		n := min(len(t.Rows), gis.RowsMax)
		name, err := c.write(part, t.Rows[:n])
		if err != nil {
			return err
		}
		res.Files, t.Rows = append(res.Files, name), t.Rows[n:]
	}
	return r.print(res, func() {
		r.say("Записано строк %d, файлов %d: %s", res.Rows, len(res.Files), strings.Join(res.Files, ", "))
		if res.Without > 0 {
			r.say("Без идентификатора ГИС ЖКХ строк %d: портал их не примет. Загрузите файл из ГИС ЖКХ: kvit gis import.", res.Without)
		}
	})
}

// write writes one file of the table.
func (c gisExportCmd) write(part int, rows [][]string) (name string, err error) {
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
	if err := gis.WriteSheet(&b, template, c.Table, rows); err != nil {
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
		res, err := a.GIS.Import(r.ctx, c.Supplier, f)
		if err != nil {
			return err
		}
		return sayImported(r, res)
	})
}

func sayImported(r *run, res *queue.Imported) error {
	err := r.print(res, func() {
		r.say("Строк %d: идентификаторы приняты у %d, без идентификатора %d, не наших %d, с ошибкой в идентификаторе %d.", res.Rows, res.Known, res.Empty, res.Unknown, res.Broken)
	})
	if err == nil && res.Broken > 0 {
		return statusError(exitFindings)
	}
	return err
}

// gisFlags say where ГИС ЖКХ is.
type gisFlags struct {
	URL string `name:"gis-url" help:"Адрес шлюза ГИС ЖКХ, который подписывает и шифрует по ГОСТ." env:"KVIT_GIS_URL" placeholder:"АДРЕС"`
}

type gisSendCmd struct {
	gisFlags
	Wait time.Duration `help:"Сколько ждать ответов на отправленное." placeholder:"СРОК"`
}

// sendPause is how often answers are asked for.
const sendPause = time.Second

func (c gisSendCmd) Run(r *run) error {
	if c.URL == "" {
		return fault.New(fault.Invalid, wrongArgument, "Не указан адрес шлюза ГИС ЖКХ: --gis-url или KVIT_GIS_URL.")
	}
	settings := r.settings()
	settings.GISURL = c.URL
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	for end := time.Now().Add(c.Wait); ; {
		if _, err := a.GIS.Send(r.ctx); err != nil {
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
var gisKinds = map[gis.Kind]string{gis.KindAccount: "лицевые счета", gis.KindReading: "показания", gis.KindDocument: "платёжные документы", gis.KindWithdrawal: "отзывы документов",
	gis.KindPayment: "извещения о платежах", gis.KindCancellation: "отмены извещений"}

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
	Closed     time.Duration `help:"Сколько времени с запуска не отвечать." placeholder:"СРОК"`
	ChangeList time.Duration `help:"Через сколько сменить справочник ресурсов." placeholder:"СРОК"`
	Seed       uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateGISCmd) Run(r *run) error {
	s := simulator.New(simulator.Options{Lose: c.Lose, Delay: c.Delay, Double: c.Double, Partial: c.Partial, Refuse: c.Refuse, Closed: c.Closed, ChangeList: c.ChangeList, Seed: cmp.Or(c.Seed, 1)})
	return serveSimulator(r, c.Listen, func(string) http.Handler { return s.Handler() })
}

// serveSimulator prints where a simulator is reached and serves it until the command is ended.
func serveSimulator(r *run, listen string, handler func(base string) http.Handler) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fault.Newf(fault.Unavailable, "listen", "Адрес %s занят или недоступен.", listen).Because(err)
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
