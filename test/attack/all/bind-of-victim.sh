# Shows the folder of another user, on whatever it lies, as its /dev/shm. $1: the folder.
exec unshare -Urm sh -c 'mount --rbind "$1" /dev/shm && echo ready && exec sleep infinity' sh "$1"
