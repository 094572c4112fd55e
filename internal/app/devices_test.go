package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
	"kvit/internal/device"
	"kvit/internal/device/broker"
	"kvit/internal/reading"
)

// devices is a town whose resident has three meters with a device on each, and a broker.
type devices struct {
	*town
	supplier string
	account  string
	broker   *broker.Broker
	secrets  map[string]string
}

const (
	eui      = "a1b2c3d4e5f60708"
	wateriID = "8686250"
)

func newDevices(t *testing.T, d *db.DB) *devices {
	t.Helper()
	w := &devices{town: newTown(t, d), secrets: map[string]string{}}
	supplierID, printed := w.plantMeters()
	w.account = printed
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	if err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT code FROM supplier WHERE supplier_id = $1", supplierID).Scan(&w.supplier)
	}); err != nil {
		t.Fatal(err)
	}
	go w.a.Devices.Collect(ctx)
	w.load("id;profile;payload;gateway;secret;channel;supplier;account;meter;zone;unit;scale;dial;count;from\n" +
		"hub;chirpstack;;yes;;;;;;;;;;;\n" +
		eui + ";chirpstack;pulse32;;-;1;" + w.supplier + ";" + printed + ";770001;;L;10;100;0;2026-01-01\n" +
		wateriID + ";waterius;;;KEY;0;" + w.supplier + ";" + printed + ";7700011;;;;;;2026-01-01\n" +
		"d-17;kvit;;;;t1;" + w.supplier + ";" + printed + ";77000111;день;;;;;2026-01-01\n" +
		"d-17;kvit;;;;t2;" + w.supplier + ";" + printed + ";77000111;ночь;MWh;;;;2026-01-01\n")
	b, err := broker.New(broker.Options{Listen: "127.0.0.1:0", Devices: w.a.Devices, Log: w.a.Log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	w.broker = b
	return w
}

// load registers a list of devices and keeps their secrets.
func (w *devices) load(list string) *device.Loaded {
	w.t.Helper()
	rows, err := device.ParseList(list)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := w.a.Devices.Load(context.Background(), access.Actor{Role: access.System}, rows)
	if err != nil || !res.OK {
		w.t.Fatalf("%v %+v", err, res)
	}
	for _, x := range res.Rows {
		if x.Secret != "" {
			w.secrets[x.ID] = x.Secret
		}
	}
	return res
}

func (w *devices) post(path, secret, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://127.0.0.1:8080"+path, strings.NewReader(body))
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, r)
	return out
}

// figure is what a meter's register shows today.
func (w *devices) figure(meter, zone int) (value string) {
	w.t.Helper()
	var v int64
	err := w.a.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), `SELECT value_e7 FROM charge_reading WHERE building_id = $1 AND meter_id = $2 AND zone = $3 AND on_day >= $4 AND accepted
			ORDER BY on_day DESC, recorded_at DESC LIMIT 1`, w.own.BuildingID, meter, zone, int64(w.a.Readings.Today())).Scan(&v)
	})
	if err != nil {
		return "–"
	}
	return fmt.Sprintf("%d.%03d", v/10_000_000, v/10_000%1000)
}

