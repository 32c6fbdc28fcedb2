package mutation

import (
	"fmt"
	"go/ast"
	"go/token"
	"reflect"
	"strconv"
	"strings"

	"fermata/internal/mutation/chosen"
)

// chosenPath is the quoted path of package chosen, wherever the module is.
var chosenPath = strconv.Quote(reflect.TypeFor[chosen.Mutant]().PkgPath())

// nameOf is the function's name, with its receiver's type before it.
func nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	of := fn.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if id, ok := of.(*ast.Ident); ok {
		return id.Name + "." + fn.Name.Name
	}
	return fn.Name.Name
}

// callable gives the names that the function's receiver and parameters lack, and the statement that calls another
// function, %s, in its place.
func callable(fn *ast.FuncDecl, at func(p token.Pos) int) (named []insert, call string) {
	name := func(f *ast.Field) []string {
		if len(f.Names) == 0 {
			made := fmt.Sprintf("unnamed%d", at(f.Type.Pos()))
			named = append(named, insert{at(f.Type.Pos()), at(f.Type.Pos()), made + " "})
			return []string{made}
		}
		var names []string
		for _, id := range f.Names {
			if id.Name == "_" {
				made := fmt.Sprintf("unnamed%d", at(id.Pos()))
				named = append(named, insert{at(id.Pos()), at(id.End()), made})
				names = append(names, made)
				continue
			}
			names = append(names, id.Name)
		}
		return names
	}
	call = "%s"
	if fn.Recv != nil {
		call = name(fn.Recv.List[0])[0] + ".%s"
	}
	var arguments []string
	for _, f := range fn.Type.Params.List {
		arguments = append(arguments, name(f)...)
		if _, variadic := f.Type.(*ast.Ellipsis); variadic {
			arguments[len(arguments)-1] += "..."
		}
	}
	call += "(" + strings.Join(arguments, ", ") + ")"
	if fn.Type.Results == nil {
		return named, call + "; return"
	}
	return named, "return " + call
}
