package schematest

import (
	"bytes"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fermata/testdata"
)

// SARIF says where a log does not follow the schema of SARIF 2.1.0; nil if it does.
func SARIF(log []byte) error {
	schema, err := sarifSchema()
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(log))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func sarifSchema() (*jsonschema.Schema, error) {
	const name = "schemas/sarif-schema-2.1.0.json"
	text, err := testdata.Schemas.ReadFile(name)
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, value); err != nil {
		return nil, err
	}
	return c.Compile(name)
}
