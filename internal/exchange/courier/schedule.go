package courier

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/event"
	"kvit/internal/exchange/register"
	"kvit/internal/exchange/remote"
	"kvit/internal/fault"
)

// What a file may be of: groups of kinds of events, and the balance of accounts as it is at the hour.
const (
	WhatPayments = "payments"
	WhatReadings = "readings"
	WhatChanges  = "changes"
	WhatBills    = "bills"
	WhatCharges  = "charges"
	WhatBalance  = "balance"
)

// kindsOf are the kinds of events of each group.
var kindsOf = map[string][]event.Kind{
	WhatPayments: {event.KindPayment, event.KindRefund},
	WhatReadings: {event.KindReading},
	WhatChanges:  {event.KindResidents, event.KindOwnership, event.KindArea, event.KindMeter, event.KindAccountOpened, event.KindAccountMoved, event.KindAccountClosed, event.KindConflictDecided},
	WhatBills:    {event.KindBillPublished, event.KindBillWithdrawn},
	WhatCharges:  {event.KindCharge},
	WhatBalance:  nil,
}

// Schedule is one exchange with a supplier: what goes to him at his hours, where to, and what comes back.
type Schedule struct {
	Supplier string `json:"supplier"`
	Code     string `json:"code"`           // of the exchange, the supplier's own
	What     string `json:"what,omitempty"` // nothing: files are only taken
	From     Day    `json:"from,omitempty"`
	Until    Day    `json:"until,omitempty"`
	Days     Words  `json:"days,omitempty"` // mon … sun, 1 … 31, last; none is every day
	Hours    Words  `json:"hours,omitempty"`
	Zone     string `json:"zone,omitempty"`
	remote.Target
	Layout *register.Layout `json:"layout,omitempty"`
	Empty  bool             `json:"empty,omitempty"` // a file is sent although there is nothing to tell
	Answer *Answer          `json:"answer,omitempty"`
	Take   *Take            `json:"take,omitempty"`

	zone  *time.Location
	hours []time.Duration
}

// Day is a date as a file of schedules writes it: 2026-11-01.
type Day calendar.Date

// MarshalJSON writes the day as files do.
func (d Day) MarshalJSON() ([]byte, error) {
	if d == 0 {
		return []byte(`""`), nil
	}
	return json.Marshal(calendar.Date(d).String())
}

// UnmarshalJSON reads a day; YAML makes a moment of it.
func (d *Day) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil || s == "" {
		return err
	}
	day, err := calendar.ParseDate(s[:min(len(s), len("2026-11-01"))])
	*d = Day(day)
	return err
}

// Words is a list of words; numbers are words too, and one stands for a list.
type Words []string

// UnmarshalJSON reads a list or one word.
func (w *Words) UnmarshalJSON(raw []byte) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	*w = nil
	for _, x := range list {
		*w = append(*w, fmt.Sprint(x))
	}
	return nil
}

// Answer says how the supplier tells what he took: files in a folder under that of the exchange, or beside it.
type Answer struct {
	Folder   string           `json:"folder,omitempty"`
	Accepted []string         `json:"accepted,omitempty"` // what his column status says of a row taken
	Profile  register.Profile `json:"profile"`
}

// Take says which of the supplier's files are taken in as registers.
type Take struct {
	Folder string `json:"folder,omitempty"`
	Mask   string `json:"file_mask,omitempty"` // regular expression; none is every file
	Remove bool   `json:"remove,omitempty"`    // once it was taken
}

// usualAccepted are the words of a row taken, unless the supplier has others.
var usualAccepted = []string{"0", "00", "ok", "ок", "да", "yes", "принято", "принят", "принята", "успешно", "проведено", "исполнено", "accepted", "success"}

const everyExchange = "Обмен %s поставщика %s"

// Parse reads schedules: YAML or JSON, a list or one. All of them are checked.
func Parse(r io.Reader) ([]Schedule, error) {
	text, err := io.ReadAll(io.LimitReader(r, scheduleMax))
	if err != nil {
		return nil, fmt.Errorf("schedule of exchange: %w", err)
	}
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fault.New(fault.Invalid, "courier.yaml", "Файл не разобран как YAML. Проверьте отступы и кавычки.").Because(err)
	}
	if _, list := doc.([]any); !list {
		doc = []any{doc}
	}
	plain, err := json.Marshal(doc)
	if err != nil {
		return nil, fault.New(fault.Invalid, "courier.yaml", "Файл не разобран как YAML. Проверьте отступы и кавычки.").Because(err)
	}
	var list []Schedule
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fault.Newf(fault.Invalid, "courier.keys", "Расписание обмена не разобрано: %s. Ключи – в docs/formats/exchange.md.", err).Because(err)
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, fault.As(err).Within(fmt.Sprintf(everyExchange, list[i].Code, list[i].Supplier))
		}
	}
	return list, nil
}

