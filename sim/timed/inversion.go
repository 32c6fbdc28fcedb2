package timed

import (
	"math"
	"math/bits"
)

// A draw is made by inversion: from one number between 0 and 1 by the distribution's quantile. So a draw takes the
// same bits whatever the figures are, and two runs of one seed that differ in a figure meet the same luck.
//
// Every product that a sum takes up is converted to float64 first: otherwise Go may fuse the two on one processor
// and not on another, and they would differ in the last bits (Go specification, "Floating-point operators").

// open maps random bits to one of the middles of 2^52 equal parts of 0 to 1: never 0 and never 1.
func open(random uint64) float64 { return float64((float64(random>>12) + 0.5) * 0x1p-52) }

// below maps random bits to a whole number from 0 to n-1.
func below(random, n uint64) uint64 {
	hi, _ := bits.Mul64(random, n)
	return hi
}

// ln2High has so many zeros at its end that its product with a small whole number is exact; ln2Low is the rest of
// the logarithm of 2 (FreeBSD msun, e_log.c).
const (
	ln2High = 6.93147180369123816490e-01
	ln2Low  = 1.90821492927058770002e-10
)

// ln is the natural logarithm of a positive normal number, to within 1e-15 of it.
func ln(x float64) float64 {
	b := math.Float64bits(x)
	e := int(b>>52) - 1022
	m := math.Float64frombits(b&(1<<52-1) | 1022<<52) // x = m 2^e, m from a half to 1
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	// ln m = 2 artanh s, as a power series in the square of s.
	s := (m - 1) / (m + 1)
	w := s * s
	series := float64(float64(s*w)*polynomial(w, &artanh)) + s
	return float64(float64(e)*ln2High) + (float64(2*series) + float64(float64(e)*ln2Low))
}

// artanh holds 1/3, 1/5 and so on.
var artanh = [8]float64{1. / 3, 1. / 5, 1. / 7, 1. / 9, 1. / 11, 1. / 13, 1. / 15, 1. / 17}

// exp is e to the x for x from -700 to 700, to within 1e-13 of it.
func exp(x float64) float64 {
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	r := (x - float64(k*ln2High)) - float64(k*ln2Low)
	// e^r is the square of e^(r/2), a power series.
	h := float64(r / 2)
	root := 1 + (h + float64(float64(h*h)*polynomial(h, &factorials)))
	return root * root * math.Float64frombits(uint64(int64(k)+1023)<<52)
}

// factorials holds 1/2!, 1/3! and so on.
var factorials = [8]float64{1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880}

// normal is the quantile of the standard normal distribution at p between 0 and 1: PPND16 of M. J. Wichura,
// Algorithm AS 241, Applied Statistics 37 (1988), which is good to 1e-16 of it.
func normal(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return q * polynomial(r, &middleOver) / polynomial(r, &middleUnder)
	}
	r := math.Sqrt(-ln(min(p, 1-p)))
	var z float64
	if r <= 5 {
		z = polynomial(r-1.6, &sideOver) / polynomial(r-1.6, &sideUnder)
	} else {
		z = polynomial(r-5, &tailOver) / polynomial(r-5, &tailUnder)
	}
	return math.Copysign(z, q)
}

var (
	middleOver = [8]float64{
		3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
		4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
	}
	middleUnder = [8]float64{
		1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
		2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
	}
	sideOver = [8]float64{
		1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
	}
	sideUnder = [8]float64{
		1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
	}
	tailOver = [8]float64{
		6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
	}
	tailUnder = [8]float64{
		1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
	}
)

// polynomial is c[0] + c[1] x + ... + c[7] x^7, by Estrin's scheme: short chains that a processor overlaps.
func polynomial(x float64, c *[8]float64) float64 {
	x2 := float64(x * x)
	x4 := float64(x2 * x2)
	low := (c[0] + float64(c[1]*x)) + float64(x2*(c[2]+float64(c[3]*x)))
	high := (c[4] + float64(c[5]*x)) + float64(x2*(c[6]+float64(c[7]*x)))
	return low + float64(x4*high)
}
