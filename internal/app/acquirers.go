package app

import (
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/cloudpayments"
	"kvit/internal/payment/gateway/raiffeisen"
	"kvit/internal/payment/gateway/tbank"
	"kvit/internal/payment/gateway/yookassa"
)

// Acquirer is an acquirer as it is set up.
type Acquirer struct {
	Name    string   `yaml:"name"` // orders remember it; the kind when empty
	Kind    string   `yaml:"kind"` // yookassa, tbank, raiffeisen, cloudpayments
	URL     string   `yaml:"url"`  // where it answers; what the kind publishes when empty
	ID      string   `yaml:"id"`   // of the shop, the terminal or the merchant
	Secret  string   `yaml:"-"`
	File    string   `yaml:"secret-file"` // holds the secret; beside the file of acquirers when relative
	Methods []string `yaml:"methods"`     // card, sbp; all when empty
	Sources []string `yaml:"sources"`     // networks its notifications come from; what the kind publishes when empty
	Pages   []string `yaml:"pages"`       // where its payers are sent to; what the kind publishes when empty
}

// ReadAcquirers reads the file of acquirers: YAML, a list, the preferred first.
func ReadAcquirers(path string) ([]Acquirer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "acquirers.file", "Файл эквайеров %s не открывается.", path).Because(err)
	}
	defer f.Close()
	var list []Acquirer
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil {
		return nil, fault.Newf(fault.Invalid, "acquirers.file", "Файл эквайеров %s не прочитан: %v.", path, err)
	}
	for i := range list {
		a := &list[i]
		secret := a.File
		if secret == "" {
			return nil, fault.Newf(fault.Invalid, "acquirers.secret", "У эквайера %s не указан secret-file.", a.Name)
		}
		if !filepath.IsAbs(secret) {
			secret = filepath.Join(filepath.Dir(path), secret)
		}
		b, err := os.ReadFile(secret)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "acquirers.secret", "Секрет эквайера %s не читается: %s.", a.Name, secret).Because(err)
		}
		a.Secret = strings.TrimSpace(string(b))
	}
	return list, nil
}

// kind is what is known of one kind of acquirers.
type kind struct {
	url            string
	sources, pages []string
	client         func(a *Acquirer, sources []netip.Prefix, notify string) payment.Gateway
	methods        []string // what it takes; nil: all
}

// kinds are the acquirers we speak with.
var kinds = map[string]kind{
	"yookassa": {yookassa.URL, yookassa.Sources, yookassa.Pages, func(a *Acquirer, sources []netip.Prefix, _ string) payment.Gateway {
		return yookassa.New(a.URL, a.ID, a.Secret, sources)
	}, nil},
	"tbank": {tbank.URL, nil, tbank.Pages, func(a *Acquirer, sources []netip.Prefix, notify string) payment.Gateway {
		return tbank.New(a.URL, a.ID, a.Secret, notify, sources)
	}, nil},
	"raiffeisen": {raiffeisen.URL, raiffeisen.Sources, raiffeisen.Pages, func(a *Acquirer, sources []netip.Prefix, _ string) payment.Gateway {
		return raiffeisen.New(a.URL, a.ID, a.Secret, sources)
	}, []string{gateway.SBP}},
	"cloudpayments": {cloudpayments.URL, nil, cloudpayments.Pages, func(a *Acquirer, sources []netip.Prefix, _ string) payment.Gateway {
		return cloudpayments.New(a.URL, a.ID, a.Secret, sources)
	}, []string{gateway.Card}},
}

// loopback is where notifications of a simulator come from.
var loopback = []string{"127.0.0.0/8", "::1/128"}

// complete fills what the kind publishes.
func (a *Acquirer) complete() error {
	k, ok := kinds[a.Kind]
	if !ok {
		return fault.Newf(fault.Invalid, "acquirers.kind", "Вид эквайера %q неизвестен. Есть yookassa, tbank, raiffeisen, cloudpayments.", a.Kind)
	}
	if a.Name == "" {
		a.Name = a.Kind
	}
	if a.URL == "" {
		a.URL = k.url
	}
	u, err := url.Parse(a.URL)
	if err != nil || u.Host == "" {
		return fault.Newf(fault.Invalid, "acquirers.url", "Адрес эквайера %q не читается. Пример: %s", a.URL, k.url)
	}
	if len(a.Sources) == 0 {
		a.Sources = k.sources
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() {
			a.Sources = loopback
		}
	}
	if len(a.Methods) == 0 {
		a.Methods = k.methods
	}
	if len(a.Pages) == 0 {
		a.Pages = append([]string{u.Scheme + "://" + u.Host}, k.pages...)
	}
	return nil
}

// acquirers are the clients of the acquirers set up.
func acquirers(list []Acquirer, baseURL string) (out payment.Acquirers, err error) {
	for i := range list {
		a := &list[i]
		if err := a.complete(); err != nil {
			return nil, err
		}
		if len(out) > 0 && out.Named(a.Name) != nil {
			return nil, fault.Newf(fault.Invalid, "acquirers.name", "Эквайер %s указан дважды. Дайте им разные имена.", a.Name)
		}
		sources, err := prefixes(a.Sources)
		if err != nil {
			return nil, err
		}
		notify := ""
		if baseURL != "" {
			notify = baseURL + hookPath + a.Name
		}
		out = append(out, payment.Acquirer{Name: a.Name, Methods: a.Methods, Gateway: kinds[a.Kind].client(a, sources, notify)})
	}
	return out, nil
}

// prefixes reads networks: addresses with the length of their prefix, or single addresses.
func prefixes(list []string) (out []netip.Prefix, err error) {
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if one, bad := netip.ParseAddr(s); bad == nil {
			p, err = netip.PrefixFrom(one, one.BitLen()), nil
		}
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "config.network", "Сеть %q не читается. Пример: 185.71.76.0/27.", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// hookPath is where acquirers send notifications, before their name.
const hookPath = "/hooks/acquirer/"

// payOrigins are the pages a payment form may lead to.
func (a *App) payOrigins() (list []string) {
	for i := range a.Settings.Acquirers {
		list = append(list, a.Settings.Acquirers[i].Pages...)
	}
	return list
}
