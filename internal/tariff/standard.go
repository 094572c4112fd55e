package tariff

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed standard.yaml
var standardFile string

//go:embed ryazan.yaml
var ryazanFile string

// known are the program's own catalogues, read when first asked for.
var known struct {
	standardOnce, ryazanOnce sync.Once
	standard, ryazan         *Catalog
}

// Standard is the catalogue that comes with the program: usual services with their links, raising factors, quality,
// penalties, due days, key rates. It has no tariffs and no normatives: those are a region's. Do not change it.
func Standard() *Catalog {
	known.standardOnce.Do(func() { known.standard = ours("standard.yaml", standardFile) })
	return known.standard
}

// Ryazan is the demo's catalogue: the standard one with the figures of a city, each with its source and status. Do
// not change it.
func Ryazan() *Catalog {
	known.ryazanOnce.Do(func() { known.ryazan = Merge(Standard(), ours("ryazan.yaml", ryazanFile)) })
	return known.ryazan
}

// RyazanFile is the demo's catalogue as a file, as it would be loaded.
func RyazanFile() (name, body string) { return "ryazan.yaml", ryazanFile }

// ours reads a file of the program itself.
func ours(name, body string) *Catalog {
	d, faults := Read(name, strings.NewReader(body))
	if len(faults) > 0 {
		panic(faults.Error()) // a test reads the same file
	}
	return &d.Catalog
}
