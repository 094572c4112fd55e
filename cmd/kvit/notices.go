package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/notice/mail"
	"kvit/internal/notice/simulator"
	"kvit/internal/notice/sms"
	"kvit/internal/portal"
)

// noticeFlags say by which ways people are told things.
type noticeFlags struct {
	SMSProfile   string   `name:"sms-profile" help:"SMS-шлюз: smsc, smsru или файл профиля .yaml; без него SMS не отправляются." env:"KVIT_SMS_PROFILE" placeholder:"ПРОФИЛЬ"`
	SMSURL       string   `name:"sms-url" help:"Адрес SMS-шлюза; без него – из профиля." env:"KVIT_SMS_URL" placeholder:"АДРЕС"`
	SMSLogin     string   `name:"sms-login" help:"Имя у SMS-шлюза." env:"KVIT_SMS_LOGIN" placeholder:"ИМЯ"`
	SMSPassword  string   `name:"sms-password" help:"Пароль или ключ SMS-шлюза; лучше через переменную." env:"KVIT_SMS_PASSWORD" placeholder:"ТЕКСТ"`
	SMSSender    string   `name:"sms-sender" help:"Имя отправителя, согласованное со шлюзом." env:"KVIT_SMS_SENDER" placeholder:"ИМЯ"`
	MailURL      string   `name:"mail-url" help:"Почтовый сервер: smtp://имя:пароль@узел:587; без него писем нет." env:"KVIT_MAIL_URL" placeholder:"АДРЕС"`
	MailFrom     string   `name:"mail-from" help:"Адрес отправителя писем." env:"KVIT_MAIL_FROM" placeholder:"АДРЕС"`
	MailCA       string   `name:"mail-ca" help:"Сертификаты, которыми подписан почтовый сервер, PEM; без него – системные." env:"KVIT_MAIL_CA" placeholder:"ФАЙЛ"`
	MailDKIM     string   `name:"mail-dkim" help:"Ключ DKIM, PEM; без него письма не подписываются." env:"KVIT_MAIL_DKIM" placeholder:"ФАЙЛ"`
	MailSelector string   `name:"mail-selector" help:"Селектор ключа DKIM." env:"KVIT_MAIL_SELECTOR" placeholder:"ИМЯ"`
	PushHosts    []string `name:"push-hosts" help:"Службы уведомлений сверх известных браузерных: узел:порт." env:"KVIT_PUSH_HOSTS" placeholder:"УЗЛЫ"`
}

// messaging is what the flags set up, in the name of the centre.
func (c *noticeFlags) messaging(centre string) app.Messaging {
	return app.Messaging{
		SMS:         sms.Access{Profile: c.SMSProfile, URL: c.SMSURL, Login: c.SMSLogin, Password: c.SMSPassword, Sender: c.SMSSender},
		Mail:        mail.Server{URL: c.MailURL, From: c.MailFrom, Name: centre, CA: c.MailCA, DKIMKey: c.MailDKIM, Selector: c.MailSelector},
		PushContact: c.MailFrom, PushHosts: c.PushHosts,
	}
}

// temperFlags are the faults of a simulator of messages.
type temperFlags struct {
	Slow        time.Duration `help:"Задержка каждого ответа." placeholder:"СРОК"`
	Late        time.Duration `help:"Через сколько сообщение доставлено." placeholder:"СРОК"`
	Fail        float64       `help:"Доля ответов с ошибкой сервера, 0–1." placeholder:"ЧИСЛО"`
	Refuse      float64       `help:"Доля отказов навсегда, 0–1." placeholder:"ЧИСЛО"`
	Busy        float64       `help:"Доля отказов «слишком часто», 0–1." placeholder:"ЧИСЛО"`
	Lose        float64       `help:"Доля принятых сообщений, ответ о которых потерян, 0–1." placeholder:"ЧИСЛО"`
	Undelivered float64       `help:"Доля сообщений, которые не дойдут, 0–1." placeholder:"ЧИСЛО"`
	Silent      float64       `help:"Доля уведомлений о доставке, которые не придут, 0–1." placeholder:"ЧИСЛО"`
	Seed        uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c temperFlags) options() simulator.Options {
	return simulator.Options{Slow: c.Slow, Late: c.Late, Fail: c.Fail, Refuse: c.Refuse, Busy: c.Busy, Lose: c.Lose, Undelivered: c.Undelivered, Silent: c.Silent, Seed: c.Seed}
}

type simulateSMSCmd struct {
	Listen   string `help:"Где слушать." default:"127.0.0.1:8093"`
	Login    string `help:"Имя для входа." default:"kvit"`
	Password string `help:"Пароль или ключ." default:"simulator" env:"KVIT_SMS_PASSWORD"`
	Callback string `help:"Куда сообщать о доставке." placeholder:"АДРЕС"`
	temperFlags
}

