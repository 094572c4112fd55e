package main

import (
	"kvit/internal/tariff"
)

type catalogCmd struct {
	Load   catalogLoadCmd   `cmd:"" help:"Загрузить файлы каталога, YAML или CSV: все или ни одного."`
	Export catalogExportCmd `cmd:"" help:"Записать действующий каталог."`
	Check  catalogCheckCmd  `cmd:"" help:"Проверить файлы поверх действующего каталога, без файлов – его самого."`
}

type catalogLoadCmd struct {
	Files []string `arg:"" help:"Файлы. Строки следующего заменяют строки предыдущего с тем же ключом и первым днём." type:"existingfile"`
}

func (c catalogLoadCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.LoadCatalog(r.ctx, operator.String(), c.Files)
	if err != nil {
		return err
	}
	return r.judged(report, "Каталог не загружен: исправьте файлы и повторите.", "Каталог загружен.")
}

type catalogCheckCmd struct {
	Files []string `arg:"" optional:"" help:"Файлы каталога." type:"existingfile"`
}

func (c catalogCheckCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.CheckCatalog(r.ctx, c.Files)
	if err != nil {
		return err
	}
	return r.judged(report, "Каталог не пройдёт: исправьте файлы.", "Замечаний нет.")
}

// judged prints a report of the catalogue; faults end the command with findings.
func (r *run) judged(report *tariff.Report, bad, good string) error {
	if err := r.print(report, func() { r.sayCatalog(report, bad, good) }); err != nil {
		return err
	}
	if !report.OK {
		return statusError(exitFindings)
	}
	return nil
}

func (r *run) sayCatalog(report *tariff.Report, bad, good string) {
	for _, f := range report.Files {
		state := "новый"
		if f.Known {
			state = "уже был"
		}
		r.say("%-36s строк %5d, %s", f.File, f.Rows, r.lang().Word(state))
	}
	for _, n := range report.Notices {
		r.say("к сведению: %s", n)
	}
	for _, f := range report.Faults {
		r.say("%s, строка %d: %s [%s]", f.Place.File, f.Place.Pos, r.lang().Fault(f), f.Code)
	}
	r.sayMarks(report.Marks)
	if report.OK {
		r.say("%s Строк во всём каталоге: %d.", r.lang().Word(good), report.Rows)
	} else {
		r.say("%s Замечаний: %d.", r.lang().Word(bad), len(report.Faults))
	}
}

// sayMarks warns of figures that are no law.
func (r *run) sayMarks(marks []tariff.Mark) {
	if len(marks) == 0 {
		return
	}
	r.say("ВНИМАНИЕ! В каталоге есть числа, которые нельзя принимать за утверждённые:")
	for _, m := range marks {
		r.say("  %-16s строк %4d: %s (%s)", m.Table, m.Rows, r.lang().Word(markWord(m.Status)), m.Status)
	}
}

func markWord(s tariff.Status) string {
	return map[tariff.Status]string{
		tariff.StandIn: "числа другого региона", tariff.Plausible: "придуманы, чтобы дополнить ряд", tariff.Invented: "придуманы",
		tariff.Unconfirmed: "по памяти, с текстом закона не сверены",
	}[s]
}

type catalogExportCmd struct {
	Format string `help:"yaml – один файл, csv – папка с файлом на таблицу." default:"yaml" enum:"yaml,csv"`
	Out    string `required:"" help:"Файл YAML или папка для CSV." placeholder:"ПУТЬ"`
	At     string `help:"Каким каталог был известен: 2026-11-23 или 2026-11-23T18:00:00+03:00." placeholder:"ВРЕМЯ"`
}

func (c catalogExportCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	at, err := parseMoment(c.At, a.Zone)
	if err != nil {
		return err
	}
	e, err := a.ExportCatalog(r.ctx, c.Format, c.Out, at)
	if err != nil {
		return err
	}
	return r.print(e, func() {
		r.sayMarks(e.Marks)
		r.say("Каталог записан: строк %d, файлов %d: %s", e.Rows, len(e.Files), c.Out)
	})
}
