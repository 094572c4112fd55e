package api

import (
	"context"
	"io"
	"math"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// Intake is a file on its way or taken in: rows = applied + repaired + ignored + quarantined.
type Intake struct {
	ID          int64      `json:"id" doc:"Number of the intake"`
	File        string     `json:"file" doc:"Name of the file"`
	Month       string     `json:"month,omitempty" doc:"Month billed" example:"2026-10"`
	DryRun      bool       `json:"dryRun,omitempty" doc:"Judged only: nothing is applied"`
	State       string     `json:"state" enum:"queued,running,applied,judged,duplicate,refused,failed" doc:"queued and running go on; judged ends a dry run; duplicate: the same bytes were applied before; refused: the file as a whole, see refusal; failed: our fault, tries are used up"`
	Progress    *Progress  `json:"progress,omitempty" doc:"Of a running intake"`
	Encoding    string     `json:"encoding,omitempty" doc:"Encoding the file was read in"`
	DuplicateOf int64      `json:"duplicateOf,omitempty" doc:"Intake that applied the same bytes"`
	Rows        int        `json:"rows" doc:"Rows read"`
	Applied     int        `json:"applied" doc:"Rows applied as they are"`
	Repaired    int        `json:"repaired" doc:"Rows applied after a repair, told of in their issues"`
	Ignored     int        `json:"ignored" doc:"Rows left out with a reason"`
	Quarantined int        `json:"quarantined" doc:"Rows that could not be understood and wait for a mend"`
	Control     *Control   `json:"control,omitempty" doc:"The file's own total beside that of its rows"`
	Refusal     *Refusal   `json:"refusal,omitempty" doc:"Why the file was refused whole"`
	CreatedAt   time.Time  `json:"createdAt"`
	FinishedAt  *time.Time `json:"finishedAt,omitempty"`
}

// Progress is how far a running intake has come.
type Progress struct {
	Stage string `json:"stage" doc:"What is being done, in Russian"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
}

// Control is the total a file prints of itself, in kopecks.
type Control struct {
	File  int64 `json:"file" doc:"As the file prints it"`
	Read  int64 `json:"read" doc:"Sum of the rows"`
	Equal bool  `json:"equal"`
}

// Refusal says why a file was refused.
type Refusal struct {
	Code string `json:"code" doc:"Stable code" example:"file.empty"`
	Hint string `json:"hint" doc:"What to do, in Russian"`
	Pos  int    `json:"pos,omitempty"`
	Unit string `json:"unit,omitempty"`
}

// Row is the verdict about a row that was not simply applied; a row may have several lines.
type Row struct {
	No      int64  `json:"no" doc:"Number of the issue in the intake"`
	Pos     int    `json:"pos" doc:"Place of the row, from one, in units"`
	Unit    string `json:"unit" enum:"line,record,row,document,element" doc:"What pos counts"`
	Verdict string `json:"verdict" enum:"applied,repaired,ignored,quarantined"`
	Code    string `json:"code" doc:"Stable code of the rule" example:"row.money_bad"`
	Type    string `json:"type,omitempty" doc:"Kind of defect" example:"amount_format"`
	Account string `json:"account,omitempty" doc:"Account as the file prints it"`
	Field   string `json:"field,omitempty" doc:"Role of the value at fault" example:"due"`
	Value   string `json:"value,omitempty" doc:"The value as it came"`
	Now     string `json:"now,omitempty" doc:"What it was read as, after a repair"`
	Hint    string `json:"hint" doc:"What to do, in Russian"`
	Row     string `json:"row,omitempty" doc:"The row as it came"`
}

// Summary closes the stream of rows: a stream without it was cut.
type Summary struct {
	Summary Intake `json:"summary"`
}

func intakeOf(i *exchange.Intake) Intake {
	out := Intake{
		ID: i.ID, File: i.Name, Month: i.Month, DryRun: i.DryRun, State: i.State, Encoding: i.Encoding, DuplicateOf: i.DuplicateOf,
		Rows: i.Tally.Rows, Applied: i.Tally.Applied, Repaired: i.Tally.Repaired, Ignored: i.Tally.Ignored, Quarantined: i.Tally.Quarantined, CreatedAt: i.CreatedAt.Time(),
	}
	if i.Stage != "" {
		out.Progress = &Progress{Stage: i.Stage, Done: i.Done, Total: i.Total}
	}
	if c := i.Control; c != nil {
		out.Control = &Control{File: int64(c.File), Read: int64(c.Read), Equal: c.Equal}
	}
	if r := i.Refusal; r != nil {
		out.Refusal = &Refusal{Code: r.Code, Hint: r.Hint, Pos: r.Pos, Unit: r.Unit}
	}
	if i.FinishedAt != 0 {
		at := i.FinishedAt.Time()
		out.FinishedAt = &at
	}
	return out
}

func rowOf(x *exchange.Issue) Row {
	return Row{No: x.No, Pos: x.Pos, Unit: x.Unit, Verdict: x.Verdict, Code: x.Code, Type: x.Type, Account: x.Account, Field: x.Field, Value: x.Value, Now: x.Now, Hint: x.Hint, Row: x.Row}
}

func (m *Module) addIntakes() {
	schemas := m.api.OpenAPI().Components.Schemas
	record := schemas.Schema(reflect.TypeFor[Record](), true, "Record")
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/intakes", Resource: "intake", Action: "write", Bulk: exchange.DeliveryMax}, huma.Operation{
		OperationID: "deliver", Tags: []string{"intakes"}, DefaultStatus: http.StatusAccepted,
		Summary:     "Hand over a file or records",
		Description: "The body is the file's bytes, of any kind and up to 4 GiB, or records of the built-in layout, one JSON object (Record) a line. The answer comes when they are stored; the work goes on after it, one intake at a time.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			binary: {Schema: bytesSchema("A file as it is: CSV, DBF, XLSX, XML, JSON, 1C text, ZIP with one of them, in any encoding")},
			ndjson: {Schema: bytesSchema("One Record a line, see " + record.Ref)},
		}},
	}, m.deliver)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/intakes", Resource: "intake", Action: "read"}, huma.Operation{
		OperationID: "listIntakes", Tags: []string{"intakes"}, Summary: "Latest intakes, whichever door they came by",
	}, m.listIntakes)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/intakes/{id}", Resource: "intake", Action: "read"}, huma.Operation{
		OperationID: "findIntake", Tags: []string{"intakes"}, Summary: "State, progress, tallies, control total, refusal",
	}, m.findIntake)
	line := &huma.Schema{OneOf: []*huma.Schema{schemas.Schema(reflect.TypeFor[Row](), true, "Row"), schemas.Schema(reflect.TypeFor[Summary](), true, "Summary")}}
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/intakes/{id}/rows", Resource: "intake", Action: "read", Slow: true}, huma.Operation{
		OperationID: "listRows", Tags: []string{"intakes"},
		Summary:     "Verdict of every row that was not simply applied",
		Description: "One Row a line, then one Summary. Rows of a duplicate are those of the intake it repeats.",
		Responses:   content("A Row a line, then a Summary", ndjson, line),
	}, m.listRows)
}

type deliverInput struct {
	Name    string `query:"name" maxLength:"300" doc:"Name of the file; needed unless records are sent" example:"gaz_2026-10.dbf"`
	Month   string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"Month of the rows that tell none" example:"2026-10"`
	Profile string `query:"profile" maxLength:"100" doc:"Name of a layout sent to /api/v1/profile; without it the layout of the supplier's earlier file of the same kind, or a guess"`
	DryRun  bool   `query:"dryRun" doc:"Judge only"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same input is the same intake; with another input a 409"`
	source
}

// source is the body of a request, unread.
type source struct {
	mediaType string
	body      io.Reader
}

// Resolve takes the body as a stream; huma would read it into memory.
func (s *source) Resolve(ctx huma.Context) []error {
	s.mediaType, _, _ = mime.ParseMediaType(ctx.Header("Content-Type")) // none or an odd one: bytes
	s.body = ctx.BodyReader()
	return nil
}

type delivered struct {
	Location string `header:"Location" doc:"Where to ask for the state"`
	Body     Intake
}

func (m *Module) deliver(ctx context.Context, in *deliverInput) (*delivered, error) {
	d := exchange.Delivery{Name: in.Name, Profile: in.Profile, Canonical: in.mediaType == ndjson, DryRun: in.DryRun, Key: in.Key}
	switch {
	case in.mediaType == "multipart/form-data":
		return nil, fault.New(fault.Invalid, "upload.multipart", "Передайте сам файл телом запроса, без формы: curl --data-binary @файл.")
	case d.Name == "" && !d.Canonical:
		return nil, fault.New(fault.Invalid, "upload.name", "Укажите имя файла: name=реестр.dbf.").WithField("name")
	case d.Name == "":
		d.Name = "records.ndjson"
	}
	if in.Month != "" {
		month, err := calendar.ParseMonth(in.Month)
		if err != nil {
			return nil, fault.New(fault.Invalid, "month.bad", "Месяц указан неверно. Пример: month=2026-10.").WithField("month").Because(err)
		}
		d.Month = month
	}
	i, err := m.Exchange.Deliver(ctx, access.FromContext(ctx), d, in.body)
	if err != nil {
		return nil, err
	}
	return &delivered{Location: "/api/v1/intakes/" + strconv.FormatInt(i.ID, 10), Body: intakeOf(&i)}, nil
}

type listInput struct {
	Cursor string `query:"cursor" pattern:"^[0-9]{1,18}$" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type intakeList struct {
	Body struct {
		Intakes []Intake `json:"intakes" doc:"Newest first"`
		Next    string   `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
	} `nameHint:"IntakeList"`
}

