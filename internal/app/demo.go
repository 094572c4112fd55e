package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/city"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/portal"
	"kvit/internal/supplier"
)

// DemoOptions set the made-up city of the demo.
type DemoOptions struct {
	Households int
	Seed       int64
	Month      calendar.Month
	Issue      bool // charge the month, approve it and issue its bills
	Past       int  // how many months before the demo's the house of its resident has; 0: one
	Progress   func(stage string, done, total int64)
}

// FillDemo makes a city as suppliers' files, takes them in by the same door as real ones, and makes the sign-in links.
// A folder that was filled before is only opened.
func (a *App) FillDemo(ctx context.Context, o DemoOptions) ([]portal.DemoDoor, error) {
	list, err := a.ListSuppliers(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		if err := a.takeCity(ctx, o); err != nil {
			return nil, err
		}
	}
	return a.doors(ctx)
}

func (a *App) takeCity(ctx context.Context, o DemoOptions) error {
	if err := a.rememberPublicDemo(ctx); err != nil {
		return err
	}
	dir := filepath.Join(a.Settings.Data, "city")
	_, err := city.Make(ctx, city.Options{
		Out: dir, Households: o.Households, Seed: o.Seed, Month: o.Month, Defects: 1, Payments: true,
		Progress: func(done, total int) {
			if o.Progress != nil {
				o.Progress("Город", int64(done), int64(total))
			}
		},
	})
	if err != nil {
		return err
	}
	if err := a.loadFile(filepath.Join(dir, "registry", "houses.csv"), func(f *os.File) error {
		_, err := a.Houses.Load(ctx, f, "registry/houses.csv")
		return err
	}); err != nil {
		return err
	}
	if err := a.loadFile(filepath.Join(dir, "suppliers.yaml"), func(f *os.File) error {
		_, err := a.Suppliers.Load(ctx, f)
		return err
	}); err != nil {
		return err
	}
	if err := a.loadDemoCatalog(ctx); err != nil {
		return err
	}
	if _, err := a.Settlement.LoadContracts(ctx, "demo", strings.NewReader(city.CentreYAML())); err != nil {
		return err
	}
	_, err = a.Exchange.Intake(ctx, exchange.Request{Formats: filepath.Join(dir, "formats.json"), Paths: []string{dir}, Actor: "demo", Progress: o.Progress})
	if err != nil {
		return err
	}
	if _, err := a.LoadFacts(ctx, demoOperator, []string{filepath.Join(dir, city.HouseMetersFile)}, nil, false, nil); err != nil {
		return err
	}
	if err := a.takeEarlier(ctx, o); err != nil || !o.Issue {
		return err
	}
	if err := a.issueDemo(ctx); err != nil {
		return err
	}
	if err := a.tellPublicDemo(ctx); err != nil {
		return err
	}
	if err := a.payDemo(ctx); err != nil {
		return err
	}
	return a.disputeDemo(ctx)
}

// The people of the demo's centre: one begins a run, the other approves it.
var (
	demoOperator   = access.Actor{Role: access.CentreOperator, Name: "центр"}
	demoAccountant = access.Actor{Role: access.CentreAccountant, Name: "бухгалтер"}
)

// takeEarlier takes in the month before for the house the demo's resident lives in, so that his bill can say what changed, and
// for his own accounts those before it, so that his history has years to compare. The town's first month has none before it.
func (a *App) takeEarlier(ctx context.Context, o DemoOptions) error {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return err
	}
	family, err := a.Bills.At(ctx, bill.Ref{Building: building, Household: household}, 0)
	if err != nil {
		return err
	}
	numbers := map[string]bool{}
	for i := range family.Suppliers {
		numbers[family.Suppliers[i].Account] = true
	}
	var house housing.Building
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		house, err = housing.FindBuilding(ctx, tx, building)
		return err
	})
	if err != nil {
		return err
	}
	dirs, err := city.MakePast(ctx, city.Options{Out: filepath.Join(a.Settings.Data, "city-before"), Households: o.Households, Seed: o.Seed, Month: o.Month, Defects: 1}, house.Code, max(1, o.Past), numbers)
	for i := 0; i < len(dirs) && err == nil; i++ {
		_, err = a.Exchange.Intake(ctx, exchange.Request{Formats: filepath.Join(dirs[i], "formats.json"), Paths: []string{dirs[i]}, Actor: "demo"})
	}
	return err
}

