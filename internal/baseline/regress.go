package baseline

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// regression is a fitted quasi-Poisson model with log link.
type regression struct {
	beta []float64
	mu   []float64
	hat  []float64   // leverage of each row
	cov  [][]float64 // of beta, before phi
	phi  float64
	df   float64
}

// Fitting stops when the deviance moves by less than settled of itself, at the
// latest after rounds steps.
const (
	settled = 1e-8
	rounds  = 25
)

// regress fits by iteratively reweighted least squares from μ = y + 0.1
// (McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, section 2.5).
// Leverages, covariance and dispersion are of the last step's weights, the
// usual by-product of the iteration.
func regress(y, weights []float64, x [][]float64) (regression, error) {
	n, p := len(y), len(x[0])
	r := regression{mu: make([]float64, n), hat: make([]float64, n), df: float64(n - p)}
	eta := make([]float64, n)
	for i := range y {
		r.mu[i] = y[i] + 0.1
		eta[i] = math.Log(r.mu[i])
	}
	w, before := make([]float64, n), deviance(y, r.mu, weights)
	for range rounds {
		for i := range y {
			w[i] = weights[i] * r.mu[i]
		}
		if err := r.step(y, w, eta, x); err != nil {
			return r, err
		}
		now := deviance(y, r.mu, weights)
		if math.Abs(now-before)/(math.Abs(now)+0.1) < settled {
			r.finish(y, w, x)
			return r, nil
		}
		before = now
	}
	return r, errors.New("the regression does not settle")
}

// step solves the weighted least squares of one round and moves eta and mu.
func (r *regression) step(y, w, eta []float64, x [][]float64) error {
	p := len(x[0])
	normal, right := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
	for i, row := range x {
		z := eta[i] + (y[i]-r.mu[i])/r.mu[i]
		normal.SymRankOne(normal, w[i], mat.NewVecDense(p, row))
		right.AddScaledVec(right, w[i]*z, mat.NewVecDense(p, row))
	}
	var chol mat.Cholesky
	if !chol.Factorize(normal) {
		return errors.New("the weeks do not tell trend and season apart")
	}
	var beta mat.VecDense
	if err := chol.SolveVecTo(&beta, right); err != nil {
		return err
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return err
	}
	r.beta, r.cov = beta.RawVector().Data, make([][]float64, p)
	for j := range p {
		r.cov[j] = make([]float64, p)
		for k := range p {
			r.cov[j][k] = inverse.At(j, k)
		}
	}
	for i, row := range x {
		eta[i] = dot(row, r.beta)
		r.mu[i] = math.Exp(eta[i])
	}
	return nil
}

// finish takes leverages and dispersion from the last weights.
func (r *regression) finish(y, w []float64, x [][]float64) {
	sum := 0.0
	for i, row := range x {
		for j := range row {
			r.hat[i] += w[i] * row[j] * dot(r.cov[j], row)
		}
		rest := (y[i] - r.mu[i]) / r.mu[i]
		sum += w[i] * rest * rest
	}
	r.phi = max(1, sum/r.df)
}

// deviance is that of Poisson with prior weights.
func deviance(y, mu, weights []float64) float64 {
	sum := 0.0
	for i := range y {
		d := mu[i] - y[i]
		if y[i] > 0 {
			d += y[i] * math.Log(y[i]/mu[i])
		}
		sum += 2 * weights[i] * d
	}
	return sum
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