func (w *devices) catch() {
	w.t.Helper()
	if _, err := w.a.Devices.Catch(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// connect opens a connection of MQTT; nil when it is refused.
func (w *devices) connect(user, password string) *paho.Client {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.broker.Address())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c := paho.NewClient(paho.ClientConfig{Conn: conn})
	if _, err := c.Connect(ctx, &paho.Connect{ClientID: "x", KeepAlive: 30, CleanStart: true, Username: user, UsernameFlag: user != "", Password: []byte(password), PasswordFlag: user != ""}); err != nil {
		return nil
	}
	return c
}

func publish(c *paho.Client, topic, body string) (refused bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r, err := c.Publish(ctx, &paho.Publish{Topic: topic, QoS: 1, Payload: []byte(body)})
	return err != nil || r != nil && r.ReasonCode >= 0x80
}

// breaches fails on a broken invariant of devices and events.
func (w *devices) breaches() {
	w.t.Helper()
	r, err := w.a.Check(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, x := range r.Invariants {
		if (strings.HasPrefix(x.ID, "I18.") || strings.HasPrefix(x.ID, "I19.")) && x.Count > 0 {
			w.t.Errorf("%s: %v", x.ID, x.Rows)
		}
	}
}

// TestEveryDoorOfDevices: a LoRaWAN counter through ChirpStack, a Ватериус, and our own contract over HTTP and MQTT each
// become the day's reading of the meter they are bound to, in its unit; the same again changes nothing; nobody speaks for
// another.
func TestEveryDoorOfDevices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newDevices(t, d)
		at := time.Now().Add(-time.Second).UTC().Format(time.RFC3339)
		uplink := fmt.Sprintf(`{"time":%q,"deviceInfo":{"devEui":%q},"data":%q}`, at, strings.ToUpper(eui), base64.StdEncoding.EncodeToString([]byte{0x58, 2, 0, 0})) // 600 pulses of ten litres
		for range 2 {
			if out := w.post("/iot/v1/up?event=up", w.secrets["hub"], uplink); out.Code != 200 {
				t.Fatalf("ChirpStack: %d %s", out.Code, out.Body)
			}
		}
		if out := w.post("/iot/v1/waterius", "", `{"ch0":104.25,"esp_id":`+wateriID+`,"key":"KEY","voltage_low":true,"battery":7}`); out.Code != 200 {
			t.Errorf("Ватериус: %d %s", out.Code, out.Body)
		}
		c := w.connect("d-17", w.secrets["d-17"])
		if c == nil || publish(c, "zhkh/home/d-17", `{"values":{"t1":"250,5"}}`) {
			t.Fatal("MQTT: refused")
		}
		if out := w.post("/iot/v1/readings", w.secrets["d-17"], `{"values":{"t2":0.3205}}`); out.Code != 200 || !strings.Contains(out.Body.String(), `"state":"read"`) {
			t.Errorf("our contract: %d %s", out.Code, out.Body)
		}
		w.catch()
		for _, x := range []struct {
			meter, zone int
			want        string
		}{{1, 0, "106.000"}, {2, 0, "104.250"}, {3, 1, "250.500"}, {3, 2, "320.500"}} {
			if got := w.figure(x.meter, x.zone); got != x.want {
				t.Errorf("meter %d, register %d: %s, want %s", x.meter, x.zone, got, x.want)
			}
		}
		w.strangers(c)
		w.breaches()
	})
}