// demoFamily is the household of the demo's resident: the fullest basket that is not all paid.
func (a *App) demoFamily(ctx context.Context) (building, household int64, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT l.building_id, l.household_id FROM household_link l JOIN charge c ON c.building_id = l.building_id AND c.account_id = l.account_id
			WHERE l.household_id <> 0 AND c.month = (SELECT max(month) FROM charge) GROUP BY l.building_id, l.household_id
			HAVING min(c.due_kop) >= 0 AND sum(c.due_kop) BETWEEN 300000 AND 3000000
			ORDER BY count(DISTINCT l.account_id) DESC, l.household_id LIMIT 1`).Scan(&building, &household)
	})
	if err != nil {
		err = errNoFamily.Because(err)
	}
	return building, household, err
}

var errNoFamily = fault.New(fault.NotFound, "demo.empty", "В папке показа нет ни одной семьи со счетами. Начните с пустой папки.")

func (a *App) loadFile(path string, fn func(*os.File) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer f.Close()
	return fn(f)
}

// doors make the sign-in links of the demo: a resident with the fullest basket that is not all paid, the supplier
// with the most accounts, the settlement centre.
func (a *App) doors(ctx context.Context) ([]portal.DemoDoor, error) {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return nil, err
	}
	var best supplier.Supplier
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		var id int64
		if err := tx.QueryRowContext(ctx, "SELECT supplier_id FROM account_route GROUP BY supplier_id ORDER BY count(*) DESC, supplier_id LIMIT 1").Scan(&id); err != nil {
			return err
		}
		best, err = supplier.FindByID(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, errNoFamily.Because(err)
	}
	doors := []portal.DemoDoor{
		{Title: "Житель", Text: "Живой счёт семьи: все поставщики на одной странице, оплата через учебный банк; электроэнергию считает Квит – по счётчику, с перерасчётом", Icon: "home"},
		{Title: "Поставщик: " + best.Name, Text: "Загрузка файлов, протоколы, платежи и реестры", Icon: "bill"},
		{Title: "Расчётный центр", Text: "Сегодня, поиск, абонент, сомнительные соединения", Icon: "search"},
		{Title: "Бухгалтер расчётного центра", Text: "Начисление месяца: проверки, утверждение, счета", Icon: "check"},
		{Title: "Кассир расчётного центра", Text: "Найти по номеру или сканером, принять деньги, квитанция, смена", Icon: "wallet"},
	}
	actors := []access.Actor{
		{Role: access.Resident, Name: "житель", BuildingID: building, HouseholdID: household},
		{Role: access.SupplierAdmin, Name: "администратор", SupplierID: best.ID},
		demoOperator, demoAccountant, {Role: access.Clerk, Name: "кассир"},
	}
	neighbours, residents, err := a.demoNeighbours(ctx, building)
	if err != nil {
		return nil, err
	}
	payers, paying, err := a.demoPayerDoor(ctx)
	if err != nil {
		return nil, err
	}
	doors, actors = append(append(doors, neighbours...), payers...), append(append(actors, residents...), paying...)
	if err := a.demoPeople(ctx, 0, actors); err != nil {
		return nil, err
	}
	if err := a.demoHomes(ctx, building, household, actors); err != nil {
		return nil, err
	}
	if err := a.demoProposals(ctx, actors); err != nil {
		return nil, err
	}
	if err := a.demoNotices(ctx, actors[0]); err != nil {
		return nil, err
	}
	for i := range doors {
		if doors[i].Token, err = a.Access.DemoLink(ctx, actors[i]); err != nil {
			return nil, err
		}
	}
	return doors, nil
}
