package history

import (
	"encoding/json"
	"math"
)

// value is what a field of a flat JSON object holds: a string, a whole number, or true or false.
type value struct {
	kind byte // 's', 'n' or 'b'; 0 if there is none
	text []byte
	n    int64
	flag bool
}

// scanner reads one flat JSON object. It is stricter than encoding/json, which takes names in any case,
// a name twice and the last of them, and anything for a string's broken runes; and it allocates nothing
// unless a string has escapes.
type scanner struct {
	b []byte
	i int
}

// object calls field with each name and value. Both are valid as long as the line is.
func (s *scanner) object(field func(name []byte, v value) *wrong) *wrong {
	if s.blank() != '{' {
		return refuse("a JSON object", "the line begins with %s", shown(s.rest()))
	}
	s.i++
	if s.blank() == '}' {
		s.i++
		return s.end()
	}
	for {
		name, v, err := s.member()
		if err == nil {
			err = field(name, v)
		}
		if err != nil {
			return err
		}
		switch s.blank() {
		case ',':
			s.i++
		case '}':
			s.i++
			return s.end()
		case 0:
			return s.cut()
		default:
			return refuse("a comma or }", "%s behind field %q", shown(s.rest()), name)
		}
	}
}

func (s *scanner) member() (name []byte, v value, err *wrong) {
	switch s.blank() {
	case '"':
	case 0:
		return nil, v, s.cut()
	default:
		return nil, v, refuse("a field's name in quotes", "%s", shown(s.rest()))
	}
	if name, err = s.text(); err != nil {
		return nil, v, err
	}
	switch s.blank() {
	case ':':
	case 0:
		return nil, v, s.cut()
	default:
		return nil, v, refuse("a colon", "%s behind the name %s", shown(s.rest()), shown(name))
	}
	s.i++
	v, err = s.value(name)
	return name, v, err
}

func (s *scanner) value(name []byte) (v value, err *wrong) {
	switch c := s.blank(); {
	case c == '"':
		v.kind = 's'
		v.text, err = s.text()
	case c == '-' || '0' <= c && c <= '9':
		v.kind = 'n'
		v.n, err = s.number(name)
	case s.word("true"):
		v.kind, v.flag = 'b', true
	case s.word("false"):
		v.kind = 'b'
	case c == 0:
		err = s.cut()
	default:
		err = refuse("a string, a whole number, true or false", "field %s is %s", shown(name), shown(s.rest()))
	}
	return v, err
}

// text reads a string from its opening quote on.
func (s *scanner) text() ([]byte, *wrong) {
	start, escaped := s.i, false
	for s.i++; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; {
		case c == '"':
			s.i++
			if !escaped {
				return s.b[start+1 : s.i-1], nil
			}
			var text string
			if err := json.Unmarshal(s.b[start:s.i], &text); err != nil {
				return nil, refuse("a JSON string", "%s", shown(s.b[start:s.i]))
			}
			return []byte(text), nil
		case c == '\\':
			escaped = true
			s.i++
		case c < ' ':
			return nil, refuse("it escaped", "a control character %#02x in a string", c)
		}
	}
	return nil, s.cut()
}

func (s *scanner) number(name []byte) (int64, *wrong) {
	start, negative := s.i, s.b[s.i] == '-'
	if negative {
		s.i++
	}
	var n int64
	first := s.i
	for ; s.i < len(s.b) && '0' <= s.b[s.i] && s.b[s.i] <= '9'; s.i++ {
		digit := int64(s.b[s.i] - '0')
		if n > (math.MaxInt64-digit)/10 {
			return 0, refuse("a number below 2 to the 63rd", "field %s is %s", shown(name), shown(s.b[start:]))
		}
		n = 10*n + digit
	}
	whole := s.i > first && (s.b[first] != '0' || s.i == first+1)
	if s.i < len(s.b) && (s.b[s.i] == '.' || s.b[s.i]|' ' == 'e') {
		whole = false
	}
	if !whole {
		return 0, refuse("a whole number", "field %s is %s", shown(name), shown(s.b[start:]))
	}
	if negative {
		n = -n
	}
	return n, nil
}

func (s *scanner) word(w string) bool {
	if len(s.b)-s.i < len(w) || string(s.b[s.i:s.i+len(w)]) != w {
		return false
	}
	s.i += len(w)
	return true
}

// blank skips space and gives the byte behind it; 0 at the end.
func (s *scanner) blank() byte {
	for ; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; c {
		case ' ', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) rest() []byte { return s.b[s.i:] }

func (s *scanner) end() *wrong {
	if s.blank() != 0 || s.i < len(s.b) {
		return refuse("the end of the line", "%s behind the object", shown(s.rest()))
	}
	return nil
}

func (s *scanner) cut() *wrong {
	if s.i < len(s.b) {
		return refuse("JSON", "a zero byte")
	}
	return refuse("a whole object on one line", "the line ends within the object")
}
