package api

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Media types of streams.
const (
	ndjson = "application/x-ndjson"
	binary = "application/octet-stream"
)

// stream answers by writing as it goes. A fault half-way cuts the connection, so that a program never takes a part for
// the whole.
func (m *Module) stream(ctx context.Context, header map[string]string, write func(w io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(out huma.Context) {
		for name, value := range header {
			out.SetHeader(name, value)
		}
		out.SetStatus(http.StatusOK)
		w := bufio.NewWriter(out.BodyWriter())
		err := write(w)
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			if ctx.Err() == nil {
				m.Log.Error("an answer of the API was cut", "route", out.Operation().Path, "error", err)
			}
			panic(http.ErrAbortHandler)
		}
	}}
}

// lines answers with one JSON document a line.
func (m *Module) lines(ctx context.Context, write func(emit func(any) error) error) *huma.StreamResponse {
	return m.stream(ctx, map[string]string{"Content-Type": ndjson}, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return write(e.Encode)
	})
}

// content describes an answer that is not one JSON document.
func content(text, mediaType string, schema *huma.Schema) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: text, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}}
}

func bytesSchema(text string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: text}
}
