package settlement

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/qr"
	"kvit/internal/supplier"
)

// contractFile is a file of contracts (docs/formats/contracts.md).
type contractFile struct {
	Centre *struct {
		From        calendar.Date `yaml:"from"`
		Name        string        `yaml:"name"`
		INN         string        `yaml:"inn"`
		KPP         string        `yaml:"kpp"`
		Bank        string        `yaml:"bank"`
		BIC         string        `yaml:"bic"`
		CorrAccount string        `yaml:"corr_account"`
		Account     string        `yaml:"account"`
	} `yaml:"centre"`
	Contracts []contractEntry `yaml:"contracts"`
}

type contractEntry struct {
	Supplier string        `yaml:"supplier"`
	Number   string        `yaml:"number"`
	From     calendar.Date `yaml:"from"`
	Fee      struct {
		PaidBy    string `yaml:"paid_by"`
		rateEntry `yaml:",inline"`
		Channels  map[string]rateEntry `yaml:"channels"`
	} `yaml:"fee"`
	Hold struct {
		Days int     `yaml:"days"`
		Sum  roubles `yaml:"sum"`
	} `yaml:"hold"`
	Payout struct {
		Every     string  `yaml:"every"`
		On        int     `yaml:"on"`
		Threshold roubles `yaml:"threshold"`
	} `yaml:"payout"`
	VAT string `yaml:"vat"`
}

type rateEntry struct {
	Percent percent `yaml:"percent"`
	Min     roubles `yaml:"min"`
	Max     roubles `yaml:"max"`
}

func (r *rateEntry) rate() Rate {
	return Rate{Percent: int64(r.Percent), Min: money.Amount(r.Min), Max: money.Amount(r.Max)}
}

// roubles is a sum as people write it: 12.50.
type roubles money.Amount

// UnmarshalYAML reads the sum.
func (r *roubles) UnmarshalYAML(node *yaml.Node) error {
	sum, err := money.Parse(node.Value)
	if err != nil || sum < 0 {
		return fault.Newf(fault.Invalid, "contract.sum", "Строка %d: сумма %q. Ожидается, например, 12.50.", node.Line, node.Value)
	}
	*r = roubles(sum)
	return nil
}

// percent is hundredths of a percent, written as 1.5.
type percent int64

var percentForm = regexp.MustCompile(`^(\d{1,2})(?:[.,](\d{1,2}))?$`)

// UnmarshalYAML reads the percent.
func (p *percent) UnmarshalYAML(node *yaml.Node) error {
	m := percentForm.FindStringSubmatch(node.Value)
	if m == nil {
		return fault.Newf(fault.Invalid, "contract.percent", "Строка %d: процент %q. Ожидается от 0 до 99.99, например 1.5.", node.Line, node.Value)
	}
	n, err := strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
	*p = percent(n)
	return err
}

// ContractsLoaded counts what a load of contracts did.
type ContractsLoaded struct {
	Contracts int  `json:"contracts"`
	Centre    bool `json:"centre"`
}

// LoadContracts reads a YAML file of contracts and of the centre's own account. Nothing is stored unless all of it is
// right; wrong places are all named with their lines. Terms hold from their day on; days closed stay as they are.
func (m *Module) LoadContracts(ctx context.Context, actor string, r io.Reader) (res ContractsLoaded, err error) {
	body, err := io.ReadAll(io.LimitReader(r, contractFileMax))
	if err != nil {
		return res, err
	}
	f, lines, err := parseContracts(body)
	if err != nil {
		return res, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		res = ContractsLoaded{}
		for i := range f.Contracts {
			c, err := f.Contracts[i].contract(lines[i])
			if err != nil {
				return err
			}
			s, err := supplier.Find(ctx, tx, c.Supplier)
			if err != nil {
				return fault.Newf(fault.Invalid, "contract.supplier", "Строка %d: поставщика %q нет. Список: kvit suppliers list.", lines[i], c.Supplier).Because(err)
			}
			if err := insertContract(ctx, tx, s.ID, c.From.Date(), m.Now(), actor, c); err != nil {
				return err
			}
			res.Contracts++
		}
		if f.Centre != nil {
			if err := m.saveCentre(ctx, tx, f, actor); err != nil {
				return err
			}
			res.Centre = true
		}
		return audit.Record(ctx, tx, m.Now(), actor, "contracts.loaded", "contracts", res)
	})
	return res, err
}

// contractFileMax bounds a file of contracts.
const contractFileMax = 4 << 20

func (m *Module) saveCentre(ctx context.Context, tx *db.Tx, f *contractFile, actor string) error {
	p := Party{Name: f.Centre.Name, INN: f.Centre.INN, KPP: f.Centre.KPP, Bank: f.Centre.Bank, BIC: f.Centre.BIC, CorrAccount: f.Centre.CorrAccount, BankAccount: f.Centre.Account}
	switch {
	case p.Name == "":
		return fault.New(fault.Invalid, "contract.centre", "centre: нет названия центра (name).")
	case !qr.ValidINN(p.INN):
		return fault.Newf(fault.Invalid, "contract.centre", "centre: ИНН %q с ошибкой в контрольной цифре.", p.INN)
	case !qr.ValidBankAccount(p.BIC, p.BankAccount):
		return fault.Newf(fault.Invalid, "contract.centre", "centre: счёт %q не подходит к БИК %q.", p.BankAccount, p.BIC)
	}
	return insertContract(ctx, tx, 0, f.Centre.From, m.Now(), actor, p)
}

