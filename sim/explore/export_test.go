package explore

// CachedBy is Cached by another key: for the twins that are broken on purpose.
var CachedBy = cached
