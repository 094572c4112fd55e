package main

import (
	"context"
	"net/http"

	"kvit/internal/app"
	"kvit/internal/fault"
	"kvit/internal/person/esia/simulator"
)

// esiaFlags are how the installation is known to Госуслуги.
type esiaFlags struct {
	ESIAURL         string `name:"esia-url" help:"Адрес ЕСИА (Госуслуг); без него через Госуслуги не входят." env:"KVIT_ESIA_URL" placeholder:"АДРЕС"`
	ESIAClient      string `name:"esia-client" help:"Мнемоника системы в ЕСИА." env:"KVIT_ESIA_CLIENT" placeholder:"ИМЯ"`
	ESIASigner      string `name:"esia-signer" help:"Кто подписывает для ЕСИА и проверяет её подписи: программа или адрес службы." env:"KVIT_ESIA_SIGNER" placeholder:"ПУТЬ"`
	ESIACertificate string `name:"esia-certificate" help:"Сертификат ЕСИА с ключом RSA, PEM; без него проверяет тот, кто подписывает." env:"KVIT_ESIA_CERTIFICATE" placeholder:"ФАЙЛ"`
	ESIAHash        string `name:"esia-certificate-hash" help:"Хеш своего сертификата, как его выдаёт утилита ЕСИА." env:"KVIT_ESIA_CERTIFICATE_HASH" placeholder:"ТЕКСТ"`
}

func (c *esiaFlags) esia() app.ESIA {
	return app.ESIA{URL: c.ESIAURL, ClientID: c.ESIAClient, Signer: c.ESIASigner, Certificate: c.ESIACertificate, CertificateHash: c.ESIAHash}
}

// esiaClient is what the simulator knows an installation by unless told otherwise.
const esiaClient = "KVIT"

type simulateESIACmd struct {
	Listen string   `help:"Где слушать." default:"127.0.0.1:8096"`
	Client string   `help:"Мнемоника системы." default:"KVIT" env:"KVIT_ESIA_CLIENT" placeholder:"ИМЯ"`
	Quirks []string `help:"Странности через запятую: skew, text, noid, foreign, forged, expired, down." placeholder:"СПИСОК"`
}

func (c simulateESIACmd) Run(r *run) error {
	s, err := simulator.New(simulator.Options{ClientID: c.Client, Quirks: c.Quirks})
	if err != nil {
		return fault.Newf(fault.Invalid, "esia.quirk", "Такой странности нет: %s.", err.Error())
	}
	return serveSimulator(r, c.Listen, func(string) http.Handler { return s.Handler() })
}

// startESIA starts the Госуслуги of the demo and points the settings at them.
func startESIA(ctx context.Context, s *app.Settings) error {
	stand, err := simulator.New(simulator.Options{ClientID: esiaClient})
	if err != nil {
		return err
	}
	l, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		l.Close()
	}()
	go http.Serve(l, stand.Handler()) //nolint:errcheck,gosec // it ends with the demo
	base := "http://" + l.Addr().String()
	s.ESIA = app.ESIA{URL: base, ClientID: esiaClient, Signer: base + "/signer"}
	return nil
}

func init() {
	examples["simulate esia"] = []example{{"kvit simulate esia --quirks skew,text", "Госуслуги, часы которых спешат на минуту, а числа приходят строками."}}
}
