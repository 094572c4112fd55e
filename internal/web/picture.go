package web

import (
	"net/http"
	"os"
)

// Picture answers with a stored JPEG that only whoever asked may keep.
func Picture(w http.ResponseWriter, r *http.Request, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", info.ModTime(), f)
	return nil
}
