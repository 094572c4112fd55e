package max

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"

	"kvit/internal/bot/chat"
)

// upload gives MAX a file in two steps and returns the token by which a message carries it.
func (c *Client) upload(ctx context.Context, f *chat.File) (token string, err error) {
	var to struct{ URL, Token string }
	if err := c.short(ctx, http.MethodPost, "/uploads", url.Values{"type": {"file"}}, nil, &to); err != nil {
		return "", err
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("data", f.Name)
	if err == nil {
		_, err = part.Write(f.Body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*callWait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, &body)
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	var done struct{ Token string }
	if err := c.do(r, "upload", &done); err != nil {
		return "", err
	}
	if done.Token == "" {
		done.Token = to.Token
	}
	if done.Token == "" {
		return "", chat.Away(errors.New("max upload: no token"))
	}
	return done.Token, nil
}
