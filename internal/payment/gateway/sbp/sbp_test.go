package sbp

import (
	"strings"
	"testing"

	"kvit/internal/fault"
	"kvit/internal/money"
)

// TestLinks reads links of real banks (formats.md 1.2).
func TestLinks(t *testing.T) {
	for _, c := range []struct {
		text    string
		dynamic bool
		sum     money.Amount
		bank    string
	}{
		{"https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=1&cur=RUB&crc=AB75", true, 1, "100000000007"},
		{"https://qr.nspk.ru/AS2A006F0RCJU7V991SBLV4AACJGFT2P?type=01&bank=100000000004&crc=A93E", false, 0, "100000000004"},
		{Make("https://qr.nspk.ru", strings.Repeat("A", 32), "100000000111", 621435), true, 621435, "100000000111"},
	} {
		l, err := Parse(c.text)
		if err != nil || l.Dynamic != c.dynamic || l.Sum != c.sum || l.Bank != c.bank || l.HasSum != (c.sum > 0) || !l.Checked() {
			t.Errorf("%s: %+v, %v", c.text, l, err)
		}
		for i := range len(c.text) - len("&crc=AB75") {
			if c.text[i] < '0' || c.text[i] > '9' {
				continue
			}
			changed := c.text[:i] + string('0'+(c.text[i]-'0'+1)%10) + c.text[i+1:]
			if l, err := Parse(changed); err == nil && l.Checked() {
				t.Errorf("a changed digit is not seen: %s", changed)
			}
		}
	}
	for _, text := range []string{
		"", "AD100004BAL7227F9BNP6KNE007J9B3K", "ftp://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=1&crc=0000", "https://qr.nspk.ru/AD1?type=02&bank=1&crc=0000",
		"https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=03&bank=1&crc=0000", "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=1&sum=1.5&cur=RUB&crc=0000",
		"https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=1&sum=-1&cur=RUB&crc=0000", "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=1&sum=1&cur=USD&crc=0000",
		"https://qr.nspk.ru/ad100004bal7227f9bnp6kne007j9b3k?type=02&bank=1&crc=0000",
	} {
		if _, err := Parse(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("https://qr.nspk.ru/AS2A006F0RCJU7V991SBLV4AACJGFT2P?type=01&bank=100000000004&crc=A93E")
	f.Fuzz(func(t *testing.T, text string) {
		if l, err := Parse(text); err == nil && (len(l.ID) != idLength || l.HasSum && l.Sum <= 0) {
			t.Errorf("%+v", l)
		}
	})
}
