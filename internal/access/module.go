package access

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Lives of sessions (reliability.md S6) and of a demo link.
const (
	staffIdle    = 30 * time.Minute
	staffLife    = 12 * time.Hour
	residentLife = 30 * 24 * time.Hour
	demoLinkLife = 30 * 24 * time.Hour
)

// Sign-in failures of one subject before it waits, and how long.
const (
	failuresMax = 10
	failureWait = 15 * time.Minute
)

// passwordMin is the fewest signs of a password (S5).
const passwordMin = 12

// hashing bounds concurrent password hashes: each takes 19 MiB and some 80 ms of a core.
var hashing = make(chan struct{}, 2)

// Module holds the operations on users, sessions and tokens.
type Module struct {
	db     *db.DB
	now    func() calendar.Micros
	sealer cipher.AEAD
	marks  []byte // key of Mark
}

// New makes the module; dir keeps the key that seals TOTP seeds.
func New(d *db.DB, dir string, now func() calendar.Micros) (*Module, error) {
	key, err := openKey(dir)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	sealer, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	marks, err := hkdf.Key(sha256.New, key, nil, "marks of values", sha256.Size)
	if err != nil {
		return nil, err
	}
	return &Module{db: d, now: now, sealer: sealer, marks: marks}, nil
}

// openKey reads the installation's key; a new installation makes one.
func openKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, "seal.key")
	key, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		if err = os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		key = random(32)
		err = os.WriteFile(path, key, 0o600)
	}
	if err != nil || len(key) != 32 {
		return nil, fault.Newf(fault.Unavailable, "access.key", "Ключ %s не читается. Проверьте права или верните его из копии.", path).Because(err)
	}
	return key, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err) // the system has no randomness: nothing safe can be done
	}
	return b
}

func digestOf(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// hashPassword is argon2id with 19 MiB, two passes, one lane (OWASP's first choice), salt in front.
func hashPassword(password string, salt []byte) string {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	sum := argon2.IDKey([]byte(password), salt, 2, 19*1024, 1, 32)
	return base64.RawStdEncoding.EncodeToString(salt) + "." + base64.RawStdEncoding.EncodeToString(sum)
}

// nobody is a hash that no known password gives; to check one against it is the same work as against any other. Hashing a
// password for it cost each start of the program more than all the rest.
var nobody = base64.RawStdEncoding.EncodeToString(make([]byte, 16)) + "." + base64.RawStdEncoding.EncodeToString(make([]byte, 32))

func checkPassword(stored, password string) bool {
	salt, err := base64.RawStdEncoding.DecodeString(strings.SplitN(stored, ".", 2)[0])
	return err == nil && subtle.ConstantTimeCompare([]byte(hashPassword(password, salt)), []byte(stored)) == 1
}

// weakWords may not make up a password: what leaked lists begin with, rows of the keyboard, and words of the trade
// (reliability.md S5).
var weakWords = []string{"password", "passw0rd", "qwertyuiop", "qwerty", "asdfgh", "zxcvbn", "qazwsx", "1q2w3e4r", "iloveyou", "letmein", "welcome", "monkey", "dragon", "пароль", "йцукен", "фывапр", "ячсмит", "парол", "любовь", "россия",
	"1234567890", "0987654321", "123456", "654321", "administrator", "admin", "админ", "бухгалтер", "оператор", "kvit", "квит", "жкх", "квартплата", "расчётныйцентр", "расчетныйцентр", "водоканал"}

// passwordSigns is how many different signs a password has at least.
const passwordSigns = 5

func judgePassword(login, password string) error {
	low := strings.ToLower(password)
	if len([]rune(password)) < passwordMin {
		return fault.Newf(fault.Invalid, "password.short", "Пароль короче %d знаков. Возьмите несколько слов.", passwordMin).WithField("password")
	}
	for _, w := range append([]string{strings.ToLower(login)}, weakWords...) {
		if w != "" {
			low = strings.ReplaceAll(low, w, "")
		}
	}
	signs := map[rune]bool{}
	for _, r := range low {
		signs[r] = true
	}
	if len([]rune(low)) < passwordMin/2 || len(signs) < passwordSigns {
		return fault.New(fault.Invalid, "password.weak", "Такой пароль легко угадать. Возьмите несколько разных слов.").WithField("password")
	}
	return nil
}

// NewUser is a member of staff to create.
type NewUser struct {
	Login, Password string
	Role            Role
	SupplierID      int64
}

// CreateUser adds a member of staff and gives the address for his authenticator, shown once.
func (m *Module) CreateUser(ctx context.Context, actor Actor, u NewUser) (otpauth string, err error) {
	if err := judgePassword(u.Login, u.Password); err != nil {
		return "", err
	}
	supplierRole := u.Role == SupplierOperator || u.Role == SupplierAdmin
	centreRole := u.Role == CentreOperator || u.Role == CentreAccountant || u.Role == Auditor || u.Role == Clerk
	if u.Login == "" || !supplierRole && !centreRole || supplierRole != (u.SupplierID != 0) {
		return "", fault.New(fault.Invalid, "user.role", "Укажите имя и роль: supplier_operator и supplier_admin с поставщиком, centre_operator, centre_accountant, auditor, clerk без него.")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Kvit", AccountName: u.Login})
	if err != nil {
		return "", err
	}
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return "", err
	}
	hash := hashPassword(u.Password, random(16))
	sealed := m.Seal(u.Login, []byte(key.Secret()))
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO staff (user_id, login, role, supplier_id, password_hash, totp_sealed, totp_last, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 'active', $7)",
			id, u.Login, string(u.Role), u.SupplierID, hash, sealed, int64(m.now()))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "user.created", fmt.Sprintf("user:%d", id), map[string]any{"role": u.Role, "supplier": u.SupplierID})
	})
	if fault.Is(err, fault.Conflict) {
		return "", fault.Newf(fault.Conflict, "user.exists", "Пользователь %s уже есть.", u.Login)
	}
	return key.URL(), err
}

