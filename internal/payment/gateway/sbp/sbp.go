// Package sbp reads the payment links of Система быстрых платежей: the text of its QR codes.
//
// A link is https://qr.nspk.ru/<id>?type=<01|02>&bank=<12 digits>&sum=<kopecks>&cur=RUB&crc=<4 hex>. Only an acquirer
// makes links; we check and show them.
//
// Owns: the form of a link and its check sum. Does not own: payments.
package sbp

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"kvit/internal/fault"
	"kvit/internal/money"
)

// Host is where links of real banks lead. A test stand has its own.
const Host = "qr.nspk.ru"

// Link is a payment link.
type Link struct {
	URL     string
	ID      string // 32 letters and digits
	Dynamic bool   // for one payment; a static one is paid many times
	Bank    string // number of the bank at НСПК
	Sum     money.Amount
	HasSum  bool // a static link may leave the sum to the payer
	CRC     string
}

// idLength is the length of a link's id.
const idLength = 32

// Parse reads a link. A wrong check sum is no error: links of test stands have others, see Checked.
func Parse(text string) (Link, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return Link{}, bad("адрес не читается")
	}
	q := u.Query()
	l := Link{URL: text, ID: strings.TrimPrefix(u.Path, "/"), Bank: q.Get("bank"), CRC: strings.ToUpper(q.Get("crc"))}
	switch q.Get("type") {
	case "01":
	case "02":
		l.Dynamic = true
	default:
		return Link{}, bad("вид ссылки не 01 и не 02")
	}
	if len(l.ID) != idLength || strings.Trim(l.ID, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Link{}, bad("номер ссылки не из 32 знаков")
	}
	if sum := q.Get("sum"); sum != "" {
		kopecks, err := strconv.ParseInt(sum, 10, 64)
		if err != nil || kopecks <= 0 || q.Get("cur") != "RUB" {
			return Link{}, bad("сумма не в копейках рублей")
		}
		l.Sum, l.HasSum = money.Amount(kopecks), true
	}
	return l, nil
}

func bad(why string) error {
	return fault.Newf(fault.Invalid, "sbp.link", "Это не ссылка СБП: %s.", why)
}

// Checked tells whether the link's check sum is right.
func (l Link) Checked() bool {
	before, _, ok := strings.Cut(l.URL, "&crc=")
	return ok && l.CRC == CRC(before)
}

// CRC is the check sum of a link up to «&crc=»: CRC-16/CCITT-FALSE, four hexadecimal digits.
func CRC(text string) string {
	crc := uint16(0xFFFF)
	for i := range len(text) {
		crc ^= uint16(text[i]) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return fmt.Sprintf("%04X", crc)
}

// Make puts a dynamic link together as acquirers do. base is where links lead: «https://qr.nspk.ru».
func Make(base, id, bank string, sum money.Amount) string {
	text := fmt.Sprintf("%s/%s?type=02&bank=%s&sum=%d&cur=RUB", base, id, bank, int64(sum))
	return text + "&crc=" + CRC(text)
}
