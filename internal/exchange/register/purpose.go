package register

import (
	"regexp"
	"strings"
)

// purposeAccount are the ways a bank hands an account on inside the purpose of a payment: the field of a payment code
// (ГОСТ Р 56042-2014) as it stood there, or in words, as our own documents write it.
var purposeAccount = []*regexp.Regexp{
	regexp.MustCompile(`(?i)persacc(?:ount)?\s*[=:]\s*([0-9\p{L}][0-9\p{L}/.-]*)`),
	regexp.MustCompile(`(?i)(?:^|[\s,;:(])(?:лиц(?:евой|евому|\.)?\s*сч[её]ту?|л\s*/\s*сч?|л\.\s?с\.?|лс)\s*(?:№|n|:|-)?\s*([0-9\p{L}/.-]*[0-9][0-9\p{L}/.-]*)`),
}

// AccountIn finds the account a purpose of payment names; ” when it names none.
func AccountIn(purpose string) string {
	for _, re := range purposeAccount {
		if m := re.FindStringSubmatch(purpose); m != nil {
			return strings.TrimRight(m[1], "./-")
		}
	}
	return ""
}
