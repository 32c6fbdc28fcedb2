package explore

// shardsMany is how many shards there are for more than one worker, and shardShift says which bits of a hash tell the
// shard: none that tells a slot or is in a tag.
const (
	shardsMany = 256
	shardShift = 30
)

// newEntered makes an empty set of one shard.
func newEntered(note int, numbered bool, maxMiB int) *entered {
	k := &entered{room: &room{max: maxMiB << 20}, note: note}
	k.states = newShards(1, note, k.room)
	if numbered {
		k.worlds = newShards(1, worldNote, k.room)
	}
	return k
}

// worldNote is the size of a number of a world.
const worldNote = 4

// spread divides the set into shards for many workers. False if that is over the limit: then it stays as it is.
func (k *entered) spread() (ok bool) {
	if k.states, ok = spread(k.states, k.note, k.room); !ok || len(k.worlds) == 0 {
		return ok
	}
	k.worlds, ok = spread(k.worlds, worldNote, k.room)
	return ok
}

func spread(few []shard, note int, r *room) (many []shard, ok bool) {
	many = newShards(shardsMany, note, r)
	for i := range few {
		for beside, key := range few[i].set.all {
			hash := hashOf(key)
			copied, _, full := many[shardOf(many, hash)].set.find(hash, key)
			if full {
				for i := range many {
					r.give(many[i].set.size())
				}
				return few, false
			}
			copy(copied, beside)
		}
		r.give(few[i].set.size())
	}
	return many, true
}

func newShards(n, note int, r *room) []shard {
	shards := make([]shard, n)
	for i := range shards {
		shards[i].set = newVisited(note, r)
	}
	return shards
}

func (k *entered) numbered() bool { return len(k.worlds) > 0 }

func shardOf(shards []shard, hash uint64) int { return int(hash>>shardShift) & (len(shards) - 1) }
