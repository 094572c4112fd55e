package access

import (
	"context"

	"kvit/internal/fault"
)

// Tries bound how often a network may be wrong about what is no secret in itself: after ten misses in fifteen minutes it
// waits, as at signing in.

// MayTry is nil while a subject has tries left, else Limited.
func (m *Module) MayTry(ctx context.Context, subject string) error {
	err := m.checkLocked(ctx, []string{subject})
	if fault.Is(err, fault.Limited) {
		return fault.New(fault.Limited, "tries.over", "Слишком много попыток. Попробуйте через 15 минут.").Because(err)
	}
	return err
}

// Missed counts a miss of a subject.
func (m *Module) Missed(ctx context.Context, subject string) error {
	return m.countFailure(ctx, []string{subject}, failuresMax)
}

// papersMax is how often a number, and a network, may be wrong about the code of a paper in fifteen minutes (S1).
const papersMax = 5

// MissedPaper counts a miss at guessing the code of a paper: of the number it was tried with and of the network.
func (m *Module) MissedPaper(ctx context.Context, subjects ...string) error {
	return m.countFailure(ctx, subjects, papersMax)
}