var errSignIn = fault.New(fault.Unauthenticated, "sign_in.wrong", "Имя, пароль или код не подошли. Проверьте раскладку и время на телефоне.")

// pendingLife is how long the second step of signing in may take; pending is the role of a session between the
// steps: it may do nothing.
const (
	pendingLife = 5 * time.Minute
	pending     = Role("pending")
)

// StartSignIn checks a login and its password and gives the id of the second step. Which of them was wrong is not
// told; an unknown login takes the same time. After ten failures the login and the network wait.
func (m *Module) StartSignIn(ctx context.Context, login, password, network string) (step string, err error) {
	subjects := []string{"login:" + strings.ToLower(login), "net:" + network}
	if err := m.checkLocked(ctx, subjects); err != nil {
		return "", err
	}
	u, err := m.findStaff(ctx, "login", login)
	if fault.Is(err, fault.NotFound) {
		checkPassword(nobody, password) // the same work as for a login that exists
		return "", m.failed(ctx, subjects)
	}
	if err != nil {
		return "", err
	}
	if !checkPassword(u.hash, password) {
		return "", m.failed(ctx, subjects)
	}
	return m.startSession(ctx, Actor{UserID: u.id, Role: pending, Name: login}, pendingLife, "")
}

// FinishSignIn checks the code of the authenticator and starts the session; the second step is spent with it.
func (m *Module) FinishSignIn(ctx context.Context, step, code, network string) (token string, err error) {
	half, err := m.FindSession(ctx, step)
	if err != nil {
		return "", err
	}
	if half.Role != pending {
		return "", fault.New(fault.Unauthenticated, "sign_in.late", "Прошло больше пяти минут. Начните вход сначала.")
	}
	subjects := []string{"login:" + strings.ToLower(half.Name), "net:" + network}
	if err := m.checkLocked(ctx, subjects); err != nil {
		return "", err
	}
	u, err := m.findStaff(ctx, "user_id", half.UserID)
	if err != nil {
		return "", err
	}
	seed, err := m.open(&u)
	if err != nil {
		return "", err
	}
	if err := m.spendCode(ctx, u.id, seed, code); err != nil {
		if fault.Is(err, fault.Unauthenticated) {
			return "", m.failed(ctx, subjects)
		}
		return "", err
	}
	if err := m.EndSession(ctx, step); err != nil {
		return "", err
	}
	return m.startSession(ctx, Actor{UserID: u.id, Role: u.role, SupplierID: u.supplier, Name: u.login}, staffLife, "")
}