// strangers tries what nobody may.
func (w *devices) strangers(c *paho.Client) {
	t := w.t
	t.Helper()
	if w.connect("", "") != nil || w.connect("d-17", "wrong") != nil || w.connect("nobody", w.secrets["d-17"]) != nil {
		t.Error("MQTT without the right secret was let in")
	}
	for _, topic := range []string{"zhkh/home/" + wateriID, "zhkh/home/d-171", "application/1/device/" + eui + "/event/up", "zhkh/home"} {
		if !publish(c, topic, `{"values":{"t1":1}}`) {
			t.Errorf("a device published to %s", topic)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, filter := range []string{"#", "zhkh/#", "zhkh/home/+", "$SYS/#", "zhkh/home/" + wateriID} {
		if r, err := c.Subscribe(ctx, &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{{Topic: filter}}}); err == nil && r.Reasons[0] < 0x80 {
			t.Errorf("a device reads %s", filter)
		}
	}
	for path, body := range map[string]string{"/iot/v1/waterius": `{"ch0":1,"esp_id":` + wateriID + `,"key":"other"}`, "/iot/v1/readings": `{}`, "/iot/v1/up": `{}`} {
		if out := w.post(path, "kvitdev_00", body); out.Code != http.StatusUnauthorized {
			t.Errorf("%s with a wrong secret: %d", path, out.Code)
		}
	}
}

// TestMessagesEndInAState: what cannot be read, or is of nobody, is kept with its reason, and is read once the profile and
// the list are mended; a clock that is not set tells nothing; of a day the earliest figure is the reading, whenever it comes.
func TestMessagesEndInAState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.Actor{Role: access.System}
		w := newDevices(t, d)
		say := func(body string) string {
			t.Helper()
			out := w.post("/iot/v1/readings", w.secrets["d-17"], body)
			if out.Code != 200 {
				t.Fatalf("%s: %d %s", body, out.Code, out.Body)
			}
			return out.Body.String()
		}
		for body, want := range map[string]string{
			`{"values":{"t1":"много"}}`: `"state":"unreadable"`, `не JSON`: `"state":"unreadable"`, `{"device":"other","values":{"t1":1}}`: `"state":"stranger"`, `{"battery":90}`: `"state":"alive"`,
			`{"ts":"1970-01-01T00:00:00Z","values":{"t1":250}}`: `"state":"read"`,
		} {
			if got := say(body); !strings.Contains(got, want) {
				t.Errorf("%s: %s", body, got)
			}
		}
		if got := w.figure(3, 1); got != "250.000" {
			t.Errorf("with a clock that is not set: %s", got)
		}
		now := time.Now()
		early := now.Add(-time.Second)
		say(fmt.Sprintf(`{"ts":%q,"values":{"t2":0.351}}`, now.Add(time.Hour).Format(time.RFC3339)))
		say(fmt.Sprintf(`{"ts":%q,"values":{"t2":0.35}}`, early.Format(time.RFC3339Nano)))
		say(fmt.Sprintf(`{"ts":%q,"values":{"t2":0.349}}`, early.Add(time.Millisecond).Format(time.RFC3339Nano)))
		if got := w.figure(3, 2); got != "350.000" && w.a.Devices.Day(calendar.MicrosOf(early)) == w.a.Devices.Day(calendar.MicrosOf(now)) {
			t.Errorf("the earliest figure: %s", got)
		}
		w.later(ctx, system)
		w.breaches()
	})
}

// later mends what a message of an unknown device needs.
func (w *devices) later(ctx context.Context, system access.Actor) {
	w.t.Helper()
	uplink := fmt.Sprintf(`{"time":%q,"deviceInfo":{"devEui":"00000000000000aa"},"fPort":9,"data":%q}`, time.Now().UTC().Format(time.RFC3339), base64.StdEncoding.EncodeToString([]byte{9, 0x12, 0x34}))
	if out := w.post("/iot/v1/up", w.secrets["hub"], uplink); out.Code != 200 {
		w.t.Fatalf("%d %s", out.Code, out.Body)
	}
	w.catch()
	w.unreadOf(ctx, system)
	list, err := w.a.Devices.Unread(ctx, system, 1)
	if err != nil || len(list) != 1 || list[0].State != device.Stranger || !strings.Contains(list[0].Reason, "00000000000000aa") {
		w.t.Fatalf("%v %+v", err, list)
	}
	if _, err := w.a.Devices.LoadProfiles(ctx, system, []byte("profile: bcd9\ntitle: x\nframes:\n  - when: {port: 9, first: \"09\"}\n    values: [{channel: v, at: 1, length: 2, type: bcd, endian: big}]\ntests:\n  - {port: 9, data: \"09 00 12\", values: {v: \"12\"}}\n")); err != nil {
		w.t.Fatal(err)
	}
	w.load("id,profile,payload,secret,supplier,account,meter,scale,from\n00000000000000AA,chirpstack,bcd9,-," + w.supplier + "," + w.account + ",770001,0.1,2026-01-01\n")
	r, err := w.a.Devices.Replay(ctx, system)
	if err != nil || r.Messages < 2 || r.Read != 1 {
		w.t.Errorf("replayed: %+v %v", r, err)
	}
	if got := w.figure(1, 0); got != "123.400" {
		w.t.Errorf("after the replay: %s", got)
	}
}

