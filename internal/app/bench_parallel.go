package app

import "golang.org/x/sync/errgroup"

// inParallel calls fn for 0…n-1 by some clients at once and gives the first error.
func inParallel(clients, n int, fn func(i int) error) error {
	var group errgroup.Group
	group.SetLimit(clients)
	for i := range n {
		group.Go(func() error { return fn(i) })
	}
	return group.Wait()
}
