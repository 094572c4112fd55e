package text

var faults = map[string]string{}
var hints = map[string]string{}