// unreadOf holds a message a gateway brought that cannot be read to the device it is of: an installer looks there.
func (w *devices) unreadOf(ctx context.Context, system access.Actor) {
	w.t.Helper()
	uplink := fmt.Sprintf(`{"deviceInfo":{"devEui":%q},"fPort":2,"data":"AAA="}`, eui)
	if out := w.post("/iot/v1/up", w.secrets["hub"], uplink); out.Code != 200 {
		w.t.Fatalf("%d %s", out.Code, out.Body)
	}
	w.catch()
	d, err := w.a.Devices.Find(ctx, system, eui)
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := w.a.Devices.MessagesOf(ctx, system, &d.Device, 1)
	if err != nil || len(list) != 1 || list[0].State != device.Unreadable || !strings.Contains(list[0].Reason, "pulse32") {
		w.t.Errorf("%v %+v", err, list)
	}
	if _, err := w.a.DB.Handle().ExecContext(ctx, "DELETE FROM device_message WHERE state = 'unreadable' AND device_id = $1", d.ID); err != nil {
		w.t.Fatal(err)
	}
}

// TestResidentsDevices: a resident takes a device by its code, names it and lets it go; a neighbour cannot; his own figure
// stays when the device tells another.
func TestResidentsDevices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newDevices(t, d)
		h := reading.Home{Building: w.own.BuildingID, Household: w.own.HouseholdID}
		code := w.load("- {id: d-99, code: new, profile: kvit}").Rows[0].Code
		if err := w.a.Devices.Claim(ctx, w.own, h, "wrong", 1, ""); err == nil {
			t.Error("a wrong code was taken")
		}
		if err := w.a.Devices.Claim(ctx, w.own, h, strings.ToLower(code[:5])+" "+code[5:], 1, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.a.Devices.Rename(ctx, w.own, h, "d-99", "Вода", "кухня"); err != nil {
			t.Error(err)
		}
		list, err := w.a.Devices.Own(ctx, w.own, h)
		if err != nil || len(list) != 4 {
			t.Fatalf("%v %+v", err, list)
		}
		neighbour := w.own
		neighbour.HouseholdID++
		other := reading.Home{Building: h.Building, Household: h.Household + 1}
		if _, err := w.a.Devices.Own(ctx, neighbour, h); err == nil {
			t.Error("a neighbour sees the devices")
		}
		if err := w.a.Devices.Release(ctx, neighbour, other, "d-99"); err == nil {
			t.Error("a neighbour let the device go")
		}
		give := func(meter int64, value string, confirm reading.Confirm) *reading.Receipt {
			t.Helper()
			v, _ := decimal.Parse(value)
			r, err := w.a.Readings.Give(ctx, w.own, reading.Request{Home: h, Origin: reading.Origin{Channel: reading.Page, Author: "житель"}, Given: []reading.Given{{Meter: meter, On: w.a.Readings.Today(), Values: []reading.Value{{Value: v}}, Confirm: confirm}}})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := give(1, "105", reading.Unasked); r.Asks() {
			t.Fatalf("%+v", r)
		}
		if out := w.post("/iot/v1/readings", w.secrets["d-99"], `{"value":104}`); out.Code != 200 {
			t.Fatal(out.Body)
		}
		if got := w.figure(1, 0); got != "105.000" {
			t.Errorf("the device replaced the resident's own figure: %s", got)
		}
		if err := w.a.Devices.Release(ctx, w.own, h, "d-99"); err != nil {
			t.Error(err)
		}
		if list, err = w.a.Devices.Own(ctx, w.own, h); err != nil || len(list) != 3 {
			t.Errorf("%v %d", err, len(list))
		}
		w.breaches()
	})
}