// failed counts a failure and gives the one answer to all of them.
func (m *Module) failed(ctx context.Context, subjects []string) error {
	if err := m.countFailure(ctx, subjects, failuresMax); err != nil {
		return err
	}
	return errSignIn
}

// staff is a member of staff as stored.
type staff struct {
	id, supplier int64
	login, hash  string
	role         Role
	sealed       []byte
}

func (m *Module) findStaff(ctx context.Context, column string, value any) (u staff, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT user_id, login, role, supplier_id, password_hash, totp_sealed FROM staff WHERE "+column+" = $1 AND state = 'active'", value).
			Scan(&u.id, &u.login, &u.role, &u.supplier, &u.hash, &u.sealed)
	})
	return u, db.Fold(err)
}

// open unseals the seed of the authenticator.
func (m *Module) open(u *staff) (string, error) {
	seed, err := m.Unseal(u.login, u.sealed)
	if err != nil {
		return "", fmt.Errorf("totp seed of user %d: %w", u.id, err)
	}
	return string(seed), nil
}

// spendCode accepts a code of the authenticator once: its time step must be later than the last one used.
func (m *Module) spendCode(ctx context.Context, user int64, seed, code string) error {
	now := m.now().Time()
	for _, shift := range []time.Duration{0, -30 * time.Second, 30 * time.Second} {
		at := now.Add(shift)
		want, err := totp.GenerateCode(seed, at)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ReplaceAll(code, " ", ""))) != 1 {
			continue
		}
		return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
			res, err := tx.ExecContext(ctx, "UPDATE staff SET totp_last = $2 WHERE user_id = $1 AND totp_last < $2", user, at.Unix()/30)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return errSignIn // the code was used already
			}
			return nil
		})
	}
	return errSignIn
}

func (m *Module) checkLocked(ctx context.Context, subjects []string) error {
	return m.db.Read(ctx, func(tx *db.Tx) error {
		for _, s := range subjects {
			var until calendar.Micros
			err := tx.QueryRowContext(ctx, "SELECT locked_to FROM sign_in_failure WHERE subject = $1", s).Scan(&until)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if until > m.now() {
				return fault.Newf(fault.Limited, "sign_in.locked", "Слишком много попыток. Войти можно через %d мин.", (until-m.now())/60_000_000+1)
			}
		}
		return nil
	})
}

func (m *Module) countFailure(ctx context.Context, subjects []string, most int) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		for _, s := range subjects {
			now := int64(m.now())
			_, err := tx.ExecContext(ctx, `INSERT INTO sign_in_failure (subject, count, since, locked_to) VALUES ($1, 1, $2, 0)
				ON CONFLICT (subject) DO UPDATE SET count = CASE WHEN sign_in_failure.since < CAST($3 AS BIGINT) THEN 1 ELSE sign_in_failure.count + 1 END,
					since = CASE WHEN sign_in_failure.since < CAST($3 AS BIGINT) THEN CAST($2 AS BIGINT) ELSE sign_in_failure.since END,
					locked_to = CASE WHEN sign_in_failure.since >= CAST($3 AS BIGINT) AND sign_in_failure.count + 1 >= CAST($4 AS BIGINT) THEN CAST($5 AS BIGINT) ELSE 0 END`,
				s, now, now-int64(failureWait/time.Microsecond), int64(most), now+int64(failureWait/time.Microsecond))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Seal closes a secret with the installation's key. The same label opens it.
func (m *Module) Seal(label string, secret []byte) []byte {
	nonce := random(m.sealer.NonceSize())
	return m.sealer.Seal(nonce, nonce, secret, []byte(label))
}

// Unseal opens a sealed secret.
func (m *Module) Unseal(label string, sealed []byte) ([]byte, error) {
	size := m.sealer.NonceSize()
	if len(sealed) < size {
		return nil, errors.New("a sealed secret is cut")
	}
	return m.sealer.Open(nil, sealed[:size], sealed[size:], []byte(label))
}

// Mark is the keyed digest of a value: it finds an equal one again and tells nothing to who has the database alone. Values of
// different labels never meet.
func (m *Module) Mark(label, value string) string {
	h := hmac.New(sha256.New, m.marks)
	h.Write([]byte(label + "\x00" + value))
	return hex.EncodeToString(h.Sum(nil))
}

// RandomKey is 32 random bytes.
func RandomKey() []byte { return random(32) }
