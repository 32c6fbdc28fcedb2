package redis

// The scripts are our own, to the facts of what the real ones do. Every key that a script touches is among its KEYS.

// acquireScript is Redisson's tryLock. KEYS: the lock. ARGV: the lease in ms, the owner.
// It answers nil if the owner has the lock now, and else how long another has it yet.
const acquireScript = `
if redis.call('exists', KEYS[1]) == 0 or redis.call('hexists', KEYS[1], ARGV[2]) == 1 then
  redis.call('hincrby', KEYS[1], ARGV[2], 1)
  redis.call('pexpire', KEYS[1], ARGV[1])
  return nil
end
return redis.call('pttl', KEYS[1])`

// releaseScript is Redisson's unlock. KEYS: the lock, its channel. ARGV: what to publish, the lease of a partial
// release in ms, the owner. It answers nil to another than the owner, 0 if holds are left, and 1 if the lock is free.
const releaseScript = `
if redis.call('hexists', KEYS[1], ARGV[3]) == 0 then
  return nil
end
if redis.call('hincrby', KEYS[1], ARGV[3], -1) > 0 then
  redis.call('pexpire', KEYS[1], ARGV[2])
  return 0
end
redis.call('del', KEYS[1])
redis.call('publish', KEYS[2], ARGV[1])
return 1`

// popScript is the pop of orkes. KEYS: the queue. ARGV: the time, the time until which what is popped stays hidden, how
// many. It answers the ids.
const popScript = `
local due = redis.call('zrangebyscore', KEYS[1], 0, '(' .. (ARGV[1] + 1), 'LIMIT', 0, ARGV[3])
for _, id in ipairs(due) do
  redis.call('zadd', KEYS[1], 'XX', ARGV[2], id)
end
return due`

// getWorkflowScript reads a record as a whole. KEYS: the record, its tasks, their order. ARGV: 1 for the tasks too.
const getWorkflowScript = `
local record = redis.call('get', KEYS[1])
if not record then
  return nil
end
local all = {record}
if ARGV[1] == '1' then
  for _, id in ipairs(redis.call('lrange', KEYS[3], 0, -1)) do
    all[#all + 1] = redis.call('hget', KEYS[2], id)
  end
end
return all`

// getTaskScript reads one task. KEYS: the owners. ARGV: the task, what comes before and behind the workflow in the
// name of its tasks' hash.
const getTaskScript = `
local workflow = redis.call('hget', KEYS[1], ARGV[1])
if not workflow then
  return nil
end
return redis.call('hget', ARGV[2] .. workflow .. ARGV[3], ARGV[1])`

// createTasksScript inserts tasks that are new by reference and retry count. KEYS: the tasks, their order, the owners,
// those that were never created. ARGV: the workflow, then for each task its id, its key, and its record. It answers the
// ids of those inserted.
const createTasksScript = `
local known = {}
for _, text in ipairs(redis.call('hvals', KEYS[1])) do
  local task = cjson.decode(text)
  if redis.call('sismember', KEYS[4], task.ID) == 0 then
    known[task.Ref .. '_' .. task.RetryCount] = true
  end
end
local created = {}
for i = 2, #ARGV, 3 do
  if not known[ARGV[i + 1]] then
    known[ARGV[i + 1]] = true
    if redis.call('hset', KEYS[1], ARGV[i], ARGV[i + 2]) == 1 then
      redis.call('rpush', KEYS[2], ARGV[i])
      redis.call('hset', KEYS[3], ARGV[i], ARGV[1])
    end
    redis.call('srem', KEYS[4], ARGV[i])
    created[#created + 1] = ARGV[i]
  end
end
return created`

// updateTaskScript writes a task, and inserts it if it is new. KEYS: the tasks, their order, the owners, those that
// were never created. ARGV: the workflow, the task, its record.
const updateTaskScript = `
if redis.call('hset', KEYS[1], ARGV[2], ARGV[3]) == 1 then
  redis.call('rpush', KEYS[2], ARGV[2])
  redis.call('hset', KEYS[3], ARGV[2], ARGV[1])
  redis.call('sadd', KEYS[4], ARGV[2])
end
return 'OK'`

// removeTaskScript removes a task. KEYS: the tasks, their order, the owners, those that were never created. ARGV:
// the task.
const removeTaskScript = `
if redis.call('hdel', KEYS[1], ARGV[1]) == 1 then
  redis.call('lrem', KEYS[2], 0, ARGV[1])
  redis.call('hdel', KEYS[3], ARGV[1])
  redis.call('srem', KEYS[4], ARGV[1])
end
return 'OK'`

// removeWorkflowScript removes a record with its tasks. KEYS: the record, its tasks, their order, the owners, those
// that were never created.
const removeWorkflowScript = `
for _, id in ipairs(redis.call('hkeys', KEYS[2])) do
  redis.call('hdel', KEYS[4], id)
end
redis.call('del', KEYS[1], KEYS[2], KEYS[3], KEYS[5])
return 'OK'`

// repairScript is the atomic repair. KEYS: what holds the task, the queue, the queue's payloads. ARGV: the task, the
// status to look for, the score of a push, "hash" if the task is a field of its key, "payloads" if the queue has them.
// It answers 1 if it pushed.
const repairScript = `
local text
if ARGV[4] == 'hash' then
  text = redis.call('hget', KEYS[1], ARGV[1])
else
  text = redis.call('get', KEYS[1])
end
if not text or tostring(cjson.decode(text).Status) ~= ARGV[2] then
  return 0
end
if ARGV[5] == 'payloads' then
  if redis.call('hexists', KEYS[3], ARGV[1]) == 1 then
    return 0
  end
  redis.call('hset', KEYS[3], ARGV[1], '')
elseif redis.call('zscore', KEYS[2], ARGV[1]) then
  return 0
end
redis.call('zadd', KEYS[2], ARGV[3], ARGV[1])
return 1`

// soonerScript is ZADD XX LT CH, which Redis has only from 6.2 on. KEYS: the queue. ARGV: the score, the message.
const soonerScript = `
local before = redis.call('zscore', KEYS[1], ARGV[2])
if not before or tonumber(before) <= tonumber(ARGV[1]) then
  return 0
end
return redis.call('zadd', KEYS[1], 'XX', 'CH', ARGV[1], ARGV[2])`