func (m *Module) listIntakes(ctx context.Context, in *listInput) (*intakeList, error) {
	scope, err := access.FromContext(ctx).Scope("intake", "read")
	if err != nil {
		return nil, err
	}
	below := int64(math.MaxInt64)
	if in.Cursor != "" {
		if below, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return nil, err // the pattern let eighteen digits through
		}
	}
	list, err := m.Exchange.ListIntakes(ctx, scope, below, in.Limit+1)
	if err != nil {
		return nil, err
	}
	var out intakeList
	out.Body.Intakes = []Intake{}
	for i := range list {
		if i == in.Limit {
			out.Body.Next = strconv.FormatInt(list[i-1].ID, 10)
			break
		}
		out.Body.Intakes = append(out.Body.Intakes, intakeOf(&list[i]))
	}
	return &out, nil
}

type idInput struct {
	ID int64 `path:"id" minimum:"1" doc:"Number of the intake"`
}

type intakeOutput struct{ Body Intake }

func (m *Module) find(ctx context.Context, id int64) (exchange.Intake, error) {
	scope, err := access.FromContext(ctx).Scope("intake", "read")
	if err != nil {
		return exchange.Intake{}, err
	}
	return m.Exchange.FindIntake(ctx, scope, id)
}

func (m *Module) findIntake(ctx context.Context, in *idInput) (*intakeOutput, error) {
	i, err := m.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &intakeOutput{intakeOf(&i)}, nil
}

func (m *Module) listRows(ctx context.Context, in *idInput) (*huma.StreamResponse, error) {
	i, err := m.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if i.State == exchange.StateQueued || i.State == exchange.StateRunning {
		return nil, fault.New(fault.Conflict, "intake.unfinished", "Загрузка ещё идёт. Спросите о строках, когда она закончится.")
	}
	from := i.ID
	if i.DuplicateOf != 0 {
		from = i.DuplicateOf
	}
	return m.lines(ctx, func(emit func(any) error) error {
		if err := m.Exchange.EachIssue(ctx, from, func(x *exchange.Issue) error { return emit(rowOf(x)) }); err != nil {
			return err
		}
		return emit(Summary{intakeOf(&i)})
	}), nil
}
