package access

import (
	"strconv"
	"strings"
)

// PersonOf is the person Actor.String names; 0: it names none, or a session of a household without a person.
func PersonOf(actor string) int64 {
	text, resident := strings.CutPrefix(actor, string(Resident)+":")
	if !resident {
		return 0
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
