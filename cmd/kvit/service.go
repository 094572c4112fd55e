package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/app"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/fiscal/atol"
	"kvit/internal/supplier"

	"kvit/internal/db"
)

type checkCmd struct {
	All   checkAllCmd   `cmd:"" default:"withargs" help:"Пересчитать все инварианты."`
	Audit checkAuditCmd `cmd:"" help:"Проверить цепочку журнала по отметкам, которые хранятся вне базы."`
}

type checkAllCmd struct {
	AllCharges bool `help:"Пересчитать начисления всех домов, а не выборки."`
	Digest     bool `help:"Только отпечаток данных: одинаков у одинаковых данных, сколько бы раз программу ни прерывали."`
}

func (c checkAllCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if c.Digest {
		stop := r.busy()
		d, parts, err := a.Digest(r.ctx)
		stop()
		if err != nil {
			return err
		}
		return r.print(map[string]any{"digest": d, "parts": parts}, func() { r.say("%s", d) })
	}
	stop := r.busy()
	check := a.Check
	if c.AllCharges {
		check = a.CheckAll
	}
	report, err := check(r.ctx)
	stop()
	if err != nil {
		return err
	}
	return sayCheck(r, report)
}

func sayCheck(r *run, report *app.CheckReport) error {
	err := r.print(report, func() {
		for _, b := range report.Invariants {
			mark := r.lang().Word("верно")
			if b.Count > 0 {
				mark = r.lang().Sprintf("нарушено %d: %s", b.Count, strings.Join(b.Rows, ", "))
			}
			r.say("%-34s %s", b.ID, mark)
		}
	})
	if err == nil && !report.OK {
		return statusError(exitFindings)
	}
	return err
}

type simulateCmd struct {
	Acquirer simulateAcquirerCmd `cmd:"" help:"Учебный эквайер: страница оплаты, уведомления, возвраты."`
	Agent    simulateAgentCmd    `cmd:"" help:"Учебная сеть терминалов: спрашивает, платит, теряет ответы, повторяет, шлёт один платёж много раз сразу."`
	Devices  simulateDevicesCmd  `cmd:"" help:"Учебные приборы: передают показания по сети через любую дверь, теряют, удваивают, путают порядок."`
	Supplier simulateSupplierCmd `cmd:"" help:"Учебный поставщик: отвечает на запросы остатков или ломается."`
	GIS      simulateGISCmd      `cmd:"" name:"gis" help:"Учебная ГИС ЖКХ: принимает, теряет, опаздывает, отклоняет."`
	Telegram simulateTelegramCmd `cmd:"" help:"Учебный Telegram: чаты с ботом на странице, удвоенные и переставленные события, потерянные ответы."`
	Max      simulateMaxCmd      `cmd:"" help:"Учебный MAX: то же по его протоколу."`
	Cashbox  simulateCashboxCmd  `cmd:"" help:"Учебная онлайн-касса: печатает, теряет ответы, отклоняет, опаздывает."`
	Voice    simulateVoiceCmd    `cmd:"" help:"Учебная телефонная станция: звонят со страницы, слышат текст, нажимают клавиши."`
	SMS      simulateSMSCmd      `cmd:"" name:"sms" help:"Учебный SMS-шлюз: доставляет, звонит, теряет ответы, отказывает, молчит."`
	Mail     simulateMailCmd     `cmd:"" help:"Учебный почтовый сервер: принимает, просит позже, отказывает, обрывает связь."`
	Push     simulatePushCmd     `cmd:"" help:"Учебная служба уведомлений браузеров."`
	ESIA     simulateESIACmd     `cmd:"" name:"esia" help:"Учебные Госуслуги: спрашивают согласие, подписывают, спешат, подделывают."`
	SFTP     simulateSFTPCmd     `cmd:"" name:"sftp" help:"Учебный сервер SFTP: обрывает связь, полон, медлит, не даёт переименовать."`
}

