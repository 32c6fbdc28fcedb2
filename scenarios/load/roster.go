package load

// roster is the reconcilers by their next look.
type roster []*reconciler

func (h *roster) push(r *reconciler) {
	*h = append(*h, r)
	q := *h
	for i := len(q) - 1; i > 0; {
		up := (i - 1) / 2
		if !q[i].before(q[up]) {
			break
		}
		q[i], q[up] = q[up], q[i]
		i = up
	}
}

func (r *reconciler) before(o *reconciler) bool {
	return r.next < o.next || r.next == o.next && r.number < o.number
}

// next is when the first of them looks; never if all of them sweep.
func (h roster) next() int64 {
	if len(h) == 0 {
		return never
	}
	return h[0].next
}

func (h *roster) pop() *reconciler {
	q := *h
	first := q[0]
	q[0] = q[len(q)-1]
	q = q[:len(q)-1]
	*h = q
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(q) {
			return first
		}
		if down+1 < len(q) && q[down+1].before(q[down]) {
			down++
		}
		if !q[down].before(q[i]) {
			return first
		}
		q[i], q[down] = q[down], q[i]
		i = down
	}
}
