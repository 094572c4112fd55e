package photo

import (
	"bytes"
	"encoding/binary"
)

// noted is what the segments before the picture itself say.
type noted struct {
	progressive bool
	orientation int // of EXIF, 1 to 8; 0 is not said
}

// Markers of JPEG.
const (
	markerStart       = 0xd8
	markerProgressive = 0xc2
	markerScan        = 0xda
	markerEXIF        = 0xe1
)

// scanJPEG walks the segments of a JPEG; of anything else it tells nothing.
func scanJPEG(data []byte) (n noted) {
	if len(data) < 2 || data[0] != 0xff || data[1] != markerStart {
		return n
	}
	for rest := data[2:]; len(rest) >= 4; {
		marker := rest[1]
		if rest[0] != 0xff || marker == 0xff { // bytes between segments and fill bytes, which decoders pass over
			rest = rest[1:]
			continue
		}
		if marker == 0 || marker >= 0xd0 && marker <= 0xd7 { // these have no length
			rest = rest[2:]
			continue
		}
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if marker == markerScan || size < 4 || size > len(rest) {
			return n
		}
		switch marker {
		case markerProgressive:
			n.progressive = true
		case markerEXIF:
			if o := orientation(rest[4:size]); o != 0 {
				n.orientation = o
			}
		}
		rest = rest[size:]
	}
	return n
}

// Where EXIF notes how the camera was held.
const (
	tagOrientation = 0x0112
	entrySize      = 12
	directoryMax   = 1000 // entries; cameras write some tens
)

// orientation reads a segment of EXIF; 0 when it does not say.
func orientation(segment []byte) int {
	tiff, found := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !found || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range min(int(order.Uint16(tiff[at:])), directoryMax) {
		if len(entries) < entrySize {
			return 0
		}
		if order.Uint16(entries) == tagOrientation {
			if o := int(order.Uint16(entries[8:])); o <= 8 {
				return o
			}
			return 0
		}
		entries = entries[entrySize:]
	}
	return 0
}
