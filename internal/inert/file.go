package inert

import (
	"slices"
	"strings"
)

// fileNameMax is how long a name may be, in signs: 255 bytes of Cyrillic and an ending fit every file system.
const fileNameMax = 120

// devices are names that Windows opens something else by, with any ending.
var devices = strings.Fields("CON PRN AUX NUL COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9")

// FileName makes a name of a file of whatever is given (reliability.md S10): no folders, no signs that are not seen or that a system reserves, no
// device, not too long, its ending kept.
func FileName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "_"), `\`, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case Hides(r) || r < ' ' || r == '\u2028' || r == '\u2029':
			return -1
		case strings.ContainsRune(`:*?"<>|%`, r) || r == 0xfffd:
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	if name == "" {
		return "file"
	}
	if stem, _, _ := strings.Cut(name, "."); slices.Contains(devices, strings.ToUpper(strings.TrimSpace(stem))) {
		name = "_" + name
	}
	return shortened([]rune(name))
}

// endingMax is how long the ending of a name may be to be kept when the name is cut.
const endingMax = 10

func shortened(name []rune) string {
	if len(name) <= fileNameMax {
		return string(name)
	}
	ending := name[len(name)-endingMax:]
	ending = ending[max(0, slices.Index(ending, '.')):]
	if ending[0] != '.' {
		ending = nil
	}
	return string(name[:fileNameMax-len(ending)]) + string(ending)
}
