# sh no-node.sh ROOT PROGRAM: a root file system with the program and the libraries that it names, and nothing else: no Node, no shell,
# nothing that can be written.
set -e
mkdir -p "$1/proc" "$1/dev/shm" "$1/tmp"
cp "$2" "$1/shmtop"
for library in $(ldd "$2" | grep -o '/[^ ]*'); do
  mkdir -p "$1$(dirname "$library")"
  cp -L "$library" "$1$library"
done
mknod -m 666 "$1/dev/null" c 1 3
chmod 755 "$1"
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --bind /dev/shm "$1/dev/shm"
mount -o remount,bind,ro "$1"