// parseContracts reads the file and gives the line of each contract.
func parseContracts(body []byte) (f *contractFile, lines []int, err error) {
	f = &contractFile{}
	dec := yaml.NewDecoder(strings.NewReader(string(body)))
	dec.KnownFields(true)
	if err := dec.Decode(f); err != nil {
		return nil, nil, placed(err)
	}
	var places struct {
		Contracts []yaml.Node `yaml:"contracts"`
	}
	if err := yaml.Unmarshal(body, &places); err != nil {
		return nil, nil, placed(err)
	}
	seen := map[string]int{}
	for i, n := range places.Contracts {
		lines = append(lines, n.Line)
		key := f.Contracts[i].Supplier + " " + f.Contracts[i].From.String()
		if first, twice := seen[key]; twice {
			return nil, nil, fault.Newf(fault.Invalid, "contract.twice", "Строки %d и %d: два договора одного поставщика с одного дня.", first, n.Line)
		}
		seen[key] = n.Line
	}
	if len(f.Contracts) == 0 && f.Centre == nil {
		return nil, nil, fault.New(fault.Invalid, "contract.empty", "В файле нет ни contracts, ни centre.")
	}
	return f, lines, nil
}

var (
	unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	wrongValue = regexp.MustCompile("line (\\d+): cannot unmarshal \\S+ `?([^`]*)`? into")
)

// placed says in words what a reader of YAML says of places.
func placed(err error) error {
	var own *fault.Error
	if errors.As(err, &own) {
		return own
	}
	var list *yaml.TypeError
	if !errors.As(err, &list) {
		return fault.New(fault.Invalid, "contract.yaml", "Файл договоров не разобран: это не YAML.").Because(err)
	}
	var says []string
	for _, e := range list.Errors {
		if m := unknownKey.FindStringSubmatch(e); m != nil {
			says = append(says, fmt.Sprintf("строка %s: ключа %s нет", m[1], m[2]))
		} else if m := wrongValue.FindStringSubmatch(e); m != nil {
			says = append(says, fmt.Sprintf("строка %s: значение %s сюда не подходит", m[1], m[2]))
		} else {
			says = append(says, e)
		}
	}
	return fault.Newf(fault.Invalid, "contract.yaml", "Файл договоров не разобран: %s.", strings.Join(says, "; ")).Because(err)
}

// contract checks the words and numbers of an entry that stands in a line.
func (e *contractEntry) contract(line int) (c Contract, err error) {
	wrong := func(field, format string, args ...any) {
		if err == nil {
			err = fault.Newf(fault.Invalid, "contract."+field, "Строка %d: "+format, append([]any{line}, args...)...)
		}
	}
	c = usual()
	c.Supplier, c.Number, c.From = e.Supplier, e.Number, calendar.DayText(e.From)
	c.Fee.Rate, c.Hold = e.Fee.rate(), Hold{Days: e.Hold.Days, Sum: money.Amount(e.Hold.Sum)}
	c.Payout.On, c.Payout.Threshold = e.Payout.On, money.Amount(e.Payout.Threshold)
	for name := range e.Fee.Channels {
		if c.Fee.Channels == nil {
			c.Fee.Channels = map[string]Rate{}
		}
		r := e.Fee.Channels[name]
		c.Fee.Channels[name] = r.rate()
	}
	if e.Fee.PaidBy != "" {
		c.Fee.PaidBy = e.Fee.PaidBy
	}
	if e.Payout.Every != "" {
		c.Payout.Every = e.Payout.Every
	}
	if e.VAT != "" {
		c.VAT = e.VAT
	}
	c.check(wrong)
	return c, err
}

func (c *Contract) check(wrong func(field, format string, args ...any)) {
	rates := map[string]Rate{"": c.Fee.Rate}
	for name, r := range c.Fee.Channels {
		rates[name] = r
	}
	for name, r := range rates {
		if r.Max > 0 && r.Min > r.Max {
			wrong("fee", "комиссия %s: min больше max.", name)
		}
	}
	const daysMax, vatMax = 60, 60
	switch {
	case c.Supplier == "":
		wrong("supplier", "не указан поставщик (supplier).")
	case c.From == 0:
		wrong("from", "не указано, с какого дня действует договор (from).")
	case c.Fee.PaidBy != BySupplier && c.Fee.PaidBy != ByPayer && c.Fee.PaidBy != ByNobody:
		wrong("paid_by", "комиссию платит %q, а бывает supplier, payer или nobody.", c.Fee.PaidBy)
	case c.Hold.Days < 0 || c.Hold.Days > daysMax:
		wrong("hold", "удержание %d дней, а бывает от 0 до %d.", c.Hold.Days, daysMax)
	case c.Payout.Every == EveryWeek && (c.Payout.On < 1 || c.Payout.On > 7):
		wrong("payout", "день недели %d, а бывает от 1 (понедельник) до 7.", c.Payout.On)
	case c.Payout.Every == EveryMonth && (c.Payout.On < 1 || c.Payout.On > 28):
		wrong("payout", "число месяца %d, а бывает от 1 до 28.", c.Payout.On)
	case c.Payout.Every != EveryDay && c.Payout.Every != EveryWeek && c.Payout.Every != EveryMonth:
		wrong("payout", "перечисление %q, а бывает day, week или month.", c.Payout.Every)
	case len([]rune(c.VAT)) > vatMax || strings.ContainsAny(c.VAT, "\r\n="):
		wrong("vat", "слова об НДС длиннее %d знаков или в несколько строк.", vatMax)
	}
}
