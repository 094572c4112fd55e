package main

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"time"

	"kvit/internal/app"
	"kvit/internal/payment/gateway/simulator"
)

// acquirerFlags say who takes online payments: one acquirer by flags, or several by a file.
type acquirerFlags struct {
	Acquirers      string `name:"acquirers" help:"Файл эквайеров, YAML: имя, вид, номер магазина, файл секрета, способы оплаты." env:"KVIT_ACQUIRERS" placeholder:"ФАЙЛ"`
	AcquirerKind   string `name:"acquirer-kind" help:"Вид эквайера: yookassa, tbank, raiffeisen, cloudpayments." env:"KVIT_ACQUIRER_KIND" default:"yookassa" enum:"yookassa,tbank,raiffeisen,cloudpayments"`
	AcquirerURL    string `name:"acquirer-url" help:"Адрес эквайера; без него – настоящий." env:"KVIT_ACQUIRER_URL" placeholder:"АДРЕС"`
	AcquirerID     string `name:"acquirer-id" help:"Номер магазина, терминала или получателя СБП." env:"KVIT_ACQUIRER_ID" placeholder:"НОМЕР"`
	AcquirerSecret string `name:"acquirer-secret" help:"Секрет эквайера; лучше через переменную." env:"KVIT_ACQUIRER_SECRET" placeholder:"ТЕКСТ"`
}

// acquirers reads what is set up; nothing is none.
func (c *acquirerFlags) acquirers() ([]app.Acquirer, error) {
	switch {
	case c.Acquirers != "":
		return app.ReadAcquirers(c.Acquirers)
	case c.AcquirerURL == "" && c.AcquirerID == "":
		return nil, nil
	}
	return []app.Acquirer{{Kind: c.AcquirerKind, URL: c.AcquirerURL, ID: c.AcquirerID, Secret: c.AcquirerSecret}}, nil
}

// acquirersFromEnv is what the variables set up, for commands without these flags.
func acquirersFromEnv() ([]app.Acquirer, error) {
	c := acquirerFlags{
		Acquirers: os.Getenv("KVIT_ACQUIRERS"), AcquirerKind: cmp.Or(os.Getenv("KVIT_ACQUIRER_KIND"), simulator.YooKassa), AcquirerURL: os.Getenv("KVIT_ACQUIRER_URL"),
		AcquirerID: os.Getenv("KVIT_ACQUIRER_ID"), AcquirerSecret: os.Getenv("KVIT_ACQUIRER_SECRET"),
	}
	return c.acquirers()
}

type simulateAcquirerCmd struct {
	Kind      string        `help:"Чей протокол: yookassa, tbank, raiffeisen, cloudpayments." default:"yookassa" enum:"yookassa,tbank,raiffeisen,cloudpayments"`
	Listen    string        `help:"Где слушать." default:"127.0.0.1:8089"`
	Mode      string        `help:"manual – решает плательщик; captured, declined, silent – всегда так." default:"manual" enum:"manual,captured,declined,silent"`
	ID        string        `help:"Номер магазина, терминала или получателя СБП." default:"simulator" env:"KVIT_ACQUIRER_ID" placeholder:"НОМЕР"`
	Secret    string        `help:"Общий секрет." default:"simulator" env:"KVIT_ACQUIRER_SECRET"`
	Callback  string        `help:"Куда слать уведомления." placeholder:"АДРЕС"`
	Delay     time.Duration `help:"Задержка уведомлений." placeholder:"СРОК"`
	Duplicate float64       `help:"Доля удвоенных уведомлений, 0–1." placeholder:"ЧИСЛО"`
	Shuffle   float64       `help:"Доля переставленных уведомлений, 0–1." placeholder:"ЧИСЛО"`
	Lose      float64       `help:"Доля потерянных уведомлений, 0–1." placeholder:"ЧИСЛО"`
	Fail      float64       `help:"Доля вызовов с ошибкой 500, половина из них выполнена, 0–1." placeholder:"ЧИСЛО"`
	Links     string        `help:"Куда ведут ссылки СБП; без него – на страницу этого банка." placeholder:"АДРЕС"`
	Seed      uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateAcquirerCmd) Run(r *run) error {
	s := simulator.New(simulator.Options{Kind: c.Kind, Mode: c.Mode, ID: c.ID, Secret: c.Secret, Fail: c.Fail, Links: c.Links, Callback: c.Callback, Delay: c.Delay, Duplicate: c.Duplicate, Shuffle: c.Shuffle, Lose: c.Lose, Seed: c.Seed})
	return serveSimulator(r, c.Listen, func(base string) http.Handler {
		s.SetBase(base)
		return s.Handler()
	})
}

// simulatorWait is how long the child may take to answer.
const simulatorWait = 10 * time.Second

// startSimulator starts the acquirer's simulator as a process of its own on loopback and points the settings at it.
func startSimulator(ctx context.Context, s *app.Settings, mode string) (stop func(), err error) {
	const secret = "simulator" // and the number of the shop
	base, stop, err := startChild(ctx, "Учебный эквайер не ответил.", "simulate", "acquirer", "--listen", "127.0.0.1:0", "--mode", mode, "--secret", secret)
	if err != nil {
		return nil, err
	}
	s.Acquirers = []app.Acquirer{{Kind: simulator.YooKassa, URL: base, ID: secret, Secret: secret}}
	return stop, nil
}
