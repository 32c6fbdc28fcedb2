// Package schematest holds a document against the schema that it should follow: a SARIF log against OASIS' JSON schema,
// JUnit's XML against the XSD of the Jenkins xUnit plugin, and the JSON of load
// against ours. It is for tests alone.
package schematest
