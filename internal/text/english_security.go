package text

import "maps"

func init() { maps.Copy(messages, securityFaults) }

// securityFaults are the faults of input that is an attack, or looks like one.
var securityFaults = map[string]string{
	"В тексте есть знаки, которых в нём не бывает. Наберите его заново.": "The text has signs that no text has. Type it anew.",
}
