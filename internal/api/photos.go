package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/reading"
	"kvit/internal/reading/photo"
	"kvit/internal/web"
)

// photoBody bounds the body of a photo: over photo.Max it is told so in words.
const photoBody = photo.Max + 1<<20

func (m *Module) addPhotos() {
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/readings/{receipt}/photos", Resource: "reading", Action: "write", Bulk: photoBody}, huma.Operation{
		OperationID: "addPhoto", Tags: []string{"readings"}, DefaultStatus: http.StatusCreated, Summary: "Add a photo of a meter to readings given before",
		Description: "The body is the picture: JPEG, PNG or WebP up to 10 MB. The picture alone is kept, scaled to 2000 pixels: what the camera noted beside it, its place included, is dropped. It is kept 12 months and changes no figure. The same picture again is the same photo.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"image/jpeg": {Schema: bytesSchema("JPEG")}, "image/png": {Schema: bytesSchema("PNG")}, "image/webp": {Schema: bytesSchema("WebP")},
		}},
	}, m.addPhoto)
}

type photoInput struct {
	Receipt  string `path:"receipt" maxLength:"40" doc:"Number the readings were taken under: receipt of their verdict" example:"П-7Д4К2"`
	Supplier string `query:"supplier" maxLength:"100" doc:"Code of the supplier; without it the token's own"`
	Account  string `query:"account" required:"true" maxLength:"100" doc:"The supplier's account number, as he prints it" example:"1600123456"`
	Meter    string `query:"meter" maxLength:"100" doc:"Number on the meter; may be left out where the receipt is of one meter" example:"4471201"`
	Service  string `query:"service" maxLength:"100" doc:"Code of the catalogue" example:"cold_water"`
	Device   string `query:"device" maxLength:"100" doc:"What took the photo"`
	source
}

// Photo is a photo that was kept.
type Photo struct {
	Photo   string    `json:"photo" doc:"Name of the photo"`
	Receipt string    `json:"receipt" doc:"Number of the readings it belongs to"`
	Href    string    `json:"href" doc:"Where those whose meter it is see it"`
	At      time.Time `json:"at" doc:"When it was given"`
}

type photoKept struct{ Body Photo }

func (m *Module) addPhoto(ctx context.Context, in *photoInput) (*photoKept, error) {
	img, err := photo.Read(in.body)
	if err != nil {
		return nil, err
	}
	actor := access.FromContext(ctx)
	p, err := m.Readings.AttachNamed(ctx, actor, reading.Origin{Channel: reading.API, Author: actor.String(), Device: in.Device}, in.Receipt, reading.Entry{Supplier: in.Supplier, Account: in.Account, Meter: in.Meter, Service: in.Service}, img)
	if err != nil {
		return nil, err
	}
	return &photoKept{Photo{Photo: p.Ref(), Receipt: p.Receipt, Href: "/s/photos/" + p.Ref(), At: p.At.Time()}}, nil
}