func (c simulateSMSCmd) Run(r *run) error {
	o := c.options()
	o.Login, o.Password, o.Callback = c.Login, c.Password, c.Callback
	return serveSimulator(r, c.Listen, func(string) http.Handler { return simulator.NewGateway(o).Handler() })
}

type simulateMailCmd struct {
	Listen string `help:"Где слушать SMTP." default:"127.0.0.1:8025"`
	Shown  string `help:"Где показывать принятые письма по HTTP; без него – нигде." placeholder:"АДРЕС"`
	temperFlags
}

func (c simulateMailCmd) Run(r *run) error {
	post := simulator.NewPost(c.options(), nil)
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	go func() {
		<-r.ctx.Done()
		post.Close() //nolint:errcheck // the program ends
	}()
	if c.Shown == "" {
		r.say("smtp://%s", l.Addr())
		return ended(r.ctx, post.Serve(l))
	}
	go post.Serve(l) //nolint:errcheck // it ends with the program
	r.say("smtp://%s", l.Addr())
	return serveSimulator(r, c.Shown, func(string) http.Handler { return post.Shown() })
}

// ended drops the error of a server that was told to end.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

type simulatePushCmd struct {
	Listen string `help:"Где слушать." default:"127.0.0.1:8094"`
	temperFlags
}

func (c simulatePushCmd) Run(r *run) error {
	return serveSimulator(r, c.Listen, func(base string) http.Handler { return simulator.NewService(c.options(), base).Handler() })
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "listen", "Адрес %s занят или недоступен.", address).Because(err)
	}
	return l, nil
}

// telephone is what the demo's people have in their hands: a gateway, a mail server and a push service on loopback.
type telephone struct {
	gateway *simulator.Gateway
	post    *simulator.Post
	service *simulator.Service
	address string // of the gateway's page
}

// demoLate is how long a text of the demo is on its way.
const demoLate = 2 * time.Second

// startTelephone starts the simulators of the demo and points the settings at them.
func startTelephone(ctx context.Context, s *app.Settings) (*telephone, error) {
	const name, secret = "kvit", "simulator"
	var doors [3]net.Listener
	for i := range doors {
		l, err := listen("127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		doors[i] = l
		go func() {
			<-ctx.Done()
			l.Close()
		}()
	}
	t := &telephone{
		gateway: simulator.NewGateway(simulator.Options{Login: name, Password: secret, Late: demoLate}), post: simulator.NewPost(simulator.Options{}, nil),
		service: simulator.NewService(simulator.Options{}, "http://"+doors[2].Addr().String()),
	}
	t.address = "http://" + doors[0].Addr().String()
	go http.Serve(doors[0], t.gateway.Handler()) //nolint:errcheck,gosec // it ends with the demo
	go t.post.Serve(doors[1])                    //nolint:errcheck // it ends with the demo
	go http.Serve(doors[2], t.service.Handler()) //nolint:errcheck,gosec // it ends with the demo
	s.Messaging = app.Messaging{
		SMS:       sms.Access{Profile: "smsc", URL: "http://" + doors[0].Addr().String(), Login: name, Password: secret, Sender: "KVIT"},
		Mail:      mail.Server{URL: "smtp://" + doors[1].Addr().String(), From: "kvit@centre.example", Name: s.Centre.Name},
		PushHosts: []string{doors[2].Addr().String()},
	}
	return t, nil
}

// got is everything that was received, in no order.
func (t *telephone) got() (list []portal.PhoneMessage) {
	for _, part := range [][]simulator.Got{t.gateway.Got(), t.post.Got(), t.service.Got()} {
		for _, g := range part {
			list = append(list, portal.PhoneMessage{Kind: g.Kind, To: g.To, Subject: g.Subject, Text: g.Text, At: calendar.MicrosOf(g.At)})
		}
	}
	return list
}

func init() {
	examples["simulate sms"] = []example{{"kvit simulate sms --late 5s --lose 0.1 --callback http://127.0.0.1:8080/hooks/sms", "Шлюз, который теряет каждый десятый ответ и сообщает о доставке через 5 секунд."}}
	examples["simulate mail"] = []example{{"kvit simulate mail --shown 127.0.0.1:8095 --busy 0.2", "Почтовый сервер, который каждое пятое письмо просит прислать позже; письма видны на http://127.0.0.1:8095/got."}}
	examples["simulate push"] = []example{{"kvit simulate push --refuse 0.1", "Служба уведомлений, у которой каждый десятый браузер уже отписался."}}
}
