// Package schematest holds a document against the schema that it should follow: a SARIF log against OASIS' JSON schema,
// and JUnit's XML against the XSD of the Jenkins xUnit plugin. It is for tests alone.
package schematest
