# Shows a directory of somebody else's as /dev/shm. $1: the directory.
mount --rbind "$1" /dev/shm
echo up $$
exec sleep 300
