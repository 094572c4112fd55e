package record

import _ "embed" // the example file

// Template is an example of a file of records with comments.
//
//go:embed template.yaml
var Template string
