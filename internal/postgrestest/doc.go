// Package postgrestest starts a PostgreSQL of its own for a test.
package postgrestest
