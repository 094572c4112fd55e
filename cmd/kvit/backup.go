package main

import (
	"os"
	"path/filepath"
	"strconv"
	"time"

	"kvit/internal/app"
	"kvit/internal/backup"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway/simulator"
)

// backupFlags say where copies go.
type backupFlags struct {
	BackupTo   string `name:"backup-to" help:"Папка копий, лучше на диске другой машины; без неё сервер копий не делает." env:"KVIT_BACKUP" placeholder:"ПАПКА"`
	BackupKey  string `name:"backup-key" help:"Открытый ключ копий, age1…; новый: kvit backup key." env:"KVIT_BACKUP_KEY" placeholder:"КЛЮЧ"`
	BackupDays int    `name:"backup-days" help:"Сколько дней хранить копии: к любому моменту этих дней можно вернуться; 0 – всегда." env:"KVIT_BACKUP_DAYS" default:"35" placeholder:"ДНЕЙ"`
}

func (f *backupFlags) backup() app.Backup {
	return app.Backup{Dir: f.BackupTo, Public: f.BackupKey, Keep: time.Duration(f.BackupDays) * 24 * time.Hour}
}

// folder is the folder of copies, which has to be named.
func (f *backupFlags) folder() (string, error) {
	if f.BackupTo == "" {
		return "", fault.New(fault.Invalid, wrongArgument, "Укажите папку копий: --backup-to или KVIT_BACKUP.")
	}
	return f.BackupTo, nil
}

type backupCmd struct {
	Make  backupMakeCmd  `cmd:"" default:"withargs" help:"Снять целую копию: базу и файлы."`
	List  backupListCmd  `cmd:"" help:"Какие копии есть и к каким моментам по ним можно вернуться."`
	Check backupCheckCmd `cmd:"" help:"Прочитать все копии и сравнить отпечатки; с ключом – открыть."`
	Prune backupPruneCmd `cmd:"" help:"Убрать копии старше срока; последняя целая остаётся."`
	Key   backupKeyCmd   `cmd:"" help:"Новая пара ключей: открытый печатается, секретный пишется в файл."`
}

type backupMakeCmd struct{ backupFlags }

// copyShown is the JSON of a chain of copies.
type copyShown struct {
	backup.Copy
	First string `json:"first"` // moments that can be returned to: from here
	Last  string `json:"last"`  // up to here
}

func shownCopy(a func(calendar.Micros) string, c *backup.Copy) copyShown {
	const second = 1_000_000 // shown to the second: the first is rounded up, so that what is shown can be asked for
	return copyShown{*c, a((c.First + second - 1) / second * second), a(c.Last)}
}

func (c backupMakeCmd) Run(r *run) error {
	if _, err := c.folder(); err != nil {
		return err
	}
	settings := r.settings()
	settings.Backup = c.backup()
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	stop := r.busy()
	made, err := a.MakeCopy(r.ctx)
	stop()
	if err != nil {
		return err
	}
	x := shownCopy(a.Stamp, made)
	return r.print(x, func() {
		r.say("Копия %s снята и прочитана обратно: %d МБ, файлов %d. Данные на %s.", x.ID, x.Stored>>20, x.Files, x.Last)
	})
}

type backupListCmd struct{ backupFlags }

func (c backupListCmd) Run(r *run) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	s, err := backup.Open(dir, "")
	if err != nil {
		return err
	}
	list, cut, err := s.List()
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return invalid("--zone", r.Zone, "Europe/Moscow", err)
	}
	shown := make([]copyShown, len(list))
	for i := range list {
		shown[i] = shownCopy(stampIn(zone), &list[i])
	}
	return r.print(map[string]any{"copies": shown, "cut": cut}, func() {
		if len(shown) == 0 {
			r.say("Ни одной целой копии нет.")
		}
		for i := range shown {
			x := &shown[i]
			r.say("%s  %s  целых %d, изменений %d, файлов %d, %d МБ; можно вернуться к моменту с %s по %s", x.ID, x.Database, x.Whole, x.Changes, x.Files, x.Stored>>20, x.First, x.Last)
		}
		if cut > 0 {
			r.say("Оборванных копий %d: вернуться по ним нельзя, kvit backup prune их уберёт.", cut)
		}
	})
}

// stampIn writes moments in a zone.
func stampIn(zone *time.Location) func(calendar.Micros) string {
	return func(at calendar.Micros) string {
		if at == 0 {
			return ""
		}
		return at.Time().In(zone).Format(time.RFC3339)
	}
}