// scheduleMax is the most bytes a file of schedules has.
const scheduleMax = 1 << 20

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

func wrong(field, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, "courier."+field, format, args...).WithField(field)
}

func (s *Schedule) check() error {
	switch {
	case s.Supplier == "":
		return wrong("supplier", "Не сказано, чей это обмен: добавьте supplier.")
	case !codeForm.MatchString(s.Code):
		return wrong("code", "Имя обмена code: до 32 латинских букв, цифр, «-» и «_», например payments.")
	case s.What == "" && s.Take == nil:
		return wrong("what", "Обмен ничего не передаёт и не забирает: добавьте what или take.")
	case s.Until != 0 && s.Until < s.From:
		return wrong("until", "Обмен кончается раньше, чем начинается.")
	}
	if _, known := kindsOf[s.What]; !known && s.What != "" {
		return wrong("what", "Что передавать, what: payments, readings, changes, bills, charges или balance.")
	}
	if err := s.Target.Check(); err != nil {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
	if s.Take != nil {
		if _, err := regexp.Compile(s.Take.Mask); err != nil {
			return wrong("file_mask", "file_mask: ожидается регулярное выражение.")
		}
	}
	if s.Layout != nil {
		p := register.Profile{Kind: register.KindNDJSON, Paths: map[string]register.Source{"amount": register.Named("amount")}, PaymentsOut: s.Layout}
		if err := p.Validate(); err != nil {
			return err
		}
	}
	if s.Answer == nil {
		return nil
	}
	return s.Answer.check()
}

func (a *Answer) check() error {
	if err := a.Profile.Validate(); err != nil {
		return err
	}
	if !a.Profile.Has("status") {
		return wrong("answer", "В ответах поставщика нужна колонка status: принята строка или нет.")
	}
	if !slices.ContainsFunc([]string{"event", "operation", "row"}, a.Profile.Has) {
		return wrong("answer", "В ответах поставщика нужна колонка, по которой узнают строку: event, operation или row.")
	}
	if !a.Profile.Has("event") && !a.Profile.Has("operation") && !a.Profile.Has("file") && !fileGroup.MatchString(a.Profile.FileMask) {
		return wrong("answer", "Номер строки ничего не значит, пока не сказано, о каком он файле: добавьте колонку file или группу name либо number в file_mask.")
	}
	return nil
}

// fileGroup finds the groups of a mask that name a file of ours.
var fileGroup = regexp.MustCompile(`\(\?P?<(name|number)>`)

// accepted tells whether a status says that a row was taken.
func (a *Answer) accepted(status string) bool {
	words := a.Accepted
	if len(words) == 0 {
		words = usualAccepted
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, strings.TrimSpace(status)) })
}

// prepare reads what is written as words.
func (s *Schedule) prepare() (err error) {
	name := s.Zone
	if name == "" {
		name = "Europe/Moscow"
	}
	if s.zone, err = time.LoadLocation(name); err != nil {
		return wrong("zone", "Часового пояса %q нет. Пример: Asia/Omsk.", s.Zone).Because(err)
	}
	if s.What != "" && len(s.Hours) == 0 {
		return wrong("hours", "Не сказано, в котором часу: hours: [\"06:00\"].")
	}
	s.hours = nil
	for _, h := range s.Hours {
		t, err := time.Parse("15:04", h)
		if err != nil {
			return wrong("hours", "Час %q не разобран. Пример: \"06:00\".", h).Because(err)
		}
		s.hours = append(s.hours, time.Duration(t.Hour())*time.Hour+time.Duration(t.Minute())*time.Minute)
	}
	slices.Sort(s.hours)
	for _, d := range s.Days {
		if !knownDay(d) {
			return wrong("days", "День %q не разобран: mon, tue, wed, thu, fri, sat, sun, число месяца 1–31 или last.", d)
		}
	}
	return nil
}