// startCashbox starts the cash register's simulator as a process of its own on loopback and points the settings at it.
func startCashbox(ctx context.Context, s *app.Settings) (stop func(), err error) {
	const secret, group = "simulator", "kvit"
	base, stop, err := startChild(ctx, "Учебная касса не ответила.", "simulate", "cashbox", "--listen", "127.0.0.1:0", "--login", group, "--password", secret, "--group", group, "--delay", "1s")
	s.Register = fiscal.Register{Access: atol.Access{URL: base, Login: group, Password: secret, Group: group}, INN: demoINN, Taxation: "osn", Email: "centre@example.ru"}
	return stop, err
}

// demoINN is the ИНН of the demo's centre: right in its check digit, of no organisation.
const demoINN = "9900000031"

// startChild starts a simulator of this program as a process of its own and gives the address it says first.
func startChild(ctx context.Context, message string, args ...string) (base string, stop func(), err error) {
	away := fault.New(fault.Unavailable, "simulator", message)
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, self, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, away.Because(err)
	}
	stop = func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed on purpose
	}
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(out).ReadString('\n')
		line <- strings.TrimSpace(text)
	}()
	select {
	case base = <-line:
	case <-time.After(simulatorWait):
	}
	if base == "" {
		stop()
		return "", nil, away
	}
	return base, stop, nil
}

type usersCmd struct {
	Add    usersAddCmd    `cmd:"" help:"Завести сотрудника; печатает ссылку для приложения с кодами один раз."`
	Token  usersTokenCmd  `cmd:"" help:"Выдать поставщику ключ API; печатается один раз."`
	Revoke usersRevokeCmd `cmd:"" help:"Отозвать ключ API по номеру."`
}

type usersAddCmd struct {
	Login    string `arg:"" name:"ИМЯ" help:"Имя для входа."`
	Role     string `required:"" enum:"supplier_operator,supplier_admin,centre_operator,centre_accountant,auditor,clerk" help:"Роль."`
	Supplier string `help:"Код поставщика для ролей поставщика." placeholder:"КОД"`
	Password string `help:"Пароль от 12 знаков; лучше передать через KVIT_PASSWORD." env:"KVIT_PASSWORD" placeholder:"ТЕКСТ"`
}

func (c usersAddCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	link, err := a.Access.CreateUser(r.ctx, operator, access.NewUser{Login: c.Login, Password: c.Password, Role: access.Role(c.Role), SupplierID: id})
	if err != nil {
		return err
	}
	return r.print(map[string]string{"otpauth": link}, func() {
		r.say("Сотрудник %s заведён. Добавьте в приложение с кодами:\n%s", c.Login, link)
	})
}

// openFor opens the program and finds the supplier of a code; 0 without one.
func (r *run) openFor(code string) (*app.App, int64, error) {
	a, err := r.open()
	if err != nil {
		return nil, 0, err
	}
	id, err := supplierID(r, a, code)
	if err != nil {
		a.Close()
		return nil, 0, err
	}
	return a, id, nil
}

func supplierID(r *run, a *app.App, code string) (id int64, err error) {
	if code == "" {
		return 0, nil
	}
	err = a.DB.Read(r.ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(r.ctx, tx, code)
		id = s.ID
		return err
	})
	return id, err
}

type usersTokenCmd struct {
	Supplier string   `required:"" help:"Код поставщика." placeholder:"КОД"`
	Scopes   []string `required:"" help:"Права: intake:write, intake:read, register:read." placeholder:"ПРАВА"`
	Name     string   `help:"Для чего ключ." default:"API"`
	Days     int      `help:"Сколько дней действует." default:"365"`
}

func (c usersTokenCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	number, token, err := a.Access.CreateToken(r.ctx, operator, c.Name, id, c.Scopes, time.Duration(c.Days)*24*time.Hour)
	if err != nil {
		return err
	}
	return r.print(map[string]any{"number": number, "token": token}, func() {
		r.say("%s", token)
		r.say("Отозвать: kvit users revoke %d", number)
	})
}

type usersRevokeCmd struct {
	Number int64 `arg:"" name:"НОМЕР" help:"Номер ключа."`
}

func (c usersRevokeCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Access.RevokeToken(r.ctx, operator, c.Number); err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() { r.say("Ключ № %d отозван.", c.Number) })
}
