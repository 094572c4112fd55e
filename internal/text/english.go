package text

import "golang.org/x/text/message/catalog"

var sentences = map[string]string{}
var plurals = map[string]catalog.Message{}
