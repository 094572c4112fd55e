package simulator

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"

	"kvit/internal/person/esia"
)

// signed checks the detached signature over the values of a request, put together.
func (s *Simulator) signed(encoded string, values ...string) error {
	bad := errors.New("ESIA-005029: client_secret")
	der, err := base64.URLEncoding.DecodeString(encoded)
	if err != nil {
		return bad
	}
	p, err := pkcs7.Parse(der)
	if err != nil || len(p.Content) > 0 || p.GetOnlySigner() == nil || !p.GetOnlySigner().Equal(s.cert) {
		return bad
	}
	p.Content = []byte(strings.Join(values, ""))
	if p.Verify() != nil {
		return bad
	}
	return nil
}

func refuse(w http.ResponseWriter, status int, code, description string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": description})
}

// token gives tokens for a code, once.
func (s *Simulator) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || s.has(Down) {
		refuse(w, http.StatusServiceUnavailable, "temporarily_unavailable", "ESIA-007008")
		return
	}
	f := r.PostForm
	if err := s.signed(f.Get("client_secret"), f.Get("client_id"), f.Get("scope"), f.Get("timestamp"), f.Get("state"), f.Get("redirect_uri"), f.Get("code")); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_client", err.Error())
		return
	}
	s.mu.Lock()
	g := s.grants[f.Get("code")]
	right := g != nil && !g.spentBefore && g.redirect == f.Get("redirect_uri") && g.scope == f.Get("scope") && f.Get("grant_type") == "authorization_code"
	if g != nil {
		g.spentBefore = true
	}
	s.mu.Unlock()
	if !right {
		refuse(w, http.StatusBadRequest, "invalid_grant", "ESIA-007014")
		return
	}
	s.answer(w, g, f.Get("state"))
}

func (s *Simulator) answer(w http.ResponseWriter, g *grant, state string) {
	now := s.o.Now()
	from, until := now, now.Add(time.Hour)
	if s.has(Skew) {
		from = now.Add(time.Minute)
	}
	if s.has(Expired) {
		until = now.Add(-time.Hour)
	}
	var id any = g.person.ID
	if s.has(Text) {
		id = strconv.FormatInt(g.person.ID, 10)
	}
	common := map[string]any{"iss": "http://esia.gosuslugi.ru/", "exp": until.Unix(), "nbf": from.Unix(), "iat": from.Unix()}
	access := s.jwt(common, map[string]any{"urn:esia:sbj_id": id, "client_id": s.o.ClientID, "scope": g.scope, "urn:esia:sid": secret()})
	out := map[string]any{"access_token": access, "expires_in": 3600, "state": state, "token_type": "Bearer", "refresh_token": secret()}
	if s.has(Foreign) {
		out["state"] = secret()
	}
	if !s.has(NoID) {
		out["id_token"] = s.jwt(common, map[string]any{"sub": id, "aud": s.o.ClientID, "urn:esia:sbj": map[string]any{"urn:esia:sbj:oid": id, "urn:esia:sbj:typ": "P"}})
	}
	s.mu.Lock()
	s.tokens[access] = g.person
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

func (s *Simulator) jwt(parts ...map[string]any) string {
	all := map[string]any{}
	for _, p := range parts {
		for k, v := range p {
			all[k] = v
		}
	}
	body, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts and numbers of ours
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"ver":1,"typ":"JWT","sbt":"access","alg":"RS256"}`)) + "." + encode(body)
	key := s.key
	if s.has(Forged) {
		key = s.forger
	}
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // a key of ours and a digest of the right size
	}
	return signed + "." + encode(signature)
}

// person tells about the person of a token.
func (s *Simulator) person(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	p, known := s.tokens[token]
	s.mu.Unlock()
	if !known || strconv.FormatInt(p.ID, 10) != r.PathValue("id") {
		refuse(w, http.StatusUnauthorized, "ESIA-005001", "token")
		return
	}
	out := map[string]any{"firstName": p.First, "middleName": p.Middle, "lastName": p.Last, "trusted": p.Trusted, "status": "REGISTERED", "stateFacts": []string{"EntityRoot"}, "eTag": secret()}
	if s.has(Text) {
		out["trusted"] = strconv.FormatBool(p.Trusted)
	}
	if p.SNILS != "" {
		out["snils"] = p.SNILS
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

// signMost is the longest text the signing service takes.
const signMost = 64 << 10

// sign is the installation's signing service: it has the key.
func (s *Simulator) sign(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(io.LimitReader(r.Body, signMost))
	if err == nil {
		var der []byte
		if der, err = s.detached(data); err == nil {
			_, _ = w.Write(der)
			return
		}
	}
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

func (s *Simulator) detached(data []byte) ([]byte, error) {
	signed, err := pkcs7.NewSignedData(data)
	if err != nil {
		return nil, err
	}
	signed.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := signed.AddSigner(s.cert, s.client, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	signed.Detach()
	return signed.Finish()
}

// verify checks a token's signature for the installation.
func (s *Simulator) verify(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(io.LimitReader(r.Body, signMost))
	signature, err2 := base64.StdEncoding.DecodeString(r.URL.Query().Get("signature"))
	err = errors.Join(err, err2)
	if err == nil {
		err = esia.Certificate{Key: &s.key.PublicKey}.Verify(r.Context(), r.URL.Query().Get("alg"), data, signature)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
	}
}
