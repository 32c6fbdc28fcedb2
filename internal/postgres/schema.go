package postgres

// schema is the tables, as far as what is modelled needs them.
const schema = `
create temporary table locks (lock_id text primary key, lease_expiration bigint not null);
create temporary table queue_message (
  queue_name text, message_id text, priority int not null, popped boolean not null default false,
  deliver_on bigint not null, created_on bigint generated always as identity,
  primary key (queue_name, message_id)
);
create temporary table workflow (workflow_id text primary key, json_data text not null);
create temporary table task (task_id text primary key, json_data text not null);
create temporary table workflow_to_task (
  workflow_id text, task_id text, added bigint generated always as identity, primary key (workflow_id, task_id)
);
create temporary table task_scheduled (
  workflow_id text, task_key text, task_id text, primary key (workflow_id, task_key)
);
`

// The statements. Times are milliseconds, and $1 is the present one where there is one.
const (
	// acquire takes the row, or takes over one whose lease is over.
	acquire = `insert into locks as l values ($2, $1 + $3::bigint) on conflict (lock_id)
do update set lease_expiration = excluded.lease_expiration where l.lease_expiration <= $1`
	unlock        = `delete from locks where lock_id = $1`
	unlockExpired = `delete from locks where lock_id = $2 and lease_expiration <= $1`

	pushUpdate = `update queue_message set deliver_on = $1 + $4::bigint where queue_name = $2 and message_id = $3`
	pushInsert = `insert into queue_message (queue_name, message_id, priority, deliver_on)
values ($2, $3, $5, $1 + $4::bigint)
on conflict (queue_name, message_id) do update set deliver_on = excluded.deliver_on`
	peek = `select message_id from queue_message where queue_name = $2 and not popped and deliver_on <= $1 + 1
order by priority desc, deliver_on, created_on limit $3 for update skip locked`
	pop = `update queue_message set popped = true where queue_name = $1 and message_id = $2 and not popped`
	// unack is in whole seconds.
	unack = `update queue_message set deliver_on = $1 + $4::bigint / 1000 * 1000
where queue_name = $2 and message_id = $3`
	unackShorter = unack + ` and deliver_on > $1 + $4::bigint / 1000 * 1000`
	removeOne    = `delete from queue_message where queue_name = $1 and message_id = $2`
	exists       = `select count(*) from queue_message where queue_name = $1 and message_id = $2`
	processAll   = `update queue_message set popped = false where popped and deliver_on + 60000 < $1`

	insertWorkflow = `insert into workflow values ($1, $2)`
	updateWorkflow = `update workflow set json_data = $2 where workflow_id = $1`
	readWorkflow   = `select json_data from workflow where workflow_id = $1`
	deleteWorkflow = `delete from workflow where workflow_id = $1`
	readTask       = `select json_data from task where task_id = $1`
	taskIDs        = `select task_id from workflow_to_task where workflow_id = $1 order by added for share`
	readTasks      = `select json_data from task where task_id = any($1)`
	schedule       = `insert into task_scheduled values ($1, $2, $3) on conflict (workflow_id, task_key) do nothing`
	upsertTask     = `insert into task values ($1, $2)
on conflict (task_id) do update set json_data = excluded.json_data`
	mapTask    = `insert into workflow_to_task (workflow_id, task_id) values ($1, $2) on conflict do nothing`
	unschedule = `delete from task_scheduled where workflow_id = $1 and task_key = $2`
	unmapTask  = `delete from workflow_to_task where workflow_id = $1 and task_id = $2`
	deleteTask = `delete from task where task_id = $1`
)
