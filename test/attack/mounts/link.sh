# A /dev of his own, in which shm is a link to somebody else's directory. $1: the directory.
mount -t tmpfs tmpfs /dev
ln -s "$1" /dev/shm
echo up $$
exec sleep 300
