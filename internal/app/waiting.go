package app

import (
	"context"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/calendar"
	"kvit/internal/statement"
	"kvit/internal/supplier/task"
)

// tasksMost bounds the list of what waits for a supplier.
const tasksMost = 200

// tasks are the things that wait for the answer of the supplier an actor works for; of the centre's people, of all suppliers.
func (a *App) tasks(ctx context.Context, actor access.Actor) (list []task.Task, err error) {
	scope, err := actor.Scope("appeal", "read")
	if err != nil {
		return nil, err
	}
	today := calendar.DateOf(a.now().Time().In(a.Zone))
	appeals, err := a.Appeals.List(ctx, actor, appeal.Filter{Open: true, Limit: tasksMost})
	if err != nil {
		return nil, err
	}
	for i := range appeals {
		x := &appeals[i]
		list = append(list, task.Task{Kind: task.Appeal, Number: x.Number, Title: x.What() + ". " + appeal.ReasonWords(x.Reason), Accounts: []string{x.Account}, Supplier: x.SupplierID, AskedAt: x.SentAt, AnswerBy: x.AnswerBy, Late: x.Late(today)})
	}
	asked, err := a.Documents.ListAsked(ctx, scope.SupplierID, tasksMost)
	for i := range asked {
		x := &asked[i]
		list = append(list, task.Task{Kind: task.Document, Title: statement.Titles[x.Kind] + ": сообщите начисления, без них документ не сделать", Accounts: x.Accounts, Supplier: x.SupplierID, AskedAt: x.AskedAt, AnswerBy: x.AnswerBy, Late: x.AnswerBy < today})
	}
	task.Sort(list)
	return list, err
}

// countTasks counts them, and those whose term is over.
func (a *App) countTasks(ctx context.Context, actor access.Actor) (open, late int, err error) {
	scope, err := actor.Scope("appeal", "read")
	if err != nil {
		return 0, 0, err
	}
	open, late, err = a.Appeals.Waiting(ctx, actor)
	if err != nil {
		return 0, 0, err
	}
	more, over, err := a.Documents.CountAsked(ctx, scope.SupplierID)
	return open + more, late + over, err
}

// waitingPause is how soon a document is made once the supplier has sent what it waited for.
const waitingPause = 5 * time.Minute

// finishDocuments makes documents that waited for suppliers, until the context ends.
func (a *App) finishDocuments(ctx context.Context) {
	a.every(ctx, waitingPause, "waiting documents", func() error { return a.Documents.FinishWaiting(ctx) })
}
