package main

import (
	"os"
	"runtime/debug"

	"kvit/internal/app"
	"kvit/internal/bill"
	"kvit/internal/bot"
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment/gateway/simulator"
)

// centreFlags are what pages and paper say of the settlement centre.
type centreFlags struct {
	CentreName  string `help:"Название расчётного центра." default:"Расчётный центр" env:"KVIT_CENTRE_NAME" placeholder:"ТЕКСТ"`
	CentrePhone string `help:"Телефон для жителей." default:"8 800 000-00-00" env:"KVIT_CENTRE_PHONE" placeholder:"НОМЕР"`
	CentreHours string `help:"Часы работы." default:"ежедневно 8:00–20:00" env:"KVIT_CENTRE_HOURS" placeholder:"ТЕКСТ"`
}

func (c *centreFlags) centre() bill.Centre {
	return bill.Centre{Name: c.CentreName, Phone: c.CentrePhone, Hours: c.CentreHours}
}

type serveCmd struct {
	Listen  string `help:"Адрес и порт." default:"127.0.0.1:8080" env:"KVIT_LISTEN"`
	BaseURL string `name:"base-url" help:"Адрес страниц, каким его видят люди: https://…" env:"KVIT_BASE_URL" placeholder:"АДРЕС"`
	acquirerFlags
	TrustedProxies []string `name:"trusted-proxies" help:"Сети своих прокси, которым верить, от кого запрос: 10.0.0.0/8." env:"KVIT_TRUSTED_PROXIES" placeholder:"СЕТИ"`
	centreFlags
	gisFlags
	registerFlags
	suspenseFlags
	backupFlags
	botFlags
	voiceFlags
	noticeFlags
	esiaFlags
	PrivateHosts []string `name:"private-hosts" help:"Узлы своей сети, которые можно вызывать вебхуками: узел или узел:порт." env:"KVIT_PRIVATE_HOSTS" placeholder:"УЗЛЫ"`
	EventDays    int      `name:"event-days" help:"Сколько дней хранить события для поставщиков; 0 – всегда." env:"KVIT_EVENT_DAYS" default:"0" placeholder:"ДНЕЙ"`
	RefundAlone  string   `name:"refund-alone" help:"Сколько рублей один сотрудник центра возвращает сам; больше – двое." env:"KVIT_REFUND_ALONE" default:"5000" placeholder:"РУБЛИ"`
	DeviceDays   int      `name:"device-days" help:"Сколько дней хранить сообщения приборов, как они пришли; 0 – всегда. Показания остаются." env:"KVIT_DEVICE_DAYS" default:"400" placeholder:"ДНЕЙ"`
	MQTT         string   `name:"mqtt" help:"Адрес и порт своего брокера MQTT для приборов." env:"KVIT_MQTT" placeholder:"АДРЕС"`
	MQTTCert     string   `name:"mqtt-cert" help:"Сертификат брокера, PEM; без него – без TLS." env:"KVIT_MQTT_CERT" placeholder:"ФАЙЛ"`
	MQTTKey      string   `name:"mqtt-key" help:"Ключ сертификата брокера, PEM." env:"KVIT_MQTT_KEY" placeholder:"ФАЙЛ"`
	MQTTFrom     string   `name:"mqtt-from" help:"Чужой брокер, который читать: mqtt://имя:пароль@узел:1883." env:"KVIT_MQTT_FROM" placeholder:"АДРЕС"`
	MQTTFromCA   string   `name:"mqtt-from-ca" help:"Сертификаты, которыми подписан чужой брокер, PEM; без него – системные." env:"KVIT_MQTT_FROM_CA" placeholder:"ФАЙЛ"`
	MQTTGateway  string   `name:"mqtt-gateway" help:"Шлюз из списка приборов, от имени которого приходят его сообщения." env:"KVIT_MQTT_GATEWAY" placeholder:"ПРИБОР"`
	Watch        string   `help:"Папка, из которой файлы поставщиков забираются сами; в ней лежит formats.json." env:"KVIT_WATCH" placeholder:"ПАПКА"`
}