type backupCheckCmd struct {
	backupFlags
	Key string `help:"Файл секретного ключа: тогда копии и открываются." placeholder:"ФАЙЛ"`
}

func (c backupCheckCmd) Run(r *run) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	s, err := backup.Open(dir, c.Key)
	if err != nil {
		return err
	}
	found, err := s.Check(r.ctx, r.progress())
	if err != nil {
		return err
	}
	err = r.print(found, func() {
		for _, w := range found.Wrong {
			r.say("%s", r.lang().Said(w))
		}
		if found.OK {
			r.say("Копии целы: цепочек %d, частей %d, файлов %d.", found.Chains, found.Pieces, found.Files)
		}
		if !found.Opened {
			r.say("Сверены отпечатки. Чтобы проверить, что копии открываются, укажите секретный ключ: --key.")
		}
	})
	if err == nil && !found.OK {
		return statusError(exitFindings)
	}
	return err
}

type backupPruneCmd struct{ backupFlags }

func (c backupPruneCmd) Run(r *run) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if c.BackupDays <= 0 {
		return fault.New(fault.Invalid, wrongArgument, "Укажите, сколько дней хранить копии: --backup-days 35.")
	}
	s, err := backup.Open(dir, "")
	if err != nil {
		return err
	}
	gone, err := s.Prune(r.ctx, calendar.MicrosOf(time.Now().AddDate(0, 0, -c.BackupDays)))
	if err != nil {
		return err
	}
	return r.print(gone, func() {
		r.say("Убрано: цепочек %d, частей %d, файлов %d, всего %d МБ.", gone.Chains, gone.Pieces, gone.Files, gone.Freed>>20)
	})
}

type backupKeyCmd struct {
	Out string `required:"" help:"Файл для секретного ключа. Храните его отдельно от данных и от копий." placeholder:"ФАЙЛ"`
}

func (c backupKeyCmd) Run(r *run) error {
	public, secret, err := backup.NewKey()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", c.Out).Because(err)
	}
	if _, err := f.WriteString("# public key: " + public + "\n" + secret + "\n"); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return r.print(map[string]string{"public": public, "secretFile": c.Out}, func() {
		r.say("Секретный ключ записан в %s. Без него копии не открыть: уберите его с этой машины.", c.Out)
		r.say("Открытый ключ для KVIT_BACKUP_KEY:\n%s", public)
	})
}

type drillCmd struct {
	Households int           `help:"Сколько семей в придуманном городе." default:"200"`
	Seed       int64         `help:"Зерно города." default:"1"`
	Load       time.Duration `help:"Сколько идут платежи до потери." default:"30s"`
	Pause      time.Duration `help:"Пауза между копиями." default:"10s"`
	Work       string        `help:"Пустая папка для учений; без неё временная." placeholder:"ПАПКА"`
}

func (c drillCmd) Run(r *run) error {
	dir, err := os.MkdirTemp(c.Work, "kvit-drill-")
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Папка %s не создаётся. Проверьте путь и права.", filepath.Join(c.Work, "kvit-drill-…")).Because(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as another user
		return err
	}
	settings := r.settings()
	stop, err := startSimulator(r.ctx, &settings, simulator.Captured)
	if err != nil {
		return err
	}
	defer stop()
	rep, err := app.Drill(r.ctx, settings, app.DrillOptions{Dir: dir, Households: c.Households, Seed: c.Seed, Load: c.Load, Pause: c.Pause, Progress: r.progress()})
	if err != nil {
		return err
	}
	err = r.print(rep, func() { sayDrill(r, rep) })
	if err == nil && !rep.OK {
		return statusError(exitFindings)
	}
	return err
}

func sayDrill(r *run, rep *app.DrillReport) {
	r.say("Платежей до потери: %d. В возвращённых данных %d, найдено у эквайера %d, потеряно %d.", rep.Payments, rep.Kept, rep.Found, rep.Lost)
	r.say("Потеряно времени (RPO) %s с, возврат с проверкой (RTO) %s с, копии заняли %d МБ.", tenths(rep.RPO), tenths(rep.RTO), rep.CopiesBytes>>20)
	for _, w := range rep.Findings {
		r.say("Не так: %s", r.lang().Said(w))
	}
	if rep.OK {
		r.say("Учения прошли: отпечаток прежнего момента совпал, инварианты верны, номера не повторятся, перечисления ждут сверки.")
	}
}

func tenths(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 1, 64) }
