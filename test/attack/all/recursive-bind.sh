# Shows the whole machine as its /dev/shm. $1: a folder of another user, with a name in it that a rule knows.
exec unshare -Urm sh -c 'mount --rbind / /dev/shm && echo ready && exec sleep infinity'