func (c serveCmd) Run(r *run) error {
	settings := r.settings()
	settings.BaseURL, settings.Centre, settings.TrustedProxies = c.BaseURL, c.centre(), c.TrustedProxies
	var err error
	if settings.Acquirers, err = c.acquirers(); err != nil {
		return err
	}
	if err := c.suspenseFlags.set(&settings); err != nil {
		return err
	}
	settings.PrivateHosts, settings.GISURL, settings.EventDays, settings.DeviceDays, settings.Register = c.PrivateHosts, c.gisFlags.URL, c.EventDays, c.DeviceDays, c.register()
	settings.Backup = c.backup()
	settings.Messaging, settings.ESIA = c.messaging(settings.Centre.Name), c.esia()
	settings.Bots = c.bots()
	c.exchange(&settings.Bots)
	alone, err := money.Parse(c.RefundAlone)
	if err != nil {
		return err
	}
	settings.RefundAlone = &alone
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	mqtt := app.MQTTOptions{Listen: c.MQTT, Certificate: c.MQTTCert, Key: c.MQTTKey, From: c.MQTTFrom, FromCA: c.MQTTFromCA, Gateway: c.MQTTGateway, Ready: func(address string) { r.say("Брокер MQTT слушает %s", address) }}
	return a.Serve(r.ctx, app.ServeOptions{Listen: c.Listen, Watch: c.Watch, MQTT: mqtt, Ready: func(address string) { r.say("Квит слушает http://%s", address) }})
}

// demoPast is how many months of history the demo's resident has: two years can be compared for some of them.
const demoPast = 13

// fillGCPercent lets memory grow four times as far while the demo's city is made: a third of that time was collecting it.
const fillGCPercent = 400

type demoCmd struct {
	Listen     string `help:"Адрес и порт, только этот компьютер." default:"127.0.0.1:8080"`
	Households int    `help:"Сколько семей в городе." default:"2000"`
	Seed       int64  `help:"Зерно города." default:"1"`
	Month      string `help:"Месяц счетов." default:"2026-10"`
	Keep       bool   `help:"Взять папку --data вместо временной и оставить её."`
}

func (c demoCmd) Run(r *run) error {
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return invalid("--month", c.Month, "2026-10", err)
	}
	data := r.Data
	if !c.Keep && data == "./kvit-data" {
		if data, err = os.MkdirTemp("", "kvit-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(data)
	}
	settings := r.settings()
	settings.Data, settings.Centre = data, bill.Centre{Name: "Расчётный центр (показ)", Phone: "8 800 000-00-00", Hours: "ежедневно 8:00–20:00"}
	stop, err := startSimulator(r.ctx, &settings, simulator.Manual)
	if err != nil {
		return err
	}
	defer stop()
	stopTill, err := startCashbox(r.ctx, &settings)
	if err != nil {
		return err
	}
	defer stopTill()
	stopChats, err := startMessengers(r.ctx, &settings)
	if err != nil {
		return err
	}
	defer stopChats()
	phone, err := startTelephone(r.ctx, &settings)
	if err != nil {
		return err
	}
	exchange, exchangeURL, err := demoExchange(&settings)
	if err != nil {
		return err
	}
	if err := startESIA(r.ctx, &settings); err != nil {
		return err
	}
	if r.DatabaseURL != "" {
		if err := app.Migrate(r.ctx, settings); err != nil {
			return err
		}
	}
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	r.say("Делаем город на %d семей и принимаем файлы его поставщиков…", c.Households)
	before := debug.SetGCPercent(fillGCPercent)
	doors, err := a.FillDemo(r.ctx, app.DemoOptions{Issue: true, Past: demoPast, Households: c.Households, Seed: c.Seed, Month: month, Progress: r.progress()})
	debug.SetGCPercent(before)
	if err != nil {
		return err
	}
	return a.Serve(r.ctx, app.ServeOptions{Listen: c.Listen, Demo: doors, Phone: phone.got, Ready: func(address string) {
		r.say("Готово. Откройте http://%s/demo и войдите как житель, поставщик или расчётный центр.", address)
		r.say("Мессенджеры для показа: %s и %s. Код для бота – на странице «Мессенджеры» жителя.", settings.Bots.MaxURL, settings.Bots.TelegramURL)
		r.say("Коды, SMS и письма показа: http://%s/demo/phone.", address)
		exchange.Target = "http://" + address + bot.CallPath
		r.say("Написать SMS расчётному центру: %s, позвонить ему: %s.", phone.address, exchangeURL)
		r.say("Данные показа: %s. Остановить: Ctrl+C.", data)
	}})
}
