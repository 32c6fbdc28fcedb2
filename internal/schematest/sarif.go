package schematest

import (
	"bytes"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fermata/testdata"
)

// SARIF says where a log does not follow the schema of SARIF 2.1.0; nil if it does.
func SARIF(log []byte) error {
	return holds("schemas/sarif-schema-2.1.0.json", log)
}

// Load says where the JSON of load does not follow its schema; nil if it does.
func Load(object []byte) error { return holds("schemas/load.schema.json", object) }

// holds holds a document against the schema in that file.
func holds(name string, document []byte) error {
	schema, err := schemaOf(name)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func schemaOf(name string) (*jsonschema.Schema, error) {
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
