package match

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

// write runs fn in a transaction that must succeed.
func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

func reviewIDs(list []StoredReview) (ids []int64) {
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	return ids
}

func TestReviews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := StoredReview{ID: 11, BuildingID: 1, AccountID: 101, Kind: "second_account", Score: 300, Reasons: []string{"второй счёт"}, Near: []int64{102, 103}, State: ReviewOpen, RecordedAt: 5}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return WriteReviews(ctx, tx, []StoredReview{first, {ID: 12, BuildingID: 1, AccountID: 104, Kind: "flat_unknown"}, {ID: 13, BuildingID: 2, AccountID: 201, Kind: "flat_unknown"}})
		})
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			got, err := FindReview(ctx, tx, 11)
			if diff := cmp.Diff(first, got); err != nil || diff != "" {
				t.Errorf("find: %v, -want +got:\n%s", err, diff)
			}
			if _, err := FindReview(ctx, tx, 99); !fault.Is(err, fault.NotFound) {
				t.Errorf("an unknown review: got %v, want NotFound", err)
			}
			return CloseReview(ctx, tx, &first, ReviewDecided, 7, 9)
		})
		lists := func(ctx context.Context, tx *db.Tx, open, decided, building []int64) {
			for _, c := range []struct {
				name     string
				building int64
				state    string
				limit    int
				want     []int64
			}{{"open", 0, ReviewOpen, 10, open}, {"decided", 0, ReviewDecided, 10, decided}, {"of a building", 1, ReviewOpen, 10, building}, {"no more than asked", 0, ReviewOpen, 1, open[:1]}} {
				list, err := ListReviews(ctx, tx, c.building, c.state, c.limit)
				if got := reviewIDs(list); err != nil || !slices.Equal(got, c.want) {
					t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.want)
				}
			}
			if n, err := CountOpen(ctx, tx); err != nil || n != len(open) {
				t.Errorf("open: got %d, %v, want %d", n, err, len(open))
			}
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			lists(ctx, tx, []int64{12, 13}, []int64{11}, []int64{12})
			if got, err := FindReview(ctx, tx, 11); err != nil || got.State != ReviewDecided || got.DecisionID != 7 {
				t.Errorf("decided: got %+v, %v", got, err)
			}
			return ReopenReview(ctx, tx, 1, 7)
		})
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			lists(ctx, tx, []int64{11, 12, 13}, nil, []int64{11, 12})
			list, err := ListBuildingReviews(ctx, tx, 1)
			if err != nil || !slices.Equal(reviewIDs(list), []int64{11, 12}) || list[0].DecisionID != 0 {
				t.Errorf("of building 1: got %+v, %v", list, err)
			}
			return nil
		})
	})
}

func TestStoredDecisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		list := []StoredDecision{
			{ID: 21, SetID: 21, Kind: DecideJoin, SupplierID: 1, Number: "1600000051", OtherSupplierID: 2, OtherNumber: "2600000051", BuildingID: 1, Reason: "договор", Actor: "анна", DecidedAt: 5},
			{ID: 22, SetID: 22, Kind: DecideApart, SupplierID: 1, Number: "1600000051", OtherSupplierID: 3, OtherNumber: "К-7", BuildingID: 1, Actor: "анна", DecidedAt: 6},
			{ID: 23, SetID: 22, Kind: DecideApart, SupplierID: 1, Number: "1600000051", OtherSupplierID: 4, OtherNumber: "9", BuildingID: 1, Actor: "анна", DecidedAt: 6},
			{ID: 24, SetID: 24, Kind: DecideJoin, SupplierID: 5, Number: "1", OtherSupplierID: 5, OtherNumber: "2", BuildingID: 2, Actor: "борис", DecidedAt: 7},
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			for i := range list {
				if err := InsertDecision(ctx, tx, &list[i]); err != nil {
					return err
				}
			}
			return nil
		})
		inForce := func(name string, wanted map[string]bool, want []StoredDecision) {
			t.Helper()
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				got, err := ListDecisions(ctx, tx, wanted)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: -want +got:\n%s", name, diff)
				}
				return err
			})
		}
		inForce("all, oldest first", nil, list)
		inForce("of an account", map[string]bool{AccountKey(1, "1600000051"): true}, list[:3])
		inForce("of the other account", map[string]bool{AccountKey(5, "2"): true}, list[3:])
		inForce("of nobody", map[string]bool{AccountKey(9, "1"): true}, nil)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			building, err := UndoDecision(ctx, tx, 22, "борис", 8)
			if building != 1 {
				t.Errorf("undone in building %d, want 1", building)
			}
			return err
		})
		inForce("a judgement undone whole", nil, []StoredDecision{list[0], list[3]})
		for name, set := range map[string]int64{"undone twice": 22, "unknown": 99} {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := UndoDecision(context.Background(), tx, set, "борис", 9)
				return err
			})
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: got %v, want NotFound", name, err)
			}
		}
	})
}

// TestAnUndoneDecisionIsForgotten: what a person decided moves the account, and undoing it brings the evidence back.
func TestAnUndoneDecisionIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		list := accounts(t, "water|1600000051|5|Иванова А.П.\nheat|2600000051|5|Иванова А.П.\ngas|330001|7|Кузнецов О.О.")
		regrouped := func() (got string) {
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				stored, err := ListDecisions(ctx, tx, nil)
				var decisions []Decision
				for _, s := range stored {
					decisions = append(decisions, Decision{Join: s.Kind == DecideJoin, A: account(list, s.SupplierID, s.Number), B: account(list, s.OtherSupplierID, s.OtherNumber)})
				}
				got = baskets(Group(noHouses, list, decisions))
				return err
			})
			return got
		}
		if got, want := regrouped(), "1 2|3"; got != want {
			t.Errorf("by evidence: got %s, want %s", got, want)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return InsertDecision(ctx, tx, &StoredDecision{ID: 31, SetID: 31, Kind: DecideJoin, SupplierID: 4, Number: "330001", OtherSupplierID: 1, OtherNumber: "1600000051", BuildingID: 1})
		})
		if got, want := regrouped(), "1 2 3"; got != want {
			t.Errorf("decided: got %s, want %s", got, want)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := UndoDecision(ctx, tx, 31, "анна", 2)
			return err
		})
		if got, want := regrouped(), "1 2|3"; got != want {
			t.Errorf("undone: got %s, want %s", got, want)
		}
	})
}

func account(list []Member, supplier int64, number string) int64 {
	i := slices.IndexFunc(list, func(m Member) bool { return m.SupplierID == supplier && m.Evidence.Number == number })
	return list[i].Account
}
