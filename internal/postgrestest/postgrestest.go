package postgrestest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// absent is why a test is skipped.
const absent = "postgres and initdb are not found: install PostgreSQL (Debian/Ubuntu: apt-get install postgresql) " +
	"to run this test"

// Start makes a database of its own in a folder of its own, and gives what connects to it, over a socket in that
// folder: no port is opened. It is stopped when the test is over.
func Start(t testing.TB) (connection string) {
	t.Helper()
	bin := find()
	if bin == "" {
		t.Skip(absent)
	}
	dir, err := os.MkdirTemp("", "fermata-pg-") // short: the path of a socket may not be long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := owner(t, dir)
	data := filepath.Join(dir, "data")
	run(t, as, filepath.Join(bin, "initdb"), "-D", data, "-U", "fermata", "-A", "trust", "-E", "UTF8", "--no-sync")
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=off", dir)
	ctl := filepath.Join(bin, "pg_ctl")
	run(t, as, ctl, "-D", data, "-w", "-o", options, "-l", filepath.Join(dir, "log"), "start")
	t.Cleanup(func() { run(t, as, ctl, "-D", data, "-m", "immediate", "stop") })
	return fmt.Sprintf("host=%s user=fermata dbname=postgres", dir)
}

// find gives the folder of the server's programs; empty if there is none.
func find() string {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	for i := len(folders) - 1; i >= 0; i-- {
		whole := true
		for _, name := range []string{"initdb", "pg_ctl", "postgres"} {
			_, err := os.Stat(filepath.Join(folders[i], name))
			whole = whole && err == nil
		}
		if whole {
			return folders[i]
		}
	}
	return ""
}

// owner gives the folder to a user who may run a server, if this one may not: PostgreSQL refuses root.
func owner(t testing.TB, dir string) *syscall.SysProcAttr {
	if os.Geteuid() != 0 {
		return nil
	}
	var id *user.User
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			id = u
			break
		}
	}
	if id == nil {
		t.Skip("this is root, and PostgreSQL needs another user: expected one called postgres or nobody")
	}
	uid, _ := strconv.Atoi(id.Uid)
	gid, _ := strconv.Atoi(id.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func run(t testing.TB, as *syscall.SysProcAttr, program string, args ...string) {
	t.Helper()
	c := exec.Command(program, args...)
	c.SysProcAttr = as
	c.Dir = "/"
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(program), err, out)
	}
}
